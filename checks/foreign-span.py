"""An insert in brackets, parentheses or quotation marks was left untranslated.

Machine translation skips what stands in square brackets, as editors' additions to a quotation do, and now and then a
parenthesis. The insert is judged like a paragraph: names and titles are set aside, and all votes must agree. Each kind
of bracket is looked at by itself, so that a bracket inside a quotation is found. A quotation in its own language is
legitimate; it gets a note.
"""

import re
from collections.abc import Iterable, Iterator

from bycatch.article import Article, Mark, Paragraph, Span
from bycatch.inspection import Found
from bycatch.language import described, foreign, main_language

TITLE = "Untranslated insert"
SEVERITY = "warning"
MESSAGE = "An insert is in another language than the article."
FIX = "none"
AFTER = ("language-mismatch", "wrong-language")

FLAGS = {
    "an editor's addition": {
        "text": "Le ministre a promis de publier « le rapport ⟦[on the safety of the old reactors]⟧ » avant l'été.",
        "lang": "fr",
    },
    "inside other quotation marks": {
        "text": "Il a dit que “c'était prévu par l'accord ⟦[which both sides signed in spring]⟧”, a ajouté son avocat.",
        "lang": "fr",
    },
    "a parenthesis": {
        "text": "Die Behörde will prüfen ⟦(we will update this page as soon as we hear more)⟧, ob das "
        "Bad schließen muss.",
        "lang": "de",
    },
    "two of them": {
        "text": "La ministra ⟦[who was speaking to reporters]⟧ negó todo; su portavoz ⟦[when asked about "
        "the letter]⟧ calló.",
        "lang": "es",
    },
    "a quotation in its own language, a note": {
        "text": "Sur sa tombe on peut lire ⟦« he was the only one of us who never asked for anything »⟧, "
        "sans aucun nom.",
        "lang": "fr",
    },
}
PASSES = {
    "the article's own language": {
        "text": "Le ministre [qui est parti depuis longtemps] a promis le rapport.",
        "lang": "fr",
    },
    "shortcodes and dots": {
        "text": "Le texte [ad_1] continue [...] ici [sic] et là [note 3 de la page].",
        "lang": "fr",
    },
    "an institution": {
        "text": "L'agence (Organization for Security and Co-operation in Europe, OSCE) et la banque "
        "[Bank of England] ont refusé.",
        "lang": "fr",
    },
    "a term given in another language": {
        "text": "Der Stoff (engl.: endocrine disrupting chemical of the second kind) und das Protokoll "
        "(service set identifier) sind bekannt.",
        "lang": "de",
    },
    "a title": {
        "text": "Er sang «All You Need Is Love» und las aus “The Old Man and the Sea” [The Old Man and the Sea].",
        "lang": "de",
    },
    "a slogan": {"text": "Le slogan « yes we can » (“yes we can”) a fait le tour du monde.", "lang": "fr"},
    "Latin": {
        "text": "Le principe « in dubio pro reo » [nemo tenetur se ipsum accusare] protège l'accusé.",
        "lang": "fr",
    },
    "code": {
        "text": "On écrit [if x in the_list and not y] ou (print the_list and then return it()) dans le fichier.",
        "lang": "fr",
    },
    "a name in its own letters": {
        "text": "Le fleuve Jaune (黄河) et Léon Tolstoï [Лев Николаевич Толстой] sont connus.",
        "lang": "fr",
    },
    "no language": "Le rapport [on the safety of the old reactors] est prêt.",
    "brackets that do not close": {
        "text": "Le rapport [on the safety of the old reactors est prêt (and so it goes",
        "lang": "fr",
    },
}
MISSES = {
    "two words in lower case among names": {
        "text": "Le club ⟦[Leeds United have signed Tom Barlow]⟧ ne dit rien.",
        "lang": "fr",
    },
}

# The shortest clause that three votes are right about; the longest insert that is not a paragraph of its own.
_SHORTEST, _LONGEST = 12, 600
_BRACKETS = {
    "[": re.compile(rf"\[[^\[\]]{{{_SHORTEST},{_LONGEST}}}\]"),
    "(": re.compile(rf"\([^()]{{{_SHORTEST},{_LONGEST}}}\)"),
}
_QUOTES = {
    "«": re.compile(rf"«[^«»]{{{_SHORTEST},{_LONGEST}}}»"),
    "“": re.compile(rf"“[^“”„]{{{_SHORTEST},{_LONGEST}}}”"),
    "„": re.compile(rf"„[^„“”]{{{_SHORTEST},{_LONGEST}}}[“”]"),
    '"': re.compile(rf'"[^"]{{{_SHORTEST},{_LONGEST}}}"'),
}
# "(engl. …)", "(in the original: …)": a term that is given in another language on purpose. So are most short
# parentheses: the English name of a protein, an institution, a rule.
_GLOSS = re.compile(r"\s*\w{2,12}(?: \w{2,12}){0,2} ?[.:=]", re.UNICODE)
_WORDS_OF_A_CLAUSE = 6
# Song titles and slogans have up to five words in lower case; a sentence that is quoted has more.
_WORDS_OF_A_QUOTATION = 8


def find(article: Article, found: Found) -> Iterator[Mark]:
    """Inserts in brackets (warnings) and quotations (notes) in another language, paragraph by paragraph."""
    main = main_language(article.lang)
    if main is None or found.marks.get("wrong-language"):
        return
    opened = [opening for opening in (*_BRACKETS, *_QUOTES) if opening in article.text]
    if not opened:
        return
    taken = [mark.span for marks in found.marks.values() for mark in marks if mark.phrase is not None]
    foreign_already = found.paragraphs("language-mismatch")
    for paragraph in article.paragraphs:
        openings = [opening for opening in opened if opening in paragraph.text]
        if not openings or paragraph.index in foreign_already:
            continue
        for mark in _inserts(paragraph, openings, main):
            if not any(span.start <= mark.span.start and mark.span.end <= span.end for span in taken):
                yield mark


def _inserts(paragraph: Paragraph, openings: Iterable[str], main: str) -> Iterator[Mark]:
    """Brackets come first: a quotation around one that is marked is not looked at again."""
    bracketed: list[Span] = []
    for opening in openings:
        if opening in _BRACKETS:
            for match in _BRACKETS[opening].finditer(paragraph.text):
                inner = match.group()[1:-1]
                if opening == "(" and _is_term(inner):
                    continue
                if (lang := foreign(inner, main)) is not None:
                    bracketed.append(span := _span(paragraph, match))
                    yield Mark(span, f"Untranslated insert: {described(lang, main)}.", lang=lang)
    for opening in openings:
        if opening in _QUOTES:
            for match in _QUOTES[opening].finditer(paragraph.text):
                span, inner = _span(paragraph, match), match.group()[1:-1]
                if any(start < span.end and span.start < end for start, end in bracketed):
                    continue
                if len(inner.split()) >= _WORDS_OF_A_QUOTATION and (lang := foreign(inner, main)) is not None:
                    message = f"Quotation in its own language: {described(lang, main)}."
                    yield Mark(span, message, lang=lang, severity="note")


def _is_term(inner: str) -> bool:
    words = inner.split()
    names = sum(word[0].isupper() for word in words)
    return len(words) < _WORDS_OF_A_CLAUSE or 3 * names > len(words) or _GLOSS.match(inner) is not None


def _span(paragraph: Paragraph, match: re.Match[str]) -> Span:
    return Span(paragraph.start + match.start(), paragraph.start + match.end())
