"""A page holds a photo's caption twice: below the photo, and as the alternative text for those who cannot see it.

The scraper takes both, so the line stands in the text again at once, often with other apostrophes or quotes.
"""

from __future__ import annotations

from collections.abc import Iterator

from bycatch.article import Article, Mark, Paragraph
from bycatch.inspection import Found
from bycatch.similarity import copies, difference, ends_sentence, is_row, weight

TITLE = "Repeated caption"
SEVERITY = "error"
FIX = "delete paragraph"

FLAGS = {
    "alternative text and caption": (
        "The mill stands on the river bank and has ground no corn since the last miller left the village in 1962.\n\n"
        "Volunteers carry the new mill stones across the bridge on Saturday\n\n"
        "⟦Volunteers carry the new mill stones across the bridge on Saturday⟧\n\n"
        "On Sunday it will turn again, and everyone who gave a day's work is invited to the first bread."
    ),
    "apostrophes differ": (
        "Le moulin se trouve au bord de la rivière et n’a plus moulu de blé depuis le départ du dernier meunier.\n\n"
        "Les bénévoles portent les meules d'un bord à l'autre, samedi, sur le vieux pont\n\n"
        "⟦Les bénévoles portent les meules d’un bord à l’autre, samedi, sur le vieux pont⟧\n\n"
        "Dimanche, il tournera de nouveau, et tous ceux qui ont donné une journée sont invités."
    ),
    "two photos, captions in turn": (
        "Der Müller ging im Jahr 1962, und seitdem hat das Rad am Fluss kein Korn mehr gemahlen.\n\n"
        "Freiwillige tragen am Samstag die neuen Mühlsteine über die Brücke\n\n"
        "Das Mühlrad aus Eichenholz wiegt mehr als zwei Tonnen und wurde im Dorf gebaut\n\n"
        "⟦Freiwillige tragen am Samstag die neuen Mühlsteine über die Brücke⟧\n\n"
        "⟦Das Mühlrad aus Eichenholz wiegt mehr als zwei Tonnen und wurde im Dorf gebaut⟧\n\n"
        "Am Sonntag soll es sich wieder drehen, und wer geholfen hat, ist eingeladen."
    ),
    "without spaces": (
        "河边的磨坊自从一九六二年最后一位磨坊主离开村子以后，就再也没有磨过粮食。\n\n"
        "志愿者星期六抬着新的磨盘走过村口的老桥\n\n⟦志愿者星期六抬着新的磨盘走过村口的老桥⟧\n\n"
        "星期天磨盘将再次转动，所有出过力的人都被邀请来品尝第一炉面包。"
    ),
}
PASSES = {
    "a refrain": "Row, row, row your boat\nGently down the stream\nGently down the stream\nMerrily, merrily, merrily",
    "short answers": (
        "We asked the candidates whether the mill should be restored at public expense, and this is what they said.\n\n"
        "Anna Weber\n\nYes, of course\n\nPaul Stein\n\nYes, of course\n\nThe vote is on Sunday."
    ),
    "a repeated sub-heading": (
        "What the first group said\n\nThe mill should be restored, whatever it may cost the village in the end.\n\n"
        "What the first group said\n\nNobody could say what the restoration would cost, or who would pay for it."
    ),
    "rows of a table": "| Mill | built | restored by the village |\n\n" * 2,
    "items of a list": (
        "The plan for both days is the same, and it leaves room for rain.\n\n"
        "- Carry the mill stones across the bridge before the noon bell\n\n"
        "- Carry the mill stones across the bridge before the noon bell\n\nThen there is bread."
    ),
}

# Letters, as `weight` counts them. A short line may be a refrain, an answer or a heading.
_SHORTEST = 40
# Further than the next line a caption must be longer still: sub-headings and labels of a series come again too.
_SHORTEST_APART = 55
# A credit and the captions of two other photos may stand between alternative text and caption, no more.
_APART = 3
# Lines of verse are short, and so are the cells of a table; a caption has prose or other captions around it.
_VERSE = 60


def find(article: Article, found: Found) -> Iterator[Mark]:
    repeats = copies(article)
    if not repeats:
        return
    phrased = found.phrased()
    paragraphs = article.paragraphs
    for copy in repeats:
        paragraph, first = paragraphs[copy.this], paragraphs[copy.first]
        if copy.this in phrased or copy.this - copy.nearest > _APART or ends_sentence(paragraph.text):
            continue
        length = weight(paragraph.text)
        if length < (_SHORTEST if copy.this - copy.nearest == 1 else _SHORTEST_APART) or is_row(paragraph):
            continue
        if length < 2 * _VERSE and _in_verse(paragraphs, copy.nearest, copy.this):
            continue
        yield Mark(paragraph.span(), _message(article, first, paragraph), (first.span(),))


def _in_verse(paragraphs: tuple[Paragraph, ...], first: int, last: int) -> bool:
    """Whether the lines around and between are all short."""
    around = paragraphs[max(0, first - 2) : first] + paragraphs[first + 1 : last] + paragraphs[last + 1 : last + 3]
    return all(weight(p.text) < _VERSE for p in around)


def _message(article: Article, first: Paragraph, paragraph: Paragraph) -> str:
    line = article.place(first.start)[0]
    count = difference(first.text, paragraph.text)
    if not count:
        return f"The line repeats line {line} word for word."
    return f"The line repeats line {line}; {count} character{'s differ' if count > 1 else ' differs'}."
