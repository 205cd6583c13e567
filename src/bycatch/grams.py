"""Lines as arrays: the kind of each character, hashed n-grams, content words, and what their weights add up to.

All lines of a batch of articles are one array of code points with a line end around each; nothing here loops over
characters. n-grams and words are hashed into 2^`BUCKETS` weights, as in Weinberger et al., *Feature Hashing for Large
Scale Multitask Learning* (2009).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint32]
Kinds = npt.NDArray[np.uint8]

# A long line is judged by its beginning and its end: prose does not change its nature in the middle.
HEAD: Final = 120
TAIL: Final = 40

# Kinds of characters, counted in each line.
KINDS: Final = (
    "space", "lower", "upper", "uncased", "wide", "digit", "stop", "comma", "colon", "quote", "dash", "bar", "bracket",
    "symbol", "other", "end",
)  # fmt: skip
KIND: Final = {name: number for number, name in enumerate(KINDS)}
_SIGNS: Final = {
    "stop": ".!?…。！？．؟।۔", "comma": ",;、，；،؛", "colon": ":：",
    "quote": "\"'«»“”„‘’‚‹›「」『』״׳", "dash": "-–—―−", "bar": "|·•>/→←<\\▶►»*‣▪", "bracket": "()[]{}（）【】",
    "symbol": "@#&%€$£¥+=_~©®™°", "end": "\n",
}  # fmt: skip
# Beyond these code points characters are wide (Chinese, Japanese, Korean); before them unicodedata is asked.
_WIDE_FROM: Final = 0x2E80
_TABLE: Final = 0x10000

# Odd multipliers of large order (the golden ratio and two primes of xxHash32), for hashing without a loop.
_P1: Final = np.uint32(0x9E3779B1)
_P2: Final = np.uint32(0x85EBCA77)
_P3: Final = np.uint32(0xC2B2AE3D)
BUCKETS: Final = 17
_SHIFT: Final = np.uint32(32 - BUCKETS)
ORDERS: Final = (2, 4)


@dataclass(frozen=True)
class Words:
    """Weights of hashed n-grams: what the wording alone says. ``scale`` makes them log odds."""

    weights: npt.NDArray[np.int8]
    scale: float
    bias: float


class Tokens(NamedTuple):
    """Words that carry meaning, as hashes; in scripts without spaces pairs of characters."""

    hash: Hashes
    line: Ints


class Folded(NamedTuple):
    """Folded lines as symbols (code points; a digit is one digit), the kind of each, and the line it stands in.

    A line end stands before the first line and after each; it counts as the beginning of the next line.
    """

    symbols: Hashes
    kinds: Kinds
    line: Ints
    lines: int


@cache
def _table() -> Kinds:
    """The kind of every code point of the first plane."""
    table = np.full(_TABLE, KIND["other"], np.uint8)
    table[_WIDE_FROM:] = KIND["wide"]
    for code in range(_WIDE_FROM):
        table[code] = KIND[_kind(chr(code))]
    # Presentation forms of Arabic and Hebrew are letters like others; full-width forms are folded signs.
    table[0xFB1D:0xFE00] = table[0xFE70:0xFF00] = KIND["uncased"]
    table[0xD800:0xF900] = table[0xFF01:0xFF10] = KIND["other"]
    for name, signs in _SIGNS.items():
        for sign in signs:
            table[ord(sign)] = KIND[name]
    return table


def _kind(character: str) -> str:
    category = unicodedata.category(character)
    if character.isspace() or category in ("Zs", "Cc", "Cf"):
        return "space"
    if category == "Lu":
        return "upper"
    if category == "Ll":
        return "lower"
    if category[0] in "LM":
        return "uncased"
    return "digit" if category == "Nd" else "other"


def codes_of(lines: Sequence[str]) -> tuple[Hashes, Kinds]:
    """The code points of the lines, cut to head and tail, with a line end around each; and their kinds."""
    text = "\n" + "\n".join([line if len(line) <= HEAD + TAIL else line[:HEAD] + line[-TAIL:] for line in lines]) + "\n"
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return codes, _table().take(codes, mode="clip")


def folded(lines: Sequence[str]) -> Folded:
    """The lines, which are folded and hold no line end, as symbols."""
    codes, kinds = codes_of(lines)
    symbols = np.where(kinds == KIND["digit"], np.uint32(48), codes)
    return Folded(symbols, kinds, np.cumsum(kinds == KIND["end"]) - 1, len(lines))


def _hashed(lines: Folded) -> Iterator[tuple[Hashes, npt.NDArray[np.bool_]]]:
    """For each order the bucket of the n-gram that begins at each character, and whether it stays in its line.

    An n-gram may begin with the line end before its line and end with that after it, but hold none inside.
    """
    size = len(lines.symbols)
    hashed = (lines.symbols + np.uint32(1)) * _P1
    rolling = hashed
    for order in range(2, min(ORDERS[-1], size) + 1):
        rolling = rolling[: size - order + 1]
        rolling = (rolling ^ (rolling >> np.uint32(15))) * _P3
        rolling += hashed[order - 1 :]
        if order in ORDERS:
            yield (rolling * _P2) >> _SHIFT, lines.line[order - 2 : size - 1] == lines.line[: size - order + 1]


def _words(lines: Folded) -> tuple[Hashes, Ints, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Hash and line of each word; whether it is long enough to carry meaning; whether it is one wide character."""
    kinds = lines.kinds
    letter = ((kinds >= KIND["lower"]) & (kinds <= KIND["digit"])).nonzero()[0]
    if not len(letter):
        none = np.zeros(0, np.int64)
        return none.astype(np.uint32), none, none.astype(bool), none.astype(bool)
    wide = kinds[letter] == KIND["wide"]
    first = np.ones(len(letter), bool)
    first[1:] = (letter[1:] != letter[:-1] + 1) | wide[1:] | wide[:-1]
    starts = first.nonzero()[0]
    lengths = np.diff(starts, append=len(letter))
    place = (np.arange(len(letter)) - np.repeat(starts, lengths)).astype(np.uint32)
    mixed = (lines.symbols[letter] + (place << np.uint32(24)) + np.uint32(7)) * _P1
    mixed ^= mixed >> np.uint32(15)
    hashes = np.add.reduceat(mixed * _P2, starts, dtype=np.uint32)
    # Four letters: below stand the little words of most languages. Numbers are one word and tell nothing.
    telling = (lengths >= 4) & (kinds[letter[starts]] != KIND["digit"])
    return hashes, lines.line[letter[starts]], telling, wide[starts]


