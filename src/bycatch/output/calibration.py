"""What `bycatch calibrate` shows: tables, and one JSON object."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

from bycatch.calibrate import Calibration, Line, Tally, proposal
from bycatch.output.tables import Cell, Sheet

# A screen or two; the JSON has them all.
_SHOWN: Final = 25
_CLIPPED: Final = 70
_COUNTS: Final = ("hits", "articles", "% of articles", "% of characters", "% between prose")


def sheets(found: Calibration, least: int) -> Iterator[Sheet]:
    """The tables in order: checks, phrases, phrases to look at, lines that no check knows."""
    yield _tallies("Checks", ("check", "severity"), found.by_check(), found)
    phrases = found.by_phrase()
    yield _tallies("Phrases", ("check", "phrase"), phrases[:_SHOWN], found, _more(len(phrases)))
    suspects = found.suspects()
    yield _tallies(
        "Phrases that stand mostly between two paragraphs of prose", ("check", "phrase"), suspects[:_SHOWN], found,
        "An ad marker or a link to another story stands there by its nature; any other phrase may be a sentence of the "
        "article. Read the examples before you gate on its check." + _more(len(suspects)),
    )  # fmt: skip
    unknown = found.unknown(least)
    rows: list[list[Cell]] = [
        [line.text, ", ".join(sorted(line.langs)), line.articles, _share(line.articles, found.articles)]
        for line in unknown[:_SHOWN]
    ]
    note = f"In {least} articles or more." + _more(len(unknown))
    if found.dropped:
        note += (
            f" The counts were full ({found.most_lines:,} lines) {found.dropped} times, and the rarest lines dropped: "
            "the numbers are the least there can be."
        )
    yield Sheet("Lines that many articles share and no check knows", ("line", "language", "articles", "%"), rows, note)


def _tallies(
    title: str, names: Sequence[str], rows: Sequence[tuple[str, str, Tally]], found: Calibration, note: str = ""
) -> Sheet:
    listed: list[list[Cell]] = [
        [
            first, _clipped(second), tally.hits, tally.articles, _share(tally.articles, found.articles),
            _share(tally.characters, found.characters), _share(tally.inside, tally.hits),
            "\n".join(_clipped(text) for text, _ in tally.examples.listed()),
        ]
        for first, second, tally in rows
    ]  # fmt: skip
    return Sheet(title, (*names, *_COUNTS, "for example"), listed, note.strip())


def as_dict(found: Calibration, least: int, taken: Collection[str | None]) -> dict[str, Any]:
    """The same for a program, nothing left out."""
    unknown = found.unknown(least)
    return {
        "articles": found.articles,
        "characters": found.characters,
        "checks": [{"check": check, "severity": severity, **_tally(t)} for check, severity, t in found.by_check()],
        "phrases": [{"check": check, "phrase": phrase, **_tally(t)} for check, phrase, t in found.by_phrase()],
        "suspects": [{"check": check, "phrase": phrase} for check, phrase, _ in found.suspects()],
        "unknown": [_line(line) for line in unknown],
        "unknown_capped": bool(found.dropped),
        "proposal": proposal(unknown, taken),
    }


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "hits": tally.hits,
        "articles": tally.articles,
        "characters": tally.characters,
        "between_prose": tally.inside,
        "examples": [{"article": article, "text": text} for text, article in tally.examples.listed()],
    }


def _line(line: Line) -> dict[str, Any]:
    return {"text": line.text, "langs": sorted(line.langs), "articles": line.articles}


def _more(count: int) -> str:
    return f" {count - _SHOWN:,} more in --format json." if count > _SHOWN else ""


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _clipped(text: str) -> str:
    return text if len(text) <= _CLIPPED else f"{text[: _CLIPPED - 1]}…"
