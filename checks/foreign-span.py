"""An insert in brackets, parentheses or quotation marks was left untranslated.

Machine translation skips what stands in square brackets, as editors' additions to a quotation do, and now and then a
parenthesis. The insert is judged like a paragraph: names and titles are set aside, and all votes must agree. Each kind
of bracket is looked at by itself, so that a bracket inside a quotation is found. A quotation in its own language is
legitimate; it gets a note.
"""

import itertools
import re
from bisect import bisect_left, bisect_right
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
# Where an insert may stand in a whole text, and its fewest words. What opens and closes with the same mark pairs
# otherwise there than in a paragraph: any of them may open.
_MAY_OPEN = _BRACKETS | _QUOTES | {'"': re.compile(rf'"(?=([^"]{{{_SHORTEST},{_LONGEST}}}))')}
_WORDS = dict.fromkeys(_QUOTES, _WORDS_OF_A_QUOTATION) | {"(": _WORDS_OF_A_CLAUSE, "[": 1}


def find(article: Article, found: Found) -> Iterator[Mark]:
    """Inserts in brackets (warnings) and quotations (notes) in another language, paragraph by paragraph."""
    main = main_language(article.lang)
    if main is None or found.marks.get("wrong-language"):
        return
    indices = _with_inserts(article)
    if not indices:
        return
    taken = _Reach(mark.span for marks in found.marks.values() for mark in marks if mark.phrase is not None)
    for index in sorted(indices - found.paragraphs("language-mismatch")):
        for mark in _inserts(article.paragraphs[index], main):
            if taken.of_those_before(mark.span.start + 1) < mark.span.end:
                yield mark


class _Reach:
    """How far spans reach, without looking at each: a page may have a hundred thousand."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._ends = [*itertools.accumulate((end for _, end in ordered), max, initial=-1)]

    def of_those_before(self, position: int) -> int:
        """The last end of the spans that start before the position; -1 where there are none."""
        return self._ends[bisect_left(self._starts, position)]


def _with_inserts(article: Article) -> set[int]:
    """The indices of paragraphs that may hold an insert: the whole text is searched sooner than every paragraph."""
    text, starts = article.text, article.paragraph_starts
    indices = {
        bisect_right(starts, match.start()) - 1
        for opening, pattern in _MAY_OPEN.items()
        if opening in text
        for match in pattern.finditer(text)
        if len(match[match.lastindex or 0].split()) >= _WORDS[opening]
    }
    # Front matter stands before the first paragraph.
    return indices - {-1}


def _inserts(paragraph: Paragraph, main: str) -> Iterator[Mark]:
    text = paragraph.text
    bracketed: list[tuple[int, int]] = []
    for opening, pattern in _BRACKETS.items():
        for match in pattern.finditer(text) if opening in text else ():
            inner = match.group()[1:-1]
            if opening == "(" and _is_term(inner):
                continue
            if (lang := foreign(inner, main)) is not None:
                bracketed.append(match.span())
                yield Mark(_span(paragraph, match), f"Untranslated insert: {described(lang, main)}.", lang=lang)
    taken = _Reach(bracketed)
    for opening, pattern in _QUOTES.items():
        for match in pattern.finditer(text) if opening in text else ():
            if taken.of_those_before(match.end()) > match.start():
                continue
            inner = match.group()[1:-1]
            if len(inner.split()) >= _WORDS_OF_A_QUOTATION and (lang := foreign(inner, main)) is not None:
                message = f"Quotation in its own language: {described(lang, main)}."
                yield Mark(_span(paragraph, match), message, lang=lang, severity="note")


def _is_term(inner: str) -> bool:
    words = inner.split()
    names = sum(word[0].isupper() for word in words)
    return len(words) < _WORDS_OF_A_CLAUSE or 3 * names > len(words) or _GLOSS.match(inner) is not None


def _span(paragraph: Paragraph, match: re.Match[str]) -> Span:
    return Span(paragraph.start + match.start(), paragraph.start + match.end())
