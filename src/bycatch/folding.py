"""Folding: lower case and plain typography, every character kept at its place.

A match in folded text is at the same position in the original, so no offset map is needed. This rests on
``str.lower()`` keeping the length of every string except for U+0130, checked over all code points in the tests.
``casefold`` changes lengths (ß, ﬁ), and ``translate`` is ten times slower than a chain of ``replace``, which for a
text of two thousand characters takes three times as long as a table.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_QUOTES: Final = (
    "\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}\N{SINGLE LOW-9 QUOTATION MARK}"
    "\N{SINGLE HIGH-REVERSED-9 QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}\N{PRIME}\N{ACUTE ACCENT}`"
    "\N{FULLWIDTH APOSTROPHE}"
)
_DOUBLE_QUOTES: Final = (
    "\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"
    "\N{DOUBLE LOW-9 QUOTATION MARK}\N{DOUBLE HIGH-REVERSED-9 QUOTATION MARK}"
    "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}"
    "\N{DOUBLE PRIME}\N{FULLWIDTH QUOTATION MARK}"
)
_DASHES: Final = (
    "\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}\N{EN DASH}\N{EM DASH}\N{HORIZONTAL BAR}"
    "\N{MINUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}"
)
_SPACES: Final = (
    "\t\n\r\x0b\x0c\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{FIGURE SPACE}\N{THIN SPACE}"
    "\N{HAIR SPACE}\N{EN SPACE}\N{EM SPACE}\N{IDEOGRAPHIC SPACE}"
)
# Greek capitals are written without the accent ("ΔΙΑΒΑΣΤΕ" for "Διαβάστε"), and final sigma is a matter of place.
_GREEK: Final = dict(zip("άέήίόύώϊϋΐΰς", "αεηιουωιυιυσ", strict=True))

FOLDS: Final[tuple[tuple[str, str], ...]] = (
    *((c, "'") for c in _QUOTES),
    *((c, '"') for c in _DOUBLE_QUOTES),
    *((c, "-") for c in _DASHES),
    *((c, " ") for c in _SPACES),
    *_GREEK.items(),
    ("\N{LATIN SMALL LETTER DOTLESS I}", "i"),
    ("\N{HORIZONTAL ELLIPSIS}", "."),
    # Chinese and Japanese set either width of these.
    *zip("：；！？（），", ":;!?(),", strict=True),
)
_ASCII_FOLDS: Final = tuple(pair for pair in FOLDS if pair[0].isascii())
# Characters from which on a table is faster.
_WORTH_A_TABLE: Final = 500


def fold(text: str) -> str:
    """``text`` in lower case with plain quotes, dashes and spaces; as long as ``text``, position by position.

    Lone surrogates, which no encoder takes, become U+FFFD.
    """
    if text.isascii():
        folded = text.lower()
        for old, new in _ASCII_FOLDS:
            folded = folded.replace(old, new)
        return folded
    by_table = _by_table(text) if len(text) >= _WORTH_A_TABLE else None
    return _by_rules(text) if by_table is None else by_table


def _by_rules(text: str) -> str:
    folded = text.replace("\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}", "i").lower()
    for old, new in FOLDS:
        folded = folded.replace(old, new)
    return folded if _encodable(folded) else "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in folded)


def _by_table(text: str) -> str | None:
    """`fold` by one look-up for each character; None where a character takes two units of UTF-16, or none."""
    import numpy as np  # what folds a few words need not load it

    try:
        units = np.frombuffer(text.encode("utf-16-le"), np.uint16)
    except UnicodeEncodeError:
        return None
    return table()[units].tobytes().decode("utf-16-le") if len(units) == len(text) else None


@cache
def table() -> npt.NDArray[np.uint16]:
    """What each character of the first plane folds to; the halves of surrogate pairs, which are none, to U+FFFD."""
    import numpy as np

    folded = np.arange(0x10000, dtype=np.uint16)
    folded[0xD800:0xE000] = 0xFFFD
    return np.frombuffer(_by_rules(folded.tobytes().decode("utf-16-le")).encode("utf-16-le"), np.uint16)


def fold_decomposed(text: str) -> tuple[str, tuple[int, ...]]:
    """Fold text that holds decomposed letters; also return where each folded character came from.

    The offsets have one entry more than the folded text: the last is ``len(text)``.
    """
    pieces: list[str] = []
    offsets: list[int] = []
    at = 0
    while at < len(text):
        end = at + 1
        while end < len(text) and _joins(text[end]):
            end += 1
        piece = fold(unicodedata.normalize("NFC", text[at:end]))
        pieces.append(piece)
        offsets.extend([at] * len(piece))
        at = end
    return "".join(pieces), (*offsets, len(text))


def without_accents(folded: str) -> str:
    """Latin letters without their accents: capitals are often set without them ("PUBLICITE")."""
    return folded if folded.isascii() else "".join(map(_plain, folded))


def spellings(folded: str) -> tuple[str, str, str]:
    """The text and what it may become in capitals: with ss for ß, and without accents."""
    if folded.isascii():
        return folded, folded, folded
    return folded, folded.replace("ß", "ss"), without_accents(folded)


def _plain(character: str) -> str:
    if character == "ß":
        return "ss"
    # Other scripts keep their marks: й is not и, and が is not か.
    return unicodedata.normalize("NFD", character)[0] if "\u00c0" <= character < "\u0250" else character


def _joins(character: str) -> bool:
    # Hangul vowels and finals compose with what stands before them although their combining class is 0.
    return unicodedata.combining(character) != 0 or "\u1160" <= character <= "\u11ff"


def _encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
