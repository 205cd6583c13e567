"""`bycatch calibrate`: the checks at work on articles without labels."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from bycatch.article import Article
from bycatch.calibrate import Calibration, Line, phrase_of, proposal, quoted
from bycatch.catalog import load_catalog
from bycatch.inspection import inspect

Run = Callable[..., Result]
NAMES = ("ferry", "library", "bakery", "harbour")


def _prose(name: str, number: int) -> str:
    return (
        f"The {name} of the town opened again on day {number} of the week, and {number + 40} people came to see it, "
        "among them the mayor and her two dogs."
    )


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Four articles with a known line between their paragraphs, and at their end one that no check knows."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    for number, name in enumerate(NAMES):
        text = (
            f"{_prose(name, number)}\n\nAdvertisement\n\n{_prose(name, number + 10)}\n\n"
            f'The Seaside "Herald" desk, issue {number + 7}\n'
        )
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def test_hits_by_check_and_phrase(bycatch: Run, corpus: Path) -> None:
    run = bycatch("calibrate", corpus, "--format", "json", "--examples", 1)
    assert run.exit_code == 0, run.output
    told = json.loads(run.stdout)
    assert told["articles"] == 4
    (check,) = [row for row in told["checks"] if row["check"] == "ad-marker"]
    assert (check["severity"], check["hits"], check["articles"]) == ("error", 4, 4)
    assert check["characters"] == 4 * len("Advertisement")
    assert check["between_prose"] == 4
    assert [example["text"] for example in check["examples"]] == ["Advertisement"]
    (phrase,) = [row for row in told["phrases"] if row["check"] == "ad-marker"]
    assert phrase["hits"] == 4
    assert {"check": "ad-marker", "phrase": phrase["phrase"]} in told["suspects"]


def test_what_no_check_knows_becomes_a_check_that_finds_it(bycatch: Run, corpus: Path, tmp_path: Path) -> None:
    told = json.loads(bycatch("calibrate", corpus, "--format", "json").stdout)
    (line,) = [row for row in told["unknown"] if "Seaside" in row["text"]]
    assert line["articles"] == 4
    checks = tmp_path / "checks"
    checks.mkdir()
    (checks / "site-furniture.toml").write_text(told["proposal"], encoding="utf-8")
    assert 'The Seaside \\"Herald\\" desk, issue {n}' in told["proposal"]
    catalog = load_catalog(checks).only(["site-furniture"])
    article = Article("a", f'{_prose("school", 3)}\n\nThe Seaside "Herald" desk, issue 99\n', "en")
    (finding,) = inspect(article, catalog)
    assert finding.text == 'The Seaside "Herald" desk, issue 99'
    (example,) = catalog.checks["site-furniture"].flags
    assert [finding.span for finding in inspect(Article("b", example.text, "en"), catalog)] == list(example.spans)
    # Once it is a check of the project, it is known.
    again = json.loads(bycatch("calibrate", corpus, "--format", "json").stdout)
    assert "Seaside" not in json.dumps(again["unknown"])


def test_tables_and_the_proposal_for_people(bycatch: Run, corpus: Path) -> None:
    run = bycatch("calibrate", corpus)
    assert run.exit_code == 0, run.output
    for words in ("ad-marker", "100.00", "no check knows", "[phrases]", "issue {n}"):
        assert words in run.stdout
    assert "4 articles counted" in run.stderr


def test_shared_by_says_how_many(bycatch: Run, corpus: Path) -> None:
    told = json.loads(bycatch("calibrate", corpus, "--shared-by", 5, "--format", "json").stdout)
    assert told["unknown"] == []
    assert told["proposal"] == ""


def test_copies_of_an_article_share_nothing_with_it() -> None:
    found = Calibration()
    for number in range(5):
        found.add(Article(str(number), "One line\n\nAnother line\n", "en"), ())
    assert found.unknown(2) == []


def test_counts_are_bounded_and_say_so() -> None:
    found = Calibration(most_lines=50)
    for number in range(200):
        found.add(
            Article(str(number), f"Seen everywhere\n\nOnly here {'abcdefghij'[number % 10] * (number + 1)}\n"), ()
        )
    assert found.dropped
    (line,) = found.unknown(100)
    assert line.text == "Seen everywhere"
    assert len(found._counts) <= 50


@pytest.mark.parametrize("text", ["a | b", "{x} here", "What …", "—", "2024", "⟦x⟧ marked"])
def test_lines_the_format_cannot_say_are_left_out(text: str) -> None:
    assert phrase_of(text) is None


def test_a_phrase_that_a_check_has_is_not_proposed() -> None:
    lines = [Line("Our desk by the sea", {"en"}, 4), Line("Our desk on the hill", {"en", "fr"}, 3)]
    toml = proposal(lines, taken={"our desk by the sea"})
    assert "by the sea" not in toml
    assert "any = [" in toml


def test_strings_of_toml() -> None:
    assert quoted('a "b" \\ c') == '"a \\"b\\" \\\\ c"'


def test_nothing_to_read_is_one_line(bycatch: Run, tmp_path: Path) -> None:
    run = bycatch("calibrate", tmp_path / "nowhere")
    assert run.exit_code == 2
    assert len(run.stderr.splitlines()) == 1
