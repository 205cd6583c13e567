"""A line as the votes on its language see it: without what has no language."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

# Where the words outside quotations and brackets are fewer, the line is judged by what it quotes.
_WORDS_OUTSIDE: Final = 3

# Without one of the first a line holds neither a number nor an address, without one of the others no address: most
# lines are spared both patterns.
_NOISE_MARK: Final = re.compile(r"[@#:.?\d)\]]")
_ADDRESS_MARKS: Final = ("@", "#", "://", "www.", "at)", "at]")
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+|\S+ ?[\[(]at[\])] ?\S+|[#@]\w+")
# Names of files and sites, and numbers with what belongs to them. Nothing is tried twice: a line takes a fourth of the
# time that it takes without the possessive quantifiers.
_NUMBER: Final = re.compile(
    r"\b(?:[\w-]++(?:\.[\w-]++)++(?:/\S*)?|[^\W\d]*+\d\w*"
    # A letter that was lost on the way: "Espa?ol".
    r"|\w++\?\w+)"
)
# What stands before an item of a list; a lone "o" is how browsers' text shows a bullet of the second rank.
_BULLET: Final = re.compile(r"\s*(?:[-*+•·▪‣–—►»>]|o|\d{1,3}[.)])\s+")
_INVISIBLE: Final = re.compile("[\u00ad\u200b\u2060\ufeff]")
# Letters of a text that was decoded wrongly.
_BROKEN: Final = re.compile("[\x80-\x9f\ufffd]")
_ASIDES: Final = re.compile(
    r"\[[^\[\]]{1,2000}\]|\([^()]{1,2000}\)|«[^«»]{1,2000}»|“[^“”]{1,2000}”|„[^„“”]{1,2000}[“”]|\"[^\"]{1,2000}\"|”[^”]{1,2000}”|‘[^‘’]{1,2000}’|「[^「」]{1,2000}」"
)
_WORDS_OF_A_LETTER: Final = frozenset("aàieèéoòóuyàåöіввскяоуи")
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


class Prepared(NamedTuple):
    """A line as the votes see it: ``text`` without names and asides, its words in lower case, and how many speak.

    ``given`` is the line itself.
    ``framed``: its first and last words are capitalised, as a title's are. ``shouted``: it was all in capitals.
    """

    given: str
    text: str
    words: list[str]
    evidence: int
    capitals: int
    framed: bool
    shouted: bool

    @property
    def numbers(self) -> bool:
        """Whether there are figures in the line: few lines are asked."""
        return any(map(str.isdigit, self.given))


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
    given = text
    if _NOISE_MARK.search(text) is not None:
        if any(mark in text for mark in _ADDRESS_MARKS):
            text = _ADDRESS.sub(" ", text)
        text = _NUMBER.sub(" ", text)
    outside = _ASIDES.sub(" ", text)
    if outside != text:
        # A line that is all quotation is judged by it, but not by the song title after a singer's name.
        around = _WORD.findall(outside)
        if len(around) >= _WORDS_OUTSIDE or (around and all(word[0].isupper() for word in around)):
            text = outside
    words = _WORD.findall(text.replace("ʼ", "'").replace("’", "'"))
    shouted = text.isupper()
    if shouted:
        words = [word.lower() for word in words]
    framed = bool(words) and words[0][0].isupper() and words[-1][0].isupper()
    kept = [word for word in words if word == word.lower()]
    evidence = sum([len(word) > 1 for word in kept]) + len(_WORDS_OF_A_LETTER.intersection(kept))
    capitals = len(words) - len(kept)
    if capitals and words[0] != (first := words[0].lower()):
        kept.insert(0, first)
    return Prepared(given, " ".join(kept), kept, evidence, capitals, framed, shouted)


def _is_code(text: str) -> bool:
    return _SURELY_CODE.search(text) is not None or len(_CODE.findall(text)) >= _CODE_MARKS


def _is_reference(text: str) -> bool:
    return _SURELY_REFERENCE.search(text) is not None or len(_REFERENCE.findall(text)) >= _REFERENCE_MARKS
