"""What the offered fixes would leave of an article."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bycatch.article import Article, Finding, Span
from bycatch.fixing import Change, changed, settled
from bycatch.output.html.sizes import words


@dataclass(frozen=True)
class Mended:
    """The article with all offered fixes made: what goes, and how much is left, in words and characters."""

    cuts: tuple[Change, ...]
    gone: frozenset[int]
    edited: frozenset[int]
    words_before: int
    words_after: int
    characters_before: int
    characters_after: int
    safe: int
    unsafe: int

    @property
    def changes(self) -> bool:
        """Whether any fix is offered."""
        return bool(self.cuts)


def mend(article: Article, findings: Iterable[Finding]) -> Mended:
    """Make all fixes of the findings, as `bycatch fix --unsafe` does."""
    fixes = [finding.fix for finding in findings if finding.fix is not None]
    cuts = settled(article.text, fixes)
    after = changed(article.text, cuts)
    gone: set[int] = set()
    edited: set[int] = set()
    index = 0
    paragraphs = article.paragraphs
    for cut in cuts:
        while index < len(paragraphs) and paragraphs[index].end <= cut.start:
            index += 1
        at = index
        while at < len(paragraphs) and paragraphs[at].start < max(cut.end, cut.start + 1):
            (gone if _nothing_left(paragraphs[at].text, paragraphs[at].start, cut) else edited).add(at)
            at += 1
    before = words(article.text)
    return Mended(
        cuts,
        frozenset(gone),
        frozenset(edited - gone),
        before,
        words(after) if fixes else before,
        _characters(article.text),
        _characters(after),
        sum(fix.safe for fix in fixes),
        sum(not fix.safe for fix in fixes),
    )


def _nothing_left(text: str, start: int, cut: Change) -> bool:
    """Whether the cut takes the whole paragraph; stray spaces at its ends do not count."""
    if cut.insert.strip():
        return False
    return not text[: max(0, cut.start - start)].strip() and not text[max(0, cut.end - start) :].strip()


def _characters(text: str) -> int:
    """Characters without the white space around paragraphs: line ends are layout, not text."""
    return sum(len(line.strip()) for line in text.splitlines())


def overlap(span: Span, start: int, end: int) -> int:
    """How many characters of ``start:end`` the span holds."""
    return max(0, min(span.end, end) - max(span.start, start))
