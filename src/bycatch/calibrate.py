"""The checks at work on a corpus that nobody has labelled: what they hit, where, and what they do not know yet.

Memory is bounded: of each check and phrase a few examples are kept, and of lines that no check knows at most
`MOST_LINES` counts; when they are full, the rarest are dropped, and what was dropped is said.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from bycatch.article import RANK, Article, Finding, Paragraph
from bycatch.wording import DECORATION, Phrase

# 60 bytes each, so 30 MB at most.
MOST_LINES: Final = 500_000
# What repeats across articles and is longer is a text, not a label.
_LONGEST: Final = 120
# Of a finding on a whole block, its beginning is enough to know it again.
_LONGEST_EXAMPLE: Final = 300
# A paragraph of prose: at least two lines of a narrow column, and a sentence's end.
_PROSE: Final = 100
_ENDS: Final = tuple(".!?…。！？।؟\"'”’»)")
# Fewer hits than this say nothing of where a phrase stands.
_LEAST_HITS: Final = 3
_MOSTLY: Final = 0.5
_DIGITS: Final = re.compile(r"\d+(?:[ .,'/:]\d+)*")
# What a phrase cannot say literally, see docs/phrases.md.
_UNWRITABLE: Final = re.compile(r"[|{}…~\x00-\x1f\ue000\ue001⟦⟧]")


@dataclass
class Examples:
    """A few different lines of many, the same ones in whatever order they come."""

    most: int
    _kept: dict[str, tuple[int, str]] = field(default_factory=dict)

    def add(self, article: str, text: str) -> None:
        """Offer a line: it stays when its hash is among the smallest."""
        flat = " ".join(text[:_LONGEST_EXAMPLE].split())
        if flat in self._kept or not self.most:
            return
        self._kept[flat] = digest(flat), article
        if len(self._kept) > self.most:
            del self._kept[max(self._kept, key=lambda text: self._kept[text][0])]

    def listed(self) -> list[tuple[str, str]]:
        """The lines kept, each with the id of its article, in order of their text."""
        return sorted((text, article) for text, (_, article) in self._kept.items())


@dataclass
class Tally:
    """How often a check or a phrase hit: findings, articles, characters, and between two paragraphs of prose."""

    examples: Examples
    hits: int = 0
    articles: int = 0
    characters: int = 0
    inside: int = 0
    last: int = -1

    def add(self, finding: Finding, number: int, *, inside: bool) -> None:
        """Count a finding in article ``number``."""
        self.hits += 1
        self.articles += self.last != number
        self.last = number
        self.characters += finding.span.end - finding.span.start
        self.inside += inside
        self.examples.add(finding.article, finding.text)


@dataclass
class Line:
    """A line that no check knows: its text as first written, its languages, and how many articles have it."""

    text: str
    langs: set[str]
    articles: int


@dataclass
class Calibration:
    """Counts added up article by article."""

    examples: int = 3
    most_lines: int = MOST_LINES
    articles: int = 0
    characters: int = 0
    dropped: int = 0
    checks: dict[tuple[str, str], Tally] = field(default_factory=dict)
    phrases: dict[tuple[str, str], Tally] = field(default_factory=dict)
    _counts: dict[int, int] = field(default_factory=dict)
    _lines: dict[int, Line] = field(default_factory=dict)
    _texts: set[int] = field(default_factory=set)

    def add(self, article: Article, findings: Sequence[Finding]) -> None:
        """Count one article with its findings."""
        number = self.articles
        self.articles += 1
        self.characters += len(article.text)
        known = _known(article, findings)
        for finding in findings:
            inside = _is_inside(article, finding, known)
            self._tally(self.checks, finding.check, finding.severity).add(finding, number, inside=inside)
            if finding.phrase is not None:
                self._tally(self.phrases, finding.check, finding.phrase).add(finding, number, inside=inside)
        self._count_lines(article, known)

    def _tally(self, tallies: dict[tuple[str, str], Tally], *key: str) -> Tally:
        return tallies.setdefault((key[0], key[1]), Tally(Examples(self.examples)))

    def _count_lines(self, article: Article, known: set[int]) -> None:
        # The same article twice shares all its lines with itself.
        text = digest(article.text)
        if text in self._texts:
            return
        if len(self._texts) < self.most_lines:
            self._texts.add(text)
        seen: set[int] = set()
        for paragraph in article.paragraphs:
            bare = paragraph.folded.strip(DECORATION)
            if paragraph.index in known or not 2 <= len(bare) <= _LONGEST or not any(map(str.isalpha, bare)):
                continue
            line = digest(_DIGITS.sub("0", bare))
            if line in seen:
                continue
            seen.add(line)
            self._counts[line] = count = self._counts.get(line, 0) + 1
            if count > 1:
                kept = self._lines.setdefault(line, Line(paragraph.text.strip(), set(), 1))
                kept.articles += 1
                if article.lang:
                    kept.langs.add(article.lang)
        while len(self._counts) > self.most_lines:
            self._drop()

    def _drop(self) -> None:
        """Forget the lines counted least often."""
        self.dropped += 1
        self._counts = {line: count - 1 for line, count in self._counts.items() if count > 1}
        self._lines = {line: kept for line, kept in self._lines.items() if line in self._counts}

    def by_check(self) -> list[tuple[str, str, Tally]]:
        """Check, severity and counts, the gravest severity first, the most hits first."""
        rows = [(check, severity, tally) for (check, severity), tally in self.checks.items()]
        return sorted(rows, key=lambda row: (RANK[row[1]], -row[2].hits, row[0]))

    def by_phrase(self) -> list[tuple[str, str, Tally]]:
        """Check, phrase and counts, the most hits first."""
        rows = [(check, phrase, tally) for (check, phrase), tally in self.phrases.items()]
        return sorted(rows, key=lambda row: (-row[2].hits, row[0], row[1]))

    def suspects(self) -> list[tuple[str, str, Tally]]:
        """Phrases most of whose hits stand between two paragraphs of prose: look at these before you gate on them."""
        return [
            row for row in self.by_phrase() if row[2].hits >= _LEAST_HITS and row[2].inside >= _MOSTLY * row[2].hits
        ]

    def unknown(self, least: int) -> list[Line]:
        """Lines in at least so many articles that no check knows, the commonest first."""
        shared = [line for line in self._lines.values() if line.articles >= least]
        return sorted(shared, key=lambda line: (-line.articles, line.text))


def _known(article: Article, findings: Iterable[Finding]) -> set[int]:
    """The paragraphs of which a finding covers at least half."""
    known: set[int] = set()
    for finding in findings:
        paragraph = article.paragraph_at(finding.span.start)
        while paragraph is not None and paragraph.start < finding.span.end:
            overlap = min(finding.span.end, paragraph.end) - max(finding.span.start, paragraph.start)
            if 2 * overlap >= paragraph.end - paragraph.start:
                known.add(paragraph.index)
            following = paragraph.index + 1
            paragraph = article.paragraphs[following] if following < len(article.paragraphs) else None
    return known


def _is_inside(article: Article, finding: Finding, known: set[int]) -> bool:
    at = article.paragraph_at(finding.span.start)
    if at is None or not 0 < at.index < len(article.paragraphs) - 1:
        return False
    around = (article.paragraphs[at.index - 1], article.paragraphs[at.index + 1])
    return all(_is_prose(p) and p.index not in known for p in around)


def _is_prose(paragraph: Paragraph) -> bool:
    return len(paragraph.text) >= _PROSE and paragraph.text.rstrip().endswith(_ENDS)


def proposal(lines: Iterable[Line], taken: Collection[str | None] = (), name: str = "site-furniture") -> str:
    """The lines as a check file to paste and to prune, empty where none of them can be written as a phrase.

    ``taken`` are the literal texts that other checks have already: a phrase stands in one check.
    """
    languages: dict[str, list[str]] = {}
    example = ""
    for line in lines:
        phrase = phrase_of(line.text)
        if phrase is None or Phrase(phrase, name, "phrases", ()).literal in taken:
            continue
        # A line in articles of several languages belongs to none of them.
        lang = next(iter(line.langs)) if len(line.langs) == 1 else "any"
        if phrase not in languages.setdefault(lang, []):
            languages[lang].append(phrase)
        # A lone word with an exclamation mark is dialogue to the checks, and no example.
        if not example and not line.text.endswith("!"):
            example = " ".join(line.text.split())
    if not example:
        return ""
    tables = "\n".join(
        f"{_key(lang)} = [\n" + "".join(f"    {quoted(phrase)},\n" for phrase in phrases) + "]"
        for lang, phrases in sorted(languages.items())
    )
    return f"""\
# checks/{name}.toml: proposed from a corpus. Strike out every line that an article may hold.
title    = "Lines that this site repeats"
severity = "warning"
message  = "A line that stands in many articles of this corpus."
fix      = "delete paragraph"
why      = "Found by counting lines that many articles of this corpus share and no other check knows."

[phrases]
{tables}

[flags]
"the commonest" = {quoted(f"⟦{example}⟧")}

[passes]
"a sentence" = "The council met on Monday and voted to keep the ferry."
"""


def phrase_of(text: str) -> str | None:
    """A line as a phrase, numbers as {n}; None where the format cannot say it."""
    flat = " ".join(text.split())
    if _UNWRITABLE.search(flat):
        return None
    phrase = _DIGITS.sub("{n}", flat)
    if sum(map(str.isalpha, phrase.replace("{n}", ""))) < 2:
        return None
    return phrase if Phrase(phrase, "", "phrases", ()).anchors else None


def quoted(text: str) -> str:
    """A string of TOML."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _key(lang: str) -> str:
    return lang if re.fullmatch(r"[A-Za-z0-9_-]+", lang) else quoted(lang)


def digest(text: str) -> int:
    """Eight bytes that stand for a text; the built-in hash differs from run to run."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())
