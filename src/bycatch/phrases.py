"""All phrases of all checks, found in one pass over the folded text: by dictionaries of lines and by one automaton.

How a phrase is written (the format is closed, see docs/phrases.md):

- ``{n}`` stands for a number, ``…`` for other words of the same paragraph, ``(a|your|)`` for any one of the
  alternatives or nothing; all else is literal.
- A phrase of ``[phrases]`` must be the whole paragraph, give or take the bullets, arrows, brackets and full stops
  around it. ``Read also: …`` begins one, ``… contributed to this report`` ends one.
- A phrase of ``[likely]`` likewise, but the finding is a warning: it is right 9 times in 10.
- A phrase of ``[parts]`` counts only in a row of several: "Home" alone may be a heading, "Home | News" is a menu.
- A phrase of ``[inline]`` is found anywhere, and only itself is marked.
- Phrases of ``[cues]`` prove nothing alone: ``min`` different ones must stand in one paragraph.
- A paragraph with a phrase of ``[not]`` is left alone by that check.

A paragraph made of several parts ("Previous | Next", "Thank you. Your comment awaits moderation.") is found when
every part is a whole phrase.
"""

from __future__ import annotations

import bisect
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

import ahocorasick_rs

from bycatch.article import Article, Paragraph, Span
from bycatch.folding import fold
from bycatch.language import is_known, same_language
from bycatch.separators import (
    AROUND_PART,
    ENOUGH_PARTS,
    LONGEST_IN_PARTS,
    SEPARATOR,
    WITH_GAPS,
    Asked,
    all_asked,
)
from bycatch.wording import DECORATION, EDGES, KINDS, RECORD, WHOLE, Kind, Phrase, bare, cut, is_letter, spelled_out

if TYPE_CHECKING:
    from bycatch.sieve import Sieve

_CALLS: Final = ("!", "?", "\N{FULLWIDTH EXCLAMATION MARK}", "\N{FULLWIDTH QUESTION MARK}")
# One cue in 12 words is the least: consent notices hold one in eight, and long honest paragraphs about cookies or
# paywalls one in twenty.
_WORDS_PER_CUE: Final = 12
# Letters that an open phrase must have to say which language its text is in: "© der …" and "Foto: …" have too few.
_LEAST_KNOWN: Final = 10
# So many lines are asked about sooner than they are sieved, which takes a millisecond however few they are.
_FEW_LINES: Final = 50
# Bytes after which the automaton is built once more, in a form that takes nine times as long to build and finds
# twice as fast.
_WORTH_A_TABLE: Final = 2_000_000
# Lines of which it is remembered what they are, and their length: headings and furniture come again on every page of a
# site, prose does not.
_SHORT_LINE: Final = 60
_MOST_RECALLED: Final = 10_000


