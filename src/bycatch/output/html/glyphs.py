"""Text of strangers on a page: escaped, with every character that hides, controls or reverses shown as a glyph."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from markupsafe import Markup, escape

# Control characters but tab and line ends, soft hyphens, zero-width and bidi characters, separators, annotation
# marks, tags, variation selectors of the supplement, and lone surrogates, which no encoder takes.
_HIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff9-\ufffc\ufffe\uffff\ud800-\udfff"
    "\U000e0000-\U000e01ef]"
)
_SHORT: Final = {
    0xAD: "SHY", 0x34F: "CGJ", 0x61C: "ALM", 0x200B: "ZWSP", 0x200C: "ZWNJ", 0x200D: "ZWJ", 0x200E: "LRM",
    0x200F: "RLM", 0x2028: "LSEP", 0x2029: "PSEP", 0x202A: "LRE", 0x202B: "RLE", 0x202C: "PDF", 0x202D: "LRO",
    0x202E: "RLO", 0x2060: "WJ", 0x2066: "LRI", 0x2067: "RLI", 0x2068: "FSI", 0x2069: "PDI", 0xFEFF: "BOM",
    0xFFFC: "OBJ",
}  # fmt: skip
_JOINERS: Final = "\u200c\u200d"
# From here on scripts use joiners in their spelling (Persian, the languages of India) and emoji are built with them.
_JOINED_SCRIPTS: Final = "\u0590"


def seen(text: object) -> Markup:
    """Escaped text in which hidden characters are boxes with their name, and do nothing."""
    string = str(text)
    pieces: list[Markup] = []
    at = 0
    for hit in _HIDDEN.finditer(string):
        if _spells(string, hit.start()):
            continue
        pieces.append(escape(string[at : hit.start()]))
        pieces.append(_box(hit.group()))
        at = hit.end()
    return Markup("").join((*pieces, escape(string[at:])))


def flat(text: object) -> str:
    """Text on one line in which hidden characters are named, for attributes, page titles and data; not escaped."""
    string = str(text)
    shown = _HIDDEN.sub(lambda m: m.group() if _spells(string, m.start()) else f"‹{_label(m.group())}›", string)
    return " ".join(shown.split())


def clip(text: str, length: int) -> str:
    """The text, cut to ``length`` characters with an ellipsis where it is longer."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def _spells(text: str, at: int) -> bool:
    return (
        text[at] in _JOINERS and at > 0 and text[at - 1] >= _JOINED_SCRIPTS and not "\u2000" <= text[at - 1] <= "\u206f"
    )


def _label(character: str) -> str:
    code = ord(character)
    return _SHORT.get(code) or f"U+{code:04X}"


def _box(character: str) -> Markup:
    code = ord(character)
    name = f"U+{code:04X} {unicodedata.name(character, '')}".strip()
    # The picture of a control character (␀, ␛) is one character wide and known to readers of hex dumps.
    label = chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else _label(character)
    return Markup('<span class="inv" role="img" aria-label="{}" title="{}" data-g="{}"></span>').format(
        name, name, label
    )
