"""The learned line model: how likely each line of an article is furniture that no phrase names.

Three steps, each over all lines of the article at once: `measure` turns lines into numbers (what stands in a line,
around it, and where the article begins and ends), `Words` scores the wording by hashed character and word n-grams,
and a small forest of decision trees judges. The numbers of all stand in one file, ``furniture.npz``, made by
``benchmarks/train.py``; numpy is all it takes to read them. See docs/model.md.
"""

from __future__ import annotations

import hashlib
import io
import unicodedata
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from bycatch.article import Paragraph
from bycatch.errors import UserError

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

MODEL: Final = Path(__file__).with_name("furniture.npz")

# A long line is judged by its beginning and its end: prose does not change its nature in the middle.
_HEAD: Final = 320
_TAIL: Final = 80
# Lines judged in one go: a hundred thousand lines must not need a gigabyte.
_BATCH: Final = 20_000

# Kinds of characters, counted in each line.
_KINDS: Final = (
    "space", "lower", "upper", "uncased", "wide", "digit", "stop", "comma", "colon", "quote", "dash", "bar", "bracket",
    "symbol", "other", "end",
)  # fmt: skip
_KIND: Final = {name: number for number, name in enumerate(_KINDS)}
_SIGNS: Final = {
    "stop": ".!?…。！？．؟।۔", "comma": ",;、，；،؛", "colon": ":：",
    "quote": "\"'«»“”„‘’‚‹›「」『』״׳", "dash": "-–—―−", "bar": "|·•>/→←<\\▶►»*‣▪", "bracket": "()[]{}（）【】",
    "symbol": "@#&%€$£¥+=_~©®™°", "end": "\n",
}  # fmt: skip
# Beyond these code points characters are wide (Chinese, Japanese, Korean); before them unicodedata is asked.
_WIDE_FROM: Final = 0x2E80
_TABLE: Final = 0x10000

# The families of checks whose findings the model looks at, by what they mean for the lines around.
GROUPS: Final[Mapping[str, int]] = {
    "stray-navigation": 1, "read-also": 2, "teaser": 2, "comment-form": 3, "share-prompt": 4, "newsletter-prompt": 5,
    "paywall": 5, "cookie-notice": 6, "copyright-line": 6, "script-notice": 6, "error-page": 6, "ad-marker": 7,
    "source-link": 7, "template-residue": 7, "leftover-markup": 7, "stray-punctuation": 7, "repeated-caption": 8,
    "repeated-paragraph": 8, "language-mismatch": 9, "photo-credit": -1, "editorial-notice": -1, "loose-caption": -2,
}  # fmt: skip


@dataclass(frozen=True)
class Words:
    """Weights of hashed n-grams: what the wording alone says. ``scale`` makes them log odds."""

    weights: npt.NDArray[np.int8]
    scale: float
    bias: float


