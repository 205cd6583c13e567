"""What can be told of many articles at one glance: all their characters are looked up side by side.

One look-up for each character gives the folded text, where paragraphs begin and end, and the kinds of characters
there are. From these it is known of most articles which checks have nothing to look for, and that nothing in them is
said twice. What an article is told here it would find out by itself, more slowly and with the same answer.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bycatch import similarity
from bycatch.absence import Absence
from bycatch.article import Article
from bycatch.characters import CLOSER, COMPOSES, MARK, STOP, Flags, Lines, Text, lines_of, text_of, words_of
from bycatch.resemblance import repeating, resembling
from bycatch.wrapping import join_wrapped


def glance(articles: Sequence[Article], absence: Absence) -> list[frozenset[str]]:
    """Tell the articles what can be told of them; for each, the checks that have nothing to look for in it."""
    if not articles:
        return []
    text = text_of(articles)
    words = words_of(text)
    lines, touching = lines_of(text, words)
    paired = text.holding((text.units & np.uint16(0xF800)) == 0xD800)
    plain = ~paired & _is_composed(text) & ~np.array([bool(article.meta.get("body")) for article in articles])
    told = _tell_paragraphs(articles, text, lines, touching, plain)
    absent = absence.of_checks(text, lines)
    lines = lines.chosen(told[lines.article])
    repeats, resembles = repeating(text, lines), resembling(text, words, lines)
    first = np.searchsorted(lines.article, np.arange(len(articles) + 1)).tolist()
    stops = _stopped(articles, text, lines, first)
    for number in told.nonzero()[0].tolist():
        own = stops[first[number] : first[number + 1]]
        similarity.tell(articles[number], own, repeats=number in repeats, resembles=number in resembles)
    # What is looked for in folded paragraphs may stand otherwise in the text of the others.
    return [checks if certain else frozenset() for certain, checks in zip(plain.tolist(), absent, strict=True)]


def _is_composed(text: Text) -> Flags:
    """Of which articles it is certain that they are in NFC; True only where that is so."""
    marks = (text.kinds & MARK) != 0
    marks[1:] &= marks[:-1]
    return ~text.holding(((text.kinds & COMPOSES) != 0) | marks)


def _stopped(articles: Sequence[Article], text: Text, lines: Lines, first: Sequence[int]) -> list[bool]:
    """Of each line whether it ends a sentence; every line is a paragraph, and ``first`` the first of each article."""
    last, before = text.kinds[lines.ends - 1], text.kinds[lines.ends - 2]
    closed = (last & (STOP | CLOSER)) == CLOSER
    stops: list[bool] = ((np.where(closed, before, last) & STOP) != 0).tolist()
    # Quotes in brackets are rare, and looked at one by one.
    for line in (closed & ((before & CLOSER) != 0)).nonzero()[0].tolist():
        number = int(lines.article[line])
        stops[line] = similarity.ends_sentence(articles[number].paragraphs[line - first[number]].text)
    return stops


def _tell_paragraphs(articles: Sequence[Article], text: Text, lines: Lines, touching: Flags, plain: Flags) -> Flags:
    """Tell their paragraphs to the plain articles; those of which each line is a paragraph."""
    whole = text.folded.tobytes().decode("utf-16-le")
    begins = text.starts[lines.article]
    bounds = list(zip((lines.starts - begins).tolist(), (lines.ends - begins).tolist(), strict=True))
    first = np.searchsorted(lines.starts, text.starts).tolist()
    told = plain.copy()
    for number, (article, begin, end) in enumerate(zip(articles, first, [*first[1:], len(bounds)], strict=True)):
        if not plain[number]:
            continue
        own = bounds[begin:end]
        if touching[number] and (wrapped := join_wrapped(article.text, own)) is not own:
            told[number] = False
            own = wrapped
        article.tell(own, whole[text.starts[number] : text.ends[number]])
    return told
