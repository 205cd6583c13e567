"""What makes a paragraph a row of several, such as "Home | News", and what to ask of lines.

Each line may be a phrase, or a row of phrases; most are neither.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from bycatch.wording import DECORATION, EDGES

# Parts of a paragraph: menu separators, and the ends of sentences. Each begins with one character of a set, which the
# engine looks for before all else; what it was is asked by looking back. Spaces around stay with the parts, which are
# stripped, and of two separators in a row the nothing between them is dropped.
MENU: Final = r"|·•‧∙⋅\\►▶»›→<>"
STOPS: Final = ".!?。！？…:"
WIDE_STOPS: Final = "。！？"
SEPARATOR: Final = re.compile(
    rf"[{MENU}{STOPS}/-](?:(?<=[{MENU}])[{MENU}]*|(?<=\s[-/])\s+|(?<=[^\W\d]/)\s*(?=[^\W\d])"
    rf"|(?<=[^\W\d]\s/)\s*(?=[^\W\d])|(?<=[{STOPS}])[{STOPS}]*(?:\s+|$)|(?<=[{WIDE_STOPS}]))"
)
# Two spaces part as well; they are seldom seen.
WITH_GAPS: Final = re.compile(rf"{SEPARATOR.pattern}|\s{{2,}}")
# What is stripped from a part: what may stand around a phrase, and spaces that folding leaves alone.
AROUND_PART: Final = DECORATION + "\x1c\x1d\x1e\x1f\x85\u1680\u2004\u2005\u2006\u2008\u2028\u2029\u205f"
# Longer paragraphs are prose or are found by their cues; taking them apart would cost more than it finds.
LONGEST_IN_PARTS: Final = 240
# A row of so many parts may hold one that is not known.
ENOUGH_PARTS: Final = 5


class Asked(NamedTuple):
    """Numbers of lines: which may be phrases as a whole, and which rows of phrases.

    Of those that may begin as a phrase does, or end as one does, also by how many characters.
    """

    heads: list[tuple[int, int]]
    tails: list[tuple[int, int]]
    wholes: list[int]
    rows: list[int]


def all_asked(lines: Sequence[str]) -> Asked:
    """Everything that can be asked of the lines: what a sieve lets through is part of it."""
    edges = [(row, size) for row, line in enumerate(lines) for size in reversed(EDGES) if size <= len(line)]
    rows = [row for row, line in enumerate(lines) if SEPARATOR.search(line) is not None]
    return Asked(edges, edges, list(range(len(lines))), rows)
