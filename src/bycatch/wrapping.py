"""Where paragraphs begin and end: a non-blank line each, or several lines of a hard-wrapped file."""

from __future__ import annotations

import itertools
import re
from typing import Final

# Plain-text files are wrapped at 60 to 80 columns, mail at 72, some archives at 50 or 100; nobody wraps beyond 120.
_WIDEST: Final = 120
_NARROWEST: Final = 40
# A wrapped line is full but for the next word, which hardly ever takes more than a third of the width.
_FULL: Final = 0.67
# Share of line breaks inside blocks that must fall in mid-sentence. In lists and verse most do not.
_RUNNING_ON: Final = 0.5
# Where str.splitlines parts lines.
LINE_ENDS: Final = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_RARE_END: Final = re.compile(f"[{LINE_ENDS[1:]}]")
_SENTENCE_ENDS: Final = tuple(".!?:;…。！？»”\"'")


def paragraph_bounds(text: str, body: int = 0) -> list[tuple[int, int]]:
    """Start and end of every paragraph from position ``body`` on, without the white space around it."""
    # Splitting at the one usual line end, without keeping it, saves a third of the time.
    plain = _RARE_END.search(text) is None
    lines, gap = (text.split("\n"), 1) if plain else (text.splitlines(keepends=True), 0)
    bounds: list[tuple[int, int]] = []
    touching = False
    at = 0
    previous_blank = True
    for line in lines:
        if line and at >= body and (bare := line.strip()):
            start = at if len(bare) == len(line) else at + line.index(bare[0])
            bounds.append((start, start + len(bare)))
            touching = touching or not previous_blank
            previous_blank = False
        else:
            previous_blank = True
        at += len(line) + gap
    return join_wrapped(text, bounds) if touching else bounds


def join_wrapped(text: str, bounds: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The bounds with hard-wrapped lines joined, or the same ones where the text is not hard-wrapped."""
    blocks: list[list[tuple[int, int]]] = []
    for start, end in bounds:
        if blocks and text.count("\n", blocks[-1][-1][1], start) < 2 and _one_break(text, blocks[-1][-1][1], start):
            blocks[-1].append((start, end))
        else:
            blocks.append([(start, end)])
    inner = [line for block in blocks for line in block[:-1]]
    width = max(end - start for start, end in inner) if inner else 0
    if not _NARROWEST <= width <= _WIDEST or max(end - start for start, end in bounds) > _WIDEST:
        return bounds
    if len(blocks) < 2 and len(bounds) < 4:
        return bounds
    full = sum(end - start >= _FULL * width for start, end in inner)
    runs_on = 0
    for block in blocks:
        for (_, end), (start, _) in itertools.pairwise(block):
            runs_on += not text[end - 1].endswith(_SENTENCE_ENDS) and not text[start].isupper()
    if full < 0.8 * len(inner) or runs_on < _RUNNING_ON * len(inner):
        return bounds
    return [(block[0][0], block[-1][1]) for block in blocks]


def _one_break(text: str, end: int, start: int) -> bool:
    gap = text[end:start]
    return len(gap.replace("\r\n", "\n").strip(" \t")) == 1
