"""The verdicts of a gate run, for people at a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from rich.text import Text

from bycatch.admission import Admission, Outcome, State
from bycatch.gate import Verdict
from bycatch.output import console, jsonl

WORDS: Final[Mapping[State, str]] = {"held": "held back", "look": "to look at", "clean": "admitted"}
_STYLES: Final[Mapping[State, str]] = {"held": "bold red", "look": "bold yellow", "clean": "bold green"}


def full(outcome: Outcome, *, notes: bool = False) -> Iterator[Text]:
    """Each article that is held back or wants a look: its sentence, and its new findings, a line each."""
    for article in outcome.articles:
        if article.state == "clean":
            continue
        yield Text.assemble((console.safe(article.path or article.id), "bold underline"))
        if article.path and article.id not in (article.path, ""):
            yield Text(f"  article {console.safe(article.id)}", "dim")
        yield Text.assemble("  ", (console.safe(article.sentence), _STYLES[article.state]))
        for finding in article.of("new"):
            if finding.severity == "note" and not notes:
                continue
            yield Text.assemble("    ", console.concise(finding), (f"  {finding.key}", "dim"))
        yield Text("")
    yield from _of_the_run(outcome)


def brief(outcome: Outcome) -> Iterator[Text]:
    """Why articles are held back, a line each: for people, where the findings go to a program."""
    for article in outcome.articles:
        if article.state != "held":
            continue
        name = console.safe(article.path or article.id)
        if article.path and article.id != article.path:
            name += f", article {console.safe(article.id)}"
        yield Text(f"{name}: {console.safe(article.sentence)}")
    yield from _of_the_run(outcome)


def _of_the_run(outcome: Outcome) -> Iterator[Text]:
    """The verdicts on the whole that fail, and what is wrong with waivers."""
    for verdict in outcome.corpus:
        if not verdict.passed:
            what = "Held back" if verdict.severity == "critical" else "Needs a look"
            style = _STYLES["held" if verdict.severity == "critical" else "look"]
            yield Text.assemble("The corpus: ", (f"{what}: {of_the_whole(verdict)}.", style))
    for problem in outcome.problems:
        yield Text.assemble((problem.level, console.STYLES[problem.level]), f": {console.safe(problem.message)}")


def of_the_whole(verdict: Verdict) -> str:
    """A verdict on the corpus as "errors: 90 of 100 articles (90%); none allowed, in at least 95% of articles"."""
    return (
        f"{verdict.title[:1].lower()}{verdict.title[1:]}: {verdict.observed} within the limit ({verdict.limit})"
        if " article" in verdict.observed
        else f"{verdict.title[:1].lower()}{verdict.title[1:]}: {verdict.observed} ({verdict.limit})"
    )


def closing(outcome: Outcome) -> str:
    """The run in one line."""
    held, total = outcome.states.get("held", 0), sum(outcome.states.values())
    line = f"{held:,} of {console.plural(total, 'article')} held back" if total else "no article to judge"
    look = outcome.states.get("look", 0)
    if look:
        line += f", {look:,} to look at"
    line += f"; findings: {', '.join(f'{count:,} {word}' for word, count in outcome.tally.items() if count) or 'none'}"
    return f"{'Passed' if outcome.passed else 'Held back'}: {line}"


def as_json(outcome: Outcome) -> Iterator[str]:
    """The run for machines (docs/gate.md): one object, piece by piece."""
    yield f'{{"passed": {jsonl.dumps(outcome.passed)}, "articles": ['
    for number, article in enumerate(outcome.articles):
        yield f"{', ' if number else ''}{jsonl.dumps(_article(article))}"
    rest = {
        "corpus": [_verdict(verdict) for verdict in outcome.corpus],
        "findings": outcome.tally,
        "waivers": [
            {"level": problem.level, "key": problem.waiver.key, "message": problem.message}
            for problem in outcome.problems
        ],
        "failures": [str(failure) for failure in outcome.failures],
    }
    yield f"], {jsonl.dumps(rest)[1:]}\n"


def _article(article: Admission) -> dict[str, Any]:
    return {
        "id": article.id,
        "path": article.path,
        "state": article.state,
        "sentence": article.sentence,
        "failed": [_verdict(verdict) for verdict in article.failed],
        "findings": [
            {**jsonl.as_dict(finding), "standing": article.standing[finding.key]} for finding in article.findings
        ],
        "fixed": article.fixed,
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "suite": verdict.suite,
        "expectation": verdict.expectation,
        "metric": verdict.metric,
        "check": verdict.check,
        "severity": verdict.severity,
        "observed": verdict.observed,
        "limit": verdict.limit,
        "passed": verdict.passed,
    }
