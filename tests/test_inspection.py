from pathlib import Path

import pytest

from bycatch import Article, load_catalog
from bycatch.inspection import examine, examine_all

CHECK = '''"""A check of a test."""

from bycatch.article import Mark, Span

TITLE = "{name}"
SEVERITY = "note"
AFTER = {after!r}
FLAGS = {{"a text": "⟦One⟧ line."}}
PASSES = {{"none": ""}}


def find(article):
    article.meta["log"].append((article.id, "{name}"))
    if article.id in {raises!r}:
        raise ValueError("no")
    return [Mark(Span(0, 3), "{name}")]
'''
TOGETHER = (
    CHECK.replace("find(article)", "find_all(articles, found)")
    .replace("    article.meta", "    article = articles[0]\n    article.meta")
    .replace("return [Mark", "return [[Mark")
    .replace('"{name}")]\n', '"{name}")] for _ in articles]\n')
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, after, text in (
        ("a-one", (), CHECK),
        ("b-two", ("a-one",), CHECK),
        ("c-all", ("b-two",), TOGETHER),
        ("d-end", ("c-all",), CHECK),
    ):
        raises = ("2",) if name == "a-one" else ()
        (tmp_path / f"{name}.py").write_text(text.format(name=name, after=after, raises=raises), encoding="utf-8")
    return tmp_path


def test_articles_come_one_after_the_other_but_to_a_check_that_sees_all(folder: Path) -> None:
    log: list[tuple[str, str]] = []
    catalog = load_catalog(folder, builtins=False)
    examine_all([Article(n, "One line.", meta={"log": log}) for n in ("1", "2")], catalog)
    assert log == [
        *(("1", "a-one"), ("1", "b-two"), ("2", "a-one"), ("2", "b-two")),
        *(("1", "c-all"), ("1", "d-end"), ("2", "d-end")),
    ]


def test_many_together_have_the_outcomes_of_each_alone(folder: Path) -> None:
    catalog = load_catalog(folder, builtins=False)
    articles = [Article(n, f"Line {n}.", meta={"log": []}) for n in ("1", "2", "3")]
    together = examine_all(articles, catalog)
    alone = [examine(article, catalog) for article in articles]
    assert [outcome.findings for outcome in together] == [outcome.findings for outcome in alone]
    assert [[str(error) for error in outcome.errors] for outcome in together] == [
        [],
        ["check a-one failed on article 2: ValueError: no"],
        [],
    ]
    assert [finding.check for finding in together[1].findings] == ["b-two", "c-all", "d-end"]
