"""Next to nothing is left once the rest is removed: a page that was all menu, notice or paywall, or an empty one."""

from __future__ import annotations

from collections.abc import Iterator

from bycatch.article import Article, Mark, Span
from bycatch.inspection import Found
from bycatch.similarity import is_cjk

TITLE = "Thin article"
SEVERITY = "warning"
FIX = "none"
AFTER = (
    "boilerplate", "invisible-character", "language-mismatch", "leftover-markup", "loose-caption", "mixed-quotes",
    "mojibake", "name-variant", "near-repeat", "quote-debris", "repeated-caption", "repeated-paragraph",
    "site-template", "stray-punctuation", "teaser", "truncated-text", "foreign-span", "wrong-language",
)  # fmt: skip

FLAGS = {
    "nothing at all": "⟦⟧",
    "a headline alone": "⟦The mill on the river turns again⟧",
    "a headline and furniture": "⟦The mill on the river turns again⟧\n\nAdvertisement\n\nAdvertisement",
    "without spaces": "⟦河边的磨坊又转起来了⟧",
}
PASSES = {
    "a short report": (
        "The mill on the river turns again, and on Sunday everyone who gave a day's work is invited to bread. "
        "The council has promised to keep the bridge in repair."
    ),
    "a short report without spaces": (
        "河边的磨坊星期天再次转动，所有出过力的人都被邀请来品尝第一炉面包。村议会承诺将继续维修村口的老桥，"
        "并且把磨坊附近的小路也一起修好，方便老人和孩子们前来参观。"
    ),
    "a poem": (
        "The wheel goes round,\nthe water falls,\nand no one grinds\nthe corn;\nthe miller's gone,\n"
        "the door stands wide,\nthe sacks are old\nand torn."
    ),
}

# A brief in a newspaper has thirty words or more; a Chinese one says them in sixty characters.
_WORDS = 25
_CHARACTERS = 60
# What these find is no part of the article. Notes on the article and on photos are, and so is a repaired character.
_KEPT = (
    "editorial-notice", "photo-credit", "loose-caption", "mixed-quotes", "name-variant", "near-repeat", "quote-debris",
    "truncated-text", "mojibake", "invisible-character", "foreign-span", "language-mismatch", "wrong-language",
)  # fmt: skip


def find(article: Article, found: Found) -> Iterator[Mark]:
    # Cheap and common: what no check could empty. A mark that covers half of every paragraph is rare in a long text.
    paragraphs = article.paragraphs
    removing = [name for name in found.marks if name not in _KEPT]
    removed = found.paragraphs(*removing) if removing else set()
    words = characters = 0
    kept = None
    for paragraph in paragraphs:
        if paragraph.index in removed:
            continue
        kept = kept or paragraph
        if is_cjk(paragraph.text):
            characters += sum(map(str.isalnum, paragraph.text))
        else:
            # No more than are enough.
            words += len(paragraph.text.split(None, _WORDS))
        # Mixed texts count in shares.
        if words * _CHARACTERS + characters * _WORDS >= _WORDS * _CHARACTERS:
            return
    marked = kept or (paragraphs[0] if paragraphs else None)
    span = marked.span() if marked else Span(0, 0)
    count, noun = (characters, "character") if characters else (words, "word")
    left = f"{count} {noun}{'' if count == 1 else 's'}"
    yield Mark(span, f"Left once the rest is removed: {left}." if removed else f"The text has only {left}.")
