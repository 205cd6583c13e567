"""Findings as annotations of a GitHub workflow, and as the summary of its step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bycatch.article import SEVERITIES, Failure
from bycatch.output.console import plural
from bycatch.output.places import Place, place_of, sentence, short, told_apart
from bycatch.runner import Result

# GitHub shows ten annotations of a kind for a step and drops the others.
SHOWN: Final = 10
# A summary may have 1 MiB; a thousand rows of at most 800 bytes stay below it.
_ROWS: Final = 1_000
_BYTES: Final = 900_000
_KINDS: Final = {"error": "error", "warning": "warning", "note": "notice"}


@dataclass(frozen=True, slots=True)
class Row:
    """One finding, ready to be shown."""

    severity: str
    check: str
    place: Place
    text: str


@dataclass
class Digest:
    """The findings of a run, as many as are shown, the most severe first; and how many there were."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {severity: [] for severity in SEVERITIES})
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SEVERITIES, 0))
    articles: int = 0
    failures: Sequence[Failure] = ()
    tally: Mapping[str, int] | None = None

    def listed(self) -> list[Row]:
        """The rows, errors first."""
        return [row for severity in SEVERITIES for row in self.rows[severity]]


def digest(results: Iterable[Result], failures: Sequence[Failure], tally: Mapping[str, int] | None = None) -> Digest:
    """Read the results and keep what can be shown; ``tally`` is what a gate counts."""
    made = Digest(failures=failures, tally=tally)
    for result in results:
        made.articles += 1
        for finding in result.findings:
            made.counts[finding.severity] += 1
            if len(made.rows[finding.severity]) < _ROWS:
                place = place_of(result.article, finding)
                row = Row(finding.severity, finding.check, place, sentence(result.article, finding))
                made.rows[finding.severity].append(row)
    return made


def commands(run: Digest) -> Iterator[str]:
    """Workflow commands: failures, then errors, warnings and notes, ten of a kind; then what was left out."""
    for failure in run.failures[:SHOWN]:
        line = f",line={failure.line}" if failure.line else ""
        yield f"::error file={_property(failure.path)}{line},title=bycatch failed::{_data(short(str(failure)))}"
    room = {"error": SHOWN - min(SHOWN, len(run.failures)), "warning": SHOWN, "note": SHOWN}
    left = max(0, len(run.failures) - SHOWN)
    for severity in SEVERITIES:
        shown = run.rows[severity][: room[severity]]
        left += run.counts[severity] - len(shown)
        for row in shown:
            column = f",col={row.place.column}" if row.place.column else ""
            yield (
                f"::{_KINDS[severity]} file={_property(row.place.path)},line={row.place.line}{column},"
                f"title={_property(row.check)}::{_data(row.text)}"
            )
    if run.tally:
        yield f"bycatch: {told_apart(run.tally)}"
    if left:
        yield f"bycatch: {left:,} more; GitHub shows {SHOWN} annotations of a kind, the step summary has the others"


def summary(run: Digest) -> str:
    """The findings as a Markdown table, for the file that GITHUB_STEP_SUMMARY names."""
    counts = ", ".join(plural(run.counts[severity], severity) for severity in SEVERITIES)
    lines = [f"### bycatch: {counts} in {plural(run.articles, 'article')}", ""]
    if run.tally:
        lines += [told_apart(run.tally), ""]
    lines += [f"- failed: {_cell(short(str(failure)))}" for failure in run.failures[:_ROWS]]
    rows = run.listed()[:_ROWS]
    if rows:
        lines += ["", "| | check | place | |", "|---|---|---|---|"]
    size = sum(len(line.encode()) + 1 for line in lines)
    shown = 0
    for row in rows:
        line = f"| {row.severity} | {row.check} | {_cell(short(row.place.path))}:{row.place.line} | {_cell(row.text)} |"
        size += len(line.encode()) + 1
        if size > _BYTES:
            break
        lines.append(line)
        shown += 1
    left = sum(run.counts.values()) - shown
    if left:
        lines += ["", f"{left:,} more findings are not listed."]
    return "\n".join(lines) + "\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    # A lone surrogate stands for a byte of a file name that is not UTF-8; no runner finds such a file.
    return _data(text.encode("utf-8", "replace").decode()).replace(":", "%3A").replace(",", "%2C")


def _cell(text: str) -> str:
    """Text that Markdown and HTML leave as it is."""
    escaped = "".join(f"&#{ord(c)};" if c in "\\`*_{}[]()#+-.!|<>&~@:\"'$" else c for c in text)
    return escaped.replace("&#46;", ".").replace("&#45;", "-")
