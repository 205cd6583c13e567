"""A full stop alone on its line, or a second one after a space: what is left where a link or a photo was cut out.

Translation engines leave them too. Marks that divide the parts of a text (three asterisks, a dash) are left alone,
and so are spaced dots of omission.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bycatch.article import Article, Fix, Mark, Span

TITLE = "Stray punctuation"
SEVERITY = "error"
FIX = "delete paragraph"

FLAGS = {
    "a lone full stop": "The mill turns again.\n\n⟦.⟧\n\nIt will be open on Sunday.",
    "a lone bar": "The mill turns again.\n\n⟦|⟧\n\nIt will be open on Sunday.",
    "lone commas and empty brackets": "The mill turns again.\n\n⟦, ,⟧\n\nIt will be open.\n\n⟦()⟧\n\n⟦| |⟧",
    "a second full stop": "Le moulin tourne de nouveau sur la rive⟦. .⟧ Il ouvre dimanche.",
    "at the end": "Die Mühle dreht sich wieder⟦. .⟧\n\nAm Sonntag öffnet sie.",
    "without spaces": "磨盘星期天再次转动⟦。 。⟧\n\n大家都被邀请。",
    "a comma left before the stop": "The mill turns again⟦ ,.⟧ It will be open on Sunday.",
}
PASSES = {
    "dividers": "One.\n\n***\n\nTwo.\n\n* * *\n\nThree.\n\n—\n\nFour.\n\n⁂\n\nFive.\n\n#\n\nSix.\n\n…\n\nSeven.\n\n---",
    "dots of omission": "The mill . . . turns again. . . . It will be open.",
    "Spaced dots as a paragraph": "One.\n\n. . .\n\nTwo.\n\n...\n\nThree.",
    "numbers and code": "Version 1. .5 of the rate; run ls . .. and then cd . .",
    "abbreviations": "Er kam um 12 Uhr usw. . . und ging.",
    "a score": "White: e4. Black: e5. 1. e4 e5 2. . . d6",
    "question marks": "What?\n\n???\n\n!!\n\nYes.",
    "lines of code": "run:\n\n{\n\n}\n\n],\n\n);",
    "a quote that a link has split": "The sign says\n\n“\n\nMill Road\n\n”.\n\nand nothing else.",
    "a file name": "Put the rule into . .gitignore and be done.",
}

# Marks that no author sets alone on a line. Asterisks, dashes, tildes, dots in threes, hashes and ornaments divide
# parts of a text; question and exclamation marks are speech without words; brackets may be code.
_ALONE = frozenset(".,;:|/·،؛。、，；：｜")
# Brackets and quotes around nothing, as a link that was cut out leaves them.
_EMPTY = frozenset(("()", "（）", "«»", "“”", "„“", "「」", "()."))
# Dots in threes and their like, the shorthand for "text left out", whatever their number.
_OMISSION = re.compile(r"(?:\.\s?){2,}|[:/·。]{2,}|[:/·](?:\s[:/·])+")
_LONGEST = 6
SIGNS = (f"^.{{1,{_LONGEST}}}$", r"[.。][ \u00a0\u202f][.。]", r",\.")
# A letter or a closing mark, one stop, a space, one stop, and then the end of the line or a new sentence.
_DOUBLE = re.compile(r"(?<=[^\W\d_]|[)\]»”’\"])([.。])[ \u00a0\u202f]([.。])(?=\s*$|\s+[^\W\d_a-z.]|\s*[\r\n])")
# Of which one stands in every text that the patterns find; the last is that of the second. First their rarest mark.
_DOUBLES = ((".", ". ."), ("。", "。 。"), ("\u00a0", ".\u00a0."), ("\u202f", ".\u202f."), (",", ",."))
_COMMA = re.compile(r"(?<=[^\W\d_])( ?,\.)(?=\s*$|\s+[A-ZÀ-ÖØ-ÞА-ЯΑ-Ω])")


def find(article: Article) -> Iterator[Mark]:
    whole = article.text
    doubles = [marks for rarest, marks in _DOUBLES if rarest in whole and marks in whole]
    paragraphs = article.paragraphs
    for paragraph in paragraphs if doubles else [p for p in paragraphs if len(p.text) <= _LONGEST]:
        text = paragraph.text
        if len(text) <= _LONGEST:
            bare = "".join(text.split())
            if bare in _EMPTY or (all(c in _ALONE for c in bare) and not _OMISSION.fullmatch(text)):
                yield Mark(paragraph.span(), f"The paragraph is nothing but “{text}”.")
            continue
        if any(marks in text for marks in doubles if marks != ",."):
            for match in _DOUBLE.finditer(text):
                # Spaced dots of omission come in threes or more.
                after = text[match.end() : match.end() + 3].lstrip()
                if text[max(0, match.start() - 1)] == "." or after.startswith("."):
                    continue
                yield _mark(paragraph.start, match, match.group(1), "A second full stop follows the first.")
        if ",." in text:
            for match in _COMMA.finditer(text):
                yield _mark(paragraph.start, match, ".", "A comma stands before the full stop.")


def _mark(start: int, match: re.Match[str], text: str, message: str) -> Mark:
    span = Span(start + match.start(), start + match.end())
    return Mark(span, message, fix=Fix("replace", span, text, safe=True))
