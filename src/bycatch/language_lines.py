"""A line as the votes on its language see it: without what has no language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

# Where the words outside quotations and brackets are fewer, the line is judged by what it quotes.
_WORDS_OUTSIDE: Final = 3

_NOISE: Final = re.compile(
    r"(?:https?://|www\.)\S+|\S+@\S+|\S+ ?[\[(]at[\])] ?\S+|[#@]\w+|\b[\w-]+(?:\.[\w-]+)+(?:/\S*)?|\b\w*\d\w*"
    # A letter that was lost on the way: "Espa?ol".
    r"|\b\w+\?\w+"
)
# What stands before an item of a list; a lone "o" is how browsers' text shows a bullet of the second rank.
_BULLET: Final = re.compile(r"\s*(?:[-*+•·▪‣–—►»>]|o|\d{1,3}[.)])\s+")
_INVISIBLE: Final = re.compile("[\u00ad\u200b\u2060\ufeff]")
# Letters of a text that was decoded wrongly.
_BROKEN: Final = re.compile("[\x80-\x9f\ufffd]")
_ASIDES: Final = re.compile(
    r"\[[^\[\]]{1,2000}\]|\([^()]{1,2000}\)|«[^«»]{1,2000}»|“[^“”]{1,2000}”|„[^„“”]{1,2000}[“”]|\"[^\"]{1,2000}\"|”[^”]{1,2000}”|‘[^‘’]{1,2000}’|「[^「」]{1,2000}」"
)
# "E-mail" and "know-how" are one word each, in every language.
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’ʼ`-][^\W\d_]+)*['’]?")
_CODE: Final = re.compile(r"[{}=;<>\\|$_~^]|\(\)|::|//|->")
# Three such marks are more than a sentence holds; one of these is enough.
_CODE_MARKS: Final = 3
_SURELY_CODE: Final = re.compile(
    r"\w\(\)|\w_\w|\w=[\w\"“']| [-+*]?=+ |#!|`[^`]{1,80}`|[$%][a-z]|\(\[|[(\[][\"']|[{}]|(?:^| )/\w+/\w"
    r"|\bSELECT [\w*]|^(?:\$|>>>|#) |(?:^|\s)--[a-z]+(?:-[a-z]+)+"
)
_REFERENCE: Final = re.compile(
    r"\((?:19|20)\d\d[a-z]?\)|\b(?:pp?|[Vv]ol|[Nn]r|[Nn]o|[Ee]ds?|Hrsg|Hg)\. ?\d?|\b(?:doi|DOI|ISBN|ISSN|arXiv)\b"
    r"|\bet al\b|\b[A-Z]\.(?:[ -]?[A-Z]\.)*(?=,|;| &)|\b\d+ ?\(\d+\)[,:]|\b\d+[-–]\d+\b|\b[A-Z][a-z]+, [A-Z]\."
    r"|[;.:] (?:19|20)\d\d[.,;)]|[.,] [A-Z]\w+: [A-Z]|\b[A-Z]\w+, [A-Z]\w+[.:] (?=[A-Z\d])"
    r"|\b(?:University Press|Verlag|Publishers?|Journal of|Proceedings of|Routledge|Springer|Elsevier)\b"
)
_SURELY_REFERENCE: Final = re.compile(
    r"\((?:19|20)\d\d[a-z]?\)(?:: |\. (?=[A-Z]))|\b(?:doi|DOI):|\b(?:19|20)\d\d; ?\d+[(:]"
    r"|\b(?:ISBN|ISSN)\b|\bet al\.|^\W*\d{1,3}[\].]? [A-Z]\w+, [A-Z]"
)
# One is a year or a page in any sentence; two are a reference.
_REFERENCE_MARKS: Final = 2


@dataclass(frozen=True, slots=True)
class Prepared:
    """A line as the votes see it: ``text`` without names and asides, its words in lower case, and how many speak.

    ``framed``: its first and last words are capitalised, as a title's are. ``shouted``: it was all in capitals.
    """

    text: str
    words: tuple[str, ...]
    evidence: int
    capitals: int
    numbers: bool
    framed: bool
    shouted: bool


def bare(text: str) -> str:
    """The text without the bullet or number of its list item and without marks that are not seen."""
    if (bullet := _BULLET.match(text)) is not None:
        text = text[bullet.end() :]
    return text if text.isascii() else _INVISIBLE.sub("", text)


def is_prose(text: str) -> bool:
    """Whether the text is to be judged by its language: no code, no reference to a book, nothing broken."""
    return not (_is_code(text) or _is_reference(text) or _BROKEN.search(text))


def prepare(text: str) -> Prepared:
    """Take out what has no language: addresses, hashtags, quotations, brackets, and the capitalised words of names."""
    numbers = any(map(str.isdigit, set(text)))
    text = _NOISE.sub(" ", text)
    outside = _ASIDES.sub(" ", text)
    # A line that is all quotation is judged by it, but not by the song title after a singer's name.
    around = _WORD.findall(outside)
    if len(around) >= _WORDS_OUTSIDE or (around and all(word[0].isupper() for word in around)):
        text = outside
    words = _WORD.findall(text.replace("ʼ", "'").replace("’", "'"))
    shouted = text.isupper()
    if shouted:
        words = [word.lower() for word in words]
    framed = bool(words) and words[0][0].isupper() and words[-1][0].isupper()
    kept: list[str] = []
    letters: set[str] = set()
    evidence = capitals = 0
    for index, word in enumerate(words):
        lower = word.lower()
        if word != lower:
            capitals += 1
            if index:
                continue
        elif len(word) > 1:
            evidence += 1
        elif word in "aàieèéoòóuyàåöіввскяоуи":
            letters.add(word)
        kept.append(lower)
    return Prepared(" ".join(kept), tuple(kept), evidence + len(letters), capitals, numbers, framed, shouted)


def _is_code(text: str) -> bool:
    return _SURELY_CODE.search(text) is not None or len(_CODE.findall(text)) >= _CODE_MARKS


def _is_reference(text: str) -> bool:
    return _SURELY_REFERENCE.search(text) is not None or len(_REFERENCE.findall(text)) >= _REFERENCE_MARKS
