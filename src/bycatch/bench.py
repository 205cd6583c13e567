"""The score of findings on labelled lines: the whole, and each check held to its severity.

Positive is the artifact. A line counts as deleted when the deletions offered cover at least half of its characters,
and as pointed at by a check when that check's findings do.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from bycatch.article import RANK, Finding, Span
from bycatch.labelled import ARTIFACT, CONTENT, Page

Verdict = Literal["keeps", "too few to tell", "does not keep", "–"]
# What a severity promises, see docs/checks.md: an error is right 99 times in 100, a warning 9 times in 10.
PROMISE: Final[Mapping[str, float]] = {"error": 0.99, "warning": 0.9}
# Labels are wrong too: of lines labelled by rule and looked at again by hand, 2 in 100 are wrong and 4 debatable.
LABEL_NOISE: Final = 0.03
# Fewer sure lines than this may all be one page's, and say nothing of others.
LEAST: Final = 10
# Two-sided 95 %.
_Z: Final = 1.96
# Renderings that keep the article and little else: the realistic case. `bs4_nl` and `inscriptis` keep every menu.
MID: Final = ("traf_recall", "readab", "ptags")
GROUPS: Final = ("lang", "renderer", "dataset")


@dataclass(frozen=True, slots=True)
class Tally:
    """One rendering scored: lines, characters, and the artifacts inside the article (`in` the column ``pos``).

    It holds none of the text: a scorecard keeps one of each rendering.
    """

    dataset: str
    renderer: str
    lang: str
    right: int = 0
    wrong: int = 0
    missed: int = 0
    content: int = 0
    content_chars: int = 0
    lost_chars: int = 0
    artifact_chars: int = 0
    removed_chars: int = 0
    inside: int = 0
    inside_found: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """What a set of renderings comes to. Shares from 0 to 1, NaN where there is nothing to divide by."""

    docs: int
    content: int
    artifact: int
    precision: float
    recall: float
    f1: float
    fpr: float
    fpr_chars: float
    kept: float
    kept_p10: float
    docs_lt90: float
    removed: float
    macro_f1: float
    macro_fpr: float
    inside: int
    inside_recall: float


@dataclass(slots=True)
class Held:
    """The lines a check pointed at with one severity, by their label; ``deletes``: how many it offers to delete."""

    artifact: int = 0
    content: int = 0
    unsure: int = 0
    deletes: int = 0

    @property
    def lines(self) -> int:
        """All of them, unsure ones too."""
        return self.artifact + self.content + self.unsure

    @property
    def precision(self) -> float:
        """Artifacts in the lines whose label is sure."""
        return _share(self.artifact, self.artifact + self.content)


@dataclass
class Scorecard:
    """Scores added up page by page. ``by`` names the columns to break the figures down by."""

    by: Sequence[str] = ()
    safe: list[Tally] = field(default_factory=list)
    offered: list[Tally] = field(default_factory=list)
    checks: dict[tuple[str, str], dict[tuple[str, str], Held]] = field(default_factory=dict)

    def add(self, page: Page, spans: Sequence[Span], findings: Sequence[Finding]) -> None:
        """Count one page with the findings in it; ``spans`` says where its lines stand in the article."""
        self.safe.append(tally(page, deleted(spans, findings, safe=True)))
        self.offered.append(tally(page, deleted(spans, findings)))
        by_check: dict[tuple[str, str], list[Finding]] = {}
        for finding in findings:
            by_check.setdefault((finding.check, finding.severity), []).append(finding)
        groups = [("", ""), *((column, getattr(page, column)) for column in self.by)]
        for check, listed in by_check.items():
            held = [self.checks.setdefault(group, {}).setdefault(check, Held()) for group in groups]
            offered = deleted(spans, listed)
            for number in covered(spans, map(_extent, listed)):
                for each in held:
                    each.deletes += number in offered
                    match page.labels[number]:
                        case 0:
                            each.artifact += 1
                        case 1:
                            each.content += 1
                        case _:
                            each.unsure += 1

    def held(self, group: tuple[str, str] = ("", "")) -> list[tuple[str, str, Held]]:
        """Check, severity and lines, the gravest severity first, the most lines first."""
        rows = [(check, severity, held) for (check, severity), held in self.checks.get(group, {}).items() if held.lines]
        return sorted(rows, key=lambda row: (RANK[row[1]], -row[2].lines, row[0]))


def covered(spans: Sequence[Span], extents: Iterable[Span]) -> set[int]:
    """The lines of whose characters the extents cover at least half."""
    ends = [span.end for span in spans]
    touched: dict[int, int] = {}
    for start, end in extents:
        number = bisect.bisect_right(ends, start)
        while number < len(spans) and spans[number].start < end:
            line = spans[number]
            if (overlap := min(end, line.end) - max(start, line.start)) > 0:
                touched[number] = touched.get(number, 0) + overlap
            number += 1
    return {number for number, size in touched.items() if 2 * size >= spans[number].end - spans[number].start}


def deleted(spans: Sequence[Span], findings: Iterable[Finding], *, safe: bool = False) -> set[int]:
    """The lines that the deletions offered would take; those of safe deletions alone when ``safe``."""
    return covered(
        spans, (f.fix.span for f in findings if f.fix and f.fix.action == "delete" and (f.fix.safe or not safe))
    )


def _extent(finding: Finding) -> Span:
    return finding.fix.span if finding.fix and finding.fix.action == "delete" else finding.span


def tally(page: Page, hits: Collection[int]) -> Tally:
    """Count one page of which the lines ``hits`` would go."""
    right = wrong = missed = content = content_chars = lost = artifact_chars = removed = inside = inside_found = 0
    for number, (label, text) in enumerate(zip(page.labels, page.texts, strict=True)):
        hit = number in hits
        size = len(text)
        if label == CONTENT:
            content, content_chars = content + 1, content_chars + size
            wrong, lost = wrong + hit, lost + hit * size
        elif label == ARTIFACT:
            artifact_chars, removed = artifact_chars + size, removed + hit * size
            right, missed = right + hit, missed + (not hit)
            if page.places[number] == "in":
                inside, inside_found = inside + 1, inside_found + hit
    return Tally(
        page.dataset,
        page.renderer,
        page.lang,
        right,
        wrong,
        missed,
        content,
        content_chars,
        lost,
        artifact_chars,
        removed,
        inside,
        inside_found,
    )


def figures(tallies: Iterable[Tally]) -> Figures:
    """The figures of a set of renderings; those without a sure label do not count."""
    counted = [t for t in tallies if t.content or t.right + t.missed]

    def total(value: Callable[[Tally], int]) -> int:
        return sum(map(value, counted))

    right, wrong, missed = total(lambda t: t.right), total(lambda t: t.wrong), total(lambda t: t.missed)
    content = total(lambda t: t.content)
    kept = sorted((t.content_chars - t.lost_chars) / t.content_chars for t in counted if t.content_chars)
    artifacts = [t for t in counted if t.right + t.missed]
    inside = total(lambda t: t.inside)
    return Figures(
        docs=len(counted),
        content=content,
        artifact=right + missed,
        precision=_share(right, right + wrong),
        recall=_share(right, right + missed),
        f1=_f1(right, wrong, missed),
        fpr=_share(wrong, content),
        fpr_chars=total(lambda t: t.lost_chars) / max(1, total(lambda t: t.content_chars)),
        kept=_mean(kept),
        kept_p10=_quantile(kept, 0.1),
        docs_lt90=_mean([share < 0.9 for share in kept]),
        removed=_mean([t.removed_chars / t.artifact_chars for t in counted if t.artifact_chars]),
        macro_f1=_mean([_f1(t.right, t.wrong, t.missed) for t in artifacts]),
        macro_fpr=_mean([t.wrong / t.content for t in counted if t.content]),
        inside=inside,
        inside_recall=_share(total(lambda t: t.inside_found), inside),
    )


def breakdown(tallies: Sequence[Tally], by: Sequence[str] = ()) -> Iterator[tuple[str, Figures]]:
    """A name and its figures: all, MID where other renderings are in it too, then each value of each column."""
    yield "all", figures(tallies)
    mid = [t for t in tallies if t.renderer in MID]
    if mid and len(mid) < len(tallies):
        yield "MID", figures(mid)
    for column in by:
        parts: dict[str, list[Tally]] = {}
        for each in tallies:
            parts.setdefault(getattr(each, column), []).append(each)
        for value in sorted(parts):
            yield f"{column} {value or '(none)'}", figures(parts[value])


def wilson(right: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson); 0 to 1 where nothing was counted."""
    if not total:
        return 0.0, 1.0
    share, square = right / total, _Z * _Z / total
    middle = share + square / 2
    half = _Z * math.sqrt((share * (1 - share) + square / 4) / total)
    return max(0.0, (middle - half) / (1 + square)), min(1.0, (middle + half) / (1 + square))


def verdict(severity: str, held: Held, noise: float = LABEL_NOISE) -> Verdict:
    """Whether a check keeps what its severity promises, the promise lowered by the noise of the labels.

    It keeps when the whole interval reaches the bar, and does not when none of it does. A check that mends lines, or
    only speaks of them, does not say that they are artifacts.
    """
    if severity not in PROMISE or not held.deletes:
        return "–"
    if held.artifact + held.content < LEAST:
        return "too few to tell"
    low, high = wilson(held.artifact, held.artifact + held.content)
    bar = PROMISE[severity] - noise
    return "keeps" if low >= bar else "does not keep" if high < bar else "too few to tell"


def _share(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def _f1(right: int, wrong: int, missed: int) -> float:
    return 2 * right / (2 * right + wrong + missed) if right else 0.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else math.nan


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Between the two nearest values, in proportion."""
    if not ordered:
        return math.nan
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
