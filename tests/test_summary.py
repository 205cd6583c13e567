"""The table of figures: documented, stable, whole; and bycatch inside a Great Expectations project."""

from __future__ import annotations

import re
import subprocess
import sys
from array import array
from pathlib import Path

from bycatch import Article, inspect, load_catalog
from bycatch.article import Span
from bycatch.summary import Table, column, covered, error_column, own_checks, schema, summarise, words

from .conftest import ROOT

FIGURES = [
    ("id", "str"), ("path", "str"), ("source", "str"), ("lang", "str"), ("errors", "int"), ("warnings", "int"),
    ("notes", "int"), ("own_errors", "int"), ("known", "int"), ("waived", "int"), ("characters", "int"),
    ("paragraphs", "int"), ("words", "int"), ("flagged_characters", "int"), ("share_flagged", "float"),
    ("words_left", "int"), ("words_left_all", "int"), ("paragraphs_left", "int"), ("share_in_language", "float"),
]  # fmt: skip


def test_the_schema_is_stable_and_documented() -> None:
    """Suites of others name these columns: one may be added, none renamed or removed."""
    made = [(name, kind.__name__) for name, kind in schema(["ad-marker"]).items()]
    assert made == [*FIGURES, ("ad_marker", "int"), ("ad_marker_errors", "int")]
    page = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \| (\w+) \|", page, re.MULTILINE) == FIGURES


def test_a_row_has_every_column_of_its_type_and_nothing_missing() -> None:
    catalog = load_catalog()
    columns = schema(catalog.checks)
    for text in ("", "   \n", "A line.\n\n[ad_1]\n\nAnother line, a little longer.\n", "東京の夜。\n"):
        article = Article("a", text)
        made = summarise(article, inspect(article, catalog)).row(catalog.checks)
        assert list(made) == list(columns)
        for name, value in made.items():
            assert type(value) is columns[name], name


def test_a_table_keeps_few_bytes_of_an_article_and_every_figure() -> None:
    catalog = load_catalog()
    table = Table(schema(catalog.checks), catalog.checks)
    rows = []
    for number in range(100):
        summary = summarise(Article(str(number), "word " * number * number, lang="".join("en")), ())
        rows.append(summary.row(catalog.checks))
        table.add(summary)
    assert list(table.columns) == list(schema(catalog.checks))
    for name, column_ in table.columns.items():
        assert list(column_) == [row[name] for row in rows], name
    sizes = {name: column_.itemsize for name, column_ in table.columns.items() if isinstance(column_, array)}
    # Two shares of eight bytes, the counts of words two, of characters four; all else one.
    assert (sizes["share_flagged"], sizes["words"], sizes["characters"], sizes["errors"]) == (8, 2, 4, 1)
    assert sum(sizes.values()) < 120
    assert len({id(lang) for lang in table.columns["lang"]}) == 1


def test_the_figures() -> None:
    catalog = load_catalog().only(["ad-marker"])
    text = "The council met on Monday.\n\n[ad_1]\n\nIt voted to keep the ferry.\n"
    article = Article("a", text, "en", source="https://example.org")
    found = inspect(article, catalog)
    summary = summarise(article, found, known=2, waived=1)
    assert (summary.errors, summary.counts, summary.grave) == (1, {"ad-marker": 1}, {"ad-marker": 1})
    assert (summary.words, summary.words_left, summary.paragraphs, summary.paragraphs_left) == (12, 11, 3, 2)
    assert (summary.flagged_characters, summary.characters) == (6, len(text))
    assert summary.share_flagged == 6 / len(text)
    assert (summary.known, summary.waived, summary.lang, summary.source) == (2, 1, "en", "https://example.org")
    assert summarise(article, found, own=frozenset({"ad-marker"})).own_errors == 1
    assert own_checks(catalog) == frozenset()


def test_spans_are_counted_once_and_characters_of_chinese_as_words() -> None:
    assert covered([Span(5, 9), Span(0, 6), Span(20, 20), Span(9, 10)]) == [Span(0, 10)]
    assert words("東京 and Kyōto") == 4
    assert (column("ad-marker"), error_column("ad-marker")) == ("ad_marker", "ad_marker_errors")


def test_bycatch_in_a_great_expectations_project(tmp_path: Path) -> None:
    """The code of docs/great-expectations.md, as it stands there."""
    page = (ROOT / "docs" / "great-expectations.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text("The council met on Monday.\n\n[ad_1]\n", encoding="utf-8")
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.stdout.splitlines()[-1:] == ["held back"], run.stderr
    docs = list((tmp_path / "gx" / "uncommitted" / "data_docs").rglob("index.html"))
    assert docs
    pages = "".join(p.read_text(encoding="utf-8") for p in docs[0].parent.rglob("*.html"))
    assert "Articles hold no ad markers" in pages


def test_named_expectations_are_written_out_for_the_gate(tmp_path: Path) -> None:
    code = (
        "import great_expectations as gx, json\n"
        "from pathlib import Path\n"
        "from bycatch import load_catalog\n"
        "from bycatch.expectations import NAMED, suite_as_json\n"
        "from bycatch.gate import load_suites\n"
        "from bycatch.summary import schema\n"
        "gx.get_context(mode='ephemeral')\n"
        "suite = gx.ExpectationSuite(name='named', expectations=[kind() for kind in NAMED])\n"
        "Path('named.json').write_text(suite_as_json(suite))\n"
        "checks = load_catalog().checks\n"
        "(loaded,) = load_suites([Path('named.json')], schema(checks), checks)\n"
        "print(len(loaded.rules), all('column' in rule.kwargs for rule in loaded.rules))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.stdout == "8 True\n", run.stderr
