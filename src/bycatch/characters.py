"""The characters of many articles side by side: of what kind each is, what it folds to, where words and lines are.

Positions are units of UTF-16, of which nearly every article has one for each character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from bycatch import folding, similarity
from bycatch.article import Article
from bycatch.wrapping import LINE_ENDS

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Units = npt.NDArray[np.uint16]
Kinds = npt.NDArray[np.uint8]

# Kinds of characters, as bits. COMPOSES is what NFC may join with the character before it, or write otherwise; MARK
# what it may put in another order; STOP what a sentence ends in, CLOSER what may
# stand after that; LACKED what one of two copies may lack.
BLANK, END, COMPOSES, MARK, WIDE, STOP, CLOSER, LACKED = (np.uint8(1 << number) for number in range(8))
# The vowels and finals of Hangul, which compose by rule and not by decomposition.
_HANGUL: Final = (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))


class Text(NamedTuple):
    """Articles in one row, with a line end before and after each: their characters, and where each article stands."""

    units: Units
    kinds: Kinds
    folded: Units
    starts: Ints
    ends: Ints

    def holding(self, flags: Flags) -> Flags:
        """Of each article whether a character of it is flagged; most often none is."""
        held = np.zeros(len(self.starts), np.bool_)
        held[np.searchsorted(self.starts, flags.nonzero()[0], side="right") - 1] = True
        return held


class Words(NamedTuple):
    """What stands between blanks: where each word begins and ends."""

    starts: Ints
    ends: Ints


class Lines(NamedTuple):
    """Lines that are not blank, without the blanks around them: where each begins and ends, and whose it is."""

    starts: Ints
    ends: Ints
    article: Ints

    def chosen(self, kept: Flags) -> Lines:
        """Some of them."""
        return Lines(self.starts[kept], self.ends[kept], self.article[kept])

    @property
    def bounds(self) -> Ints:
        """Begin and end of each in turn, so that of the stretches between them every second is a line."""
        return np.stack((self.starts, self.ends), axis=1).ravel()


def text_of(articles: Sequence[Article]) -> Text:
    """The characters of the articles, in order."""
    whole = "\n".join(("", *[article.text for article in articles], ""))
    units = np.frombuffer(whole.encode("utf-16-le", "surrogatepass"), np.uint16)
    lengths = [len(article.text) for article in articles]
    if len(units) != len(whole):
        lengths = [len(article.text.encode("utf-16-le", "surrogatepass")) // 2 for article in articles]
    sizes = np.array(lengths, np.int64) + 1
    ends = np.cumsum(sizes)
    return Text(units, _kinds().take(units), folding.table().take(units), ends - sizes + 1, ends)


def words_of(text: Text) -> Words:
    """All words, in order."""
    blank = (text.kinds & BLANK) != 0
    turns = (blank[1:] != blank[:-1]).nonzero()[0] + 1
    return Words(turns[::2], turns[1::2])


def lines_of(text: Text, words: Words) -> tuple[Lines, Flags]:
    """All lines, in order; of each article whether two of them may stand without a blank line between."""
    ends = ((text.kinds & END) != 0).nonzero()[0]
    next_word = np.searchsorted(words.starts, ends)
    # Of the line ends before a word the last is where its line begins.
    opens = (next_word[1:] != next_word[:-1]).nonzero()[0]
    first_word = next_word[opens]
    last_word = np.append(first_word[1:], len(words.starts))[: len(first_word)] - 1
    starts = words.starts[first_word]
    article = np.searchsorted(text.starts, starts, side="right") - 1
    # A return and a line feed are two ends here, and one line end to whoever wrote them.
    touching = np.zeros(len(text.starts), np.bool_)
    rare = ends[text.units[ends] != ord("\n")]
    touching[np.searchsorted(text.starts, rare, side="right") - 1] = True
    touching[article[1:][(np.diff(opens) == 1) & (np.diff(article) == 0)]] = True
    return Lines(starts, words.ends[last_word], article), touching


def members(pattern: str) -> list[int]:
    """The codes of all characters that a pattern for one of them matches."""
    # In runs, of which there are few.
    return list(map(ord, "".join(re.findall(f"(?:{pattern})+", every(), re.DOTALL))))


@cache
def every() -> str:
    """All characters of the first plane but the halves of surrogate pairs, which are none."""
    codes = np.arange(1 << 16, dtype=np.uint16)
    return codes[(codes < 0xD800) | (codes > 0xDFFF)].tobytes().decode("utf-16-le")


@cache
def _kinds() -> Kinds:
    table = np.zeros(1 << 16, np.uint8)
    folded = folding.table()
    # Ideographs, syllables of Hangul and what is for private use compose with nothing and mark nothing.
    others = re.sub("[\u3400-\u9fff\uac00-\ud7af\ue000-\uf8ff]+", "", every())
    for codes, kind in (
        (members(r"\s"), BLANK),
        (map(ord, LINE_ENDS), END),
        ((ord(c) for c in others if not unicodedata.is_normalized("NFC", c)), COMPOSES),
        ((*_HANGUL, *(code for c in others for code in _second(c))), COMPOSES),
        ((ord(c) for c in others if unicodedata.combining(c)), MARK),
        (map(ord, "".join(similarity.WIDE.findall(every()))), WIDE),
        (map(ord, similarity.SENTENCE_ENDS), STOP),
        (map(ord, similarity.CLOSERS), CLOSER),
        ((*members(r"\s"), *np.isin(folded, list(map(ord, similarity.LACKED))).nonzero()[0]), LACKED),
    ):
        table[list(codes)] |= kind
    return table


def _second(character: str) -> list[int]:
    """What follows another character in the one that both compose to."""
    parts = unicodedata.decomposition(character).split()
    return [int(parts[1], 16)] if len(parts) == 2 and not parts[0].startswith("<") else []
