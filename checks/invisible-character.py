"""Control, zero-width and direction characters that no reader sees split words, defeat search and confuse tokenizers.

Many of them have their place: joiners in Persian, in Indian scripts and in emoji, direction marks in Hebrew and Arabic,
soft hyphens inside long words, zero-width spaces in Thai and Khmer. There they are left alone.
"""

from __future__ import annotations

import bisect
import re
import unicodedata
from collections.abc import Iterator

from bycatch.article import Article, Fix, Mark, Span
from bycatch.inspection import Found

TITLE = "Invisible character"
SEVERITY = "error"
FIX = "delete"
AFTER = ("mojibake",)

FLAGS = {
    "zero-width space": "The mill⟦\u200b⟧ stands on the river bank.",
    "byte order mark inside": "The mill stands\n\n⟦\ufeff⟧on the river bank.",
    "controls": "The mill⟦\x07\x08⟧ stands on the river bank.",
    "direction marks without a word to direct": "Die Mühle ⟦\u200e⟧steht am Ufer⟦\u202c⟧.",
    "object replacement": "Before the photo. ⟦\ufffc⟧ After the photo.",
    "line separator": "The first line⟦\u2028⟧and the second.",
    "soft hyphen at the end of a word": "Die Mühle⟦\u00ad⟧ steht am Ufer.",
    "a joiner between Latin words": "The⟦\u200d⟧ mill stands.",
}
PASSES = {
    "soft hyphens inside words": "Die Was\u00adser\u00admühlen\u00adbesitzer trafen sich am Ufer.",
    "soft hyphen before a word": "Der »Pan-\u00adAfrican Summit« in der \u00adMühle.",
    "Persian": "می\u200cخواهم به آسیاب بروم و کتاب\u200cها را ببینم.",
    "Hindi": "क्\u200dष और र्\u200dय लिखने के लिए।",
    "emoji": "A family 👩\u200d👩\u200d👧 and a painter 👩🏽\u200d🎨 came, ❤\ufe0f\u200d🔥 and all.",
    "a flag": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f won the match.",
    "Hebrew": "הטחנה\u200f (2020) עומדת על גדת הנהר\u200e.",
    "Thai": "กังหันน้ำ\u200bตั้งอยู่\u200bริมแม่น้ำ",
    "no-break spaces": "Le moulin\u202f: 12\u00a0000 visiteurs\u00a0!",
    "tabs and returns": "The mill\r\n\tstands\r\non the river bank.",
}

_C0 = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
_BASIC = (
    f"{_C0}\x80-\x9f\u00ad\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufeff\uffa0"
    "\ufff9-\ufffc\ufffe\uffff"
)
_SUSPECT = re.compile(f"[{_BASIC}\U000e0001-\U000e007f]+")
SIGNS = (f"[{_BASIC}]",)
_SUSPECT_ASCII = re.compile(f"[{_C0}]+")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_DIRECTIONS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# They end a line for str.splitlines and for most editors; deleting one would glue two lines together.
_LINE_ENDS = frozenset("\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")
_JOINERS = frozenset("\u200c\u200d")
# Letters of Latin, Greek, Cyrillic, Armenian and Georgian, which need no joiner to take their shape.
_PLAIN_END = "\u0590"
_NAMES = {
    "\u200b": "zero-width space", "\ufeff": "byte order mark", "\ufffc": "object replacement character",
    "\u00ad": "soft hyphen", "\u200d": "zero-width joiner", "\u200c": "zero-width non-joiner",
}  # fmt: skip


def find(article: Article, found: Found) -> Iterator[Mark]:
    text = article.text
    if _is_plainly_visible(article):
        return
    pattern = _SUSPECT_ASCII if text.isascii() else _SUSPECT
    directed: bool | None = None
    garbled = [mark.span for mark in found.of("mojibake")]
    at = 0
    while match := pattern.search(text, at):
        start, end = match.span()
        at = end
        run = match.group()
        if directed is None and not _DIRECTIONS.isdisjoint(run):
            directed = _RIGHT_TO_LEFT.search(text) is not None
        while start < end and _in_place(text, start, bool(directed)):
            start += 1
        while end > start and _in_place(text, end - 1, bool(directed)):
            end -= 1
        if start == end or _inside(garbled, start):
            continue
        yield Mark(Span(start, end), _message(text[start:end]), fix=_fix(article, start, end))


def _is_plainly_visible(article: Article) -> bool:
    """Whether a cheap look finds nothing to suspect; True only where that is certain."""
    text = article.text
    # Folding makes plain spaces of line ends, tabs and no-break spaces, which have their place, and of two controls.
    if not article.folded.isprintable() or "\x0b" in text or "\x0c" in text:
        return False
    # Python takes these for printable: they are letters, marks and a symbol by their category.
    return text.isascii() or not any(map(text.__contains__, "\u115f\u1160\u3164\uffa0\ufffc\u17b4\u17b5"))


def _inside(spans: list[Span], position: int) -> bool:
    """Whether one of the spans, which are in order, holds the position."""
    after = bisect.bisect_right(spans, (position, float("inf")))
    return after > 0 and position < spans[after - 1].end


def _in_place(text: str, at: int, directed: bool) -> bool:
    """Whether the invisible character at this position does what it is for."""
    character = text[at]
    before = text[at - 1] if at else "\n"
    after = text[at + 1] if at + 1 < len(text) else "\n"
    if character in _DIRECTIONS:
        return directed
    if character == "\u00ad":
        # At the beginning of a word typesetting programs read it as "do not divide this word".
        return after.isalpha()
    if character in _JOINERS:
        # In Latin a non-joiner parts letters that would form a ligature.
        return not (_is_plain(before) and _is_plain(after)) or (
            character == "\u200c" and before.isalpha() and after.isalpha()
        )
    if character == "\u200b":
        return not (_is_plain(before) and _is_plain(after))
    if character == "\u2060":
        return not before.isspace() and not after.isspace()
    if character in _FILLERS or character == "\u180e":
        return before.isalpha() and after.isalpha() and not _is_plain(before)
    if character in "\u17b4\u17b5" or "\u2061" <= character <= "\u2064":
        # Khmer inherent vowels, and the invisible operators of mathematics.
        return True
    # Tags spell the region of a flag.
    return "\U000e0020" <= character <= "\U000e007f" and ("\U000e0020" <= before <= "\U000e007f" or before == "🏴")


def _is_plain(character: str) -> bool:
    """Whether a neighbour has no use for joiners and break marks: Latin and its like, spaces, punctuation."""
    return character < _PLAIN_END or "\u10a0" <= character <= "\u10ff" or "\u1e00" <= character <= "\u206f"


def _fix(article: Article, start: int, end: int) -> Fix:
    paragraph = article.paragraph_at(start)
    if paragraph is not None and paragraph.start == start and paragraph.end == end:
        return Fix("delete", article.deletion(paragraph), safe=True)
    text = article.text
    glues = start > 0 and end < len(text) and not text[start - 1].isspace() and not text[end].isspace()
    if glues and not _LINE_ENDS.isdisjoint(text[start:end]):
        return Fix("replace", Span(start, end), "\n", safe=True)
    return Fix("delete", Span(start, end), safe=True)


def _message(run: str) -> str:
    character = run[0]
    name = _NAMES.get(character) or unicodedata.name(character, "").lower() or "control character"
    more = f" and {len(run) - 1} more" if len(run) > 1 else ""
    return f"Invisible: U+{ord(character):04X}, {name}{more}."