@dataclass(frozen=True)
class Forest:
    """Decision trees as flat arrays: node ``i`` asks whether feature ``feature[i]`` is at most ``threshold[i]``.

    Leaves are their own children, so that ``depth`` steps from ``roots`` end in a leaf for every line. ``value`` is
    what a node says, for inner nodes the mean of what is below.
    """

    feature: npt.NDArray[np.int16]
    threshold: Floats
    children: npt.NDArray[np.int32]
    value: Floats
    roots: npt.NDArray[np.int32]
    depth: int

    def __call__(self, rows: Floats) -> Floats:
        """The sum of all trees for each row, in log odds."""
        total = np.empty(len(rows), np.float32)
        for begin in range(0, len(rows), _BATCH // 8):
            part = rows[begin : begin + _BATCH // 8]
            flat = part.ravel()
            at = np.broadcast_to(self.roots, (len(part), len(self.roots)))
            offset = (np.arange(len(part), dtype=np.int32) * part.shape[1])[:, None]
            for _ in range(self.depth):
                above = flat.take(self.feature.take(at) + offset) > self.threshold.take(at)
                at = self.children.take(2 * at + above)
            total[begin : begin + len(part)] = self.value.take(at).sum(axis=1)
        return total

    def shares(self, rows: Floats) -> Floats:
        """How much each feature of each row adds to the sum: what its questions change on the way down."""
        shares = np.zeros(rows.shape, np.float32)
        line = np.broadcast_to(np.arange(len(rows))[:, None], (len(rows), len(self.roots)))
        at = np.broadcast_to(self.roots, line.shape)
        for _ in range(self.depth):
            asked = self.feature.take(at)
            below = self.children.take(2 * at + (rows[line, asked] > self.threshold.take(at)))
            np.add.at(shares, (line, asked), self.value.take(below) - self.value.take(at))
            at = below
        return shares


# ---- characters


@cache
def _table() -> npt.NDArray[np.uint8]:
    """The kind of every code point of the first plane."""
    table = np.full(_TABLE, _KIND["other"], np.uint8)
    table[_WIDE_FROM:] = _KIND["wide"]
    for code in range(_WIDE_FROM):
        table[code] = _KIND[_kind(chr(code))]
    # Presentation forms of Arabic and Hebrew are letters like others; full-width forms are folded signs.
    table[0xFB1D:0xFE00] = table[0xFE70:0xFF00] = _KIND["uncased"]
    table[0xD800:0xF900] = table[0xFF01:0xFF10] = _KIND["other"]
    for name, signs in _SIGNS.items():
        for sign in signs:
            table[ord(sign)] = _KIND[name]
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


def _codes(pieces: Sequence[str]) -> npt.NDArray[np.uint32]:
    text = "\n" + "\n".join(pieces) + "\n"
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _short(text: str) -> str:
    return text if len(text) <= _HEAD + _TAIL else text[:_HEAD] + text[-_TAIL:]


# ---- words

# Odd multipliers of large order (the golden ratio and the primes of xxHash), for hashing without a loop.
_P1: Final = np.uint64(0x9E3779B185EBCA87)
_P2: Final = np.uint64(0xC2B2AE3D27D4EB4F)
_P3: Final = np.uint64(0x165667B19E3779F9)
BUCKETS: Final = 18
_SHIFT: Final = np.uint64(64 - BUCKETS)
ORDERS: Final = (2, 3, 4, 5)


class Grams(NamedTuple):
    """Bucket and line of every n-gram of the article; ``line`` is not sorted."""

    bucket: npt.NDArray[np.uint64]
    line: Ints


class Tokens(NamedTuple):
    """Words that carry meaning, as hashes; in scripts without spaces pairs of characters."""

    hash: npt.NDArray[np.uint64]
    line: Ints


def grams(folded: Sequence[str]) -> tuple[Grams, Tokens]:
    """All n-grams of the folded lines (digits are one digit), and their content words."""
    codes = _codes([_short(line) for line in folded])
    kinds = _table()[np.minimum(codes, _TABLE - 1)]
    is_end = kinds == _KIND["end"]
    line = np.cumsum(is_end) - 1
    symbols = np.where(kinds == _KIND["digit"], np.uint64(48), codes.astype(np.uint64))
    ends = np.cumsum(is_end)
    hashed = (symbols + np.uint64(1)) * _P1
    rolling = hashed
    buckets, owners = [], []
    size = len(codes)
    for order in range(2, min(ORDERS[-1], size) + 1):
        rolling = (rolling[: size - order + 1] ^ (rolling[: size - order + 1] >> np.uint64(31))) * _P3
        rolling = rolling + hashed[order - 1 :]
        if order not in ORDERS:
            continue
        # An n-gram may begin with the line end before its line and end with that after it, but hold none inside.
        inner = ends[order - 2 : size - 1] == ends[: size - order + 1]
        mixed = (rolling * _P2) >> _SHIFT
        buckets.append(mixed[inner])
        owners.append(line[: size - order + 1][inner])
    words, word_line, telling, wide = _words(symbols, kinds, line)
    buckets.append((words * _P3) >> _SHIFT)
    owners.append(word_line)
    pairs = (words[:-1] ^ (words[:-1] >> np.uint64(29))) * _P2 + words[1:]
    same = word_line[:-1] == word_line[1:]
    buckets.append(((pairs * _P1) >> _SHIFT)[same])
    owners.append(word_line[:-1][same])
    both = same & wide[:-1] & wide[1:]
    tokens = Tokens(
        np.concatenate((words[telling], pairs[both])), np.concatenate((word_line[telling], word_line[:-1][both]))
    )
    return Grams(np.concatenate(buckets), np.concatenate(owners)), tokens


def _words(
    symbols: npt.NDArray[np.uint64], kinds: npt.NDArray[np.uint8], line: Ints
) -> tuple[npt.NDArray[np.uint64], Ints, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Hash and line of each word; whether it is long enough to carry meaning; whether it is one wide character."""
    letter = ((kinds >= _KIND["lower"]) & (kinds <= _KIND["digit"])).nonzero()[0]
    if not len(letter):
        none = np.zeros(0, np.int64)
        return none.astype(np.uint64), none, none.astype(bool), none.astype(bool)
    wide = kinds[letter] == _KIND["wide"]
    first = np.ones(len(letter), bool)
    first[1:] = (letter[1:] != letter[:-1] + 1) | wide[1:] | wide[:-1]
    starts = first.nonzero()[0]
    lengths = np.diff(np.append(starts, len(letter)))
    place = np.arange(len(letter)) - np.repeat(starts, lengths)
    mixed = (symbols[letter] + (place.astype(np.uint64) << np.uint64(24)) + np.uint64(7)) * _P1
    mixed ^= mixed >> np.uint64(29)
    hashes = np.add.reduceat(mixed * _P2, starts)
    is_wide = wide[starts]
    # Four letters: below stand the little words of most languages. Numbers are one word and tell nothing.
    return hashes, line[letter[starts]], (lengths >= 4) & (kinds[letter[starts]] != _KIND["digit"]), is_wide


def wording(words: Words, found: Grams, count: int) -> Floats:
    """What the wording of each line says, in log odds: the weights of its n-grams over the root of their number."""
    weights = words.weights.take(found.bucket).astype(np.float32)
    total = np.bincount(found.line, weights, count)
    number = np.bincount(found.line, minlength=count)
    return (words.scale * total / np.sqrt(np.maximum(number, 1)) + words.bias).astype(np.float32)


# ---- features

_OWN: Final = (
    "length", "words", "word length", "upper share", "capitalised words", "digit share", "wide share", "uncased share",
    "punctuation share", "stops", "commas", "colons", "quotes", "bars", "brackets", "symbols", "ends in", "begins with",
    "inner stops", "wording", "hit", "words shared with article", "words shared with prose", "copies", "starts alike",
)  # fmt: skip
_PLACE: Final = (
    "line from start", "lines to end", "relative place", "text before", "text after", "lines", "text", "median length",
    "prose lines", "prose before", "prose after", "since prose", "until prose", "long lines after", "body start",
    "body end", "in body", "worded body start", "worded body end", "in worded body", "body share", "share of text",
    "run", "place in run", "run wording", "mean wording", "hits", "hits before", "hits after", "since hit",
    "until hit", "length like neighbours", "shape like before", "shape like after",
    "worst wording since prose", "mean wording after", "mean wording before",
)  # fmt: skip
_AROUND: Final = (
    "length",
    "upper share",
    "digit share",
    "ends in",
    "wording",
    "hit",
    "words shared with article",
    "begins with",
)
_STEPS: Final = (-3, -2, -1, 1, 2, 3)
_WINDOWS: Final = (3, 8, 20)
_WINDOWED: Final = ("prose", "wording", "short", "hit", "shared")

FEATURES: Final = (
    *_OWN,
    *_PLACE,
    *(f"{name} at {step:+d}" for step in _STEPS for name in _AROUND),
    *(f"{name} within {width}" for width in _WINDOWS for name in _WINDOWED),
)

_INDEX: Final = {name: number for number, name in enumerate(FEATURES)}


def digest() -> str:
    """The name of this list of features and of the hashing: a model made for another one is refused."""
    parts = (*FEATURES, "|", *_KINDS, "|", *map(str, (_HEAD, _TAIL, BUCKETS, *ORDERS)))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def measure(paragraphs: Sequence[Paragraph], hits: Sequence[int], words: Words | Floats) -> Floats:
    """The features of every line. ``hits`` says for each line which group of checks found it, 0 for none.

    ``words`` scores the wording; training hands in the scores themselves.
    """
    n = len(paragraphs)
    found, tokens = grams([p.folded for p in paragraphs])
    said = words if isinstance(words, np.ndarray) else wording(words, found, n)
    said = np.clip(said, -12, 12)
    hit = np.asarray(hits, np.float32)
    own, prose, weight = _own(paragraphs, said, hit, tokens)
    place = _place(own, prose, weight, said, hit)
    column = [_OWN.index(name) for name in _AROUND]
    around = _shifted(own[:, column], _STEPS)
    watched = np.stack(
        (prose, said, (weight < 40).astype(np.float32), (hit > 0).astype(np.float32), own[:, 21]), axis=1
    )
    return np.concatenate((own, place, around, _windows(watched)), axis=1)


def _own(paragraphs: Sequence[Paragraph], said: Floats, hit: Floats, tokens: Tokens) -> tuple[Floats, Floats, Floats]:
    n = len(paragraphs)
    codes = _codes([_short(p.text).replace("\n", " ") for p in paragraphs])
    kinds = _table()[np.minimum(codes, _TABLE - 1)]
    is_end = kinds == _KIND["end"]
    ends = is_end.nonzero()[0]
    starts, stops = ends[:-1] + 1, ends[1:]
    line = np.cumsum(is_end) - 1
    width = len(_KINDS)
    counts = (
        np.bincount(line[:-1] * width + kinds[:-1], minlength=n * width)[: n * width]
        .reshape(n, width)
        .astype(np.float32)
    )
    blank = (kinds == 0) | is_end
    opens = (blank[:-1] & ~blank[1:]).nonzero()[0]
    number = np.bincount(line[opens], minlength=n)[:n].astype(np.float32)
    capital = opens[kinds[opens + 1] == _KIND["upper"]]
    capitals = np.bincount(line[capital], minlength=n)[:n].astype(np.float32)
    seen = (stops - starts).astype(np.float32)
    length = np.fromiter((p.end - p.start for p in paragraphs), np.float32, n)
    cased = np.maximum(counts[:, 1] + counts[:, 2], 1)
    wide = counts[:, 4] / np.maximum(seen, 1)
    # A wide character says as much as two and a half letters, five of which make a word.
    weight = length * (1 + 1.5 * wide)
    long_words = np.maximum(number, 1) * length / np.maximum(seen, 1)
    meant = np.maximum(long_words, weight / 7 * (wide > 0.3))
    last = kinds[np.maximum(stops - 1, starts)].astype(np.float32)
    before_last = kinds[np.maximum(stops - 2, starts)].astype(np.float32)
    ending = np.where((last == _KIND["quote"]) | (last == _KIND["bracket"]), 20 + before_last, last)
    sentence = (last == _KIND["stop"]) | ((ending >= 20) & (before_last == _KIND["stop"]))
    prose = np.where((weight >= 80) & (sentence | (counts[:, 7] >= 2)), np.minimum(weight, 400) / 400, 0).astype(
        np.float32
    )
    shared_all, shared_prose = _shared(tokens, n, prose > 0)
    copies, alike = _copies(paragraphs)
    own = np.stack(
        (
            weight, meant, length / np.maximum(long_words, 1), counts[:, 2] / cased, capitals / np.maximum(number, 1),
            counts[:, 5] / np.maximum(seen, 1), wide, counts[:, 3] / np.maximum(seen, 1),
            counts[:, 6:14].sum(axis=1) / np.maximum(seen, 1), counts[:, 6], counts[:, 7], counts[:, 8], counts[:, 9],
            counts[:, 11], counts[:, 12], counts[:, 13], ending, kinds[starts].astype(np.float32),
            counts[:, 6] - sentence, said, hit, shared_all, shared_prose, copies, alike,
        ),
        axis=1, dtype=np.float32,
    )  # fmt: skip
    return own, prose, weight.astype(np.float32)


def _shared(tokens: Tokens, n: int, prose: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """The share of each line's content words that stand in another line, and in another of prose; -1 for none."""
    if not len(tokens.hash):
        return np.full(n, -1, np.float32), np.full(n, -1, np.float32)
    order = np.lexsort((tokens.line, tokens.hash))
    hashes, lines = tokens.hash[order], tokens.line[order]
    # One entry for each word of each line.
    fresh = np.ones(len(hashes), bool)
    fresh[1:] = (hashes[1:] != hashes[:-1]) | (lines[1:] != lines[:-1])
    hashes, lines = hashes[fresh], lines[fresh]
    new = np.ones(len(hashes), bool)
    new[1:] = hashes[1:] != hashes[:-1]
    word = np.cumsum(new) - 1
    in_prose = prose[lines]
    holders = np.bincount(word)
    prose_holders = np.bincount(word, in_prose)
    total = np.bincount(lines, minlength=n)
    both = np.bincount(lines, holders[word] > 1, n)
    told = np.bincount(lines, prose_holders[word] - in_prose > 0, n)
    none = total == 0
    total = np.maximum(total, 1)
    return (
        np.where(none, -1, both / total).astype(np.float32),
        np.where(none, -1, told / total).astype(np.float32),
    )


def _copies(paragraphs: Sequence[Paragraph]) -> tuple[Floats, Floats]:
    """How often each line stands in the article, and how many lines begin like it."""
    whole: dict[str, int] = {}
    heads: dict[str, int] = {}
    texts = [p.folded for p in paragraphs]
    for text in texts:
        whole[text] = whole.get(text, 0) + 1
        head = text[:12]
        heads[head] = heads.get(head, 0) + 1
    n = len(texts)
    return np.fromiter((whole[t] for t in texts), np.float32, n), np.fromiter(
        (heads[t[:12]] for t in texts), np.float32, n
    )


def _place(own: Floats, prose: Floats, weight: Floats, said: Floats, hit: Floats) -> Floats:
    n = len(own)
    index = np.arange(n, dtype=np.float32)
    total = max(float(weight.sum()), 1.0)
    before = np.cumsum(weight) - weight
    is_prose, is_hit = prose > 0, hit > 0
    prose_before: Ints = np.cumsum(is_prose) - is_prose
    hits_before: Ints = np.cumsum(is_hit) - is_hit
    long = weight >= 150
    body = _body(np.where(is_hit, -25, np.minimum(weight, 300) * np.where(is_prose, 1, 0.5) - 45))
    worded = _body(np.where(is_hit, -3, np.clip(-said - 1, -4, 4) * np.log1p(weight) / 5))
    inside = (index >= body[0]) & (index <= body[1])
    short = weight < 60
    run, place, mean = _runs(short, said)
    since, until = _since(is_prose), _since(is_prose[::-1])[::-1]
    logs = np.log1p(weight)
    near = _shifted(np.stack((logs, own[:, 16], own[:, 17], own[:, 3]), axis=1), (-1, 1)).reshape(n, 2, 4)
    steps = np.abs(near - np.stack((logs, own[:, 16], own[:, 17], own[:, 3]), axis=1)[:, None, :])
    alike = steps[:, :, 0] + (steps[:, :, 1] > 0) + (steps[:, :, 2] > 0) + steps[:, :, 3]
    sums = np.cumsum(said)
    ones = np.ones(n, np.float32)
    return np.stack(
        (
            index, n - 1 - index, index / max(n - 1, 1), before / total, (total - before - weight) / total, n * ones,
            total * ones, float(np.median(weight)) * ones, is_prose.sum() * ones, prose_before,
            is_prose.sum() - prose_before - is_prose, since, until, long.sum() - np.cumsum(long), index - body[0],
            index - body[1], inside, index - worded[0], index - worded[1],
            (index >= worded[0]) & (index <= worded[1]), (weight * inside).sum() / total * ones, weight / total, run,
            place,
            mean, said.mean() * ones, is_hit.sum() * ones, hits_before, is_hit.sum() - hits_before - is_hit,
            _since(is_hit), _since(is_hit[::-1])[::-1], np.minimum(steps[:, 0, 0], steps[:, 1, 0]), alike[:, 0],
            alike[:, 1],
            _running_max(said, is_prose), (sums[-1] - sums) / np.maximum(n - 1 - index, 1),
            (sums - said) / np.maximum(index, 1),
        ),
        axis=1, dtype=np.float32,
    )  # fmt: skip


def _body(gain: npt.NDArray[Any]) -> tuple[int, int]:
    """First and last line of the stretch with the greatest sum: where the article begins and where it ends."""
    sums = np.concatenate(([0.0], np.cumsum(gain)))
    best = sums[1:] - np.minimum.accumulate(sums)[:-1]
    end = int(best.argmax())
    return int(sums[: end + 1].argmin()), end


def _since(mark: npt.NDArray[np.bool_]) -> Floats:
    """Lines since the last marked one, 0 for a marked line, at most 99 (also where there is none)."""
    index = np.arange(len(mark))
    last = np.maximum.accumulate(np.where(mark, index, -1000))
    return np.minimum(index - last, 99).astype(np.float32)


def _runs(short: npt.NDArray[np.bool_], said: Floats) -> tuple[Floats, Floats, Floats]:
    """The length of the run of equally short (or long) lines each line is in, its place there, the run's wording."""
    n = len(short)
    first = np.ones(n, bool)
    first[1:] = short[1:] != short[:-1]
    starts = first.nonzero()[0]
    lengths = np.diff(np.append(starts, n))
    mean = np.add.reduceat(said, starts) / lengths
    run = np.repeat(np.where(short[starts], lengths, -lengths), lengths)
    place = np.arange(n) - np.repeat(starts, lengths)
    return run.astype(np.float32), place.astype(np.float32), np.repeat(mean, lengths).astype(np.float32)


def _running_max(values: Floats, reset: npt.NDArray[np.bool_]) -> Floats:
    """The greatest value since the last reset, that line included: how odd the wording has been since the prose."""
    group = np.cumsum(reset).astype(np.float32)
    # Groups lie 100 apart and values are below 50, so that the running maximum never looks back into a group.
    return (np.maximum.accumulate(values + group * 100) - group * 100).astype(np.float32)


def _shifted(columns: Floats, steps: Sequence[int], fill: float = -9.0) -> Floats:
    """The columns as they stand ``step`` lines further on, side by side for all steps."""
    n, width = columns.shape
    most = max(abs(step) for step in steps)
    padded = np.full((n + 2 * most, width), fill, np.float32)
    padded[most : most + n] = columns
    return np.concatenate([padded[most + step : most + step + n] for step in steps], axis=1)


def _windows(columns: Floats) -> Floats:
    """The mean of each column over windows of several widths around each line."""
    n = len(columns)
    sums = np.zeros((n + 1, columns.shape[1]))
    np.cumsum(columns, axis=0, out=sums[1:])
    index = np.arange(n)
    parts = []
    for width in _WINDOWS:
        low, high = np.maximum(index - width, 0), np.minimum(index + width + 1, n)
        parts.append((sums[high] - sums[low]) / (high - low)[:, None])
    return np.concatenate(parts, axis=1).astype(np.float32)


# ---- judging

VERSION: Final = 1
_PARTS: Final = (
    "words",
    "scales",
    "feature",
    "threshold",
    "children",
    "value",
    "roots",
    "numbers",
    "digest",
    "version",
)


@dataclass(frozen=True)
class Limits:
    """From which log odds on a line is called furniture (``offered``), and may go without a look (``safe``).

    ``long`` is asked for each e-fold of a line's length, ``brief`` for each by which the article is shorter than
    usual: there a wrong call costs more of the text. ``inside`` is asked of lines between the article's beginning and
    end, ``listed`` of those in a long run of short lines that prose follows.
    """

    offered: float
    safe: float
    long: float
    brief: float
    inside: float
    listed: float


@dataclass(frozen=True)
class Model:
    """Words, forest and limits: all that the file holds."""

    words: Words
    forest: Forest
    limits: Limits

    def judge(self, paragraphs: Sequence[Paragraph], hits: Sequence[int]) -> Judgement:
        """The lines that are furniture and were not found before."""
        rows = measure(paragraphs, hits, self.words)
        certainty = certain(rows, self.forest(rows), self.limits)
        flagged = chosen(rows, certainty, self.limits)
        return Judgement(rows, certainty, flagged.nonzero()[0].tolist(), self)


@dataclass(frozen=True)
class Judgement:
    """What the model says of an article: ``flagged`` lines in order, each with its certainty."""

    rows: Floats
    certainty: Floats
    flagged: list[int]
    model: Model

    def is_safe(self, line: int) -> bool:
        """Whether the line may go without a look."""
        return bool(self.certainty[line] > self.model.limits.safe)

    def reasons(self) -> list[str]:
        """For each flagged line the two or three strongest reasons, in words."""
        if not self.flagged:
            return []
        shares = self.model.forest.shares(self.rows[self.flagged])
        total = shares @ (_reason_of()[:, None] == np.arange(len(_REASONS))).astype(np.float32)
        made = []
        for line, share in zip(self.flagged, total, strict=True):
            told = [
                words
                for reason in np.argsort(-share, kind="stable")
                if share[reason] > 0 and (words := _told(_REASONS[reason], self.rows, line))
            ]
            made.append(_joined(told[:3]) or "is made like the lines around the articles of other pages")
        return made


# Where lines and articles ask for nothing more: a line of 40 letters, an article of 4,000 in 20 lines.
_LINE: Final = 40
_TEXT: Final = 4000
_LINES: Final = 20
# More short lines in a row than this, with prose after them, may be a list of the article's own.
_LIST: Final = 8


def certain(rows: Floats, odds: Floats, limits: Limits) -> Floats:
    """The log odds, less what the length of the line and of the article ask for."""
    line = np.log(np.maximum(rows[:, _INDEX["length"]], _LINE / 2) / _LINE)
    text = np.log(np.maximum(1, _TEXT / rows[:, _INDEX["text"]]))
    lines = np.log(np.maximum(1, _LINES / rows[:, _INDEX["lines"]]))
    inside = rows[:, _INDEX["in body"]] > 0
    listed = (rows[:, _INDEX["prose after"]] > 0) & (rows[:, _INDEX["run"]] > _LIST)
    asked = limits.long * line + limits.brief * (text + lines) + limits.inside * inside + limits.listed * listed
    certainty: Floats = (odds - asked).astype(np.float32)
    return certainty


def chosen(rows: Floats, certainty: Floats, limits: Limits) -> npt.NDArray[np.bool_]:
    """Which lines are called furniture: those above the limit that no other check has found."""
    return (rows[:, _INDEX["hit"]] <= 0) & (certainty > limits.offered)


def hits_of(count: int, found: Mapping[str, set[int]]) -> list[int]:
    """The group of checks that found each line, from the lines each check found; 0 for none, negative for notes."""
    hits = [0] * count
    for check, group in GROUPS.items():
        for index in found.get(check, ()):
            if hits[index] == 0 or group > hits[index]:
                hits[index] = group
    return hits


# ---- reasons

_REASONS: Final = ("wording", "place", "around", "topic", "shape", "found", "copies")
_FOUND: Final = {
    1: ("navigation", "lines of navigation"), 2: ("a link to another story", "links to other stories"),
    3: ("a comment prompt", "two comment prompts"), 4: ("a share button", "share buttons"),
    5: ("a subscription prompt", "subscription prompts"), 6: ("a legal notice", "legal notices"),
    7: ("an ad marker or residue", "ad markers or residue"), 8: ("a repeated line", "repeated lines"),
    9: ("a line in another language", "lines in another language"),
}  # fmt: skip


@cache
def _reason_of() -> Ints:
    """Which reason each feature speaks for."""
    return np.array([_REASONS.index(_reason(name)) for name in FEATURES])


def _reason(name: str) -> str:
    if name == "wording":
        return "wording"
    if "hit" in name:
        return "found"
    if name.startswith("words shared"):
        return "topic" if " at " not in name else "around"
    if name in ("copies", "starts alike"):
        return "copies"
    if name in _OWN or name == "share of text":
        return "shape"
    if (
        " at " in name
        or " within " in name
        or "wording" in name
        or "neighbours" in name
        or name.startswith(("run", "shape", "place in"))
    ):
        return "around"
    return "place"


def _told(reason: str, rows: Floats, line: int) -> str:
    """The reason in words, or nothing where the line's numbers do not bear it out."""
    row = rows[line]

    def get(name: str) -> float:
        return float(row[_INDEX[name]])

    if reason == "wording":
        return "is worded like furniture" if get("wording") > -1 else ""
    if reason == "found":
        return _near_hits(rows[:, _INDEX["hit"]], line)
    if reason == "topic":
        return "shares no word with the article" if 0 <= get("words shared with article") < 0.01 else ""
    if reason == "copies":
        if get("copies") > 1:
            return f"stands {get('copies'):.0f} times in the text"
        return f"begins like {get('starts alike') - 1:.0f} other lines" if get("starts alike") > 2 else ""
    if reason == "shape":
        if get("length") < 60 and get("ends in") != _KIND["stop"]:
            return "is a label, not a sentence"
        return ""
    if reason == "place":
        return _place_told(get)
    if get("run") > 3:
        return f"stands in a run of {get('run'):.0f} short lines"
    around = [float(rows[at, _INDEX["wording"]]) for at in (line - 1, line + 1) if 0 <= at < len(rows)]
    return "stands among lines worded like furniture" if around and max(around) > 0 else ""


def _place_told(get: Callable[[str], float]) -> str:
    if get("body end") > 0:
        return "stands after the article's end"
    if get("body start") < 0:
        return "stands before the article's beginning"
    if get("lines to end") == 0:
        return "is the last line"
    return "has no prose on either side" if get("since prose") > 2 and get("until prose") > 2 else ""


def _near_hits(hits: Floats, line: int) -> str:
    before = next((int(hits[at]) for at in range(line - 1, max(line - 4, -1), -1) if hits[at] > 0), 0)
    after = next((int(hits[at]) for at in range(line + 1, min(line + 4, len(hits))) if hits[at] > 0), 0)
    if before and after:
        return (
            f"stands between {_FOUND[before][1] if before == after else _FOUND[before][0] + ' and ' + _FOUND[after][0]}"
        )
    if before or after:
        return f"stands close {'after' if before else 'before'} {_FOUND[before or after][0]}"
    return ""


def _joined(told: Sequence[str]) -> str:
    """One clause of several reasons: "stands after the article's end, in a run of short lines, is ..."."""
    standing = [words.removeprefix("stands ") for words in told if words.startswith("stands ")]
    other = [words for words in told if not words.startswith("stands ")]
    clauses = ["stands " + ", ".join(standing)] if standing else []
    return " and ".join(clauses + other)


# ---- the file


def save(model: Model, path: Path) -> None:
    """Write the model; the same model gives the same bytes."""
    forest, words = model.forest, model.words
    arrays: dict[str, npt.NDArray[Any]] = {
        "words": words.weights,
        "scales": np.array([words.scale, words.bias]),
        "feature": forest.feature,
        "threshold": forest.threshold,
        "children": forest.children,
        "value": forest.value.astype(np.float16),
        "roots": forest.roots,
        "numbers": np.array([forest.depth, *vars(model.limits).values()], np.float64),
        "digest": np.array(digest()),
        "version": np.array(VERSION),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name, array in arrays.items():
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, array, allow_pickle=False)
            file.writestr(
                zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), buffer.getvalue(), zipfile.ZIP_DEFLATED
            )


def load(path: Path = MODEL) -> Model:
    """Read a model.

    Raises UserError for a file that is none, or was made for another version of bycatch.
    """
    again = "install bycatch again, or train a model with benchmarks/train.py"
    try:
        # Opened here: numpy leaves a damaged archive open.
        with path.open("rb") as data, np.load(data, allow_pickle=False) as file:
            parts = {name: file[name] for name in _PARTS if name in file.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise UserError(f"{path}: no line model that can be read; {again}") from error
    if "version" not in parts or int(parts["version"]) != VERSION or len(parts) != len(_PARTS):
        raise UserError(f"{path}: a line model of another version of bycatch; {again}")
    if str(parts["digest"]) != digest():
        raise UserError(f"{path}: a line model made for other features than this version of bycatch has; {again}")
    depth, *limits = parts["numbers"].tolist()
    return Model(
        Words(parts["words"], float(parts["scales"][0]), float(parts["scales"][1])),
        Forest(
            parts["feature"], parts["threshold"], parts["children"], parts["value"].astype(np.float32), parts["roots"],
            int(depth),
        ),
        Limits(*limits),
    )  # fmt: skip


@cache
def model() -> Model:
    """The model that comes with bycatch, read once."""
    return load()
