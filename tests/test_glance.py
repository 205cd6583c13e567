"""What many articles are told at one glance is what each would find out by itself."""

from __future__ import annotations

import random
import unicodedata
from pathlib import Path

import pytest

from bycatch import Article, inspection, load_catalog, read, similarity
from bycatch.absence import Absence
from bycatch.catalog import CatalogError
from bycatch.characters import BLANK, COMPOSES, END, LACKED, MARK, Text, every, lines_of, text_of, words_of
from bycatch.folding import fold
from bycatch.glance import glance
from bycatch.inspection import examine_all
from bycatch.resemblance import repeating, resembling
from bycatch.signs import is_words, longest_of, steps_of
from bycatch.similarity import copies, may_resemble, near_copies, stopped
from bycatch.wrapping import LINE_ENDS

ROOT = Path(__file__).resolve().parents[1]
CATALOG = load_catalog()
EXAMPLES = [
    Article(f"{check.id}/{example.name}", example.text, example.lang, example.title)
    for check in CATALOG.checks.values()
    for example in (*check.flags, *check.passes, *check.misses)
]
# Two that compose, two marks whose order NFC may change, Hangul in pieces, what takes two units and half of it,
# line ends and blanks of all kinds, marks that end a sentence and what may follow them.
ODD = (
    "e\u0301", "a\u0323\u0302", "a\u0302\u0323", "\u1112\u1161\u11ab", "\u212b", "กำ", "क्\u200dष", "שׁ", "😀", "\ud83d",
    "𐐀",
    "\n", "\n\n", "\r\n", "\r", "\x0b", "\x85", "\u2028", "\x1f", " ", "\t", "\u00a0", "\u3000", "\u200b", "\u205f",
    ".", "…", "。", "?", "»", "”", "’)", "*_", "« »", '."', ".»)", "İ", "ẞ", "ς", "Σ", "‘", "“", "„", "—", "\0",
)  # fmt: skip
WORDS = (
    "mill",
    "river",
    "bank",
    "council",
    "Müller",
    "restoration",
    "磨坊",
    "河边的磨坊",
    "мельница",
    "طاحونة",
    "village",
)


def soup(seed: int) -> Article:
    """Words and oddities in any order."""
    chance = random.Random(seed)
    odd = chance.choice((0.002, 0.02, 0.2))
    pieces = [chance.choice(ODD if chance.random() < odd else WORDS) for _ in range(chance.randrange(400))]
    parted = [chance.choice((" ", " ", " ", "", "\n", "\n\n")) for _ in pieces]
    text = "".join(piece + gap for piece, gap in zip(pieces, parted, strict=True))
    return Article(str(seed), text, meta={"body": 9} if seed % 17 == 0 else {})


def corpus() -> list[Article]:
    return [*read(ROOT / "corpus" / "articles"), *read(ROOT / "corpus" / "specimens")]


def alike(seed: int) -> Article:
    """Paragraphs of which some are copies, near copies or strangers of others, in words and without spaces."""
    chance = random.Random(seed)
    words = ["".join(chance.choices("abdegiklmnorstu", k=chance.choice((2, 3, 5, 6, 8, 9)))) for _ in range(900)]
    signs = [chr(0x4E00 + chance.randrange(500)) for _ in range(400)]
    paragraphs: list[str] = []
    for _ in range(12):
        if paragraphs and chance.random() < 0.4:
            made = list(chance.choice(paragraphs))
            for _ in range(chance.choice((0, 0, 1, 3, 12, 40))):
                made[chance.randrange(len(made))] = chance.choice((" ", "x", "", "’", "-", "，"))
            paragraphs.append("".join(made))
        elif chance.random() < 0.3:
            paragraphs.append("，".join("".join(chance.sample(signs, 9)) for _ in range(7)) + "。")
        else:
            paragraphs.append(" ".join(chance.choices(words, k=chance.choice((6, 16, 30)))) + chance.choice(".!”"))
    return Article(str(seed), "\n\n".join(paragraphs))


def again(article: Article) -> Article:
    return Article(article.id, article.text, article.lang, article.title, meta=article.meta)


@pytest.mark.parametrize(
    "articles",
    [corpus(), EXAMPLES, [soup(seed) for seed in range(300)], [alike(seed) for seed in range(100)]],
    ids=["corpus", "examples", "soup", "alike"],
)
def test_articles_are_told_what_they_would_find_out(articles: list[Article]) -> None:
    told = list(map(again, articles))
    glance(told, CATALOG.absence)
    assert sum("paragraphs" in vars(article) for article in told) > len(told) / 5
    for one, alone in zip(told, map(again, articles), strict=True):
        assert one.paragraphs == alone.paragraphs
        assert one.folded == alone.folded
        assert stopped(one) == stopped(alone)
        assert copies(one) == copies(alone)


