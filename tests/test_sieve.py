"""The sieve lets through all that dictionaries and separators would find, and little else."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bycatch import Article, load_catalog, phrases, read
from bycatch.phrases import Phrasebook
from bycatch.sieve import Sieve
from bycatch.wording import DECORATION, each_alternative

ROOT = Path(__file__).resolve().parents[1]
BOOK = load_catalog().phrasebook
PHRASES = [
    text.replace("{n}", "12").replace("…", "the old mill")
    for check in load_catalog().checks.values()
    for phrase in check.phrases[::7]
    for text in each_alternative(phrase.text)[:2]
]
BETWEEN = (" | ", " · ", ". ", "! ", ": ", " / ", "/", " - ", " » ", "。", "…  ", "?! ", " … | ", "  ", ", ", " ")
AROUND = ("", "", "", "★ ", "😀 ", "(", "- ", "\u2004", "…")


def made(seed: int) -> Article:
    """Phrases alone, in rows, between prose, and mutilated."""
    chance = random.Random(seed)
    lines = []
    for _ in range(60):
        pieces = [chance.choice(PHRASES) for _ in range(chance.choice((1, 1, 2, 2, 3, 5, 6)))]
        if chance.random() < 0.3:
            pieces[chance.randrange(len(pieces))] = chance.choice(("The ferry left at 12.", "1/2", "and/or", "мир 😀"))
        line = chance.choice(AROUND) + pieces[0]
        for piece in pieces[1:]:
            line += chance.choice(BETWEEN) + piece
        line += chance.choice(AROUND)[::-1]
        if chance.random() < 0.2:
            at = chance.randrange(len(line))
            line = line[:at] + chance.choice(("x", " ", "é", "😀", "")) + line[at + 1 :]
        lines.append(chance.choice((line, line.upper(), line.title())))
    return Article(str(seed), "\n\n".join(lines))


def same_without_sieve(book: Phrasebook, articles: list[Article], monkeypatch: pytest.MonkeyPatch) -> int:
    """Holds that sieving changes nothing; returns how many phrases were found."""
    sieved = book.scan_all(articles)
    with monkeypatch.context() as patched:
        patched.setattr(phrases, "_FEW_LINES", 10**9)
        book._recalled.clear()
        assert book.scan_all(articles) == sieved
    return sum(map(len, sieved))


def test_nothing_is_lost_in_the_corpus(monkeypatch: pytest.MonkeyPatch) -> None:
    assert same_without_sieve(BOOK, list(read(ROOT / "corpus")), monkeypatch) > 100


@pytest.mark.parametrize("seed", range(8))
def test_nothing_is_lost_of_phrases_in_rows(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert same_without_sieve(BOOK, [made(seed), made(seed + 100)], monkeypatch) > 20


def test_characters_of_two_units() -> None:
    sieve = Sieve.of(["𝒜𝒷", "😀"], ["𝒞 end"], ["🙂 yes"])
    asked = sieve.ask("\n𝒜𝒷 begins\nthe 𝒞 end\n🙂 yes\n😀\n🙂 no\n", [])
    assert {row for row, _ in asked.heads} == {0, 3}
    assert {row for row, _ in asked.tails} == {1}
    assert asked.wholes == [2]


def test_prose_is_not_asked_about() -> None:
    lines = [p.folded.strip(DECORATION) for a in read(ROOT / "corpus/articles") for p in a.paragraphs]
    asked = BOOK._sieve.ask("\n" + "\n".join(lines) + "\n", [])
    assert len(asked.rows) < 0.05 * len(lines)
    assert len({row for row, _ in asked.heads + asked.tails}) < 0.25 * len(lines)


def test_an_article_scans_alike_in_company() -> None:
    articles = [made(seed) for seed in range(20, 24)]
    assert BOOK.scan_all(articles) == [BOOK.scan(article) for article in articles]
    assert BOOK.scan_all([]) == []
    assert BOOK.scan_all([Article("empty", ""), Article("blank", " \n\n ***")]) == [[], []]
