"""The phrase format, on checks written for the test."""

from __future__ import annotations

from pathlib import Path

import pytest

from bycatch import Article, CatalogError, inspect, load_catalog

HEADER = """
title = "Test"
severity = "error"
fix = "delete paragraph"
why = "A test."
"""
EXAMPLES = """
[flags]
"a" = "⟦Leave a note⟧"
[passes]
"b" = "Nothing here."
"""


def found(folder: Path, tables: str, text: str, *, lang: str | None = None, keys: str = "") -> list[str]:
    (folder / "test-check.toml").write_text(HEADER + keys + tables + EXAMPLES, encoding="utf-8")
    catalog = load_catalog(folder, builtins=False)
    return [finding.text for finding in inspect(Article("a", text, lang=lang), catalog)]


WHOLE = '[phrases]\nen = ["Leave a note", "{n} comments", "Read also: …", "… gave the news", "Reply to … now"]\n'


@pytest.mark.parametrize(
    "text",
    [
        "Leave a note",
        "  » LEAVE A NOTE « ",
        "[Leave\N{NO-BREAK SPACE}a note]:",
        "12 comments",
        "1,204 Comments",
        "3comments",
        "(3) comments",
        "Read also: The ferry is back",
        "– Anna Weber gave the news.",
        "Reply to Anna now!",
        "Leave a note | 12 comments",
        "Leave a note. Reply to Ben now",
    ],
)
def test_a_phrase_is_the_whole_paragraph_give_or_take_decoration(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, WHOLE, f"Prose stands here.\n\n{text}\n\nMore prose.") == [text.strip()]


@pytest.mark.parametrize(
    "text",
    [
        "She asked him to leave a note.",
        "Leave a notebook",
        "twelve comments",
        "Read also:",
        "Spread also: the word",
        "Leave a note | The ferry is back",
        "He could read also: it was light.",
    ],
)
def test_prose_that_holds_the_words_is_left_alone(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, WHOLE, f"Prose stands here.\n\n{text}\n\nMore prose.") == []


def test_a_menu_may_hold_one_entry_nobody_knows(tmp_path: Path) -> None:
    tables = '[phrases]\nen = ["Leave a note", "Home", "Contact", "Archive"]\n'
    menu = "Home | Contact | Archive | Leave a note | Ferry"
    assert found(tmp_path, tables, menu) == [menu]
    assert found(tmp_path, tables, "Home | Ferry | Archive") == []


def test_alternatives_stand_for_every_choice(tmp_path: Path) -> None:
    tables = '[phrases]\nen = ["(Leave|Post) (a|your|) note", "Sent (by hand)"]\n'
    text = "Leave a note\n\nPost note\n\nPost your note\n\nSent (by hand)\n\nSent\n\nLeave the note"
    assert found(tmp_path, tables, text) == ["Leave a note", "Post note", "Post your note", "Sent (by hand)"]


def test_accents_may_be_missing(tmp_path: Path) -> None:
    tables = '[phrases]\nfr = ["Publicité", "À lire : …"]\nen = ["Leave a note"]\n'
    text = "PUBLICITE\n\nA LIRE : le bac\n\npublicité"
    assert found(tmp_path, tables, text) == ["PUBLICITE", "A LIRE : le bac", "publicité"]


def test_inline_phrases_are_cut_out_and_respect_words(tmp_path: Path) -> None:
    tables = '[phrases]\nen = ["Leave a note"]\n[inline]\nany = ["[ad_{n}]", "click here", "広告"]\n'
    text = "See [ad_1] and click here, not click hereabouts; 今日は広告です. [ad_x]"
    assert found(tmp_path, tables, text) == ["[ad_1]", "click here", "広告"]


def test_cues_count_only_together(tmp_path: Path) -> None:
    tables = '[phrases]\nen = ["Leave a note"]\n[cues]\nen = ["uses cookies", "by continuing", "privacy policy"]\n'
    assert found(tmp_path, tables, "The site uses cookies, the report says.") == []
    notice = "This site uses cookies. By continuing you agree."
    assert found(tmp_path, tables, notice) == [notice]
    long = "The report " + "says that and so on and on " * 10 + "uses cookies by continuing to do so."
    assert found(tmp_path, tables, long) == []


def test_likely_phrases_are_warnings(tmp_path: Path) -> None:
    tables = '[phrases]\nen = ["Read also"]\n[likely]\nen = ["Read also: …", "Leave a note"]\n'
    (tmp_path / "test-check.toml").write_text(HEADER + tables + EXAMPLES, encoding="utf-8")
    found = inspect(Article("a", "Read also\n\nRead also: the ferry"), load_catalog(tmp_path, builtins=False))
    assert [(f.severity, f.fix and f.fix.safe) for f in found] == [("error", True), ("warning", False)]


def test_two_checks_do_not_claim_one_paragraph(tmp_path: Path) -> None:
    for name, phrase in (("one", "Leave (a|the) note"), ("two", "Leave a note")):
        text = HEADER + f'[phrases]\nen = ["{phrase}"]\n' + EXAMPLES
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    found = inspect(Article("a", "Leave a note"), load_catalog(tmp_path, builtins=False))
    assert [f.check for f in found] == ["two"]


def test_a_not_phrase_silences_its_paragraph(tmp_path: Path) -> None:
    tables = '[phrases]\nen = ["Leave a note", "Read also: …"]\n[not]\nen = ["the book"]\n'
    assert found(tmp_path, tables, "Read also: the book of Job\n\nRead also: the news") == ["Read also: the news"]


