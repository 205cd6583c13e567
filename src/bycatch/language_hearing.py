"""An article is heard: which of its paragraphs are in another language, and whether the article itself is.

Three checks ask, and the answers of one serve the others: most paragraphs are acquitted when the hearing is opened,
and any other is judged when it is first asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, cast

from bycatch.article import Article
from bycatch.language import ENOUGH, judged, main_language, silent
from bycatch.language_lines import prepare
from bycatch.language_votes import cld2, langdetect

# An article's makeup is read off its two dozen longest paragraphs; shorter ones are captions and furniture.
_SAMPLED: Final = 24
_LONG_PARAGRAPH: Final = 60
# Below both, one quoted passage or a long legal notice would be most of the article.
_PARAGRAPHS_TO_JUDGE: Final = 5
_LETTERS_TO_JUDGE: Final = 400
# Not all: a wrongly declared article may quote the declared language, and short lines escape the vote.
_ALMOST_ALL: Final = 0.75
# An article in two languages gives a third to each, in several paragraphs; less is an insert.
_A_GOOD_PART: Final = 1 / 3
_PARAGRAPHS_OF_EACH: Final = 3


@dataclass(frozen=True, slots=True)
class Makeup:
    """An article that is not simply in its language: all of it in ``lang`` (``wrong``), or a good part of it."""

    lang: str
    wrong: bool
    first: int


class Hearing:
    """What is known of an article's paragraphs; ``open`` are the indices of those in which its language is silent."""

    def __init__(self, article: Article, main: str) -> None:
        """``main`` is the normal code of the article's language."""
        self.main = main
        self._paragraphs = article.paragraphs
        self.open = silent(article.paragraphs, main)
        self._answers: dict[int, str | None] = {}

    def foreign(self, index: int) -> str | None:
        """The language of an open paragraph where that is certainly another than the article's, or None."""
        if index not in self._answers:
            self._answers[index] = judged(self._paragraphs[index].text, self.main)
        return self._answers[index]

    @cached_property
    def makeup(self) -> Makeup | None:
        """Whether the article is in another language than its own, or honestly in two; None for all others.

        ``first`` of the answer is the index of the first long paragraph in the other language.
        """
        paragraphs, asked = self._paragraphs, self.open
        if not any(len(paragraphs[index].text) >= _LONG_PARAGRAPH for index in asked):
            return None
        lengths = [len(paragraph.text) for paragraph in paragraphs]
        longest = sorted(sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True)[:_SAMPLED])
        parts = {index: paragraphs[index].text[:ENOUGH] for index in longest if lengths[index] >= _LONG_PARAGRAPH}
        total = sum(map(len, parts.values()))
        if len(parts) < _PARAGRAPHS_TO_JUDGE and total < _LETTERS_TO_JUDGE:
            return None
        votes: dict[int, str | None] = dict.fromkeys(parts)
        doubtful = [index for index in asked if index in parts]
        left = sum([len(parts[index]) for index in doubtful])
        while doubtful and left >= _A_GOOD_PART * total:
            index = doubtful.pop()
            votes[index] = self.foreign(index)
            left -= len(parts[index]) if votes[index] is None else 0
        # Too little for a second language.
        if left < _A_GOOD_PART * total:
            return None
        others = [lang for lang in votes.values() if lang is not None]
        other = max(sorted(set(others)), key=others.count)
        theirs = [index for index, lang in votes.items() if lang == other]
        share = sum(len(parts[index]) for index in theirs) / total
        whole = "\n".join(part[: ENOUGH // 2] for part in parts.values())
        if share >= _ALMOST_ALL and langdetect(prepare(whole[: 4 * ENOUGH]).text) == other:
            return Makeup(other, wrong=True, first=theirs[0])
        ours = [index for index, text in parts.items() if votes[index] is None and cld2(text)[0] == self.main]
        own = sum(len(parts[index]) for index in ours)
        if min(share, own / total) >= _A_GOOD_PART and min(len(theirs), len(ours)) >= _PARAGRAPHS_OF_EACH:
            return Makeup(other, wrong=False, first=theirs[0])
        return None


def hearing(article: Article) -> Hearing | None:
    """The hearing of an article, the same for all checks, or None where no vote knows its language.

    It is kept with the article: equal articles may be cut into paragraphs at different places.
    """
    kept = article.__dict__
    if "_hearing" not in kept:
        main = main_language(article.lang)
        kept["_hearing"] = None if main is None else Hearing(article, main)
    return cast("Hearing | None", kept["_hearing"])
