"""All phrases of all checks, found by one automaton in one pass over the folded text.

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
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import ahocorasick_rs

from bycatch.article import Article, Paragraph, Span
from bycatch.language import is_known, same_language
from bycatch.wording import DECORATION, KINDS, WHOLE, Kind, Phrase, is_letter, spelled_out

# Parts of a paragraph: menu separators, and the ends of sentences. Each begins with one character of a set, which the
# engine looks for before all else; what it was is asked by looking back. Spaces around stay with the parts, which are
# stripped, and of two separators in a row the nothing between them is dropped.
_MENU: Final = r"|·•‧∙⋅\\►▶»›→<>"
_STOPS: Final = ".!?。！？…:"
_SEPARATOR: Final = re.compile(
    rf"[{_MENU}{_STOPS}/-](?:(?<=[{_MENU}])[{_MENU}]*|(?<=\s[-/])\s+|(?<=[^\W\d]/)\s*(?=[^\W\d])"
    rf"|(?<=[^\W\d]\s/)\s*(?=[^\W\d])|(?<=[{_STOPS}])[{_STOPS}]*(?:\s+|$)|(?<=[。！？]))"
)
# Two spaces part as well; they are seldom seen.
_WITH_GAPS: Final = re.compile(rf"{_SEPARATOR.pattern}|\s{{2,}}")
_CALLS: Final = ("!", "?", "\N{FULLWIDTH EXCLAMATION MARK}", "\N{FULLWIDTH QUESTION MARK}")
_EDGES: Final = DECORATION + "\x1c\x1d\x1e\x1f\x85\u1680\u2004\u2005\u2006\u2008\u2028\u2029\u205f"
# Longer paragraphs are prose or are found by their cues; taking them apart would cost more than it finds.
_LONGEST_IN_PARTS: Final = 240
# One cue in 12 words is the least: consent notices hold one in eight, and long honest paragraphs about cookies or
# paywalls one in twenty.
_WORDS_PER_CUE: Final = 12
# Letters that an open phrase must have to say which language its text is in: "© der …" and "Foto: …" have too few.
_LEAST_KNOWN: Final = 10
# Characters by which a needle is ruled out before an automaton is built: five letters of a word are seldom there by
# chance.
_HEAD: Final = 6
# Beyond three articles, or one of 50 kB, the automaton of all needles pays.
_SMALL_TEXT: Final = 50_000
_SMALL_TEXTS: Final = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found: by which check, in which paragraph, over which span; ``whole`` when it is all of it."""

    check: str
    paragraph: Paragraph
    span: Span
    phrase: Phrase
    whole: bool


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
    def longest(self) -> float:
        """No line longer than this is a text of any of them."""
        return max(phrase.longest for phrase in self.phrases)


