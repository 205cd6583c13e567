"""The figures of a run for its history, counted as its results go by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from bycatch.article import SEVERITIES, Failure
from bycatch.output.html.sizes import words
from bycatch.output.html.verdict import STATES, Judged, state_of
from bycatch.runner import Result


class Figures:
    """Articles by verdict, findings by severity and check, words."""

    def __init__(self, verdicts: Callable[[str], Sequence[Judged] | None] | None = None) -> None:
        """``verdicts`` gives the gate's rows for an article id; without it the findings decide."""
        self._verdicts = verdicts or (lambda _: None)
        self._counts: Counter[str] = Counter()
        self._checks: Counter[str] = Counter()

    def through(self, results: Iterable[Result]) -> Iterator[Result]:
        """The results, counted."""
        for result in results:
            state = state_of(result.findings, self._verdicts(result.article.id))
            self._counts.update(("articles", state, *(f"{finding.severity}s" for finding in result.findings)))
            self._counts["words"] += words(result.article.text)
            self._checks.update(finding.check for finding in result.findings)
            yield result

    def table(self, failures: Sequence[Failure]) -> dict[str, float]:
        """Each metric by its name."""
        names = ("articles", *STATES, *(f"{severity}s" for severity in SEVERITIES), "words")
        figures: dict[str, float] = {"failures": len(failures)}
        figures |= {name: self._counts[name] for name in names}
        figures["held share"] = figures["held"] / figures["articles"] if figures["articles"] else 0.0
        return figures | {f"findings of {check}": count for check, count in sorted(self._checks.items())}
