"""Which checks need not see which of many articles: those of whose signs (see `bycatch.signs`) none stands in it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bycatch.characters import Flags, Kinds, Lines, Text, members
from bycatch.signs import is_words, longest_of, steps_of

# Sets of characters that one table tells apart.
_SETS: Final = 8


# Where a step of a sign is looked up: in which table, and at which bit of it.
_Place = tuple[int, np.uint8]


@dataclass(frozen=True)
class Absence:
    """The signs of several checks, as tables of all characters of the first plane, each with a bit for eight sets.

    ``checks`` says where the steps of each sign of a check are looked up, ``short`` how long a line is that is a sign.
    """

    tables: tuple[Kinds, ...]
    checks: Mapping[str, tuple[tuple[_Place, ...], ...]]
    short: Mapping[str, int]

    @classmethod
    def of(cls, signs: Mapping[str, Iterable[str]]) -> Absence:
        """By check, its signs; words are not looked for. Raises ValueError for what is no sign."""
        steps: dict[str, list[tuple[str, ...]]] = {}
        short: dict[str, int] = {}
        for check, listed in signs.items():
            steps[check] = []
            for sign in listed:
                if (longest := longest_of(sign)) is not None:
                    short[check] = longest
                elif not is_words(sign):
                    steps[check].append(steps_of(sign))
        tables: list[Kinds] = []
        places: dict[str, _Place] = {}
        for step in itertools.chain.from_iterable(itertools.chain.from_iterable(steps.values())):
            if step in places:
                continue
            number, bit = divmod(len(places), _SETS)
            if not bit:
                tables.append(np.zeros(1 << 16, np.uint8))
            places[step] = number, np.uint8(1 << bit)
            tables[number][members(step)] |= places[step][1]
        checks = {check: tuple(tuple(places[step] for step in sign) for sign in own) for check, own in steps.items()}
        return cls(tuple(tables), checks, short)

    def of_checks(self, text: Text, lines: Lines) -> list[frozenset[str]]:
        """For each article the checks none of whose signs stands in it, words aside.

        What takes two units of UTF-16 is in no set.
        """
        kinds = [table.take(text.units) for table in self.tables]
        united = [np.bitwise_or.reduceat(table, text.starts) for table in kinds]
        missing = np.ones((len(text.starts), len(self.checks)), np.bool_)
        for column, (check, signs) in enumerate(self.checks.items()):
            if check in self.short:
                missing[lines.article[lines.ends - lines.starts <= self.short[check]], column] = False
            for sign in signs:
                (table, bit), *others = sign
                stands = text.holding(_in_a_row(kinds, sign)) if others else (united[table] & bit) != 0
                missing[:, column] &= ~stands
        # Most articles lack the same: few sets are made, and each is made once.
        made: dict[bytes, frozenset[str]] = {}
        for row in missing:
            made.setdefault(row.tobytes(), frozenset(itertools.compress(self.checks, row)))
        return [made[row.tobytes()] for row in missing]


def _in_a_row(kinds: Sequence[Kinds], sign: Sequence[_Place]) -> Flags:
    """From which characters on there is one of each set, in order."""
    size = len(kinds[0]) - len(sign) + 1
    stands = np.ones(size, np.bool_)
    for step, (table, bit) in enumerate(sign):
        stands &= (kinds[table][step : step + size] & bit) != 0
    return stands