# The phrases found in a line, by check and kind; and those of all lines.
_Found = dict[tuple[str, Kind], dict[Phrase, bool]]
_Matches = dict[int, _Found]


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found: by which check, in which paragraph, over which span; ``whole`` when it is all of it."""

    check: str
    paragraph: Paragraph
    span: Span
    phrase: Phrase
    whole: bool


class Reading(NamedTuple):
    """What is read in an article: phrases in order of place, and the checks of which a sign stands in it."""

    hits: list[Hit]
    signs: set[str]


class _Place(NamedTuple):
    """A paragraph, of how many, and the language of its article."""

    paragraph: Paragraph
    total: int
    lang: str | None


@dataclass(frozen=True, slots=True)
class Where:
    """Which paragraphs a check looks at: all, the first ``first`` or the last ``last``."""

    first: int | None = None
    last: int | None = None

    def holds(self, index: int, total: int) -> bool:
        """Whether paragraph ``index`` of ``total`` is looked at."""
        if self.first is not None:
            return index < self.first
        return self.last is None or index >= total - self.last


@dataclass(frozen=True, slots=True)
class Rule:
    """How one check reads its phrases: where, how many cues, and whether capitals count."""

    where: Where = Where()
    min: int = 2
    exact_case: bool = False


@dataclass
class _Sharers:
    """The phrases that one needle stands in."""

    phrases: list[Phrase]

    @cached_property
    def whole(self) -> list[Phrase]:
        """Those that must be a whole line."""
        return [phrase for phrase in self.phrases if phrase.kind in WHOLE]

    @cached_property
    def others(self) -> list[Phrase]:
        """Those that may stand inside one."""
        return [phrase for phrase in self.phrases if phrase.kind not in WHOLE]

    @cached_property
    def longest(self) -> float:
        """No line longer than this is a text of any of them."""
        return max((phrase.longest for phrase in self.whole), default=0)

    @cached_property
    def edges(self) -> tuple[tuple[int, frozenset[str]], tuple[int, frozenset[str]]]:
        """How every text of any of them begins, see `Phrase.edges`, and how it ends."""
        heads, tails = zip(*(phrase.edges for phrase in self.whole), strict=True)
        first, last = min(size for size, _ in heads), min(size for size, _ in tails)
        return (
            (first, frozenset(head[:first] for _, texts in heads for head in texts)),
            (last, frozenset(tail[-last:] for _, texts in tails for tail in texts)),
        )

    def may_be(self, line: str) -> bool:
        """Whether the line may be a text of one of them; nearly every one is a long one of prose that begins alike."""
        if not self.whole or len(line) > self.longest:
            return False
        (first, heads), (last, tails) = self.edges
        return (not first or line[:first] in heads) and (not last or line[-last:] in tails)


# By needle, the number of its phrase, or of each of them.
_Numbers = dict[str, int | list[int]]


class Needles(NamedTuple):
    """What is looked for and where, as plain data that a cache can keep. Phrases are numbered in order.

    Nearly all needles are a line or begin or end one, and a dictionary finds them; ``inside`` is for an automaton.
    """

    lines: _Numbers
    heads: _Numbers
    tails: _Numbers
    inside: _Numbers

    @classmethod
    def of(cls, phrases: Iterable[Phrase]) -> Needles:
        """Sort the needles of the phrases by where they must stand: a line end in one is the line's own."""
        places: dict[tuple[bool, bool], _Numbers] = {(a, b): {} for a in (True, False) for b in (True, False)}
        for number, phrase in enumerate(phrases):
            for needle in phrase.needles:
                first, last = needle[0] == "\n", needle[-1] == "\n"
                bare = needle.strip("\n")
                if first != last:
                    bare = cut(bare) if first else cut(bare[::-1])[::-1]
                _add(places[first, last], bare, number)
        return cls(places[True, True], places[True, False], places[False, True], places[False, False])


