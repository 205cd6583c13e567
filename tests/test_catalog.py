"""Check files: what is accepted, and the error each broken one gets."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from bycatch import Article, CatalogError, inspect, load_catalog
from bycatch.output.explanation import markdown
from bycatch.pytest_plugin import is_check

from .conftest import ROOT

GOOD = """title = "Test"
severity = "error"
why = "A test."
[phrases]
en = ["Leave a note"]
[flags]
"a" = "⟦Leave a note⟧"
[passes]
"b" = "Nothing here."
"""
PYTHON = '''"""Why it matters."""
TITLE = "Test"
SEVERITY = "note"
FLAGS = {"a": "⟦x⟧"}
PASSES = {"b": "y"}
from bycatch import Mark
def find(article):
    for paragraph in article.paragraphs:
        if paragraph.text == "x":
            yield Mark(paragraph.span(), "An x.")
'''


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.toml", GOOD + "broken", r"a\.toml:10: not valid TOML"),
        ("a.toml", GOOD.replace('why = "A test."', ""), r"a\.toml:1: no why"),
        ("a.toml", GOOD.replace('"error"', '"fatal"'), r"a\.toml:2: severity must be one of error, warning, note"),
        ("a.toml", GOOD[: GOOD.index("[passes]")], r"a\.toml:1: no passes"),
        ("a.toml", GOOD.replace("⟦Leave a note⟧", "Leave a note"), r"a\.toml:7: flags: 'a' marks nothing"),
        ("a.toml", GOOD.replace("⟦Leave a note⟧", "⟦Leave a note"), r"a\.toml:7: 'a' has a ⟦ without its ⟧"),
        ("a.toml", "regex = 1\n" + GOOD, r"a\.toml:1: unknown key 'regex'; known are"),
        ("a.toml", 'where = "top"\n' + GOOD, r"a\.toml:1: where = 'top'; write"),
        ("a.toml", GOOD.replace('["Leave a note"]', '"Leave a note"'), r"a\.toml:5: phrases\.en must be a list"),
        ("a.toml", GOOD.replace('["Leave a note"]', '["Leave a note", "…"]'), r"has no word that must"),
        ("a.toml", GOOD.replace('en = ["Leave a note"]', ""), r"a\.toml:1: no phrases"),
        ("A_b.toml", GOOD, r"A_b\.toml: a check is named in lower-case words"),
        ("a.py", PYTHON.replace("def find(article)", "def search(article)"), r"a\.py:1: no function `find\(article\)`"),
        ("a.py", PYTHON + "1 / 0\n", r"a\.py:11: ZeroDivisionError"),
        ("a.py", PYTHON + "def\n", r"a\.py:11: SyntaxError"),
        ("a.py", PYTHON.replace("find(article)", "find(article, model)"), r"a\.py:7: find\(\) takes article, found"),
        ("a.py", PYTHON.replace('"note"', '"fatal"'), r"a\.py:3: severity must be"),
    ],
)
def test_a_broken_check_file_names_file_line_and_way_out(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(CatalogError, match=message):
        load_catalog(tmp_path, builtins=False)


def test_a_phrase_in_two_checks_names_both_lines(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.toml").write_text("\n" + GOOD.replace("Leave a note", "« LEAVE a note »"), encoding="utf-8")
    with pytest.raises(CatalogError, match=r"b\.toml:6: '« LEAVE a note »' is already in .*a\.toml:5; keep one"):
        load_catalog(tmp_path, builtins=False)


def test_two_checks_of_one_name(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "a.py").write_text(PYTHON, encoding="utf-8")
    with pytest.raises(CatalogError, match="give one another name"):
        load_catalog(tmp_path, builtins=False)


def test_a_projects_check_takes_the_place_of_a_built_in_one(tmp_path: Path) -> None:
    (tmp_path / "ad-marker.toml").write_text(GOOD, encoding="utf-8")
    catalog = load_catalog(tmp_path)
    assert [f.text for f in inspect(Article("a", "Leave a note\n\n[ad_1]"), catalog) if f.check == "ad-marker"] == [
        "Leave a note"
    ]


def test_a_python_check_is_one_file(tmp_path: Path) -> None:
    (tmp_path / "an-x.py").write_text(PYTHON, encoding="utf-8")
    catalog = load_catalog(tmp_path, builtins=False)
    assert [f.check for f in inspect(Article("a", "y\n\nx"), catalog)] == ["an-x"]
    assert catalog.checks["an-x"].why == "Why it matters."


def test_a_projects_checks_add_to_the_built_in_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "my-check.toml").write_text(GOOD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    catalog = load_catalog()
    assert {"my-check", "ad-marker"} <= set(catalog.checks)
    assert catalog.digest != load_catalog(ROOT / "checks").digest


def test_selecting_and_ignoring(tmp_path: Path) -> None:
    catalog = load_catalog(ROOT / "checks")
    assert list(catalog.only(["ad-marker"]).checks) == ["ad-marker"]
    assert "ad-marker" not in catalog.only([], ["ad-marker"]).checks
    with pytest.raises(CatalogError, match=r"no check named 'ad-maker'.*did you mean 'ad-marker'"):
        catalog.only(["ad-maker"])


def test_the_order_respects_after(tmp_path: Path) -> None:
    (tmp_path / "a-first.py").write_text(PYTHON.replace("TITLE", 'AFTER = ("b-second",)\nTITLE'), encoding="utf-8")
    (tmp_path / "b-second.py").write_text(PYTHON, encoding="utf-8")
    assert list(load_catalog(tmp_path, builtins=False).checks) == ["b-second", "a-first"]
    (tmp_path / "b-second.py").write_text(PYTHON.replace("TITLE", 'AFTER = ("a-first",)\nTITLE'), encoding="utf-8")
    with pytest.raises(CatalogError, match="round in a circle"):
        load_catalog(tmp_path, builtins=False)


# What a check may import: it is a pure function of one article, so no file, clock, network or process.
ALLOWED = {
    "__future__", "bisect", "collections", "collections.abc", "dataclasses", "difflib", "functools", "html",
    "itertools", "math", "re", "string", "typing", "unicodedata", "ftfy", "ftfy.badness", "ftfy.chardata",
    "bycatch.article", "bycatch.folding", "bycatch.language", "bycatch.language_hearing", "bycatch.similarity",
    "bycatch.furniture", "bycatch.inspection", "bycatch.memory", "bycatch.phrases",
}  # fmt: skip


@pytest.mark.parametrize("path", sorted((ROOT / "checks").glob("*.py")), ids=lambda p: p.stem)
def test_checks_import_nothing_but_pure_tools(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        assert set(names) <= ALLOWED, f"{path.name}:{node.lineno} imports {names}"


def test_the_page_of_checks_is_what_the_files_say() -> None:
    written = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    assert written == markdown(load_catalog(ROOT / "checks")), "run: bycatch explain --markdown > docs/checks.md"


def test_the_catalog_loads_without_heavy_modules() -> None:
    import subprocess

    code = (
        "import sys, bycatch; bycatch.load_catalog(); "
        "print([m for m in ('great_expectations', 'pandas', 'pyarrow', 'langdetect', 'eld') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_examples_of_every_check_are_run() -> None:
    """A file that pytest takes for none would have examples that nobody sees fail."""
    checks = load_catalog().checks.values()
    assert [check.id for check in checks if not is_check(check.path)] == []
