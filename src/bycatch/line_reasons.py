"""Why the line model calls a line furniture: its two or three strongest reasons, in words a reader understands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Final

import numpy as np

from bycatch.grams import KIND, Floats
from bycatch.line_features import FEATURES, INDEX, OWN

_REASONS: Final = ("wording", "place", "around", "topic", "shape", "found", "copies")
_FOUND: Final = {
    1: ("navigation", "lines of navigation"), 2: ("a link to another story", "links to other stories"),
    3: ("a comment prompt", "two comment prompts"), 4: ("a share button", "share buttons"),
    5: ("a subscription prompt", "subscription prompts"), 6: ("a legal notice", "legal notices"),
    7: ("an ad marker or residue", "ad markers or residue"), 8: ("a repeated line", "repeated lines"),
    9: ("a line in another language", "lines in another language"),
}  # fmt: skip


def reasons(rows: Floats, flagged: Sequence[int], shares: Floats) -> list[str]:
    """For each flagged line of an article (``rows``) its reasons; ``shares`` says what each feature added, by line."""
    total = shares @ _reason_of()
    made = []
    for line, share in zip(flagged, total, strict=True):
        told = [
            words
            for reason in np.argsort(-share, kind="stable")
            if share[reason] > 0 and (words := _told(_REASONS[reason], rows, line))
        ]
        made.append(_joined(told[:3]) or "is made like the lines around the articles of other pages")
    return made


@cache
def _reason_of() -> Floats:
    """Which reason each feature speaks for: 1 for that, 0 for the others."""
    spoken = np.array([_REASONS.index(_reason(name)) for name in FEATURES])
    table: Floats = (spoken[:, None] == np.arange(len(_REASONS))).astype(np.float32)
    return table


def _reason(name: str) -> str:
    if name == "wording":
        return "wording"
    if "hit" in name:
        return "found"
    if name.startswith("words shared"):
        return "topic" if " at " not in name else "around"
    if name in ("copies", "starts alike"):
        return "copies"
    if name in OWN or name == "share of text":
        return "shape"
    if " at " in name or " within " in name or "wording" in name or name.startswith("run"):
        return "around"
    return "place"


def _told(reason: str, rows: Floats, line: int) -> str:
    """The reason in words, or nothing where the line's numbers do not bear it out."""
    row = rows[line]

    def get(name: str) -> float:
        return float(row[INDEX[name]])

    if reason == "wording":
        return "is worded like furniture" if get("wording") > -1 else ""
    if reason == "found":
        return _near_hits(rows[:, INDEX["hit"]], line)
    if reason == "topic":
        return "shares no word with the article" if 0 <= get("words shared with article") < 0.01 else ""
    if reason == "copies":
        if get("copies") > 1:
            return f"stands {get('copies'):.0f} times in the text"
        return f"begins like {get('starts alike') - 1:.0f} other lines" if get("starts alike") > 2 else ""
    if reason == "shape":
        if get("length") < 60 and get("ends in") != KIND["stop"]:
            return "is a label, not a sentence"
        return ""
    if reason == "place":
        return _place_told(get)
    if get("run") > 3:
        return f"stands in a run of {get('run'):.0f} short lines"
    around = [float(rows[at, INDEX["wording"]]) for at in (line - 1, line + 1) if 0 <= at < len(rows)]
    return "stands among lines worded like furniture" if around and max(around) > 0 else ""


def _place_told(get: Callable[[str], float]) -> str:
    if get("body end") > 0:
        return "stands after the article's end"
    if get("body start") < 0:
        return "stands before the article's beginning"
    if get("lines to end") == 0:
        return "is the last line"
    return "has no prose on either side" if get("since prose") > 2 and get("until prose") > 2 else ""


def _near_hits(hits: Floats, line: int) -> str:
    before = next((int(hits[at]) for at in range(line - 1, max(line - 4, -1), -1) if hits[at] > 0), 0)
    after = next((int(hits[at]) for at in range(line + 1, min(line + 4, len(hits))) if hits[at] > 0), 0)
    if before and after:
        return (
            f"stands between {_FOUND[before][1] if before == after else _FOUND[before][0] + ' and ' + _FOUND[after][0]}"
        )
    if before or after:
        return f"stands close {'after' if before else 'before'} {_FOUND[before or after][0]}"
    return ""


def _joined(told: Sequence[str]) -> str:
    """One clause of several reasons: "stands after the article's end, in a run of short lines, is ..."."""
    standing = [words.removeprefix("stands ") for words in told if words.startswith("stands ")]
    other = [words for words in told if not words.startswith("stands ")]
    clauses = ["stands " + ", ".join(standing)] if standing else []
    return " and ".join(clauses + other)
