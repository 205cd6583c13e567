import time

import pytest

from bycatch.article import Article
from bycatch.folding import fold
from bycatch.similarity import (
    copies,
    copy_key,
    difference,
    ends_sentence,
    is_cjk,
    is_row,
    near_copies,
    similarity,
    weighs,
    weight,
)

LONG = "the village council decided on wednesday that negotiations about the restoration of the mill continue"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The miller's daughter", "The miller’s daughter"),
        ("« Le moulin »", "“Le moulin”"),
        ("The mill – open again", "the mill — OPEN again"),
        ("The mill is open", "The mill is open."),
        ("The  mill\u00a0is open", "The mill is open"),
    ],
)
def test_copies_may_differ_in_typography(one: str, other: str) -> None:
    assert copy_key(fold(one)) == copy_key(fold(other))


def test_copies_may_not_differ_in_a_word_or_a_number() -> None:
    keys = {copy_key(fold(text)) for text in ("Room 12 of the mill", "Room 13 of the mill", "Rooms 12 of the mill")}
    assert len(keys) == 3


def test_a_copy_names_the_nearest_and_the_first() -> None:
    line = "Volunteers carry the mill stones"
    article = Article("a", f"{line}\n\nNo\n\n{line}\n\nNo\n\n{line}")
    assert [tuple(copy) for copy in copies(article)] == [(2, 0, 0), (4, 2, 0)]


def test_a_copy_may_be_set_with_any_kind_of_space_and_mark() -> None:
    spaces = [sign for sign in map(chr, range(0x3001)) if sign.isspace() and len(f"a{sign}b".splitlines()) == 1]
    assert len(spaces) > 15
    marks = ["«»", "“”", "„“", "''", "‘’"]
    for gap in [*spaces, "  "]:
        for opening, closing in marks:
            text = f'The "miller"-to-be is here.\n\nTHE {opening}miller{closing}–to—be{gap}is{gap}here'
            assert copies(Article("a", text)) == ((1, 0, 0),), repr(gap + opening)


def test_copies_of_two_articles_are_kept_apart() -> None:
    assert copies(Article("a", "The mill is open now\n\nThe mill is open now"))
    assert not copies(Article("a", "The mill is open now\n\nThe mill is closed now"))


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("abc", "abc", 0),
        (" abc", "abc", 0),
        ("d'un l'eau", "d’un l’eau", 2),
        ("The mill", "The mill.", 1),
        ("", "ab", 2),
    ],
)
def test_difference_counts_characters(one: str, other: str, count: int) -> None:
    assert difference(one, other) == difference(other, one) == count


def test_similarity_is_a_share() -> None:
    assert similarity(LONG, LONG) == 1
    assert similarity(LONG, "0123456789") == 0
    assert similarity("", "") == 0
    assert 0.8 < similarity(LONG, LONG.replace("wednesday", "thursday")) < 1


def test_near_copies_finds_the_best_earlier_text() -> None:
    other = "an entirely different paragraph about bakeries, harvests and weather in neighbouring valleys of europe"
    texts = [LONG, other, LONG.replace("the restoration of ", ""), "", other + " again"]
    assert [(near.this, near.other) for near in near_copies(texts, 0.8)] == [(2, 0), (4, 1)]


def test_near_copies_works_without_spaces() -> None:
    text = "村议会星期三决定，关于修复河边老磨坊的谈判将继续进行，费用由全体村民承担，工程明年春天开始，预计秋天完成。"
    assert [tuple(near)[:2] for near in near_copies([text, text.replace("明年", "后年")], 0.8)] == [(1, 0)]


@pytest.mark.parametrize("tail", ["", " and further remarks on {0}"])
def test_fifty_thousand_look_alikes_take_seconds(tail: str) -> None:
    def measure(count: int) -> float:
        texts = [f"{LONG} item {i}{tail.format(i * 7919)}" for i in range(count)]
        began = time.perf_counter()
        assert sum(1 for _ in near_copies(texts, 0.79)) == count - 1
        return time.perf_counter() - began

    short = max(measure(2_000), 0.02)
    # Twenty-five times the texts; a quadratic search would take six hundred times as long.
    assert measure(50_000) < 100 * short


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("The mill is open.", True), ("“The mill is open.”", True), ("磨坊开了。", True), ("मिल खुली है।", True),
        ("هل الطاحونة مفتوحة؟", True), ("The mill is open", False), ("The mill,", False), ("»", False), ("", False),
    ],
)  # fmt: skip
def test_ends_sentence(text: str, ends: bool) -> None:
    assert ends_sentence(text) is ends


def test_scripts_without_spaces_weigh_more() -> None:
    assert is_cjk("河边的磨坊")
    assert is_cjk("กังหันน้ำริมแม่น้ำ")
    assert not is_cjk("Le moulin à eau, dit 磨坊")
    assert not is_cjk("방앗간이 다시 돌아간다")
    assert weight("河边的磨坊又") == 15
    assert weight("moulin") == 6


@pytest.mark.parametrize("text", ["- Bread", "• Bread", "1. Bread", "a) Bread", "| a | b |", "let x = 1;", "foo({"])
def test_rows(text: str) -> None:
    assert is_row(Article("a", text).paragraphs[0])


@pytest.mark.parametrize("text", ["Bread is baked.", "1790 was a good year.", "“Bread”", "I came.", "A mill."])
def test_prose_is_no_row(text: str) -> None:
    assert not is_row(Article("a", text).paragraphs[0])


@pytest.mark.parametrize("space", [" ", "  ", "\u2005", "\x1f", "\u1680"])
def test_copies_are_found_whatever_space_parts_the_words(space: str) -> None:
    article = Article(
        "a", f"The mill is open again on Sunday.\n\nNobody knew why.\n\nThe{space}mill is open again on Sunday"
    )
    assert [(copy.this, copy.first) for copy in copies(article)] == [(2, 0)]


@pytest.mark.parametrize("text", ["", "mill", "河边的磨坊", "河边的磨坊星期天再次转动", "กังหันน้ำริมแม่น้ำหมุนอีกครั้ง", "mlýn"])
@pytest.mark.parametrize("least", [1, 5, 12, 13, 30, 31, 80])
def test_weighing_against_a_limit_is_weighing(text: str, least: int) -> None:
    assert weighs(text, least) == (weight(text) >= least)


def test_texts_that_share_too_few_words_are_strangers() -> None:
    other = "bakers weekend market announced cheaper northern carrots tomorrow though Wednesday villagers decided"
    assert not list(near_copies([LONG, fold(other)], 0.1))


def test_a_text_of_one_long_word_needs_no_more_of_them() -> None:
    texts = ["it is on at the restoration of it all", "a b c d e f", "it is on at the restoration of it"]
    assert [(near.this, near.other) for near in near_copies(texts, 0.79)] == [(2, 0)]


def test_strangers_before_and_between_change_nothing() -> None:
    copy = LONG.replace("wednesday ", "")
    strangers = [f"{chr(97 + n) * 9} {chr(98 + n) * 8} {chr(99 + n) * 7}" for n in range(0, 12, 3)]
    alone = [(near.other, round(near.score, 6)) for near in near_copies([LONG, copy], 0.79)]
    among = [
        (near.other - 2, round(near.score, 6))
        for near in near_copies([*strangers[:2], LONG, *strangers[2:], copy], 0.79)
    ]
    assert alone == among != []