def _of_words(lines: Folded) -> tuple[Hashes, Ints, Tokens]:
    """Buckets and lines of the words and pairs of words, and the words that carry meaning."""
    words, owner, telling, wide = _words(lines)
    pairs = (words[:-1] ^ (words[:-1] >> np.uint32(13))) * _P2 + words[1:]
    same = owner[:-1] == owner[1:]
    both = same & wide[:-1] & wide[1:]
    bucket = np.concatenate(((words * _P3) >> _SHIFT, ((pairs * _P1) >> _SHIFT)[same]))
    tokens = Tokens(np.concatenate((words[telling], pairs[both])), np.concatenate((owner[telling], owner[:-1][both])))
    return bucket, np.concatenate((owner, owner[:-1][same])), tokens


def grams(lines: Folded) -> tuple[Hashes, Ints]:
    """Bucket and line of every n-gram, word and pair of words; training learns a weight for each bucket."""
    buckets, owners = [], []
    for bucket, inner in _hashed(lines):
        buckets.append(bucket[inner])
        owners.append(lines.line[: len(bucket)][inner])
    bucket, owner, _ = _of_words(lines)
    return np.concatenate((*buckets, bucket)), np.concatenate((*owners, owner))


def wording(words: Words, lines: Folded) -> tuple[Floats, Tokens]:
    """What the wording of each line says, in log odds: the weights of its n-grams over the root of their number.

    And, as they are at hand, the words of each line that carry meaning.
    """
    at = np.zeros(len(lines.symbols), np.int32)
    for bucket, inner in _hashed(lines):
        at[: len(bucket)] += words.weights.take(bucket) * inner
    ends = (lines.kinds == KIND["end"]).nonzero()[0]
    length = np.diff(ends) - 1
    total = np.add.reduceat(at, ends[:-1], dtype=np.int64)
    number = sum(np.maximum(length + 3 - order, 0) for order in ORDERS)
    bucket, owner, tokens = _of_words(lines)
    total = total + np.bincount(owner, words.weights.take(bucket), lines.lines)
    number = number + np.bincount(owner, minlength=lines.lines)
    return (words.scale * total / np.sqrt(np.maximum(number, 1)) + words.bias).astype(np.float32), tokens
