"""What the line model looks at: numbers for every line of a batch of articles, made in one go.

What stands in a line, around it, in the row of short lines it is part of, and where its article begins and ends.
Nothing crosses from one article to another, and sums are of whole numbers or of fractions of 2^-10, which floats hold
exactly: an article gets the same numbers whatever it shares a batch with.
"""

from __future__ import annotations

import hashlib
import itertools
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
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
    Flags,
    Floats,
    Ints,
    Lines,
    Tokens,
    Words,
    lines_of,
    wording,
)

Columns = npt.NDArray[np.float64]

OWN: Final = (
    "length", "words", "word length", "upper share", "capitalised words", "digit share", "punctuation share", "stops",
    "commas", "colons", "quotes", "bars", "ends in", "begins with", "inner stops", "wording", "hit",
    "words shared with article", "words shared with prose", "copies", "starts alike",
)  # fmt: skip
_PLACE: Final = (
    "line from start", "lines to end", "relative place", "text before", "text after", "lines", "text", "median length",
    "prose lines", "prose before", "prose after", "since prose", "until prose", "long lines after", "body start",
    "body end", "in body", "worded body start", "worded body end", "in worded body", "body share", "share of text",
    "mean wording", "hits", "hits before", "hits after", "since hit", "until hit", "worst wording since prose",
    "mean wording after", "mean wording before", "short share", "prose share",
)  # fmt: skip
# Of the row of equally short, or equally long, lines that the line is part of.
_RUN: Final = (
    "run", "run wording", "run least wording", "run most wording", "run shared", "run hits", "run digits", "run stops",
    "run evenness", "run alike", "length before run", "wording before run", "colon before run", "length after run",
    "wording after run", "prose after run", "share of run",
)  # fmt: skip
_AROUND: Final = ("length", "upper share", "ends in", "wording", "words shared with article", "begins with")
_STEPS: Final = (-2, -1, 1, 2)
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
_NOTHING: Final = np.float32(-9)
# Fractions are rounded to this, so that sums are exact.
_GRAIN: Final = 1024
# Letters of a line's beginning by which it is like others: a date, a name, the first words of a template.
_HEAD: Final = 12
# Of the hash of a word that are looked at within one article.
_WORD_BITS: Final = 22


