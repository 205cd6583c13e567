"""The scorecard of `bycatch bench`: as tables, and as one JSON object."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

from bycatch.bench import PROMISE, Held, Scorecard, Tally, breakdown, verdict, wilson
from bycatch.output.tables import Cell, Sheet

COLUMNS: Final = ("renderings", "article lines", "artifacts", "P", "R", "F1", "FPR", "FPR chars", "kept", "kept p10",
                   "docs < 90", "removed", "macro F1", "macro FPR", "R inside")  # fmt: skip
LEGEND: Final = (
    "In per cent. Positive is the artifact; FPR: share of the article's lines that would go; kept: characters of the "
    "article that stay, mean over renderings, p10 its worst tenth; docs < 90: renderings that would keep less than "
    "90 %; removed: characters of artifacts that go, mean; macro: mean over renderings; R inside: recall between the "
    "article's first line and its last."
)


def sheets(card: Scorecard, noise: float) -> Iterator[Sheet]:
    """The tables in order: safe deletions, all that are offered, each check; then the checks of each group."""
    yield figures_sheet("Safe deletions", card.safe, card.by)
    yield figures_sheet("All deletions offered", card.offered, card.by, note=LEGEND)
    yield _checks("Checks", card.held(), noise, note=promise(noise))
    for group in sorted(card.checks):
        if group[0]:
            yield _checks(f"Checks, {group[0]} {group[1] or '(none)'}", card.held(group), noise)


def figures_sheet(title: str, tallies: Sequence[Tally], by: Sequence[str] = (), *, note: str = "") -> Sheet:
    """One table of figures, a row for each part."""
    return Sheet(title, ("", *COLUMNS), list(figure_rows(tallies, by)), note)


def figure_rows(tallies: Sequence[Tally], by: Sequence[str] = ()) -> Iterator[list[Cell]]:
    """Name and figures of each part, in the order of the columns."""
    for name, f in breakdown(tallies, by):
        yield [
            name, f.docs, f.content, f.artifact, f.precision, f.recall, f.f1, f.fpr, f.fpr_chars, f.kept, f.kept_p10,
            f.docs_lt90, f.removed, f.macro_f1, f.macro_fpr, f.inside_recall,
        ]  # fmt: skip


def promise(noise: float) -> str:
    """What the last column of the table of checks means."""
    bars = ", ".join(f"{severity} {100 * share:g}" for severity, share in PROMISE.items())
    return (
        f"Lines of which a check's findings cover at least half. Promised: {bars} right in 100, held against labels of "
        f"which {100 * noise:g} in 100 are taken to be wrong. A check keeps its severity when the whole 95 % interval "
        "(Wilson) reaches that bar, and does not when none of it does; one that deletes no line "
        "is not held to it. The interval takes lines to be independent; "
        "renderings of one page are not, so it is narrower than it should be."
    )


def _checks(title: str, rows: Sequence[tuple[str, str, Held]], noise: float, *, note: str = "") -> Sheet:
    columns = ("check", "severity", "lines", "artifact", "article", "unsure", "P", "95 % low", "high", "severity kept")
    listed: list[list[Cell]] = []
    for check, severity, held in rows:
        low, high = wilson(held.artifact, held.artifact + held.content)
        listed.append(
            [check, severity, held.lines, held.artifact, held.content, held.unsure, held.precision, low, high,
             verdict(severity, held, noise)]
        )  # fmt: skip
    return Sheet(title, columns, listed, note)


def as_dict(card: Scorecard, noise: float) -> dict[str, Any]:
    """The same figures for a program; NaN is null."""
    groups = [group for group in sorted(card.checks) if group[0]]
    return {
        "safe": _figures(card.safe, card.by),
        "offered": _figures(card.offered, card.by),
        "label_noise": noise,
        "checks": _held(card.held(), noise),
        "by": [{"column": c, "value": v, "checks": _held(card.held((c, v)), noise)} for c, v in groups],
    }


def _figures(tallies: Sequence[Tally], by: Sequence[str]) -> dict[str, Any]:
    return {
        name: {key: _number(value) for key, value in dataclasses.asdict(f).items()}
        for name, f in breakdown(tallies, by)
    }


def _held(rows: Sequence[tuple[str, str, Held]], noise: float) -> list[dict[str, Any]]:
    return [
        {
            "check": check,
            "severity": severity,
            "lines": held.lines,
            "artifact": held.artifact,
            "content": held.content,
            "unsure": held.unsure,
            "deletes": held.deletes,
            "precision": _number(held.precision),
            "interval": list(wilson(held.artifact, held.artifact + held.content)),
            "verdict": verdict(severity, held, noise),
        }
        for check, severity, held in rows
    ]


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
