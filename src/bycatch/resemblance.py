"""Which of many articles may say something twice, word for word or nearly so: the cheap half of `similarity`.

What is let through is looked at paragraph by paragraph; no article in which `similarity` finds something is held back.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from bycatch import similarity
from bycatch.characters import CLOSER, LACKED, STOP, WIDE, Flags, Ints, Lines, Text, Words, members

Keys = npt.NDArray[np.uint64]

# Odd numbers with bits all over mix hashes: of the golden ratio, and two of SplitMix64's.
_MIXER: Final = np.uint16(0x9E37)
_MIXERS: Final = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
# A word is known by its first and its last characters, as many as 64 bits hold, and by its length.
_KNOWN_BY: Final = 4
# The lower bits of a key number the line, the upper ones are the word; one in between tells whether it is a long word.
_LINE: Final = np.uint64(24)
_LINES: Final = np.uint64((1 << 24) - 1)
_LONG: Final = np.uint64(1 << 24)


def repeating(text: Text, lines: Lines) -> set[int]:
    """Articles of which two lines may be copies: all characters that no copy lacks come to the same sum."""
    if not len(lines.starts):
        return set()
    values = text.folded * _MIXER
    values *= (text.kinds & LACKED) == 0
    sums = np.add.reduceat(values, lines.bounds, dtype=np.uint32)[::2]
    named = np.sort((lines.article.astype(np.uint64) << np.uint64(32)) | sums)
    twice = named[1:][named[1:] == named[:-1]]
    return set((twice >> np.uint64(32)).tolist())


def resembling(text: Text, words: Words, lines: Lines) -> set[int]:
    """Articles of which two lines may be near copies: they share long words, and so do the other lines that do."""
    compared = _may_be_compared(text, lines)
    if not compared.any():
        return set()
    size = (lines.ends - lines.starts)[compared]
    lines = lines.chosen(compared)
    if len(size) > int(_LINES):
        return set(lines.article.tolist())
    count = np.searchsorted(words.starts, lines.ends) - np.searchsorted(words.starts, lines.starts)
    dense = similarity.SPARSE * count < size
    keys = _keys(text, words, lines, (~dense).nonzero()[0])
    if dense.any():
        runs = _runs(text, lines.chosen(dense))
        keys = np.concatenate((keys, _keys(text, runs, lines, dense.nonzero()[0])))
    keys.sort()
    different = keys[_changes(keys)]
    long = np.bincount(_line(different), (different & _LONG) != 0, len(size))
    keys = keys[((keys & _LONG) != 0) | (long[_line(keys)] < similarity.SKETCH)]
    # Two words of one key count as one here, and as two where they are shared: no line shares more than it seems to.
    has = np.bincount(_line(keys[_changes(keys)]), minlength=len(size))
    needed = np.full(int(lines.article.max(initial=0)) + 1, similarity.SHARED)
    fewer = (has > 0) & (has < similarity.SHARED)
    np.minimum.at(needed, lines.article[fewer], has[fewer])
    # Twice, as `similarity.near_copies` does: once those are set aside that share too little, others share less.
    for _ in range(2):
        again = np.bincount(_line(keys[_again(keys)]), minlength=len(size))
        kept = again >= needed[lines.article]
        keys = keys[kept[_line(keys)]]
    left = np.bincount(lines.article[kept & (has > 0)], minlength=1)
    # What is cut short before it is compared is looked at by itself.
    return {*(left > 1).nonzero()[0].tolist(), *lines.article[size > similarity.COMPARED_LENGTH].tolist()}


def _runs(text: Text, lines: Lines) -> Words:
    """Runs of letters and digits in the lines, which are words enough where no spaces part these."""
    # With what stands after each line, which ends its last run.
    at = _ranges(lines.starts, lines.ends + 1)
    inside = np.concatenate(([False], _letters().take(text.folded[at])))
    turns = (inside[1:] != inside[:-1]).nonzero()[0]
    return Words(at[turns[::2]], at[turns[1::2]])


@cache
def _letters() -> Flags:
    letters = np.zeros(1 << 16, np.bool_)
    letters[members(r"\w")] = True
    return letters


def _may_be_compared(text: Text, lines: Lines) -> Flags:
    """Lines that are long enough to be a near copy and may end a sentence."""
    if not len(lines.starts):
        return np.zeros(0, np.bool_)
    size = lines.ends - lines.starts
    wide = (np.bitwise_or.reduceat(text.kinds, lines.bounds)[::2] & WIDE) != 0
    # A wide character weighs as much as 2.5 others.
    long = (size >= similarity.SHORTEST_NEAR) | (wide & (5 * size >= 2 * similarity.SHORTEST_NEAR))
    asked: Flags = long & ((text.kinds[lines.ends - 1] & (STOP | CLOSER)) != 0)
    return asked


def _keys(text: Text, words: Words, lines: Lines, chosen: Ints) -> Keys:
    """A key for every word of some length of the chosen lines, in order."""
    some = (words.ends - words.starts >= similarity.SHORT_WORD).nonzero()[0]
    starts, ends = words.starts[some], words.ends[some]
    first, last = np.searchsorted(starts, lines.starts[chosen]), np.searchsorted(starts, lines.ends[chosen])
    at, line = _ranges(first, last), np.repeat(chosen, last - first)
    starts, ends = starts[at], ends[at]
    # Four characters are one number, wherever they begin.
    fours = np.ndarray(len(text.folded) - _KNOWN_BY + 1, np.uint64, text.folded, strides=text.folded.strides)
    named = fours[starts] * _MIXERS[0] ^ fours[ends - _KNOWN_BY] * _MIXERS[1]
    # The same word is another one in another article.
    named ^= (lines.article[line] << 32 | (ends - starts)).astype(np.uint64) * _MIXERS[2]
    named *= _MIXERS[0]
    named &= ~(_LINES | _LONG)
    named |= line.astype(np.uint64)
    named |= (ends - starts >= similarity.LONG_WORD).astype(np.uint64) << _LINE
    return named


def _ranges(first: Ints, last: Ints) -> Ints:
    """All numbers from each of ``first`` to before that of ``last``, one range after the other."""
    count = last - first
    ranges: Ints = np.repeat(last - np.cumsum(count), count) + np.arange(count.sum())
    return ranges


def _changes(values: Keys) -> Flags:
    """Where a value is another than the one before it."""
    changes = np.ones(len(values), np.bool_)
    changes[1:] = values[1:] != values[:-1]
    return changes


def _line(keys: Keys) -> Ints:
    return (keys & _LINES).astype(np.int64)


def _again(keys: Keys) -> Flags:
    """Which words stand in another line too; keys are in order, so that the lines of a word are."""
    if not len(keys):
        return np.zeros(0, np.bool_)
    opens = _changes(keys >> _LINE)
    first = opens.nonzero()[0]
    last = np.append(first[1:], len(keys)) - 1
    several: Flags = (keys[first] != keys[last])[np.cumsum(opens) - 1]
    return several
