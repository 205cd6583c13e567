"""Captions of photos that stand among the paragraphs, where no reader can tell them from the text.

They describe a picture that is not there and interrupt the sentence before them. They are shown, not judged: a
caption and a long sub-heading look alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bycatch.article import Article, Mark, Paragraph
from bycatch.inspection import Found
from bycatch.similarity import copies, is_row, stopped, weighs

TITLE = "Loose caption"
SEVERITY = "note"
FIX = "none"
AFTER = ("repeated-caption", "repeated-paragraph", "stray-punctuation", "leftover-markup", "teaser")

FLAGS = {
    "between paragraphs": (
        "Council restores the mill\n\n"
        "The council voted on Tuesday to restore the mill on the river bank, although nobody knew the cost.\n\n"
        "⟦The miller's daughter, Anna Weber, opens the sluice of the old mill on Saturday⟧\n\n"
        "Work begins in spring, once the river has fallen and the bridge has been repaired by the village."
    ),
    "two in a row": (
        "La mairie rénove le moulin\n\n"
        "Le conseil a voté mardi la rénovation du moulin, sans que personne sache ce que coûteront les travaux.\n\n"
        "⟦Anna Weber, fille du dernier meunier du village⟧\n\n"
        "⟦Les bénévoles portent les nouvelles meules par le vieux pont de bois samedi⟧\n\n"
        "Les travaux commencent au printemps, quand la rivière aura baissé et que le pont sera réparé."
    ),
}
PASSES = {
    "a title and a stand-first": (
        "Council restores the mill on the river bank after a long and bitter dispute\n\n"
        "Nobody knows what the work will cost, and the mayor of the village does not want to say\n\n"
        "The council voted on Tuesday to restore the mill on the river bank, although nobody knew the cost."
    ),
    "sub-headings": (
        "Council restores the mill\n\n"
        "The council voted on Tuesday to restore the mill on the river bank, although nobody knew the cost.\n\n"
        "What will it cost?\n\n"
        "Nobody could say what the work would cost, or who would pay for it in the end, said the mayor.\n\n"
        "The bridge\n\nThe bridge has to be repaired first, for no other way leads across the river to the mill."
    ),
    "a list": (
        "Council restores the mill\n\nThe council wants three things done, and has money for two of them:\n\n"
        "- New mill stones from the quarry above the village\n\n- A new bridge, wide enough for a cart and a horse\n\n"
        "The third is the wheel, which weighs more than two tons and has not turned since the miller left."
    ),
}

# Letters, as `weight` counts them. Sub-headings are shorter; a line with a comma is a caption from fewer letters on.
_SHORTEST = 70
_SHORTEST_WITH_COMMA = 40
_TOO_LONG = 401
_WITH_SENTENCE = 150
_NUMBERED = "0123456789☑✅✓➤①②③④⑤"
_LABEL = re.compile(r"[^:：]{1,40}[:：]\s?\S")
_PROSE = 80
# The share of paragraphs between the first and the last prose that may lack a full stop, captions and sub-headings
# together. Beyond it the page is a list, a table or a thread, and a line without a stop is nothing special.
_UNSTOPPED = 0.4
_FEW = 2
# Captions in a row; more are a list.
_ROW = 8
_LEAD = 2


def find(article: Article, found: Found) -> Iterator[Mark]:
    paragraphs = article.paragraphs
    if len(paragraphs) < _LEAD + 2:
        return
    stops = stopped(article)
    # Lines that could be captions are few, so that they are looked for before the prose around them.
    loose = [i for i in range(1, len(paragraphs) - 1) if not stops[i] and _is_caption(paragraphs[i])]
    if not loose:
        return
    taken = found.phrased() | found.paragraphs(*AFTER)
    prose = [p.index for p in paragraphs if stops[p.index] and p.index not in taken and weighs(p.text, _PROSE)]
    if len(prose) < _LEAD:
        return
    first, last = prose[0], prose[-1]
    loose = [i for i in loose if first < i < last]
    open_ended = sum(not stops[i] and i not in taken for i in range(first + 1, last))
    if not loose or open_ended > max(_FEW, _UNSTOPPED * (last - first)):
        return
    again = {copy.first for copy in copies(article)}
    for row in _rows(loose):
        for index in row:
            if index not in taken and (len(row) <= _ROW or index in again):
                paragraph = paragraphs[index]
                yield Mark(
                    paragraph.span(), "A line without a full stop stands among the paragraphs, as a caption does."
                )


def _is_caption(paragraph: Paragraph) -> bool:
    text = paragraph.text
    if not weighs(text, _SHORTEST_WITH_COMMA) or weighs(text, _TOO_LONG) or is_row(paragraph):
        return False
    # "Price: 20 euros" is a label; a long line with a sentence inside is prose that lost its stop.
    if _LABEL.match(text) or ("; " in text and weighs(text, _WITH_SENTENCE)) or text[0] in _NUMBERED:
        return False
    return ", " in text or "，" in text or "、" in text or "، " in text or weighs(text, _SHORTEST)


def _rows(indices: list[int]) -> Iterator[list[int]]:
    row: list[int] = []
    for index in indices:
        if row and index != row[-1] + 1:
            yield row
            row = []
        row.append(index)
    if row:
        yield row
