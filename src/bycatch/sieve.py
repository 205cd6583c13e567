"""Which of many lines may be a phrase, or a row of phrases: asked of all lines of a batch of articles at once.

A dictionary of twenty thousand beginnings answers for one line in a microsecond, most of it waiting for memory, and
nearly always says no. Here the first and the last characters of all lines are hashed side by side and looked up in
tables of bits (Bloom's filters): they let through every line that a dictionary would find and hardly another. Who is
let through is asked about exactly, see `bycatch.phrases`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from bycatch.characters import Flags, Ints, Kinds, Units, members
from bycatch.separators import AROUND_PART, ENOUGH_PARTS, LONGEST_IN_PARTS, MENU, STOPS, WIDE_STOPS, Asked
from bycatch.wording import EDGES

Hashes = npt.NDArray[np.uint32]

# Characters stripped from the end of a first part ("Home … | News"); where there are more, the line is asked about.
_MOST_STRIPPED: Final = 3

# A table has a million places, of which the built-in phrases take three in a hundred. A line is looked up at seven
# lengths, so one in five is let through by chance; the second table, at other places, is for those alone.
_BITS: Final = 20
# FNV's prime, and to mix what comes out the golden ratio and MurmurHash3's multiplier: all known to spread bits well.
_PRIME: Final = np.uint32(0x01000193)
_MIXERS: Final = (np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B))
_SIZES: Final = np.sort(EDGES)
_LONGEST: Final = int(_SIZES[-1])
_MARGIN: Final = "\0" * _LONGEST

# Kinds of characters, as bits.
_PARTS, _STOP, _DASH, _SLASH, _BLANK, _AROUND = (np.uint8(1 << number) for number in range(6))


class _Stretches(NamedTuple):
    """Stretches of a text as UTF-16 units, of which nearly every text has one for each character."""

    units: Units
    starts: Ints
    ends: Ints

    @property
    def lengths(self) -> Ints:
        return self.ends - self.starts


@dataclass(frozen=True)
class _Bits:
    """Hashes of which it is told at once whether each is one of those noted: always for those, seldom for others."""

    tables: tuple[Flags, ...]

    @classmethod
    def of(cls, hashes: Hashes) -> _Bits:
        tables = tuple(np.zeros(1 << _BITS, np.bool_) for _ in _MIXERS)
        for table, mixer in zip(tables, _MIXERS, strict=True):
            table[_places(hashes, mixer)] = True
        return cls(tables)

    def hold(self, hashes: Hashes) -> Flags:
        first, second = self.tables
        held = first[_places(hashes, _MIXERS[0])]
        found = held.nonzero()
        held[found] = second[_places(hashes[found], _MIXERS[1])]
        return held


@dataclass(frozen=True)
class Sieve:
    """How phrases begin, how they end, and those that are one text."""

    heads: _Bits
    tails: _Bits
    wholes: _Bits

    @classmethod
    def of(cls, heads: Iterable[str], tails: Iterable[str], wholes: Iterable[str]) -> Sieve:
        """What lines begin with, what they end with, and whole lines; none is empty."""
        begun, ended, whole = (_stretches("\n".join(("", *listed, ""))) for listed in (heads, tails, wholes))
        return cls(
            _Bits.of(_at_length(begun, _rolled(begun))),
            _Bits.of(_at_length(ended, _rolled(ended, backwards=True))),
            _Bits.of(_whole(whole, _rolled(whole), _rolled(whole, backwards=True))),
        )

    def ask(self, text: str, held: Iterable[int]) -> Asked:
        """Of ``text``, lines between two line ends each, those that may be phrases or rows of them.

        Lines ``held`` are known to hold something of a phrase, and may be rows if they have a separator.
        """
        lines = _stretches(text)
        rows = _rows(lines, wide=len(lines.units) != len(text) + 2 * _LONGEST)
        asked = rows.sure | np.isin(rows.line, list(held))
        first = self._may_be_known(rows.first) | asked
        # The last part decides of those lines alone of which it is not settled yet.
        left = np.flatnonzero((first != rows.long) & ~asked)
        asked |= first & rows.long
        asked[left] = self._may_be_known(_Stretches(lines.units, rows.last.starts[left], rows.last.ends[left]))
        heads, tails, wholes = self._met(lines)
        return Asked(_pairs(heads), _pairs(tails), np.flatnonzero(wholes).tolist(), rows.line[asked].tolist())

    def _met(self, stretches: _Stretches) -> tuple[Flags, Flags, Flags]:
        """Which stretches begin and end as a phrase does, a row for each of `_SIZES`; which may be phrases."""
        heads, tails = _rolled(stretches), _rolled(stretches, backwards=True)
        long_enough = stretches.lengths >= _SIZES[:, None]
        return (
            self.heads.hold(heads[_SIZES - 1]) & long_enough,
            self.tails.hold(tails[_SIZES - 1]) & long_enough,
            self.wholes.hold(_whole(stretches, heads, tails)) & long_enough[0],
        )

    def _may_be_known(self, stretches: _Stretches) -> Flags:
        heads, tails, wholes = self._met(stretches)
        return heads.any(axis=0) | tails.any(axis=0) | wholes


def _pairs(met: Flags) -> list[tuple[int, int]]:
    sizes, lines = met.nonzero()
    return list(zip(lines.tolist(), _SIZES[sizes].tolist(), strict=True))


def _stretches(text: str) -> _Stretches:
    """The lines of a text that begins and ends with a line end."""
    units = np.frombuffer((_MARGIN + text + _MARGIN).encode("utf-16-le", "surrogatepass"), np.uint16)
    ends = np.flatnonzero(units == ord("\n"))
    return _Stretches(units, ends[:-1] + 1, ends[1:])


def _rolled(stretches: _Stretches, *, backwards: bool = False) -> Hashes:
    """The hash of the first 1, 2, … units of each stretch, a row for each number; of the last when ``backwards``.

    Where a stretch is shorter, what stands around it counts.
    """
    units, starts, ends = stretches
    rolled = np.empty((_LONGEST, len(starts)), np.uint32)
    last = np.zeros(len(starts), np.uint32)
    for number in range(_LONGEST):
        last = rolled[number] = (last ^ units[ends - 1 - number if backwards else starts + number]) * _PRIME
    return rolled


def _at_length(edges: _Stretches, rolled: Hashes) -> Hashes:
    """The hash of each edge: of as much of it as is asked for, for a rare character takes two units."""
    size = _SIZES[np.searchsorted(_SIZES, edges.lengths, side="right") - 1]
    hashes: Hashes = rolled[size - 1, np.arange(len(size))]
    return hashes


def _whole(stretches: _Stretches, heads: Hashes, tails: Hashes) -> Hashes:
    """The hash of each whole stretch: by how it begins, how it ends and how long it is."""
    seen = np.clip(stretches.lengths, 1, _LONGEST) - 1
    stretch = np.arange(len(seen))
    edges = heads[seen, stretch] * _PRIME ^ tails[seen, stretch]
    whole: Hashes = edges * _PRIME ^ stretches.lengths.astype(np.uint32)
    return whole


def _places(hashes: Hashes, mixer: np.uint32) -> Hashes:
    return (hashes * mixer) >> np.uint32(32 - _BITS)


class _Rows(NamedTuple):
    """Lines with a separator, their first parts and their last ones.

    ``long`` are those of enough parts to hold one that is not known, ``sure`` those to be asked about in any case.
    """

    line: Ints
    first: _Stretches
    last: _Stretches
    long: Flags
    sure: Flags


def _rows(lines: _Stretches, *, wide: bool) -> _Rows:
    """The lines that have a separator and are not too long; some take two units for a character (``wide``).

    A separator is looked for by its one telling character. Only of a slash that is not enough to be one.
    """
    units, starts, ends = lines
    kinds = _kinds().take(units)
    blank = (kinds & _BLANK) != 0
    marks = (kinds & (_PARTS | _SLASH)) != 0
    marks[:-1] |= ((kinds[:-1] & _STOP) != 0) & blank[1:]
    dashes = np.flatnonzero((kinds & _DASH) != 0)
    marks[dashes] |= blank[dashes - 1] & blank[dashes + 1]
    at = np.flatnonzero(marks)
    before = np.searchsorted(at, starts)
    count = np.searchsorted(at, ends) - before
    line = np.flatnonzero((count > 0) & (lines.lengths <= LONGEST_IN_PARTS * (2 if wide else 1)))
    begin, end, before, count = starts[line], ends[line], before[line], count[line]
    first, last = at[before], at[before + count - 1]
    sure = ((kinds[first] | kinds[last]) & _SLASH) != 0
    last += 1
    for _ in range(_MOST_STRIPPED):
        first -= (kinds[first - 1] & _AROUND) != 0
        last += (kinds[last] & _AROUND) != 0
    # What is stripped to nothing has run into the next line or that before, whose ends are blank.
    sure |= ((kinds[begin] | kinds[first - 1] | kinds[last]) & _AROUND) != 0
    sure |= (first <= begin) | (last >= end)
    return _Rows(
        line,
        _Stretches(units, begin, np.maximum(first, begin)),
        _Stretches(units, np.minimum(last, end), end),
        count >= ENOUGH_PARTS - 1,
        sure,
    )


@cache
def _kinds() -> Kinds:
    """The kinds of every UTF-16 unit; halves of a surrogate pair are of none."""
    table = np.zeros(1 << 16, np.uint8)
    for codes, kind in (
        (map(ord, MENU + WIDE_STOPS), _PARTS), (map(ord, STOPS), _STOP), ((ord("-"),), _DASH), ((ord("/"),), _SLASH),
        (members(r"\s"), _BLANK), (map(ord, AROUND_PART), _AROUND),
    ):  # fmt: skip
        table[list(codes)] |= kind
    return table
