"""What the line model looks at: numbers for every line of a batch of articles, made in one go.

What stands in a line, around it, in the row of short lines it is part of, and where its article begins and ends.
Nothing crosses from one article to another, and sums are of whole numbers or of fractions of 2^-10, which floats hold
exactly: an article gets the same numbers whatever it shares a batch with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from bycatch.article import Paragraph
from bycatch.grams import (
    BUCKETS,
    HEAD,
    KIND,
    KINDS,
    ORDERS,
    TAIL,
    Floats,
    Ints,
    Tokens,
    Words,
    codes_of,
    folded,
    wording,
)

Flags = npt.NDArray[np.bool_]

OWN: Final = (
    "length", "words", "word length", "upper share", "capitalised words", "digit share", "wide share", "uncased share",
    "punctuation share", "stops", "commas", "colons", "quotes", "bars", "brackets", "symbols", "ends in", "begins with",
    "inner stops", "wording", "hit", "words shared with article", "words shared with prose", "copies", "starts alike",
)  # fmt: skip
_PLACE: Final = (
    "line from start", "lines to end", "relative place", "text before", "text after", "lines", "text", "median length",
    "prose lines", "prose before", "prose after", "since prose", "until prose", "long lines after", "body start",
    "body end", "in body", "worded body start", "worded body end", "in worded body", "body share", "share of text",
    "mean wording", "hits", "hits before", "hits after", "since hit", "until hit", "length like neighbours",
    "shape like before", "shape like after", "worst wording since prose", "mean wording after", "mean wording before",
    "short share", "prose share",
)  # fmt: skip
# Of the row of equally short, or equally long, lines that the line is part of.
_RUN: Final = (
    "run", "place in run", "run wording", "run least wording", "run most wording", "run shared", "run hits",
    "run digits", "run stops", "run evenness", "run alike", "length before run", "wording before run",
    "colon before run", "length after run", "wording after run", "prose after run", "share of run",
)  # fmt: skip
_AROUND: Final = (
    "length", "upper share", "digit share", "ends in", "wording", "hit", "words shared with article", "begins with",
)  # fmt: skip
_STEPS: Final = (-3, -2, -1, 1, 2, 3)
_WIDTHS: Final = (3, 8, 20)
_WINDOWED: Final = ("prose", "wording", "short", "hit", "shared")

FEATURES: Final = (
    *OWN,
    *_PLACE,
    *_RUN,
    *(f"{name} at {step:+d}" for step in _STEPS for name in _AROUND),
    *(f"{name} within {width}" for width in _WIDTHS for name in _WINDOWED),
)
INDEX: Final = {name: number for number, name in enumerate(FEATURES)}

# Lines of fewer letters than this are short: labels, headings, entries of a list.
_SHORT: Final = 60
# Lines of more are paragraphs, and count as prose from here on if they end as sentences do.
_LONG: Final = 150
_PROSE: Final = 80
# The numbers of what is not there: no line before the first.
_NOTHING: Final = -9.0
# Fractions are rounded to this, so that sums are exact.
_GRAIN: Final = 1024


def digest() -> str:
    """The name of this list of features and of the hashing: a model made for another one is refused."""
    parts = (*FEATURES, "|", *KINDS, "|", *map(str, (HEAD, TAIL, BUCKETS, *ORDERS)))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Batch:
    """How many lines each article has: none has no line. Arrays below have one entry for each line of the batch."""

    sizes: Ints

    @cached_property
    def starts(self) -> Ints:
        """The first line of each article."""
        starts: Ints = np.cumsum(self.sizes) - self.sizes
        return starts

    @cached_property
    def article(self) -> Ints:
        """The number of the line's article."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    @cached_property
    def first(self) -> Ints:
        """The first line of the line's article."""
        return np.repeat(self.starts, self.sizes)

    @cached_property
    def last(self) -> Ints:
        """The last line of the line's article."""
        return np.repeat(self.starts + self.sizes - 1, self.sizes)

    @cached_property
    def row(self) -> Ints:
        """The number of the line in the batch."""
        return np.arange(len(self.article))

    def total(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The sum over the article."""
        return np.repeat(np.add.reduceat(values, self.starts), self.sizes)

    def until(self, values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        """The sum from the article's first line to this one."""
        sums = np.cumsum(values, dtype=np.float64)
        since: npt.NDArray[np.float64] = sums - (sums - values)[self.first]
        return since

    def since_mark(self, mark: Flags) -> Floats:
        """Lines since the last marked one, 0 for a marked line, at most 99 (also where there is none)."""
        at = np.maximum.accumulate(np.where(mark, self.row, -1))
        return np.where(at >= self.first, np.minimum(self.row - at, 99), 99).astype(np.float32)

    def until_mark(self, mark: Flags) -> Floats:
        """Lines until the next marked one, as `since_mark`."""
        at = np.minimum.accumulate(np.where(mark, self.row, len(self.row))[::-1])[::-1]
        return np.where(at <= self.last, np.minimum(at - self.row, 99), 99).astype(np.float32)

    def shifted(self, columns: Floats, steps: Sequence[int]) -> Floats:
        """The columns as they stand ``step`` lines further on in the article, side by side for all steps."""
        parts = []
        for step in steps:
            at = self.row + step
            held = (at >= self.first) & (at <= self.last)
            parts.append(np.where(held[:, None], columns[np.where(held, at, 0)], np.float32(_NOTHING)))
        return np.concatenate(parts, axis=1)

    def windows(self, columns: Floats) -> Floats:
        """The mean of each column over windows of several widths around each line."""
        sums = np.zeros((len(columns) + 1, columns.shape[1]))
        np.cumsum(columns, axis=0, dtype=np.float64, out=sums[1:])
        parts = []
        for width in _WIDTHS:
            low = np.maximum(self.row - width, self.first)
            high = np.minimum(self.row + width, self.last) + 1
            parts.append((sums[high] - sums[low]) / (high - low)[:, None])
        return np.concatenate(parts, axis=1).astype(np.float32)

    def median(self, values: Floats) -> Floats:
        """The middle value of the article, the upper one of two."""
        order = np.lexsort((values, self.article))
        return np.repeat(values[order][self.starts + self.sizes // 2], self.sizes)

    def body(self, gain: npt.NDArray[np.float64]) -> tuple[Ints, Ints]:
        """First and last line of the stretch of the article with the greatest sum: where its text begins and ends."""
        sums = self.until(gain)
        before = sums - gain
        # Articles lie so far apart that the least sum so far is never one of an article before.
        apart = (float(np.abs(gain).sum()) + 1) * 2 * self.article
        least = np.minimum.accumulate(before - apart) + apart
        end = self._where_greatest(sums - least)
        # The beginning is the line before which the sum was least, the first of equals.
        begin = self._where_greatest(np.where(self.row <= np.repeat(end, self.sizes), -before, -np.inf))
        return np.repeat(begin, self.sizes), np.repeat(end, self.sizes)

    def _where_greatest(self, values: npt.NDArray[np.float64]) -> Ints:
        greatest = np.repeat(np.maximum.reduceat(values, self.starts), self.sizes)
        return np.minimum.reduceat(np.where(values == greatest, self.row, len(self.row)), self.starts)


def measure(articles: Sequence[Sequence[Paragraph]], hits: Sequence[Sequence[int]], words: Words) -> Floats:
    """The features of every line of every article, one below the other: lines times `FEATURES`.

    ``hits`` says for each line which group of checks found it, 0 for none. ``words`` scores the wording. No
    article is without lines.
    """
    batch = Batch(np.array([len(paragraphs) for paragraphs in articles]))
    lines = [paragraph for paragraphs in articles for paragraph in paragraphs]
    said, tokens = wording(words, folded([line.folded for line in lines]))
    said = _grained(np.clip(said, -12, 12))
    hit = np.array([number for numbers in hits for number in numbers], np.float32)
    own, prose, weight = _own(batch, lines, said, hit, tokens)
    short = weight < _SHORT
    around = own[:, [OWN.index(name) for name in _AROUND]]
    watched = np.stack((prose, said, short, hit > 0, own[:, INDEX["words shared with article"]]), 1, dtype=np.float32)
    return np.concatenate(
        (
            own, _place(batch, own, prose, weight), _run(batch, own, prose, weight, short),
            batch.shifted(around, _STEPS), batch.windows(watched),
        ),
        axis=1,
    )  # fmt: skip


def _grained(values: npt.NDArray[Any]) -> Floats:
    grained: Floats = (np.rint(values * _GRAIN) / _GRAIN).astype(np.float32)
    return grained


def _own(
    batch: Batch, lines: Sequence[Paragraph], said: Floats, hit: Floats, tokens: Tokens
) -> tuple[Floats, Floats, Floats]:
    """The features of the lines alone; how much prose each is, from 0 to 1; its length in letters that count."""
    n = len(lines)
    _, kinds = codes_of([line.text.replace("\n", " ") for line in lines])
    is_end = kinds == KIND["end"]
    ends = is_end.nonzero()[0]
    starts, stops = ends[:-1] + 1, ends[1:]
    line = np.cumsum(is_end) - 1
    width = len(KINDS)
    counts = np.bincount(line[:-1] * width + kinds[:-1], minlength=n * width).reshape(n, width).astype(np.float32)
    blank = (kinds == KIND["space"]) | is_end
    opens = (blank[:-1] & ~blank[1:]).nonzero()[0]
    number = np.bincount(line[opens], minlength=n).astype(np.float32)
    capitals = np.bincount(line[opens[kinds[opens + 1] == KIND["upper"]]], minlength=n).astype(np.float32)
    seen = np.maximum(stops - starts, 1).astype(np.float32)
    length = np.fromiter((p.end - p.start for p in lines), np.float32, n)

    def count(name: str) -> Floats:
        return counts[:, KIND[name]]

    wide = count("wide") / seen
    # A wide character says as much as two and a half letters, five of which make a word.
    weight = np.rint(length * (1 + 1.5 * wide))
    long_words = np.maximum(number, 1) * length / seen
    meant = np.maximum(long_words, weight / 7 * (wide > 0.3))
    last = kinds[np.maximum(stops - 1, starts)].astype(np.float32)
    before_last = kinds[np.maximum(stops - 2, starts)].astype(np.float32)
    ending = np.where((last == KIND["quote"]) | (last == KIND["bracket"]), 20 + before_last, last)
    sentence = (last == KIND["stop"]) | ((ending >= 20) & (before_last == KIND["stop"]))
    is_prose = (weight >= _PROSE) & (sentence | (count("comma") >= 2))
    # Beyond 400 letters a paragraph is no more prose than before.
    prose = _grained(np.where(is_prose, np.minimum(weight, 400) / 400, 0))
    shared = _shared(batch, tokens, is_prose)
    copies, alike = _copies(batch, lines)
    own = np.stack(
        (
            weight, meant, length / np.maximum(long_words, 1),
            count("upper") / np.maximum(count("lower") + count("upper"), 1), capitals / np.maximum(number, 1),
            count("digit") / seen, wide, count("uncased") / seen,
            counts[:, KIND["stop"] : KIND["other"]].sum(axis=1) / seen, count("stop"), count("comma"), count("colon"),
            count("quote"), count("bar"), count("bracket"), count("symbol"), ending, kinds[starts],
            count("stop") - sentence, said, hit, *shared, copies, alike,
        ),
        axis=1, dtype=np.float32,
    )  # fmt: skip
    return own, prose, weight.astype(np.float32)


def _shared(batch: Batch, tokens: Tokens, prose: Flags) -> tuple[Floats, Floats]:
    """The share of each line's content words that stand in another line, and in another of prose; -1 for none."""
    n = len(prose)
    if not len(tokens.hash):
        return np.full(n, -1, np.float32), np.full(n, -1, np.float32)
    # A word is another one in another article.
    named = (batch.article[tokens.line].astype(np.uint64) << np.uint64(32)) | tokens.hash
    order = np.lexsort((tokens.line, named))
    named, lines = named[order], tokens.line[order]
    # One entry for each word of each line.
    fresh = np.ones(len(named), bool)
    fresh[1:] = (named[1:] != named[:-1]) | (lines[1:] != lines[:-1])
    named, lines = named[fresh], lines[fresh]
    new = np.ones(len(named), bool)
    new[1:] = named[1:] != named[:-1]
    word = np.cumsum(new) - 1
    in_prose = prose[lines]
    holders = np.bincount(word)
    prose_holders = np.bincount(word, in_prose)
    total = np.bincount(lines, minlength=n)
    both = np.bincount(lines, holders[word] > 1, n)
    told = np.bincount(lines, prose_holders[word] - in_prose > 0, n)
    some = np.maximum(total, 1)
    return _grained(np.where(total == 0, -1, both / some)), _grained(np.where(total == 0, -1, told / some))


def _copies(batch: Batch, lines: Sequence[Paragraph]) -> tuple[Floats, Floats]:
    """How often each line stands in its article, and how many lines begin like it."""
    keys = [(number, line.folded) for number, line in zip(batch.article.tolist(), lines, strict=True)]
    # Twelve letters: a date, a name, the first words of a template.
    heads = [(number, text[:12]) for number, text in keys]
    return _counted(keys), _counted(heads)


def _counted(keys: Sequence[tuple[int, str]]) -> Floats:
    count: dict[tuple[int, str], int] = {}
    for key in keys:
        count[key] = count.get(key, 0) + 1
    return np.fromiter(map(count.__getitem__, keys), np.float32, len(keys))


def _place(batch: Batch, own: Floats, prose: Floats, weight: Floats) -> Floats:
    """Where the line stands in its article, and what the article is like."""
    said, hit = own[:, INDEX["wording"]], own[:, INDEX["hit"]]
    index = batch.row - batch.first
    count = batch.last - batch.first + 1
    total = np.maximum(batch.total(weight.astype(np.float64)), 1)
    before = batch.until(weight) - weight
    is_prose, is_hit, short = prose > 0, hit > 0, weight < _SHORT
    all_prose, all_hits = batch.total(is_prose.astype(np.int64)), batch.total(is_hit.astype(np.int64))
    prose_before = batch.until(is_prose) - is_prose
    hits_before = batch.until(is_hit) - is_hit
    long = weight >= _LONG
    begin, end = batch.body(np.where(is_hit, -25, np.minimum(weight, 300) * np.where(is_prose, 1, 0.5) - 45))
    loud = np.clip(-said - 1, -4, 4) * np.log1p(weight) / 5
    worded_begin, worded_end = batch.body(_grained(np.where(is_hit, -3, loud)).astype(np.float64))
    inside = (batch.row >= begin) & (batch.row <= end)
    logs = np.log1p(weight)
    shape = np.stack((logs, own[:, INDEX["ends in"]], own[:, INDEX["begins with"]], own[:, INDEX["upper share"]]), 1)
    steps = np.abs(batch.shifted(shape, (-1, 1)).reshape(len(own), 2, 4) - shape[:, None, :])
    alike = steps[:, :, 0] + (steps[:, :, 1] > 0) + (steps[:, :, 2] > 0) + steps[:, :, 3]
    sums = batch.until(said)
    all_said = batch.total(said.astype(np.float64))
    after = batch.last - batch.row
    return np.stack(
        (
            index, after, index / np.maximum(count - 1, 1), before / total, (total - before - weight) / total, count,
            total, batch.median(weight), all_prose, prose_before, all_prose - prose_before - is_prose,
            batch.since_mark(is_prose), batch.until_mark(is_prose),
            batch.total(long.astype(np.int64)) - batch.until(long),
            batch.row - begin, batch.row - end, inside, batch.row - worded_begin, batch.row - worded_end,
            (batch.row >= worded_begin) & (batch.row <= worded_end),
            batch.total(weight.astype(np.float64) * inside) / total, weight / total, all_said / count, all_hits,
            hits_before, all_hits - hits_before - is_hit, batch.since_mark(is_hit), batch.until_mark(is_hit),
            steps[:, :, 0].min(axis=1), alike[:, 0], alike[:, 1], _worst_since(batch, said, is_prose),
            (all_said - sums) / np.maximum(after, 1), (sums - said) / np.maximum(index, 1),
            batch.total(short.astype(np.int64)) / count, batch.total(weight.astype(np.float64) * is_prose) / total,
        ),
        axis=1, dtype=np.float32,
    )  # fmt: skip


def _worst_since(batch: Batch, said: Floats, prose: Flags) -> Floats:
    """The greatest value since the last prose, that line included: how odd the wording has been since."""
    group = np.cumsum(prose | (batch.row == batch.first)).astype(np.float64)
    # Groups lie 100 apart and values are below 50, so that the running maximum never looks back into a group.
    return (np.maximum.accumulate(said + group * 100) - group * 100).astype(np.float32)


def _run(batch: Batch, own: Floats, prose: Floats, weight: Floats, short: Flags) -> Floats:
    """The row of equally short, or long, lines that each line is part of: what it is like and what frames it."""
    n = len(own)
    opens = np.ones(n, bool)
    opens[1:] = (short[1:] != short[:-1]) | (batch.row[1:] == batch.first[1:])
    starts = opens.nonzero()[0]
    lengths = np.diff(starts, append=n)
    said = own[:, INDEX["wording"]]

    def spread(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return np.repeat(values, lengths)

    def mean(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return np.add.reduceat(values.astype(np.float64), starts) / lengths

    logs = _grained(np.log1p(weight)).astype(np.float64)
    middle = mean(logs)
    ending, beginning = own[:, INDEX["ends in"]], own[:, INDEX["begins with"]]
    alike = np.zeros(n, bool)
    alike[1:] = (ending[1:] == ending[:-1]) & (beginning[1:] == beginning[:-1]) & ~opens[1:]
    before, after = starts - 1, starts + lengths
    held_before = before >= batch.first[starts]
    last = np.minimum(after - 1, n - 1)
    held_after = after <= batch.last[last]
    before, after = np.where(held_before, before, 0), np.where(held_after, after, 0)
    colon = held_before & (ending[before] == KIND["colon"])
    prose_after = batch.total((prose > 0).astype(np.int64)) - batch.until(prose > 0)
    return np.stack(
        (
            spread(np.where(short[starts], lengths, -lengths)), batch.row - spread(starts), spread(mean(said)),
            spread(np.minimum.reduceat(said, starts)), spread(np.maximum.reduceat(said, starts)),
            spread(mean(own[:, INDEX["words shared with prose"]])), spread(mean(own[:, INDEX["hit"]] > 0)),
            spread(mean(_grained(own[:, INDEX["digit share"]]))), spread(mean(ending == KIND["stop"])),
            spread(np.sqrt(np.maximum(mean(logs * logs) - middle * middle, 0))),
            spread(mean(alike)), spread(np.where(held_before, weight[before], _NOTHING)),
            spread(np.where(held_before, said[before], _NOTHING)), spread(colon),
            spread(np.where(held_after, weight[after], _NOTHING)), spread(np.where(held_after, said[after], _NOTHING)),
            spread(prose_after[last]), spread(lengths) / (batch.last - batch.first + 1),
        ),
        axis=1, dtype=np.float32,
    )  # fmt: skip
