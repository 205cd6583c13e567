"""This repository's own corpus: the clean articles pass, the specimens show exactly what is written beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bycatch import Catalog, read
from bycatch.reading import find_files
from tests.expected import ROOT, SUFFIX, Expected, as_toml, beside, catalog, found, written

ARTICLES = find_files([ROOT / "corpus" / "articles"])
SPECIMENS = find_files([ROOT / "corpus" / "specimens"])


@pytest.fixture(scope="module")
def checks() -> Catalog:
    return catalog()


def name(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("path", ARTICLES, ids=name)
def test_a_clean_article_has_no_error_and_no_warning(path: Path, checks: Catalog) -> None:
    alarms = found(path, checks, severities=("error", "warning"))
    assert not alarms, f"false alarms in {path.name}:\n{as_toml(alarms)}"


@pytest.mark.parametrize("path", SPECIMENS, ids=name)
def test_a_specimen_shows_what_is_written_beside_it(path: Path, checks: Catalog) -> None:
    wanted, seen = written(path), found(path, checks)
    missed, more = _less(wanted, seen), _less(seen, wanted)
    assert missed + more == [], (
        f"{path.name}\nwritten beside it but not found:\n{as_toml(missed)}\nfound but not written:\n{as_toml(more)}"
    )


def _less(findings: list[Expected], others: list[Expected]) -> list[Expected]:
    """The findings without those of the others, each taken away once: two equal findings are two."""
    left = list(findings)
    for other in others:
        if other in left:
            left.remove(other)
    return left


def test_every_check_is_shown_by_a_specimen(checks: Catalog) -> None:
    shown = {finding.check for path in SPECIMENS for finding in written(path)}
    assert shown == set(checks.checks), "checks no specimen shows, or names that are no checks"


def test_nothing_is_written_beside_a_specimen_that_is_gone() -> None:
    files = {path.name for path in (ROOT / "corpus" / "specimens").glob(f"*{SUFFIX}")}
    assert files == {beside(path).name for path in SPECIMENS}


@pytest.mark.parametrize("paths", [ARTICLES, SPECIMENS], ids=["articles", "specimens"])
def test_there_are_enough_of_them_in_enough_languages(paths: list[Path]) -> None:
    languages = {path.name[:2] for path in paths if path.name[2] == "-"}
    assert len(paths) >= 24
    assert len(languages) >= 8


@pytest.mark.parametrize("path", [path for path in ARTICLES if not path.name.startswith(("ja-", "zh-"))], ids=name)
def test_a_clean_article_is_as_long_as_an_article(path: Path) -> None:
    # 150 words are the least for a news item; Chinese and Japanese have no spaces to count by.
    words = [len(article.text.split()) for article in read(path)]
    assert all(150 <= count <= 600 for count in words), words