class Phrasebook:
    """All phrases of a catalog, compiled. ``scan`` finds them; nothing changes after it is made but what it recalls."""

    def __init__(
        self,
        checks: Sequence[tuple[str, str]],
        rules: Mapping[str, Rule],
        needles: Needles,
        signs: Mapping[str, Iterable[str]] = MappingProxyType({}),
    ) -> None:
        """``checks`` and their written phrases are numbered in ``needles``; phrases without a rule are not looked for.

        ``signs`` are words of other checks, see `bycatch.signs`. Phrases are made when one of their needles is met: an
        article meets a few of the twenty thousand.
        """
        self.rules = rules
        self._checks = checks
        self._rows: dict[str, list[str]] = {}
        self._starts = list(itertools.accumulate((written.count(RECORD) + 1 for _, written in checks), initial=0))
        self._needles = needles
        self._shared: dict[str, dict[str, _Sharers]] = {"lines": {}, "heads": {}, "tails": {}, "inside": {}}
        self._made: dict[int, Phrase] = {}
        self._signs = [(check, fold(word)) for check, words in signs.items() for word in words]
        self._keys = [*needles.inside, *(word for _, word in self._signs)]
        self._inside: dict[int, _Sharers] = {}
        self._automaton: ahocorasick_rs.BytesAhoCorasick | None = None
        self._searched = 0
        self._recalled: dict[str, tuple[Phrase, ...]] = {}

    @cached_property
    def _sieve(self) -> Sieve:
        from bycatch.sieve import Sieve  # with numpy, which a look at the catalog need not load

        return Sieve.of(self._needles.heads, self._needles.tails, self._needles.lines)

    def _sharers(self, place: str, needle: str, numbers: int | list[int]) -> _Sharers:
        """The phrases of a needle that was met."""
        shared = self._shared[place]
        sharers = shared.get(needle)
        if sharers is None:
            listed = [numbers] if isinstance(numbers, int) else numbers
            phrases = [phrase for number in listed if (phrase := self._phrase(number)).check in self.rules]
            sharers = shared[needle] = _Sharers(phrases)
        return sharers

    def _phrase(self, number: int) -> Phrase:
        phrase = self._made.get(number)
        if phrase is None:
            at = bisect.bisect_right(self._starts, number) - 1
            check, written = self._checks[at]
            rows = self._rows.get(check) or self._rows.setdefault(check, written.split(RECORD))
            phrase = self._made[number] = Phrase.read(check, rows[number - self._starts[at]])
        return phrase

    def scan(self, article: Article) -> list[Hit]:
        """Every phrase found in the article, in order of place. Linear in the length of the text."""
        return self.scan_all([article])[0]

    def scan_all(self, articles: Sequence[Article]) -> list[list[Hit]]:
        """`scan` for several articles, with the same answers."""
        return [reading.hits for reading in self.read_all(articles)]

    def read_all(self, articles: Sequence[Article]) -> list[Reading]:
        """`scan` for several articles, and the checks of which a sign stands in each."""
        readings = [Reading([], set()) for _ in articles]
        paragraphs = [paragraph for article in articles for paragraph in article.paragraphs]
        if not paragraphs or not (self.rules or self._signs):
            return readings
        lines = [bare(paragraph.folded) for paragraph in paragraphs]
        text = _between_ends(lines)
        data = text.encode()
        if spaced := _with_gaps(data):
            for row in spaced:
                lines[row] = " ".join(lines[row].split())
            text = _between_ends(lines)
            data = text.encode()
        found: _Matches = {}
        inside, signed = self._search(data, lines, found)
        few = len(lines) <= _FEW_LINES
        asked = all_asked(lines) if few else self._sieve.ask(text, [*inside, *spaced])
        for row, sharers in self._met(asked, lines, inside).items():
            for phrase in self._texts(lines[row], sharers):
                found.setdefault(row, {}).setdefault((phrase.check, phrase.kind), {})[phrase] = True
        tiled: dict[int, list[tuple[Phrase, ...]]] = {}
        for row in {*asked.rows, *spaced}:
            gaps = row in spaced
            parts = WITH_GAPS.split(bare(paragraphs[row].folded)) if gaps else SEPARATOR.split(lines[row])
            if len(lines[row]) <= LONGEST_IN_PARTS and (known := self._parts(parts, inside.get(row, ()))):
                tiled[row] = known
        if not found and not tiled and not signed:
            return readings
        ends = list(itertools.accumulate(len(article.paragraphs) for article in articles))
        for row in sorted(found.keys() | tiled.keys()):
            number = bisect.bisect_right(ends, row)
            place = _Place(paragraphs[row], len(articles[number].paragraphs), articles[number].lang)
            readings[number].hits.extend(self._hits(place, found.get(row, {}), tiled.get(row)))
        for row, check in signed:
            readings[bisect.bisect_right(ends, row)].signs.add(check)
        return readings

    def _search(
        self, data: bytes, lines: Sequence[str], found: _Matches
    ) -> tuple[dict[int, Sequence[_Sharers]], list[tuple[int, str]]]:
        """Note the phrases that may stand anywhere in a line; which needles of whole phrases stand in which line.

        And in which lines there is a sign of which check. ``data`` is the lines, each between two line ends: in bytes,
        for places in them need not be translated into places in the text; which line it is will do.
        """
        if not self._keys:
            return {}, []
        import numpy as np

        matches = self._automaton_for(data).find_matches_as_indexes(data, overlapping=True)
        ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n"))
        rows = np.searchsorted(ends, [start for _, start, _ in matches]) - 1
        candidates: dict[int, dict[int, _Sharers]] = {}
        tried: set[tuple[int, int]] = set()
        signed = []
        phrases = len(self._needles.inside)
        for row, (key, _, _) in zip(rows.tolist(), matches, strict=True):
            if (row, key) in tried:
                continue
            tried.add((row, key))
            if key >= phrases:
                signed.append((row, self._signs[key - phrases][0]))
                continue
            needle = self._keys[key]
            sharers = self._inside.get(key)
            if sharers is None:
                sharers = self._inside[key] = self._sharers("inside", needle, self._needles.inside[needle])
            if sharers.whole:
                candidates.setdefault(row, {})[key] = sharers
            for phrase in sharers.others:
                if _stands_in(lines[row], needle) if phrase.is_positional else phrase.pattern.search(lines[row]):
                    found.setdefault(row, {}).setdefault((phrase.check, phrase.kind), {})[phrase] = True
        return {row: tuple(shared.values()) for row, shared in candidates.items()}, signed

    def _automaton_for(self, data: bytes) -> ahocorasick_rs.BytesAhoCorasick:
        before, self._searched = self._searched, self._searched + len(data)
        if self._automaton is None or before <= _WORTH_A_TABLE < self._searched:
            form = ahocorasick_rs.Implementation.DFA if self._searched > _WORTH_A_TABLE else None
            self._automaton = ahocorasick_rs.BytesAhoCorasick(
                [key.encode() for key in self._keys], matchkind=ahocorasick_rs.MatchKind.Standard, implementation=form
            )
        return self._automaton

    def _met(
        self, asked: Asked, lines: Sequence[str], inside: Mapping[int, Sequence[_Sharers]]
    ) -> dict[int, list[_Sharers]]:
        """By line the phrases that it may be: those of a needle inside it, at an edge of it, or of which it is one."""
        met = {row: list(sharers) for row, sharers in inside.items()}
        lines_, heads, tails, _ = self._needles
        for row in asked.wholes:
            if (numbers := lines_.get(lines[row])) is not None:
                met.setdefault(row, []).append(self._sharers("lines", lines[row], numbers))
        for row, size in asked.heads:
            if (numbers := heads.get(needle := lines[row][:size])) is not None:
                met.setdefault(row, []).append(self._sharers("heads", needle, numbers))
        for row, size in asked.tails:
            if (numbers := tails.get(needle := lines[row][-size:])) is not None:
                met.setdefault(row, []).append(self._sharers("tails", needle, numbers))
        return met

    def _texts(self, line: str, sharers: Sequence[_Sharers]) -> tuple[Phrase, ...]:
        """The phrases of which the line is a text; a needle of all ``sharers`` stands in it."""
        recalled = self._recalled.get(line)
        if recalled is not None:
            return recalled
        if not sharers:
            return ()
        length = len(line)
        found: dict[Phrase, None] = {}
        for shared in sharers:
            if not shared.may_be(line):
                continue
            for phrase in shared.whole:
                if length <= phrase.longest and phrase not in found and phrase.is_text(line):
                    found[phrase] = None
        known = tuple(found)
        if length <= _SHORT_LINE:
            if len(self._recalled) >= _MOST_RECALLED:
                self._recalled.clear()
            self._recalled[line] = known
        return known

    def _at_edges(self, line: str) -> Iterator[_Sharers]:
        """The phrases that may be one line by how it begins or ends, or as a whole."""
        lines, heads, tails, _ = self._needles
        if (numbers := lines.get(line)) is not None:
            yield self._sharers("lines", line, numbers)
        sizes = [size for size in reversed(EDGES) if size <= len(line)]
        for size in sizes:
            if (numbers := heads.get(needle := line[:size])) is not None:
                yield self._sharers("heads", needle, numbers)
        for size in sizes:
            if (numbers := tails.get(needle := line[-size:])) is not None:
                yield self._sharers("tails", needle, numbers)

    def _parts(self, pieces: Sequence[str], candidates: Sequence[_Sharers]) -> list[tuple[Phrase, ...]]:
        """The phrases of each part of a paragraph; nothing where too few are known to make it a row of them."""
        parts = [part for piece in pieces if (part := piece.strip(AROUND_PART))]
        if len(parts) < 2:
            return []
        unknown = 0
        known = []
        for part in parts:
            phrases = self._recalled.get(part)
            if phrases is None:
                phrases = self._texts(part, [*candidates, *self._at_edges(part)])
            unknown += not phrases
            if unknown and not _is_row(len(parts), unknown):
                return []
            known.append(phrases)
        return known

    def _hits(self, place: _Place, found: _Found, parts: Sequence[Sequence[Phrase]] | None) -> list[Hit]:
        """What counts of the phrases found in one paragraph, of which ``parts`` holds those of each part of a row."""
        paragraph = place.paragraph
        silent = [check for check, kind in found if kind == "not"]
        hits: list[Hit] = []
        whole = False
        for (check, kind), phrases in sorted(found.items(), key=lambda item: item[0][0]):
            rule = self.rules[check]
            if check in silent or not rule.where.holds(paragraph.index, place.total):
                continue
            if kind == "parts" or (kind != "phrases" and (check, "phrases") in found):
                continue
            if kind in WHOLE:
                phrase = _best(phrases, place.lang)
                if (rule.exact_case and not _same_case(phrase, paragraph)) or _is_said(phrase, paragraph):
                    continue
                whole = True
                hits.append(Hit(check, paragraph, paragraph.span(), phrase, whole=True))
            elif kind == "inline":
                hits.extend(_inline(check, paragraph, phrases, exact=rule.exact_case))
            elif kind == "cues" and len(phrases) >= rule.min:
                needed = max(rule.min, len(paragraph.folded.split()) // _WORDS_PER_CUE)
                if _different(phrases) >= needed:
                    hits.append(Hit(check, paragraph, paragraph.span(), _best(phrases, place.lang), whole=True))
        if parts is not None and not whole:
            told = [
                [
                    phrase for phrase in phrases
                    if phrase.check not in silent and self.rules[phrase.check].where.holds(paragraph.index, place.total)
                ]
                for phrases in parts
            ]  # fmt: skip
            if phrase_of_row := _tile(told, place.lang):
                hits.append(Hit(phrase_of_row.check, paragraph, paragraph.span(), phrase_of_row, whole=True))
        return _one_claim(hits) if len(hits) > 1 else hits


def _between_ends(lines: Sequence[str]) -> str:
    """Each line between two line ends."""
    return "\n" + "\n".join(lines) + "\n"


def _with_gaps(data: bytes) -> set[int]:
    """The numbers of the lines in which two spaces stand side by side."""
    import numpy as np

    # Not by searching for two spaces, which is to stop at each.
    units = np.frombuffer(data, np.uint8)
    blank = units == ord(" ")
    gaps = (blank[1:] & blank[:-1]).nonzero()[0]
    return {*(np.searchsorted((units == ord("\n")).nonzero()[0], gaps) - 1).tolist()} if len(gaps) else set()


def _add(place: _Numbers, needle: str, number: int) -> None:
    before = place.get(needle)
    if before is None:
        place[needle] = number
    elif isinstance(before, int):
        if before != number:
            place[needle] = [before, number]
    elif before[-1] != number:
        before.append(number)


def _is_row(parts: int, unknown: int) -> bool:
    """Whether a paragraph of so many parts is a menu, a row of buttons, two notices in a row.

    A menu of four known entries and one unknown is a menu; a sentence beside one known phrase is not.
    """
    return unknown == 0 or (unknown == 1 and parts >= ENOUGH_PARTS)


def _tile(parts: Sequence[Sequence[Phrase]], lang: str | None) -> Phrase | None:
    """The phrase that stands for a paragraph of several parts, if they are a row of known ones."""
    known = [_part(phrases, lang) for phrases in parts if phrases]
    if not known or not _is_row(len(parts), len(parts) - len(known)):
        return None
    if len(known) < 3 and all(phrase.kind == "parts" for phrase in known):
        return None
    # The check of most parts; among equals, of the part that comes first.
    check = Counter(phrase.check for phrase in known).most_common(1)[0][0]
    return max((phrase for phrase in known if phrase.check == check), key=lambda phrase: phrase.kind == "likely")


def _part(phrases: Sequence[Phrase], lang: str | None) -> Phrase:
    """The most telling phrase of one part: of several checks the last by name, and of its kinds the last met."""
    check = max(phrase.check for phrase in phrases)
    kinds = [phrase.kind for phrase in phrases if phrase.check == check]
    last = list(dict.fromkeys(kinds))[-1]
    return _best([phrase for phrase in phrases if phrase.check == check and phrase.kind == last], lang)


def _stands_in(line: str, needle: str) -> bool:
    """Whether the needle stands in the line with no letter of a word going on at either end."""
    at = line.find(needle)
    while at >= 0:
        end = at + len(needle)
        before, after = line[at - 1 : at], line[end : end + 1]
        if not (before and is_letter(before) and is_letter(needle[0])) and not (
            after and is_letter(after) and is_letter(needle[-1])
        ):
            return True
        at = line.find(needle, at + 1)
    return False


def _best(phrases: Iterable[Phrase], lang: str | None) -> Phrase:
    """The phrase of the strongest kind that is in the article's language if one is, else the most telling one.

    "Foto: …" is a phrase of ten languages, and "All rights reserved" stands on Japanese pages too.
    """
    first, *others = phrases
    if not others:
        return first
    return max(phrases, key=lambda phrase: (_telling(phrase)[0], _is_own(phrase, lang), *_telling(phrase)[1:]))


def _different(phrases: Iterable[Phrase]) -> int:
    """How many cues there are, those not counted that stand inside another ("supported" in "not supported")."""
    texts = {phrase.anchors[0] for phrase in phrases}
    return sum(not any(text in other for other in texts if other != text) for text in texts)


def _telling(phrase: Phrase) -> tuple[int, bool, bool, int]:
    """How much a phrase proves: its kind, whether it is literal, whether all its words are known, fixed letters."""
    letters = len(phrase.anchors[0]) if phrase.literal is None else len(phrase.literal)
    return -KINDS.index(phrase.kind), phrase.literal is not None, "…" not in phrase.text, letters


def _is_said(phrase: Phrase, paragraph: Paragraph) -> bool:
    """Whether a phrase of one word is called out: "– Next!" is dialogue, and no button."""
    return phrase.literal is not None and " " not in phrase.literal and paragraph.text.endswith(_CALLS)


def _same_case(phrase: Phrase, paragraph: Paragraph) -> bool:
    return any(text.strip(DECORATION) in paragraph.text for text in spelled_out(phrase.text))


def _inline(check: str, paragraph: Paragraph, phrases: Iterable[Phrase], *, exact: bool) -> Iterator[Hit]:
    # In order of place, and apart from each other: the neighbour before tells whether a span is taken.
    starts: list[int] = []
    ends: list[int] = []
    for phrase in sorted(phrases, key=lambda p: (-len(p.anchors[0]), p.text)):
        for match in phrase.pattern.finditer(paragraph.folded):
            span = paragraph.span(match.start(), match.end())
            place = bisect.bisect_left(starts, span.end)
            if place and ends[place - 1] > span.start:
                continue
            if exact and not _same_case(phrase, paragraph):
                continue
            starts.insert(place, span.start)
            ends.insert(place, span.end)
            yield Hit(check, paragraph, span, phrase, whole=span == paragraph.span())


def _one_claim(hits: list[Hit]) -> list[Hit]:
    """Of several checks that claim the whole paragraph, the one with the most telling phrase; inline hits all."""
    claims = [hit for hit in hits if hit.whole and hit.phrase.kind != "inline"]
    best = max(claims, key=lambda hit: _telling(hit.phrase), default=None)
    return [hit for hit in hits if hit is best or hit.phrase.kind == "inline"]


def language_of(phrase: Phrase, article_lang: str | None) -> str | None:
    """The language to report for a phrase: the article's own where the phrase exists in it, else the first listed.

    A phrase of a near language counts as the article's own: "Foto: …" is as Norwegian as it is Danish. And an open
    phrase of a few letters says nothing of the rest: "© der …".
    """
    if not phrase.langs or "any" in phrase.langs:
        return None
    if article_lang is not None and _is_own(phrase, article_lang):
        return article_lang
    return phrase.langs[0] if phrase.known_length >= _LEAST_KNOWN else None


def _is_own(phrase: Phrase, article_lang: str | None) -> bool:
    return article_lang is not None and any(_shared(article_lang, lang) for lang in phrase.langs)


def _shared(one: str, other: str) -> bool:
    return one == other or (is_known(one) and is_known(other) and same_language(one, other))
