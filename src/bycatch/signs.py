"""What checks cannot do without: an article in which none of a check's signs stands need not be shown to it.

A check names its signs in its constant ``SIGNS``. A sign of four letters or more is a word, or some of them, and is
looked for with the phrases, in lower case and wherever it stands. Any other is a regular expression: of one to three
single characters or sets of them, such as ``[{%]`` or ``[.,] [a-z]``, or ``^.{1,6}$``, a line of no more than six
characters.
"""

from __future__ import annotations

import re
from typing import Final

_WORDS: Final = re.compile(r"[^\W\d_]{4,}(?: [^\W\d_]+)*")
# One set in brackets, one escaped character or one that stands for itself.
_STEP: Final = re.compile(r"\[(?:\\.|[^\\\]])+\]|\\.|[^\\\[\].^$*+?{}()|]", re.DOTALL)
_MOST_STEPS: Final = 3
_SHORT_LINE: Final = re.compile(r"\^\.\{1,(\d+)\}\$")


def is_words(sign: str) -> bool:
    """Whether a sign is looked for with the phrases."""
    return _WORDS.fullmatch(sign) is not None


def longest_of(sign: str) -> int | None:
    """How many characters a line has at most that is a sign; None for a sign of another kind."""
    short = _SHORT_LINE.fullmatch(sign)
    return int(short.group(1)) if short else None


def steps_of(sign: str) -> tuple[str, ...]:
    """The sets of characters that a sign of another kind is made of, each a regular expression.

    Raises ValueError for what is no sign, and re.error where a set is none.
    """
    steps = tuple(_STEP.findall(sign))
    if "".join(steps) != sign or not 1 <= len(steps) <= _MOST_STEPS:
        known = f"words, one to {_MOST_STEPS} characters or sets of them in brackets, or ^.{{1,6}}$"
        raise ValueError(f"{sign!r} is no sign: write {known}")
    for step in steps:
        re.compile(step)
    return steps
