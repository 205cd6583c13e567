"""What a whole run shows: findings per check, the phrases found most, and lines many articles share unflagged."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bycatch.article import Article, Finding
from bycatch.output.html.glyphs import flat

# A line of a site's furniture is short: nineteen in twenty have less than 90 characters.
_SHORT: Final = 90
# Lines that are counted at a time; beyond that those seen once are forgotten, as they are nearly all of them.
_MOST: Final = 200_000
# Fewer articles than three may share a line by chance, such as "Berlin (dpa)".
_SHARED: Final = 3
_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase of a check, and how often it was found."""

    check: str
    phrase: str
    count: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line that no check knows, as it was first seen, its language, and in how many articles it stands."""

    text: str
    lang: str
    count: int


class Tally:
    """Counted article by article; memory is bounded however many there are."""

    def __init__(self) -> None:
        """Nothing counted yet."""
        self.checks: Counter[str] = Counter()
        self._phrases: Counter[tuple[str, str]] = Counter()
        self._lines: dict[str, Line] = {}

    def add(self, article: Article, findings: Sequence[Finding]) -> None:
        """Count an article with its findings."""
        self.checks.update(f.check for f in findings)
        self._phrases.update((f.check, f.phrase) for f in findings if f.phrase)
        taken = {i for f in findings for i in _indices(article, f)}
        seen: set[str] = set()
        for paragraph in article.paragraphs:
            if not paragraph.index or paragraph.index in taken or len(paragraph.text) > _SHORT:
                continue
            folded = paragraph.folded.strip()
            if folded and folded not in seen and any(sign.isalpha() for sign in folded):
                seen.add(folded)
                old = self._lines.get(folded)
                text, lang = (old.text, old.lang) if old else (paragraph.text, article.lang or "any")
                self._lines[folded] = Line(text, lang, old.count + 1 if old else 1)
        if len(self._lines) > _MOST:
            self._lines = {key: line for key, line in self._lines.items() if line.count > 1}

    def phrases(self) -> list[Found]:
        """The phrases found most often."""
        return [Found(check, flat(phrase), count) for (check, phrase), count in self._phrases.most_common(_SHOWN)]

    def lines(self) -> list[Line]:
        """Lines that several articles share and no check knows, those of most articles first."""
        shared = [line for line in self._lines.values() if line.count >= _SHARED]
        return sorted(shared, key=lambda line: (-line.count, line.text))[:_SHOWN]


def _indices(article: Article, finding: Finding) -> Iterator[int]:
    first = article.paragraph_at(finding.span.start)
    last = article.paragraph_at(max(finding.span.start, finding.span.end - 1))
    if first is not None:
        yield from range(first.index, (last or first).index + 1)


def as_toml(lines: Sequence[Line]) -> str:
    """The lines as a table [phrases] to paste into a check."""
    rows = ["[phrases]"]
    for lang in dict.fromkeys(line.lang for line in lines):
        rows.append(f"{lang} = [")
        for line in lines:
            if line.lang == lang:
                text = json.dumps(flat(line.text), ensure_ascii=False).replace("\x7f", "\\u007f")
                rows.append(f"    {text},  # in {line.count:,} articles")
        rows.append("]")
    return "\n".join(rows) + "\n"