@pytest.mark.parametrize(
    "articles", [corpus(), EXAMPLES, [soup(seed) for seed in range(100)]], ids=["corpus", "examples", "soup"]
)
def test_a_glance_changes_no_finding(articles: list[Article], monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes = []
    for least in (0, 10**9):
        monkeypatch.setattr(inspection, "_WORTH_A_GLANCE", least)
        outcomes.append(examine_all(list(map(again, articles)), CATALOG))
    seen, unseen = outcomes
    assert [outcome.findings for outcome in seen] == [outcome.findings for outcome in unseen]
    assert not any(outcome.errors for outcome in seen)


def test_no_near_copy_is_held_back() -> None:
    held_back = let_through = 0
    for seed in range(400):
        article = alike(seed)
        glance([article], CATALOG.absence)
        texts = [
            paragraph.folded
            for paragraph, stops in zip(article.paragraphs, stopped(article), strict=True)
            if stops and similarity.weighs(paragraph.text, similarity.SHORTEST_NEAR)
        ]
        near = list(near_copies(texts, 0.79))
        assert may_resemble(article) or not near
        held_back += not may_resemble(article)
        let_through += bool(near)
    # Both happen.
    assert held_back > 40
    assert let_through > 40


def test_words_that_begin_and_end_alike_are_told_apart() -> None:
    """Construction and constitution have one key."""
    line = "We can go to the old mill by the sea and sit in the sun for an hour or so, as the construction and "
    line += "constitution and the institute say to the {0}, painter{1}, gardener{1}, teacher{1}, preacher{1} of it."
    text = line.format("director", "") + "\n\n" + line.format("directors", "s")
    articles = [Article("1", text, "en"), Article("2", "The mill turns.\n\n" * 9000, "en")]
    alone, beside = examine_all(articles[:1], CATALOG)[0], examine_all(articles, CATALOG)[0]
    assert [finding.check for finding in alone.findings] == ["near-repeat"]
    assert beside == alone


@pytest.mark.parametrize(
    ("text", "meta"),
    [("Lorem ipsum\u0301 dolor sit amet", {}), ('window. \n\n["@context": 1.', {"body": 9})],
    ids=["a mark on the last letter of a sign", "a sign in the front matter"],
)
def test_articles_of_another_form_are_shown_to_all_checks(text: str, meta: dict[str, int]) -> None:
    article = Article("1", text, "en", meta=meta)
    filler = Article("2", "The mill turns.\n\n" * 9000, "en")
    assert examine_all([again(article), filler], CATALOG)[0] == examine_all([article], CATALOG)[0]


def test_nothing_and_next_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "_WORTH_A_GLANCE", 0)
    assert examine_all([], CATALOG) == []
    for text in ("", "\n", " ", "a"):
        (outcome,) = examine_all([Article("1", text)], CATALOG)
        assert [finding.check for finding in outcome.findings] == ["thin-article"]


def test_strangers_are_held_back() -> None:
    articles = list(read(ROOT / "corpus" / "articles"))
    text = text_of(articles)
    words = words_of(text)
    lines, _ = lines_of(text, words)
    assert len(repeating(text, lines)) < len(articles) / 5
    assert len(resembling(text, words, lines)) < len(articles) / 5


def kinds(characters: str) -> Text:
    return text_of([Article("1", characters)])


def test_the_kinds_of_all_characters() -> None:
    characters = every()
    text = kinds(characters)
    for kind, has in (
        (BLANK, str.isspace),
        (END, LINE_ENDS.__contains__),
        (MARK, unicodedata.combining),
        (LACKED, lambda c: c.isspace() or fold(c) in similarity.LACKED),
    ):
        flags = ((text.kinds[1:-1] & kind) != 0).tolist()
        assert flags == [bool(has(c)) for c in characters]
    composes = text.kinds[1:-1] & COMPOSES
    plain = [c for c, odd in zip(characters, composes, strict=True) if not odd and not unicodedata.combining(c)]
    # In whatever order they stand, NFC leaves them alone.
    random.Random(3).shuffle(plain)
    assert unicodedata.is_normalized("NFC", "".join(plain))
    assert text.folded[1:-1].tobytes().decode("utf-16-le") == fold(characters)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("See a {b", {"one"}), ("See a. b", {"row"}), ("See a . b", {"row"}), ("See a .b", set()), ("See a.", set()),
        ("See [x]", {"one", "escaped"}), ("See x\nx .", set()), ("See A. B", set()), ("", set()),
        ("See\n ab \nit", {"short"}), ("See\nabc", set()),
    ],
)  # fmt: skip
def test_a_check_is_absent_where_none_of_its_signs_stands(text: str, held: set[str]) -> None:
    signs = {"one": ("[{%]", r"\["), "row": (r"\. [a-z]",), "escaped": (r"\]",), "word": ("window",)}
    absence = Absence.of(signs | {"short": ("^.{1,2}$",)})
    around = [Article("0", "{ ] . "), Article("1", text), Article("2", "b")]
    characters = text_of(around)
    lines, _ = lines_of(characters, words_of(characters))
    assert set(absence.checks) - absence.of_checks(characters, lines)[1] == held


def test_words_are_signs_that_are_looked_for_with_the_phrases() -> None:
    articles = [Article("1", "The mill.\n\nSee the WINDOW.location of it."), Article("2", "The mill turns.")]
    assert [reading.signs for reading in CATALOG.phrasebook.read_all(articles)] == [{"leftover-markup"}, set()]


def test_what_is_a_sign() -> None:
    assert is_words("orem ipsum")
    assert not is_words("aN")
    assert longest_of("^.{1,6}$") == 6
    assert longest_of("a") is None
    assert steps_of(r"[.,\]] \w") == (r"[.,\]]", " ", r"\w")
    for sign in ("", "abc.", "[ab", "a+", "(a|b)"):
        with pytest.raises(ValueError, match="is no sign"):
            steps_of(sign)


def test_a_bad_sign_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text(
        '"""Why."""\nTITLE = "X"\nSEVERITY = "note"\nSIGNS = ("a.b.c",)\nFLAGS = {"a": "⟦b⟧"}\nPASSES = {"c": ""}\n\n\n'
        "def find(article):\n    return ()\n",
        encoding="utf-8",
    )
    with pytest.raises(CatalogError, match=r"x\.py:4: SIGNS: 'a\.b\.c' is no sign: write words, one to 3"):
        load_catalog(tmp_path, builtins=False)
