"""Pull quotes, live tickers and broken templates print a paragraph a second time.

A corpus that keeps both copies counts the words twice, and a language model learns repeated text by heart.
"""

from __future__ import annotations

from collections.abc import Iterator

from bycatch.article import Article, Mark
from bycatch.inspection import Found
from bycatch.similarity import Copy, copies, difference, ends_sentence, is_row, weight

TITLE = "Repeated paragraph"
SEVERITY = "error"
FIX = "delete paragraph"

FLAGS = {
    "a pull quote": (
        "The council voted on Tuesday to restore the mill, although nobody could say what the work would cost.\n\n"
        "The mill belongs to everyone who ever carried a sack of corn across that bridge, said the mayor.\n\n"
        "⟦The mill belongs to everyone who ever carried a sack of corn across that bridge, said the mayor.⟧\n\n"
        "Work begins in spring, once the river has fallen."
    ),
    "further down": (
        "Gmina przeznaczyła na odbudowę młyna nad rzeką dwa miliony złotych, a resztę mają zebrać mieszkańcy wsi "
        "podczas letniego jarmarku.\n\nPrace rozpoczną się wiosną.\n\nNajpierw trzeba naprawić most.\n\n"
        "Koło waży ponad dwie tony.\n\nNa otwarcie zaproszono wszystkich.\n\n"
        "⟦Gmina przeznaczyła na odbudowę młyna nad rzeką dwa miliony złotych, a resztę mają zebrać mieszkańcy wsi "
        "podczas letniego jarmarku.⟧"
    ),
    "without spaces": (
        "村议会星期二决定出资修复河边的老磨坊，尽管没有人能说清楚整个工程究竟要花多少钱，也没有人知道由谁来承担这笔费用。\n\n"
        "工程将于春天开始。\n\n"
        "⟦村议会星期二决定出资修复河边的老磨坊，尽管没有人能说清楚整个工程究竟要花多少钱，也没有人知道由谁来承担这笔费用。⟧"
    ),
}
PASSES = {
    "dialogue": "“I do not know,” she said.\n\n“Neither do I.”\n\n“I do not know,” she said.\n\nThey went home.",
    "an interviewer's question": (
        "What would you do first?\n\nI would repair the bridge, for without it no stone comes to the mill.\n\n"
        "What would you do first?\n\nI would ask the miller's daughter, who still knows how the wheel was set."
    ),
    "a refrain of verse": "The wheel goes round, the water falls,\nand no one grinds the corn.\n\n" * 2,
    "scores": "1:0 (12.) Weber, 2:0 (34.) Stein, 2:1 (80.) Kahn.\n\nThen came rain.\n\n" * 2,
    "rows of a table": "| The mill was built in 1790. | It was restored in 2020 by the village and its council. |\n\n"
    * 2,
    "a paragraph of steps in a series": (
        "Monday\n\nRun easily for forty minutes and stretch your legs afterwards.\n\n"
        "Tuesday\n\nRun easily for forty minutes and stretch your legs afterwards."
    ),
}

# Letters, as `weight` counts them. On labelled pages, honest repeats (instructions, offers, questions) end below this.
_SHORTEST_NEAR = 80
_SHORTEST_FAR = 110
# A pull quote that slipped into the text stands right after its model; farther off, one in two is kept by its editors.
_NEAR = 1
# This many paragraphs that come again in the same order are a page printed twice, whatever lies between.
_BLOCK = 3


def find(article: Article, found: Found) -> Iterator[Mark]:
    repeats = copies(article)
    if not repeats:
        return
    phrased = found.phrased()
    paragraphs = article.paragraphs
    blocks = _blocks(repeats)
    for copy in repeats:
        paragraph = paragraphs[copy.this]
        length = weight(paragraph.text)
        close = copy.this - copy.nearest <= _NEAR or copy.this in blocks
        if length < (_SHORTEST_NEAR if close else _SHORTEST_FAR):
            continue
        if copy.this in phrased or not ends_sentence(paragraph.text) or is_row(paragraph):
            continue
        first = paragraphs[copy.first]
        line = article.place(first.start)[0]
        count = difference(first.text, paragraph.text)
        message = f"The paragraph repeats line {line} word for word."
        if count:
            message = f"The paragraph repeats line {line}; {count} character{'s differ' if count > 1 else ' differs'}."
        related = (first.span(),)
        if copy.this in blocks:
            # Of a page printed twice, either copy may be the one that is cut short or sprinkled with furniture.
            message += " The text stands here twice: keep the fuller copy."
            yield Mark(paragraph.span(), message, related, severity="warning", fix=None)
        elif close:
            yield Mark(paragraph.span(), message, related)
        else:
            # A lone paragraph far from its model may be the author's: reviews of similar things share their sentences.
            yield Mark(paragraph.span(), message, related, severity="warning", fix=None)


def _blocks(repeats: tuple[Copy, ...]) -> set[int]:
    """The indices of paragraphs that come again together with their neighbours, in the same order."""
    inside: set[int] = set()
    run: list[Copy] = []
    for copy in repeats:
        if run and copy.this == run[-1].this + 1 and copy.nearest == run[-1].nearest + 1:
            run.append(copy)
        else:
            run = [copy]
        if len(run) == _BLOCK:
            inside.update(member.this for member in run)
        elif len(run) > _BLOCK:
            inside.add(copy.this)
    return inside
