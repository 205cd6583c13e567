"""Text that was decoded with the wrong table: "Ã©" for "é", "â€™" for an apostrophe, "�" for what was lost.

The judge is ftfy, which repairs only what cannot be honest; it is asked about suspicious places alone, for it is slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bycatch.article import Article, Fix, Mark, Span

TITLE = "Mojibake"
SEVERITY = "error"
FIX = "none"

FLAGS = {
    "French": "Le moulin a ⟦Ã©tÃ©⟧ ⟦rÃ©parÃ©⟧ hier.",
    "an apostrophe": "⟦Itâ€™s⟧ the ⟦millerâ€™s⟧ daughter who set the wheel.",
    "quotes": "She said ⟦â€œyesâ€\x9d⟧ at once.",
    "German": "Die ⟦MÃ¼hle⟧ steht am Ufer der ⟦groÃŸen⟧ Wiese.",
    "Russian": "⟦ÐœÐµÐ»ÑŒÐ½Ð¸Ñ†Ð°⟧ стоит на берегу.",
    "a stray Â": "The toll was ⟦Â£5⟧ a cart.",
    "Windows-1252": "Le c⟦\x9c⟧ur du moulin, et l⟦\x92⟧eau.",
    "what was lost": "The caf⟦�⟧ by the mill.",
}
PASSES = {
    "unusual letters": "Ångström, Ærø, Þór, São Paulo, Ñandú, İstanbul, Łódź, Đà Nẵng, Ô Môn.",
    "capitals": "LA MÃE E O PAI VÃO À FEIRA; ÂGE, CÔTE, ÎLE, ÇA.",
    "French quotes": "LE MOULIN « CHÂTEAU » ET LE MOULIN « RENÃ »",
    "Portuguese": "A MANHÃ — E A MAÇÃ… NÃO É ‘IRMÃ’.",
    "Vietnamese": "VÂNG, TÔI ĐÃ ĐẾN; CÂU CHUYỆN CỦA Â’.",
    "Russian": "Рёбра, Рабле и Ръ; Рано утром мельница стоит.",
    "prices": "The toll is £5, €6 or ¥700 a cart; 20 °C in the shade.",
}

# First characters of UTF-8 sequences seen through Western, Cyrillic, Greek and Mac tables, each followed by what the
# second byte of such a sequence becomes. Cheap, and far too broad: ftfy decides.
_PAIR = (
    "[\u00c2-\u00f4РСв√‚├┬]"
    "[\x80-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u0402-\u040f\u0452-\u045f\u0490\u0491"
    "\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122Ä\u2202-\u2265\u2500-\u25ff]"
)
_SUSPECT = re.compile(_PAIR)
# ftfy, which looks at thirty patterns in every place, calls no line bad that holds nothing else than these, nor where
# quotes stand beside ASCII, or after an accent at the end of a word. Most lines with "áš", "ві" or "é”" are such ones.
_HARMLESS = "\0-\x7f\xa0ß-öø-ÿăāąćčďđęěēėğģįīķĺľłļŕřśşšťţůűųūńňņőźżžґА-Яа-яІЇЄіїє’–—…"
_TELLING = re.compile(rf"[^{_HARMLESS}«»“”„]|[«»“”„][^\0-\x7f]|[^\0-\x7f][«»“”„]\w")
_LOST = re.compile("\ufffd+")
# Windows-1252 read as ISO 8859-1: quotes, dashes and "œ" become control characters. U+0085 may be a line end.
_CONTROL = "\x80\x82\x83\x84\x86\x87\x88\x89\x8a\x8b\x8c\x8e\x91\x92\x93\x94\x95\x96\x97\x98\x99\x9a\x9b\x9c\x9e\x9f"
_CONTROLS = re.compile(f"[{_CONTROL}]+")
SIGNS = (_PAIR, f"[\ufffd{_CONTROL}]")
# A piece is what ftfy sees at once; longer paragraphs are cut at spaces around the suspicious places.
_PIECE = 1000
# Characters of the repair that a message quotes.
_SHOWN = 60


def find(article: Article) -> Iterator[Mark]:
    text = article.text
    if text.isascii():
        return
    if "\ufffd" in text:
        for match in _LOST.finditer(text):
            yield Mark(Span(*match.span()), "Characters were lost when the text was decoded.", fix=None)
    if any(map(text.__contains__, _CONTROL)):
        yield from _controls(text)
    done = 0
    for match in _SUSPECT.finditer(text):
        if match.start() < done:
            continue
        start, end = _piece(text, match.start(), match.end(), done)
        done = end
        if _TELLING.search(text, start, end):
            yield from _repairs(text, start, end)


def _controls(text: str) -> Iterator[Mark]:
    """Control characters that are letters and marks of Windows-1252; those inside longer sequences are ftfy's."""
    for match in _CONTROLS.finditer(text):
        start, end = match.span()
        if start and "\u00c2" <= text[start - 1] <= "\u00f4" and _SUSPECT.match(text, start - 1):
            continue
        yield _mark(Span(start, end), match.group().encode("latin-1").decode("cp1252"))


def _piece(text: str, start: int, end: int, least: int) -> tuple[int, int]:
    """The line around a suspicious place, or as much of it as lies between spaces a piece away."""
    line_start = max(least, text.rfind("\n", least, start) + 1, start - _PIECE)
    if line_start == start - _PIECE:
        line_start = max(line_start, text.find(" ", line_start, start) + 1)
    line_end = text.find("\n", end, end + _PIECE)
    if line_end < 0:
        line_end = min(len(text), end + _PIECE)
        if line_end < len(text):
            line_end = max(end, text.rfind(" ", end, line_end))
    return line_start, line_end


def _repairs(text: str, start: int, end: int) -> Iterator[Mark]:
    import ftfy  # a tenth of a second, which runs without a suspicious place need not pay

    piece = text[start:end]
    fixed = ftfy.fix_encoding(piece)
    if fixed == piece:
        return
    words, repaired = piece.split(" "), fixed.split(" ")
    if len(words) != len(repaired):
        head, tail = _common(piece, fixed)
        yield _mark(Span(start + head, end - tail), fixed[head : len(fixed) - tail])
        return
    at = start
    for word, better in zip(words, repaired, strict=True):
        if word != better:
            head = len(word) - len(word.lstrip())
            tail = len(word) - len(word.rstrip()) if len(word.rstrip()) > head else 0
            if better.startswith(word[:head]) and better.endswith(word[len(word) - tail :]):
                yield _mark(Span(at + head, at + len(word) - tail), better[head : len(better) - tail])
            else:
                yield _mark(Span(at, at + len(word)), better)
        at += len(word) + 1


def _common(one: str, other: str) -> tuple[int, int]:
    """How many characters two different texts share at the beginning and at the end."""
    shorter = min(len(one), len(other))
    head = next((i for i in range(shorter) if one[i] != other[i]), shorter)
    tail = next((i for i in range(shorter - head) if one[-1 - i] != other[-1 - i]), shorter - head)
    return head, tail


def _mark(span: Span, text: str) -> Mark:
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    # What is still suspicious was repaired in part; an editor should see it.
    return Mark(
        span, f"Decoded wrongly; it was “{shown}”.", fix=Fix("replace", span, text, safe=not _SUSPECT.search(text))
    )
