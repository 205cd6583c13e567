"""Lines as arrays: the kind of each character, hashed n-grams, content words, and what their weights add up to.

All lines of a batch of articles are one array of characters with a line end around each; nothing here loops over
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

from bycatch.folding import fold

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint32]
Kinds = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

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
# The multiplier of a word's polynomial (a prime of xxHash32), and what undoes it modulo 2^32.
_BASE: Final = 0x27D4EB2F
_INVERSE: Final = pow(_BASE, -1, 1 << 32)


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


class Lines(NamedTuple):
    """Lines, cut to head and tail, as one array of characters: the hash and kind of each, and the line it stands in.

    Hashes are of folded characters, and a digit is one digit; kinds are of the text as it stands. A line end stands
    before the first line and after each, at ``ends``; it counts as the beginning of the next line.
    """

    hashed: Hashes
    kinds: Kinds
    line: Ints
    ends: Ints

    @property
    def length(self) -> Ints:
        """How many characters each line has."""
        length: Ints = np.diff(self.ends) - 1
        return length


@cache
def _kinds() -> Kinds:
    """The kind of every code point of the first plane."""
    table = np.full(_TABLE, KIND["other"], np.uint8)
    table[_WIDE_FROM:] = KIND["wide"]
    table[:_WIDE_FROM] = [KIND[_kind(character)] for character in map(chr, range(_WIDE_FROM))]
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


@cache
def _hashes() -> Hashes:
    """The hash of every code point of the first plane: of what it is folded to, all digits alike."""
    codes = np.arange(_TABLE, dtype=np.uint32)
    # Lone halves of surrogate pairs fold to one character; among others they would make folding slow.
    codes[0xD800:0xE000] = 0xFFFD
    for part in (slice(0xD800), slice(0xE000, None)):
        codes[part] = np.frombuffer(fold(codes[part].tobytes().decode("utf-32-le")).encode("utf-32-le"), np.uint32)
    codes = np.where(_kinds() == KIND["digit"], np.uint32(ord("0")), codes)
    codes[ord("\n")] = ord("\n")
    mixed = (codes + np.uint32(1)) * _P1
    return mixed ^ (mixed >> np.uint32(15))


def lines_of(texts: Sequence[str]) -> Lines:
    """The lines as arrays; a line end inside one, where a file is hard-wrapped, is a space."""
    cut = [text if len(text) <= HEAD + TAIL else text[:HEAD] + text[-TAIL:] for text in texts]
    joined = "\n".join(cut)
    if joined.count("\n") >= len(cut):
        joined = "\n".join([text.replace("\n", " ") for text in cut])
    codes = np.frombuffer(f"\n{joined}\n".encode("utf-32-le", "surrogatepass"), np.uint32)
    # Beyond the first plane stand emoji and rare characters, all read as its last code point.
    kinds = _kinds().take(codes, mode="clip")
    is_end = kinds == KIND["end"]
    return Lines(_hashes().take(codes, mode="clip"), kinds, np.cumsum(is_end) - 1, is_end.nonzero()[0])


def _buckets(lines: Lines) -> Iterator[tuple[int, Hashes]]:
    """For each order the bucket of the n-gram that begins at each character."""
    size = len(lines.hashed)
    rolling = lines.hashed
    for order in range(2, min(ORDERS[-1], size) + 1):
        rolling = rolling[: size - order + 1] * _P3
        rolling ^= rolling >> np.uint32(15)
        rolling += lines.hashed[order - 1 :]
        if order in ORDERS:
            yield order, (rolling * _P2) >> _SHIFT


@cache
def _powers(size: int) -> tuple[Hashes, Hashes]:
    """The powers of the multiplier and of its inverse, modulo 2^32."""
    up, down = np.full(size, _BASE, np.uint32), np.full(size, _INVERSE, np.uint32)
    up[0] = down[0] = 1
    return np.multiply.accumulate(up, dtype=np.uint32), np.multiply.accumulate(down, dtype=np.uint32)


def _words(lines: Lines) -> tuple[Hashes, Ints, Flags, Flags]:
    """Hash and line of each word; whether it is long enough to carry meaning; whether it is one wide character.

    A word's hash is a polynomial in its characters: the difference of two sums over the text, moved to the beginning.
    """
    kinds = lines.kinds
    wide = kinds == KIND["wide"]
    # Letters and digits, except wide ones, each of which is a word: kinds from "lower" to "digit".
    joined = (kinds - np.uint8(KIND["lower"]) <= KIND["digit"] - KIND["lower"]) & ~wide
    begins, stops = joined | wide, joined | wide
    begins[1:] &= ~(joined[1:] & joined[:-1])
    stops[:-1] &= ~(joined[1:] & joined[:-1])
    first, last = begins.nonzero()[0], stops.nonzero()[0]
    # A power of two, so that few sizes are worked out.
    up, down = _powers(1 << len(kinds).bit_length())
    sums = np.cumsum(lines.hashed * up[: len(kinds)], dtype=np.uint32)
    hashes = (sums.take(last) - sums.take(first - 1)) * down.take(first)
    hashes ^= hashes >> np.uint32(15)
    hashes *= _P2
    # Four letters: below stand the little words of most languages. Numbers are one word and tell nothing.
    telling = (last - first >= 3) & (kinds.take(first) != KIND["digit"])
    return hashes, lines.line.take(first), telling, wide.take(first)


def _of_words(lines: Lines) -> tuple[Hashes, Ints, Tokens]:
    """Buckets and lines of the words and pairs of words, and the words that carry meaning."""
    words, owner, telling, wide = _words(lines)
    pairs = (words[:-1] ^ (words[:-1] >> np.uint32(13))) * _P2 + words[1:]
    same = owner[:-1] == owner[1:]
    both = same & wide[:-1] & wide[1:]
    bucket = np.concatenate(((words * _P3) >> _SHIFT, ((pairs * _P1) >> _SHIFT)[same]))
    tokens = Tokens(np.concatenate((words[telling], pairs[both])), np.concatenate((owner[telling], owner[:-1][both])))
    return bucket, np.concatenate((owner, owner[:-1][same])), tokens


def grams(lines: Lines) -> tuple[Hashes, Ints]:
    """Bucket and line of every n-gram, word and pair of words; training learns a weight for each bucket.

    An n-gram may begin with the line end before its line and end with that after it, but hold none inside.
    """
    buckets, owners = [], []
    for order, bucket in _buckets(lines):
        inner = lines.line[order - 2 : order - 2 + len(bucket)] == lines.line[: len(bucket)]
        buckets.append(bucket[inner])
        owners.append(lines.line[: len(bucket)][inner])
    bucket, owner, _ = _of_words(lines)
    return np.concatenate((*buckets, bucket)), np.concatenate((*owners, owner))


def wording(words: Words, lines: Lines) -> tuple[Floats, Tokens]:
    """What the wording of each line says, in log odds: the weights of its n-grams over the root of their number.

    And, as they are at hand, the words of each line that carry meaning.
    """
    length = lines.length
    total, number = np.zeros(len(length), np.int64), np.zeros(len(length), np.int64)
    for order, bucket in _buckets(lines):
        # The n-grams of a line begin from the line end before it on.
        held = np.maximum(length + 3 - order, 0)
        bounds = np.stack((lines.ends[:-1], lines.ends[:-1] + held), axis=1).ravel()
        weights = np.append(words.weights.take(bucket), np.int8(0))
        total += np.where(held, np.add.reduceat(weights, bounds, dtype=np.int64)[::2], 0)
        number += held
    bucket, owner, tokens = _of_words(lines)
    total = total + np.bincount(owner, words.weights.take(bucket), len(length))
    number = number + np.bincount(owner, minlength=len(length))
    return (words.scale * total / np.sqrt(np.maximum(number, 1)) + words.bias).astype(np.float32), tokens
