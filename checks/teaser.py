"""Headlines of other stories that stand between or after the page's navigation.

Between "Previous" and "Next", below "Related" or above the comment form a page advertises its other articles. Their
headlines look like captions or sub-headings, but they speak of something else.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator

from bycatch.article import Article, Mark, Paragraph
from bycatch.inspection import Found
from bycatch.similarity import stopped, weighs, weight

TITLE = "Teaser"
SEVERITY = "warning"
FIX = "delete paragraph"
AFTER = ("stray-punctuation", "leftover-markup", "repeated-caption", "repeated-paragraph", "language-mismatch")

FLAGS = {
    "between Previous and Next": (
        "Die Mühle am Fluss dreht sich wieder, und am Sonntag sind alle eingeladen, die beim Bau geholfen haben.\n\n"
        "Previous\n\n⟦Feuerwehr rettet Storch aus dem Kirchturm⟧\n\n⟦Neue Brücke wird im Herbst eröffnet⟧\n\nNext"
    ),
}
PASSES = {
    "a sub-heading between furniture and prose": (
        "The mill turns again, and on Sunday everyone who gave a day's work is invited to the first bread.\n\n"
        "Previous\n\nWhat the restoration of the mill cost\n\n"
        "Nobody could say what the work would cost, or who would pay for it in the end, said the mayor."
    ),
    "sub-headings": (
        "The mill turns again, and on Sunday everyone who gave a day's work is invited to the first bread.\n\n"
        "What the restoration cost\n\nNobody could say what the work would cost, or who would pay for it in the end."
    ),
    "a list at the end": (
        "The mill turns again, and on Sunday everyone who gave a day's work is invited. Bring these things.\n\n"
        "A loaf of good bread\n\nA knife to cut it with\n\nBoots for the river bank"
    ),
    "a lone link in the middle": (
        "The mill turns again, and on Sunday everyone who gave a day's work is invited to the first bread.\n\n"
        "Previous\n\nWhat the restoration cost\n\n"
        "Nobody could say what the work would cost, or who would pay for it in the end, said the mayor."
    ),
}

# What announces other stories or encloses them. A photo credit or a correction does not.
_ANNOUNCING = (
    "stray-navigation", "read-also", "story-link", "comment-form", "share-prompt", "newsletter-prompt",
)  # fmt: skip
# Letters of a headline, as `weight` counts them: shorter ones are names and labels, longer ones prose.
_SHORTEST = 20
_LONGEST = 220
_WORDS = 4
# A paragraph this long that ends in a full stop is the article's own prose.
_PROSE = 90
# Lines between two announcements; a longer stretch is a list of the article's own.
_ENCLOSED = 8

# A headline of more than this many letters does not go on after a full stop; a paragraph that is cut off does.
_ONE_SENTENCE = 100
_STOP = re.compile(r"[^\W\d_]{3}[.!?] ")


def find(article: Article, found: Found) -> Iterator[Mark]:
    announcing = found.paragraphs(*_ANNOUNCING)
    if not announcing:
        return
    paragraphs = article.paragraphs
    taken = found.phrased() | found.paragraphs("stray-punctuation", "leftover-markup", "repeated-paragraph")
    own = [
        p.index
        for p, stops in zip(paragraphs, stopped(article), strict=True)
        if stops and p.index not in taken and weighs(p.text, _PROSE)
    ]
    if not own:
        return
    for begin, end in _runs(sorted(announcing), own, len(paragraphs)):
        line = article.place(paragraphs[begin].start)[0]
        for paragraph in paragraphs[begin + 1 : end]:
            if paragraph.index not in taken and _is_headline(paragraph):
                message = f"After the navigation of line {line}: the headline of another story, or more navigation."
                yield Mark(paragraph.span(), message)


def _runs(announcing: list[int], own: list[int], count: int) -> Iterator[tuple[int, int]]:
    """Stretches between two announcements without prose, after the first prose; and all that follows the last prose.

    Before the first prose stand the title and the stand-first.
    """
    for begin, end in zip(announcing, [*announcing[1:], count], strict=True):
        if begin < own[0]:
            continue
        if begin > own[-1]:
            yield begin, count
            return
        at = bisect.bisect_right(own, begin)
        if end - begin <= _ENCLOSED and (at == len(own) or own[at] > end):
            yield begin, end


def _is_headline(paragraph: Paragraph) -> bool:
    text = paragraph.text
    length = weight(text)
    if length > _ONE_SENTENCE and _STOP.search(text):
        return False
    if not _SHORTEST <= length <= _LONGEST or not (text[0].isupper() or text[0] in "«“„\"'‘" or length > len(text)):
        return False
    return (len(text.split()) >= _WORDS or length > len(text)) and text[-1] not in ".:;,。：；،"
