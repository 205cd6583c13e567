"""The text ends in mid-sentence, or where the page said "read on": the scraper got an excerpt, not the article.

Lists, verse and captions end without a full stop by right; only the last paragraph of prose is judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bycatch.article import Article, Mark, Paragraph, Span
from bycatch.inspection import Found
from bycatch.similarity import ends_sentence, is_cjk, weight

TITLE = "Truncated text"
SEVERITY = "warning"
FIX = "none"
AFTER = ("stray-punctuation", "leftover-markup", "teaser", "repeated-caption", "repeated-paragraph", "boilerplate")

FLAGS = {
    "an excerpt of a feed": (
        "The mill on the river turns again, and on Sunday everyone who gave a day's work is invited to ⟦[…]⟧"
    ),
    "three dots in brackets": "Le moulin tourne de nouveau au bord de la rivière, et le village entier ⟦[...]⟧",
    "in mid-sentence": (
        "The council voted on Tuesday to restore the mill on the river bank.\n\n"
        "Nobody could say what the work would cost. The mayor said that the village had always found the money for "
        "what it needed, and that the bridge, which must be repaired first⟦,⟧"
    ),
    "before the furniture": (
        "The council voted on Tuesday to restore the mill on the river bank, and nobody could say what the work would "
        "cost or who would pay for ⟦[…]⟧\n\nAdvertisement"
    ),
}
PASSES = {
    "a list": "The plan for Sunday is this.\n\n- Bread\n- Cheese\n- A walk along the river, weather permitting,",
    "verse": "The wheel goes round,\nthe water falls,\nand no one grinds\nthe corn,",
    "an ellipsis of style": "The mill turned, the river fell, and the miller's daughter looked out over the water…",
    "a caption at the end": "The mill turns again on Sunday.\n\nVolunteers carry the mill stones across the bridge",
    "a signature": "The mill turns again on Sunday, and everyone is invited.\n\nAnna Weber, Millbrook Courier",
    "an omission inside": "“The mill […] turns again,” said the mayor of the village on the river.",
    "an address": "The mill turns again on Sunday, and bread is baked.\n\nTickets: River Road 1, Millbrook, 12 34 56",
    "no stops at all": "กังหันน้ำริมแม่น้ำหมุนอีกครั้งในวันอาทิตย์นี้และทุกคนได้รับเชิญให้มาร่วมงานเลี้ยงขนมปังที่หมู่บ้าน",
}

_CUT = re.compile(r"(?:\[\s?(?:…|\.{3,}|&hellip;)\s?\]|\(\s?(?:…|\.{3,})\s?\)\s*(?:>+|»|→))\s*$")
_CUT_ENDS = "]>»→"
_CUT_SHORTEST = 60
# A comma, an opening bracket or a hyphen never ends a paragraph of prose of this length (in letters, see `weight`).
_OPEN_END = re.compile(r"[,(\[{‘“«„–—,、（「-]$")
_PROSE = 150
_BULLETS = "-*•·–—|"
_SENTENCE_INSIDE = re.compile(r"[^\W\d_]{2}[.!?]['\")»”’]? +[^\W\d_]|[。！？]|।|۔")


def find(article: Article, found: Found) -> Iterator[Mark]:
    last = _last(article, found)
    if last is None:
        return
    text = last.text
    if (cut := _CUT.search(text)) and weight(text) >= _CUT_SHORTEST:
        start = cut.start() + len(cut.group()) - len(cut.group().lstrip())
        yield Mark(Span(last.start + start, last.end), "The text breaks off; it is an excerpt.")
    elif (
        _OPEN_END.search(text) and weight(text) >= _PROSE and _SENTENCE_INSIDE.search(text) and text[0] not in _BULLETS
    ):
        dash = text[-1] in "-–—" and text[-2:-1].isspace()
        if not dash and not is_cjk(text):
            yield Mark(Span(last.end - 1, last.end), "The text ends in mid-sentence.")


def _last(article: Article, found: Found) -> Paragraph | None:
    """The last paragraph that is not furniture."""
    paragraphs = article.paragraphs
    if not paragraphs:
        return None
    text = paragraphs[-1].text
    if ends_sentence(text) and not (text[-1] in _CUT_ENDS and _CUT.search(text)):
        # The common case, at little cost; furniture that ends in a full stop hides a cut, which is a miss.
        return None
    furniture = found.phrased("editorial-notice", "photo-credit") | found.paragraphs(*AFTER)
    for paragraph in reversed(paragraphs):
        if paragraph.index not in furniture:
            return paragraph
    return None