def digest() -> str:
    """The name of this list of features and of the hashing: a model made for another one is refused."""
    parts = (*FEATURES, "|", *KINDS, "|", *map(str, (HEAD, TAIL, BUCKETS, *ORDERS)))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Batch:
    """How many lines each article has: none has no line. The last axis of arrays below is the lines of the batch."""

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
        return self.starts.take(self.article)

    @cached_property
    def last(self) -> Ints:
        """The last line of the line's article."""
        return (self.starts + self.sizes - 1).take(self.article)

    @cached_property
    def row(self) -> Ints:
        """The number of the line in the batch."""
        return np.arange(len(self.article))

    def total(self, values: Columns) -> Columns:
        """The sum over the article."""
        total: Columns = np.add.reduceat(values, self.starts, axis=-1).take(self.article, axis=-1)
        return total

    def until(self, values: Columns) -> Columns:
        """The sum from the article's first line to this one."""
        sums = np.cumsum(values, axis=-1)
        since: Columns = sums - (sums - values).take(self.first, axis=-1)
        return since

    def since_mark(self, mark: Flags) -> Ints:
        """Lines since the last marked one, 0 for a marked line, at most 99 (also where there is none)."""
        at = np.maximum.accumulate(np.where(mark, self.row, -1))
        return np.where(at >= self.first, np.minimum(self.row - at, 99), 99)

    def until_mark(self, mark: Flags) -> Ints:
        """Lines until the next marked one, as `since_mark`."""
        at = np.minimum.accumulate(np.where(mark, self.row, len(self.row))[::-1])[::-1]
        return np.where(at <= self.last, np.minimum(at - self.row, 99), 99)

    def shifted(self, rows: Floats) -> Floats:
        """The rows as they stand a few lines further on in the article, for all steps one below the other."""
        parts = []
        for step in _STEPS:
            at = self.row + step
            held = (at >= self.first) & (at <= self.last)
            parts.append(np.where(held, rows.take(at, axis=1, mode="clip"), _NOTHING))
        return np.concatenate(parts)

    def windows(self, rows: Floats) -> Floats:
        """The mean of each row over windows of several widths around each line."""
        sums = np.zeros((len(rows), rows.shape[1] + 1))
        np.cumsum(rows, axis=1, dtype=np.float64, out=sums[:, 1:])
        parts = []
        for width in _WIDTHS:
            low = np.maximum(self.row - width, self.first)
            high = np.minimum(self.row + width, self.last) + 1
            parts.append((sums.take(high, axis=1) - sums.take(low, axis=1)) / (high - low))
        return np.concatenate(parts, dtype=np.float32)

    def median(self, values: Floats) -> Floats:
        """The middle value of the article, the upper one of two."""
        order = np.lexsort((values, self.article))
        middle: Floats = values[order][self.starts + self.sizes // 2].take(self.article)
        return middle

    def body(self, gain: Columns) -> tuple[Ints, Ints]:
        """First and last line of the stretch of the article with the greatest sum: where its text begins and ends."""
        sums = self.until(gain)
        before = sums - gain
        # Articles lie so far apart that the least sum so far is never one of an article before.
        apart = (float(np.abs(gain).sum()) + 1) * 2 * self.article
        least = np.minimum.accumulate(before - apart) + apart
        end = self._where_greatest(sums - least).take(self.article)
        # The beginning is the line before which the sum was least, the first of equals.
        begin = self._where_greatest(np.where(self.row <= end, -before, -np.inf)).take(self.article)
        return begin, end

    def _where_greatest(self, values: Columns) -> Ints:
        greatest = np.maximum.reduceat(values, self.starts).take(self.article)
        return np.minimum.reduceat(np.where(values == greatest, self.row, len(self.row)), self.starts)


def measure(articles: Sequence[Sequence[Paragraph]], hits: Sequence[Sequence[int]], words: Words) -> Floats:
    """The features of every line of every article, one below the other: lines times `FEATURES`.

    ``hits`` says for each line which group of checks found it, 0 for none. ``words`` scores the wording. No
    article is without lines.
    """
    batch = Batch(np.array([len(paragraphs) for paragraphs in articles]))
    paragraphs = list(itertools.chain.from_iterable(articles))
    lines = lines_of([_composed(paragraph) for paragraph in paragraphs])
    said, tokens = wording(words, lines)
    said = _grained(np.clip(said, -12, 12))
    hit = np.fromiter(itertools.chain.from_iterable(hits), np.float32, len(said))
    length = np.array([paragraph.end - paragraph.start for paragraph in paragraphs], np.float32)
    own, prose = _own(batch, lines, length, said, hit, tokens, _copies(articles))
    short = own[INDEX["length"]] < _SHORT
    watched = np.stack((prose, said, short, hit > 0, own[INDEX["words shared with article"]]), dtype=np.float32)
    around = own[[INDEX[name] for name in _AROUND]]
    parts = (own, _place(batch, own, prose), _run(batch, own, prose, short), batch.shifted(around))
    return np.ascontiguousarray(np.concatenate((*parts, batch.windows(watched))).T)


def _composed(paragraph: Paragraph) -> str:
    return paragraph.text if paragraph.offsets is None else unicodedata.normalize("NFC", paragraph.text)


def _grained(values: npt.NDArray[Any]) -> Floats:
    grained: Floats = (np.rint(values * _GRAIN) / _GRAIN).astype(np.float32)
    return grained


def _own(
    batch: Batch, lines: Lines, length: Floats, said: Floats, hit: Floats, tokens: Tokens, copies: Sequence[Floats]
) -> tuple[Floats, Floats]:
    """The features of the lines alone, one row each; and how much prose each line is, from 0 to 1."""
    n = len(length)
    kinds, width = lines.kinds, len(KINDS)
    ends = lines.ends
    starts, stops = ends[:-1] + 1, ends[1:]
    counts = np.bincount(lines.line[:-1] * width + kinds[:-1], minlength=n * width)
    counts = counts.reshape(n, width).T.astype(np.float32)
    blank = (kinds == KIND["space"]) | (kinds == KIND["end"])
    opens = blank[:-1] & ~blank[1:]
    number = np.add.reduceat(opens, ends[:-1], dtype=np.int32).astype(np.float32)
    capitals = np.add.reduceat(opens & (kinds[1:] == KIND["upper"]), ends[:-1], dtype=np.int32)
    seen = np.maximum(stops - starts, 1).astype(np.float32)

    def count(name: str) -> Floats:
        row: Floats = counts[KIND[name]]
        return row

    wide = count("wide") / seen
    # A wide character says as much as two and a half letters, five of which make a word.
    weight = np.rint(length * (1 + 1.5 * wide))
    long_words = np.maximum(number, 1) * length / seen
    meant = np.maximum(long_words, weight / 7 * (wide > 0.3))
    last = kinds[np.maximum(stops - 1, starts)]
    before_last = kinds[np.maximum(stops - 2, starts)]
    ending = np.where((last == KIND["quote"]) | (last == KIND["bracket"]), 20 + before_last, last)
    sentence = (last == KIND["stop"]) | ((ending >= 20) & (before_last == KIND["stop"]))
    is_prose = (weight >= _PROSE) & (sentence | (count("comma") >= 2))
    # Beyond 400 letters a paragraph is no more prose than before.
    prose = _grained(np.where(is_prose, np.minimum(weight, 400) / 400, 0))
    rows = (
        weight, meant, length / np.maximum(long_words, 1),
        count("upper") / np.maximum(count("lower") + count("upper"), 1), capitals / np.maximum(number, 1),
        count("digit") / seen, counts[KIND["stop"] : KIND["other"]].sum(axis=0) / seen, count("stop"), count("comma"),
        count("colon"), count("quote"), count("bar"), ending, kinds[starts], count("stop") - sentence, said, hit,
        *_shared(batch, tokens, is_prose), *copies,
    )  # fmt: skip
    return np.stack(rows, dtype=np.float32, casting="unsafe"), prose


def _shared(batch: Batch, tokens: Tokens, prose: Flags) -> tuple[Floats, Floats]:
    """The share of each line's content words that stand in another line, and in another of prose; -1 for none."""
    n = len(prose)
    if not len(tokens.hash):
        return np.full(n, -1, np.float32), np.full(n, -1, np.float32)
    # One number for article, word and line, for numbers are sorted fastest: a word is another one in another article,
    # and 22 bits of its hash tell the thousands of words of an article apart.
    line_bits = np.uint64(max(1, int(n - 1).bit_length()))
    article = batch.article.astype(np.uint64) << np.uint64(_WORD_BITS)
    named = article.take(tokens.line) | (tokens.hash >> np.uint32(32 - _WORD_BITS))
    named = np.sort((named << line_bits) | tokens.line.astype(np.uint64))
    # One entry for each word of each line.
    fresh = np.ones(len(named), bool)
    fresh[1:] = named[1:] != named[:-1]
    named = named[fresh]
    lines = (named & ((np.uint64(1) << line_bits) - np.uint64(1))).astype(np.int64)
    named >>= line_bits
    new = np.ones(len(named), bool)
    new[1:] = named[1:] != named[:-1]
    word = np.cumsum(new) - 1
    in_prose = prose[lines]
    holders = np.bincount(word)
    prose_holders = np.bincount(word, in_prose)
    total = np.bincount(lines, minlength=n)
    both = np.bincount(lines, (holders > 1).take(word), n)
    told = np.bincount(lines, prose_holders.take(word) > in_prose, n)
    some = np.maximum(total, 1)
    return _grained(np.where(total == 0, -1, both / some)), _grained(np.where(total == 0, -1, told / some))


def _copies(articles: Sequence[Sequence[Paragraph]]) -> tuple[Floats, Floats]:
    """How often each line stands in its article, and how many lines begin like it."""
    copies: list[int] = []
    alike: list[int] = []
    for paragraphs in articles:
        heads = [paragraph.folded[:_HEAD] for paragraph in paragraphs]
        if len(set(heads)) == len(heads):
            # Where no two lines begin alike there is no copy either.
            copies += [1] * len(heads)
            alike += [1] * len(heads)
        else:
            copies += _counted([paragraph.folded for paragraph in paragraphs])
            alike += _counted(heads)
    return np.array(copies, np.float32), np.array(alike, np.float32)


def _counted(keys: Sequence[str]) -> Iterable[int]:
    return map(Counter(keys).__getitem__, keys)


def _place(batch: Batch, own: Floats, prose: Floats) -> Floats:
    """Where each line stands in its article, and what the article is like."""
    weight, said, hit = own[INDEX["length"]], own[INDEX["wording"]], own[INDEX["hit"]]
    index, after = batch.row - batch.first, batch.last - batch.row
    count = index + after + 1
    is_prose, is_hit = prose > 0, hit > 0
    begin, end = batch.body(np.where(is_hit, -25.0, np.minimum(weight, 300) * np.where(is_prose, 1, 0.5) - 45))
    loud = np.clip(-said - 1, -4, 4) * np.log1p(weight) / 5
    worded_begin, worded_end = batch.body(_grained(np.where(is_hit, -3, loud)).astype(np.float64))
    inside = (batch.row >= begin) & (batch.row <= end)
    summed = np.stack((weight, said, is_prose, is_hit, weight >= _LONG), dtype=np.float64)
    text, all_said, all_prose, all_hits, all_long = batch.total(summed)
    until, said_until, prose_until, hits_until, long_until = batch.until(summed)
    short, in_prose, in_body = batch.total(np.stack((weight < _SHORT, weight * is_prose, weight * inside), dtype=float))
    text = np.maximum(text, 1)
    rows = (
        index, after, index / np.maximum(count - 1, 1), (until - weight) / text, (text - until) / text, count, text,
        batch.median(weight), all_prose, prose_until - is_prose, all_prose - prose_until, batch.since_mark(is_prose),
        batch.until_mark(is_prose), all_long - long_until, batch.row - begin, batch.row - end, inside,
        batch.row - worded_begin, batch.row - worded_end, (batch.row >= worded_begin) & (batch.row <= worded_end),
        in_body / text, weight / text, all_said / count, all_hits, hits_until - is_hit, all_hits - hits_until,
        batch.since_mark(is_hit), batch.until_mark(is_hit), _worst_since(batch, said, is_prose),
        (all_said - said_until) / np.maximum(after, 1), (said_until - said) / np.maximum(index, 1), short / count,
        in_prose / text,
    )  # fmt: skip
    return np.stack(rows, dtype=np.float32, casting="unsafe")


def _worst_since(batch: Batch, said: Floats, prose: Flags) -> Columns:
    """The greatest value since the last prose, that line included: how odd the wording has been since."""
    group = np.cumsum(prose | (batch.row == batch.first)).astype(np.float64)
    # Groups lie 100 apart and values are below 50, so that the running maximum never looks back into a group.
    return np.maximum.accumulate(said + group * 100) - group * 100


def _run(batch: Batch, own: Floats, prose: Floats, short: Flags) -> Floats:
    """The row of equally short, or long, lines that each line is part of: what it is like and what frames it."""
    n = own.shape[1]
    weight, said = own[INDEX["length"]], own[INDEX["wording"]]
    opens = np.ones(n, bool)
    opens[1:] = (short[1:] != short[:-1]) | (batch.row[1:] == batch.first[1:])
    starts = opens.nonzero()[0]
    lengths = np.diff(starts, append=n)
    logs = _grained(np.log1p(weight)).astype(np.float64)
    ending, beginning = own[INDEX["ends in"]], own[INDEX["begins with"]]
    alike = np.zeros(n, bool)
    alike[1:] = (ending[1:] == ending[:-1]) & (beginning[1:] == beginning[:-1]) & ~opens[1:]
    summed = np.stack(
        (
            said, own[INDEX["words shared with prose"]], own[INDEX["hit"]] > 0, _grained(own[INDEX["digit share"]]),
            ending == KIND["stop"], logs, logs * logs, alike,
        ),
        dtype=np.float64,
    )  # fmt: skip
    wording, shared, hits, digits, stops, middle, squares, even = np.add.reduceat(summed, starts, axis=1) / lengths
    before, after = starts - 1, starts + lengths
    held_before = before >= batch.first[starts]
    last = np.minimum(after - 1, n - 1)
    held_after = after <= batch.last[last]
    before, after = np.where(held_before, before, 0), np.where(held_after, after, 0)
    is_prose = (prose > 0).astype(np.float64)
    prose_after = batch.total(is_prose) - batch.until(is_prose)
    rows = (
        np.where(short[starts], lengths, -lengths), wording, np.minimum.reduceat(said, starts),
        np.maximum.reduceat(said, starts), shared, hits, digits, stops,
        np.sqrt(np.maximum(squares - middle * middle, 0)), even, np.where(held_before, weight[before], _NOTHING),
        np.where(held_before, said[before], _NOTHING), held_before & (ending[before] == KIND["colon"]),
        np.where(held_after, weight[after], _NOTHING), np.where(held_after, said[after], _NOTHING), prose_after[last],
        lengths / batch.sizes.take(batch.article[starts]),
    )  # fmt: skip
    return np.stack(rows, dtype=np.float32, casting="unsafe").take(np.cumsum(opens) - 1, axis=1)