@pytest.mark.parametrize(("where", "hits"), [("first 1 paragraphs", [0]), ("last 2 paragraphs", [1, 2])])
def test_where_limits_the_paragraphs(tmp_path: Path, where: str, hits: list[int]) -> None:
    (tmp_path / "test-check.toml").write_text(
        HEADER + f'where = "{where}"\n[phrases]\nen = ["Leave a note"]\n' + EXAMPLES, encoding="utf-8"
    )
    catalog = load_catalog(tmp_path, builtins=False)
    article = Article("a", "\n\n".join(["Leave a note"] * 3))
    assert [f.line // 2 for f in inspect(article, catalog)] == hits


def test_exact_case(tmp_path: Path) -> None:
    keys = 'case = "exact"\n'
    assert found(tmp_path, '[phrases]\nen = ["Leave a note"]\n', "leave a note\n\nLeave a note", keys=keys) == [
        "Leave a note"
    ]


def test_a_phrase_of_the_own_language_comes_before_a_more_telling_foreign_one(tmp_path: Path) -> None:
    tables = '[phrases]\nja = ["All rights reserved"]\nen = ["(Example … |)all rights reserved(| …)"]\n'
    (tmp_path / "test-check.toml").write_text(HEADER + tables + EXAMPLES, encoding="utf-8")
    [finding] = inspect(Article("a", "All rights reserved", lang="en"), load_catalog(tmp_path, builtins=False))
    assert finding.lang == "en"


def test_the_language_of_a_finding(tmp_path: Path) -> None:
    tables = '[phrases]\nen = ["Leave a note", "Menu"]\nfr = ["Menu"]\nany = ["RSS"]\n'
    (tmp_path / "test-check.toml").write_text(HEADER + tables + EXAMPLES, encoding="utf-8")
    catalog = load_catalog(tmp_path, builtins=False)
    text = "Leave a note\n\nMenu\n\nRSS"
    langs = [f.lang for f in inspect(Article("a", text, lang="fr"), catalog)]
    assert langs == ["en", "fr", None]


def test_a_phrase_of_a_near_language_is_the_articles_own(tmp_path: Path) -> None:
    (tmp_path / "test-check.toml").write_text(
        HEADER + '[phrases]\nda = ["Leave a note"]\n' + EXAMPLES, encoding="utf-8"
    )
    (finding,) = inspect(Article("a", "Leave a note", lang="nb"), load_catalog(tmp_path, builtins=False))
    assert finding.lang == "nb"


def test_decomposed_text_is_found_and_marked_in_place(tmp_path: Path) -> None:
    tables = '[phrases]\nfr = ["Publicité"]\n[inline]\nfr = ["ici é là"]\n'
    text = "Publicite\u0301\n\nmot ici e\u0301 la\u0300 fin"
    assert found(tmp_path, tables, text) == ["Publicite\u0301", "ici e\u0301 la\u0300"]


EDGES = """[phrases]
en = ["(Please |)(subscribe|sign up) to …", "… was not found on this server", "… has been shared …", "{n} replies"]
[cues]
en = ["ferry ticket", "quay office"]
"""


@pytest.mark.parametrize(
    "text",
    [
        "Please sign up to the letter of the ferry",
        "Subscribe to the letter of the ferry",
        "The page you wanted was not found on this server",
        "This timetable has been shared twelve times",
        "14 replies",
        "Buy your ferry ticket at the quay office",
    ],
)
def test_what_was_read_before_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    (tmp_path / "test-check.toml").write_text(HEADER + EDGES + EXAMPLES.replace("Leave a note", "2 replies"), "utf-8")
    catalog = load_catalog(tmp_path, builtins=False)
    # Small, so that the automaton is built in both its forms.
    monkeypatch.setattr("bycatch.phrases._WORTH_A_TABLE", 150)
    inside = []
    for number in range(4):
        prose = f"Prose stands here in line {number}, and no one has subscribed or signed up to anything."
        assert [f.text for f in inspect(Article("a", f"{prose}\n\n{text}\n\n{prose}"), catalog)] == [text]
        inside.append([f.text for f in inspect(Article("b", f"He read: {text}, and laughed."), catalog)])
    assert all(texts == inside[0] for texts in inside)


def test_checks_that_are_left_out_find_none_of_their_phrases(tmp_path: Path) -> None:
    for name, phrase in (("one-check", "Leave a note"), ("other-check", "Leave a coin")):
        (tmp_path / f"{name}.toml").write_text(
            f'{HEADER}[phrases]\nen = ["{phrase}"]\n[flags]\n"a" = "⟦{phrase}⟧"\n[passes]\n"b" = "Nothing."\n', "utf-8"
        )
    catalog = load_catalog(tmp_path, builtins=False)
    article = Article("a", "Leave a note\n\nLeave a coin")
    assert [f.text for f in inspect(article, catalog)] == ["Leave a note", "Leave a coin"]
    assert [f.text for f in inspect(article, catalog.only(["other-check"]))] == ["Leave a coin"]
    assert [f.text for f in inspect(article, catalog.only([], ["other-check"]))] == ["Leave a note"]


def test_control_characters_in_a_phrase_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="control character"):
        found(tmp_path, '[phrases]\nen = ["Leave\\u001fa note"]\n', "Prose.")