@dataclass
class Phrasebook:
    """All phrases of a catalog, compiled. ``scan`` finds them; nothing changes after it is made."""

    phrases: Sequence[Phrase]
    rules: dict[str, Rule]
    _patterns: dict[str, _Sharers] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Build the automaton: one pattern per anchor, with a line end at each side that must be a paragraph's."""
        for phrase in self.phrases:
            for needle in phrase.needles:
                sharers = self._patterns.get(needle)
                if sharers is None:
                    sharers = self._patterns[needle] = _Sharers([])
                sharers.phrases.append(phrase)
        self._keys = list(self._patterns.values())
        self._automaton: ahocorasick_rs.AhoCorasick | None = None
        self._small_texts = 0

    def scan(self, article: Article) -> list[Hit]:
        """Every phrase found in the article, in order of check and place. Linear in the length of the text."""
        if not self._patterns:
            return []
        lines, owners = _lines(article.paragraphs)
        text = "\n" + "\n".join(lines) + "\n"
        starts = _starts(lines)
        lengths = [len(line) for line in lines]
        found: dict[tuple[str, int, Kind], dict[Phrase, bool]] = {}
        tried: set[tuple[int, int]] = set()
        for sharers, start, end in self._matches(text):
            # An anchor at the start of a line begins with the line end before it.
            row = bisect.bisect_right(starts, start + 1) - 1
            # Nearly every match is a few letters in a long line of prose, and the phrase a whole short line.
            length = lengths[row]
            if length > sharers.longest:
                continue
            for phrase in sharers.phrases:
                attempt = (row, id(phrase))
                if length > phrase.longest or attempt in tried:
                    continue
                verified = _verified(phrase, lines[row], text, start, end)
                if verified:
                    found.setdefault((phrase.check, row, phrase.kind), {})[phrase] = True
                # A word inside another may stand by itself further on; all else is the same for the whole line.
                if verified or not phrase.is_positional:
                    tried.add(attempt)
        return self._hits(article, found, owners, len(lines)) if found else []

    def _matches(self, text: str) -> Iterator[tuple[_Sharers, int, int]]:
        """Every needle in the text, with the phrases that have it.

        The automaton of a whole catalog takes a tenth of a second to build, longer than all else for one article: the
        first few short texts get one of the needles that can be in them.
        """
        keys = self._keys
        automaton = self._automaton
        if automaton is None and len(text) <= _SMALL_TEXT and self._small_texts < _SMALL_TEXTS:
            self._small_texts += 1
            heads = {text[at : at + _HEAD] for at in range(len(text))}
            possible = [needle for needle in self._patterns if len(needle) < _HEAD or needle[:_HEAD] in heads]
            if not possible:
                return
            keys = [self._patterns[needle] for needle in possible]
            automaton = _automaton_of(possible)
        elif automaton is None:
            automaton = self._automaton = _automaton_of(list(self._patterns))
        for key, start, end in automaton.find_matches_as_indexes(text, overlapping=True):
            yield keys[key], start, end

    def _hits(
        self,
        article: Article,
        found: dict[tuple[str, int, Kind], dict[Phrase, bool]],
        owners: list[int],
        total_lines: int,
    ) -> list[Hit]:
        paragraphs = article.paragraphs
        total = len(paragraphs)
        hits: list[Hit] = []
        parts: dict[int, dict[int, Phrase]] = {}
        claimed: set[int] = set()
        silent = {(check, owners[row]) for check, row, kind in found if kind == "not"}
        for (check, row, kind), phrases in sorted(found.items(), key=lambda item: (item[0][1], item[0][0])):
            index = owners[row]
            rule = self.rules[check]
            if kind == "not" or (check, index) in silent or not rule.where.holds(index, total):
                continue
            paragraph = paragraphs[index]
            if row >= total:
                if kind in WHOLE:
                    parts.setdefault(index, {})[row] = _best(phrases, article.lang)
                continue
            if kind == "parts" or (kind == "likely" and (check, row, "phrases") in found):
                continue
            if kind in WHOLE:
                phrase = _best(phrases, article.lang)
                if (rule.exact_case and not _same_case(phrase, paragraph)) or _is_said(phrase, paragraph):
                    continue
                claimed.add(index)
                hits.append(Hit(check, paragraph, paragraph.span(), phrase, whole=True))
            elif kind == "inline" and (check, row, "phrases") not in found:
                hits.extend(_inline(check, paragraph, phrases, exact=rule.exact_case))
            elif kind == "cues" and (check, row, "phrases") not in found:
                needed = max(rule.min, len(paragraph.folded.split()) // _WORDS_PER_CUE)
                if _different(phrases) >= needed:
                    hits.append(Hit(check, paragraph, paragraph.span(), _best(phrases, article.lang), whole=True))
        hits.extend(_tiled(paragraphs, parts, owners, claimed, total, total_lines))
        return _one_a_paragraph(hits)


def _automaton_of(needles: list[str]) -> ahocorasick_rs.AhoCorasick:
    return ahocorasick_rs.AhoCorasick(needles, matchkind=ahocorasick_rs.MatchKind.Standard)


def _verified(phrase: Phrase, line: str, text: str, start: int, end: int) -> bool:
    if phrase.kind in WHOLE:
        return phrase.literal is not None or phrase.is_whole(line)
    # Inline phrases are looked up in their paragraph later, with what stands around them.
    if phrase.is_positional:
        return not _inside_word(text, start, end)
    return phrase.pattern.search(line) is not None


def _lines(paragraphs: Sequence[Paragraph]) -> tuple[list[str], list[int]]:
    """The bare text of every paragraph, then the parts of those short ones that have several; and whose they are."""
    lines: list[str] = []
    divided: list[tuple[int, list[str]]] = []
    for paragraph in paragraphs:
        bare = source = paragraph.folded.strip(DECORATION)
        separator = _SEPARATOR
        if "  " in bare:
            bare, separator = " ".join(bare.split()), _WITH_GAPS
        lines.append(bare)
        if len(bare) <= _LONGEST_IN_PARTS:
            parts = separator.split(source)
            if len(parts) > 1:
                divided.append((paragraph.index, [p for part in parts if (p := part.strip(_EDGES))]))
    owners = list(range(len(lines)))
    for index, parts in divided:
        if len(parts) > 1:
            lines.extend(parts)
            owners.extend([index] * len(parts))
    return lines, owners


def _starts(lines: Iterable[str]) -> list[int]:
    starts, at = [], 1
    for line in lines:
        starts.append(at)
        at += len(line) + 1
    return starts


def _inside_word(text: str, start: int, end: int) -> bool:
    return (is_letter(text[start]) and is_letter(text[start - 1])) or (
        is_letter(text[end - 1]) and is_letter(text[end])
    )


def _best(phrases: Iterable[Phrase], lang: str | None) -> Phrase:
    """The most telling phrase, of equal ones the one in the article's language: "Foto: …" is a phrase of ten."""
    return max(phrases, key=lambda phrase: (*_telling(phrase)[:3], _is_own(phrase, lang), _telling(phrase)[3]))


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


def _tiled(
    paragraphs: Sequence[Paragraph],
    parts: dict[int, dict[int, Phrase]],
    owners: list[int],
    claimed: set[int],
    total: int,
    total_lines: int,
) -> Iterator[Hit]:
    """Paragraphs of which every part is a phrase: a menu, a row of buttons, two notices in a row."""
    if not parts:
        return
    sizes: dict[int, int] = {}
    for row in range(total, total_lines):
        sizes[owners[row]] = sizes.get(owners[row], 0) + 1
    for index, rows in parts.items():
        unknown = sizes[index] - len(rows)
        # A menu of three known entries and one unknown is a menu; a sentence beside one known phrase is not.
        if index in claimed or (all(phrase.kind == "parts" for phrase in rows.values()) and len(rows) < 3):
            continue
        if unknown == 0 or (unknown == 1 and len(rows) >= 4):
            counts: dict[str, int] = {}
            for _, phrase in sorted(rows.items()):
                counts[phrase.check] = counts.get(phrase.check, 0) + 1
            # The check of most parts; among equals, of the part that comes first.
            check = max(counts, key=lambda name: counts[name])
            phrase = max((p for p in rows.values() if p.check == check), key=lambda p: p.kind == "likely")
            yield Hit(check, paragraphs[index], paragraphs[index].span(), phrase, whole=True)


def _one_a_paragraph(hits: list[Hit]) -> list[Hit]:
    """Of several checks that claim a whole paragraph, the one with the most telling phrase; inline hits all."""
    best: dict[int, Hit] = {}
    for hit in hits:
        if hit.whole and hit.phrase.kind != "inline":
            other = best.get(hit.paragraph.index)
            if other is None or _telling(hit.phrase) > _telling(other.phrase):
                best[hit.paragraph.index] = hit
    return [hit for hit in hits if hit.phrase.kind == "inline" or best[hit.paragraph.index] is hit]


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
