"""Folding and paragraphs: positions in the folded text are positions in the text."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from bycatch import Article, Span
from bycatch.folding import FOLDS, fold, fold_decomposed


def test_folding_keeps_the_length_of_every_code_point() -> None:
    wrong = [c for c in map(chr, range(sys.maxunicode + 1)) if len(fold(c)) != 1]
    assert wrong == []


def test_folding_is_stable_and_each_fold_is_one_for_one() -> None:
    assert all(len(old) == len(new) == 1 for old, new in FOLDS)
    once = fold("L’« Été » – I\N{NO-BREAK SPACE}İSTANBUL ΔΙΑΒΆΣΤΕ ΤΈΛΟΣ")
    assert once == 'l\'" été " - i istanbul διαβαστε τελοσ'
    assert fold(once) == once


def test_lone_surrogates_fold_to_the_replacement_character() -> None:
    assert fold("a\ud800b") == "a\ufffdb"


def test_decomposed_text_is_composed_and_every_position_known() -> None:
    text = unicodedata.normalize("NFD", "Café à 각 z")
    folded, offsets = fold_decomposed(text)
    assert folded == "café à 각 z"
    assert len(offsets) == len(folded) + 1
    assert text[offsets[3] : offsets[4]] == "e\u0301"


def test_paragraph_spans_point_into_decomposed_text() -> None:
    text = unicodedata.normalize("NFD", "Déjà vu.\n\nPublicité demain")
    paragraph = Article("a", text).paragraphs[1]
    span = paragraph.span(*(paragraph.folded.index("demain"), len(paragraph.folded)))
    assert text[span.start : span.end] == "demain"


def test_paragraphs_are_the_lines_that_are_not_blank() -> None:
    text = "\n  Title \n\n\u3000\nFirst.\r\nSecond.\u2028Third.\n"
    assert [p.text for p in Article("a", text).paragraphs] == ["Title", "First.", "Second.", "Third."]
    assert all(text[p.start : p.end] == p.text for p in Article("a", text).paragraphs)


WRAPPED = """The harbour office said on Monday that the ferry to
the outer islands would run twice a day from the
first week of May, weather permitting, and that
tickets could be bought on board.

Residents had asked for a third crossing in the
evening, but the company answered that it had
neither the crew nor the fuel for it.
"""


def test_hard_wrapped_lines_are_joined() -> None:
    article = Article("a", WRAPPED)
    assert len(article.paragraphs) == 2
    assert article.paragraphs[1].text.startswith("Residents had")
    assert "\n" not in article.paragraphs[0].folded


@pytest.mark.parametrize(
    "text",
    [
        "Roses are red,\nViolets are blue,\nSugar is sweet,\nAnd so are you.\n\nA second verse\nIs not so good.",
        "Ingredients:\n200 g flour\n2 eggs\n1 pinch of salt\n100 ml milk",
        "Lee 3–1 Park\nKim 2–2 Diaz\nOkafor 0–4 Lindqvist",
        (
            "A first paragraph of one line that says something about the ferry and its timetable.\n"
            "A second one, just as long, that says something else about the same timetable.\n"
            "A third one that ends the article with a quotation from the harbour master."
        ),
    ],
)
def test_verse_lists_and_one_line_paragraphs_are_not_joined(text: str) -> None:
    assert len(Article("a", text).paragraphs) == sum(bool(line.strip()) for line in text.splitlines())


def test_lines_and_columns_count_from_one() -> None:
    article = Article("a", "one\r\ntwo\rthree\nfour")
    assert [article.place(article.text.index(w)) for w in ("one", "two", "three", "four")] == [
        (1, 1),
        (2, 1),
        (3, 1),
        (4, 1),
    ]
    assert article.place(article.text.index("ree")) == (3, 3)


def test_deleting_a_paragraph_takes_its_blank_lines_and_keeps_the_end() -> None:
    article = Article("a", "One.\n\nTwo.\n\nThree.\n")
    first, second, third = article.paragraphs
    assert article.deletion(first) == Span(0, 6)
    assert article.deletion(second) == Span(6, 12)
    assert article.deletion(third) == Span(10, 18)


def test_the_paragraph_at_a_position() -> None:
    article = Article("a", "One.\n\nTwo.")
    assert article.paragraph_at(7) == article.paragraphs[1]
    assert article.paragraph_at(4) is None
    assert Article("b", "").paragraph_at(0) is None
