"""A paragraph stands in another language than its article.

Furniture of the site, teasers of another edition, paragraphs that the translator left alone: a scraper takes them for
text. Names, captions, scores and quotations fool every language detector, so a paragraph is flagged only when words in
lower case are left after these are set aside, its little words (the, and, of) are foreign, and pycld2, eld and
langdetect contradict the article's language together. Never flagged, for a line or two does not tell them apart:
Norwegian, Danish, Swedish and Faroese; Croatian, Serbian, Bosnian, Slovenian and Macedonian; Spanish, Galician,
Catalan, Asturian and Occitan; Portuguese and Galician; Czech and Slovak; Russian, Ukrainian, Belarusian and
Bulgarian; Dutch, Afrikaans and Frisian; German and Luxembourgish; Indonesian, Malay and Javanese; Arabic, Persian and
Urdu. Neighbours such as Spanish and Italian need six words. A paragraph that is all quotation gets a note.
Silent where the article's
language is unknown.
"""

import re
from collections.abc import Iterator

from bycatch.article import Article, Mark
from bycatch.inspection import Found
from bycatch.language import described, foreign, main_language, makeup

TITLE = "Paragraph in another language"
SEVERITY = "warning"
MESSAGE = "The paragraph is in another language than the article."
FIX = "delete paragraph"
AFTER = ("wrong-language",)

FLAGS = {
    "English in a French article": {
        "text": "Le maire a démissionné mardi.\n\n⟦This story was first published in our weekend edition.⟧",
        "lang": "fr",
    },
}
PASSES = {
    "the article's own language": {"text": "Le maire a démissionné mardi.", "lang": "fr"},
}

# Nothing but one quotation: the original words of somebody, and perhaps meant to be.
_QUOTATION = re.compile(r"[\"“„«»‘‚][^\"“”„«»]+[\"”“»«’][.,]?")


def find(article: Article, found: Found) -> Iterator[Mark]:
    """Every paragraph in another language that no phrase check has named already."""
    main = main_language(article.lang)
    if main is None or _disputed(article, found, main):
        return
    named = _named_by_phrases(found)
    for paragraph in article.paragraphs:
        if paragraph.index in named:
            continue
        lang = foreign(paragraph.text, main)
        if lang is None:
            continue
        if _QUOTATION.fullmatch(paragraph.text.strip()):
            yield Mark(paragraph.span(), f"A quotation: {described(lang, main)}.", lang=lang, severity="note")
        else:
            yield Mark(paragraph.span(), f"{described(lang, main)}.", lang=lang)


def _disputed(article: Article, found: Found, main: str) -> bool:
    """Whether the article's language itself is in question, which is one finding and not one for each paragraph."""
    if "wrong-language" in found.marks:
        return bool(found.marks["wrong-language"])
    return makeup([paragraph.text for paragraph in article.paragraphs], main) is not None


def _named_by_phrases(found: Found) -> set[int]:
    checks = [name for name, marks in found.marks.items() if any(mark.phrase is not None for mark in marks)]
    return found.paragraphs(*checks) if checks else set()
