"""A paragraph says again what another said, in almost the same words.

A pull quote is shortened, a live ticker is reworded, a translation engine renders one sentence in two ways. Which of
the two is to stay is for an editor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bycatch.article import Article, Mark
from bycatch.inspection import Found
from bycatch.similarity import SHORTEST_NEAR, copies, is_row, may_resemble, near_copies, stopped, weighs

TITLE = "Near repeat"
SEVERITY = "warning"
FIX = "none"
AFTER = ("repeated-caption", "repeated-paragraph")

FLAGS = {
    "a shortened pull quote": (
        "The mill belongs to everyone who ever carried a sack of corn across the old wooden bridge, whatever the "
        "land register may say about it.\n\n"
        "⟦The mill belongs to everyone who ever carried a sack of corn across the old bridge, whatever the register "
        "may say about it.⟧\n\nThe vote is on Sunday."
    ),
    "another beginning": (
        "Les habitants du village demandent également au conseil municipal de rouvrir le vieux moulin avant la fin "
        "de l’été et de réparer le pont.\n\nLe maire n’a pas répondu.\n\n"
        "⟦Entre-temps, les habitants du village demandent au conseil municipal de rouvrir le vieux moulin avant la "
        "fin de l’été et de réparer le pont.⟧"
    ),
}
PASSES = {
    "a headline and the lead": (
        "Village council votes to restore the old mill by the river, at a cost nobody knows\n\n"
        "The village council has voted to restore the mill on the river bank, although the cost of the work is not "
        "known and may be high."
    ),
    "records that differ in numbers": (
        "The north mill was built in 1790 by the village council and has ground 300 tons of corn in a good year.\n\n"
        "The north mill was built in 1805 by the village council and has ground 450 tons of corn in a good year."
    ),
    "two statements of one form": (
        "Raises or lowers the speed of the mill wheel for the miller, and has no effect on any of the other gears.\n\n"
        "Raises or lowers the speed of the mill wheel for the visitor, and has no effect on any of the other gears."
    ),
    "short lines": "The mill is open on Monday.\n\nThe mill is open on Sunday.",
    "items of a list": (
        "- Carry the first of the mill stones across the bridge before the bell rings for the noon meal\n\n"
        "- Carry the other of the mill stones across the bridge before the bell rings for the noon meal"
    ),
}

# Measured: a true near repeat scored 0.83 and honest neighbours up to 0.74 (see `similarity`).
_LEAST = 0.79
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"\w+")
# Words compared one by one; a longer paragraph is known by its beginning.
_WORDS = 150
# Words shorter than this are little words; exchanging one changes no statement.
_CONTENT = 3
# An inflected form shares this many letters with the word.
_STEM = 4


def find(article: Article, found: Found) -> Iterator[Mark]:
    if not may_resemble(article):
        return
    long = [
        p
        for p, stops in zip(article.paragraphs, stopped(article), strict=True)
        if stops and weighs(p.text, SHORTEST_NEAR) and not is_row(p)
    ]
    if repeats := copies(article):
        same = {copy.this for copy in repeats}
        long = [p for p in long if p.index not in same]
    phrased: set[int] | None = None
    for near in near_copies([p.folded for p in long], _LEAST):
        phrased = found.phrased() if phrased is None else phrased
        one, other = long[near.this], long[near.other]
        # Records, tables told in sentences and tickers differ in their numbers: they say something new.
        if one.index in phrased or sorted(_NUMBER.findall(one.text)) != sorted(_NUMBER.findall(other.text)):
            continue
        if _exchanges_words(one.folded, other.folded):
            continue
        line = article.place(other.start)[0]
        yield Mark(one.span(), f"The paragraph says almost the same as line {line}.", (other.span(),))


def _exchanges_words(one: str, other: str) -> bool:
    """Whether a word of one stands where another word stands in the other: a new statement in the same form.

    Who repeats himself leaves words out and puts words in; an inflected form counts as the same word.
    """
    from difflib import SequenceMatcher  # seldom needed, and slow to load

    ours, theirs = _WORD.findall(one)[:_WORDS], _WORD.findall(other)[:_WORDS]
    for kind, a, b, c, d in SequenceMatcher(None, ours, theirs).get_opcodes():
        if kind != "replace":
            continue
        left = {word[:_STEM] for word in ours[a:b] if len(word) >= _CONTENT}
        right = {word[:_STEM] for word in theirs[c:d] if len(word) >= _CONTENT}
        if left - right and right - left:
            return True
    return False
