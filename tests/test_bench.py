"""`bycatch bench`: the figures, each counted by hand, and one clear line for every file that is no labelled one."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import Result

from bycatch.article import Finding, Fix, Span
from bycatch.bench import Held, Scorecard, breakdown, covered, deleted, figures, tally, verdict, wilson
from bycatch.labelled import Page, read_labelled

Run = Callable[..., Result]
PROSE = (
    "The harbour office opened its new pier on Tuesday, and the first ferry of the season left it with ninety "
    "passengers and a brass band on board."
)
MORE = (
    "A second ferry followed an hour later, carrying the mayor, three crates of oranges and the schoolchildren who had "
    "painted its funnel."
)
PAGES = {
    # text, label, pos
    "one": [(PROSE, 1, "in"), ("Advertisement", 0, "in"), (MORE, 1, "in"), ("Leave a Comment", 0, "post")],
    "two": [("Skip to content", 0, "pre"), (MORE, 1, "in"), ("Pier trains run late", 0, "post"), (PROSE, -1, "post")],
}


def _rows(renderer: str = "ptags") -> list[dict[str, Any]]:
    return [
        {
            "dataset": "harbour",
            "doc": doc,
            "lang": "en",
            "renderer": renderer,
            "line": number,
            "text": text,
            "label": label,
            "pos": pos,
            "tier": "A",
        }
        for doc, lines in PAGES.items()
        for number, (text, label, pos) in enumerate(lines)
    ]


def _file(tmp_path: Path, rows: list[dict[str, Any]]) -> Path:
    path = tmp_path / "lines.parquet"
    pd.DataFrame(rows).to_parquet(path)
    return path


def _finding(start: int, end: int, *, safe: bool = False, check: str = "a-check") -> Finding:
    span = Span(start, end)
    fix = Fix("delete", span, safe=safe)
    return Finding(check, "error", "0", "", span, 1, 1, 1, "", "", None, fix, (), "k")


def _page(*labels: int, **changes: Any) -> Page:
    given = {"dataset": "d", "doc": "x", "renderer": "ptags", "lang": "en", **changes}
    return Page(**given, texts=["ten chars!"] * len(labels), labels=labels, places=["in"] * len(labels))


def test_the_figures_of_a_file_as_counted_by_hand(bycatch: Run, tmp_path: Path) -> None:
    run = bycatch("bench", _file(tmp_path, _rows()), "--format", "json")
    assert run.exit_code == 0, run.output
    told = json.loads(run.stdout)
    safe = told["safe"]["all"]
    # Three of four artifacts are furniture by name; the teaser is not.
    assert safe["docs"] == 2
    assert safe["content"] == 3
    assert safe["artifact"] == 4
    assert safe["precision"] == 1
    assert safe["recall"] == 0.75
    assert safe["f1"] == pytest.approx(6 / 7)
    assert safe["fpr"] == 0
    assert safe["kept"] == 1
    assert safe["macro_f1"] == pytest.approx((1 + 2 / 3) / 2)
    assert safe["removed"] == pytest.approx((1 + 15 / (15 + 20)) / 2)
    assert (safe["inside"], safe["inside_recall"]) == (1, 1)
    held = {(row["check"], row["severity"]): row for row in told["checks"]}
    assert held["ad-marker", "error"]["artifact"] == 1
    assert held["ad-marker", "error"]["verdict"] == "too few to tell"
    assert told["by"] == []


def test_only_four_columns_are_needed(bycatch: Run, tmp_path: Path) -> None:
    rows = [{key: row[key] for key in ("doc", "line", "text", "label")} for row in _rows()]
    run = bycatch("bench", _file(tmp_path, rows), "--format", "json")
    assert run.exit_code == 0, run.output
    assert json.loads(run.stdout)["safe"]["all"]["artifact"] == 4


def test_rows_in_any_order_give_the_same_figures(bycatch: Run, tmp_path: Path) -> None:
    rows = [*_rows("ptags"), *_rows("readab")]
    ordered = bycatch("bench", _file(tmp_path, rows), "--format", "json").stdout
    mixed = bycatch("bench", _file(tmp_path, rows[1::2] + rows[::2]), "--format", "json").stdout
    assert json.loads(mixed)["offered"] == json.loads(ordered)["offered"]


def test_broken_down_by_columns(bycatch: Run, tmp_path: Path) -> None:
    rows = [*_rows("ptags"), *_rows("bs4_nl")]
    path = _file(tmp_path, rows)
    told = json.loads(bycatch("bench", path, "--by", "renderer", "--by", "lang", "--format", "json").stdout)
    assert list(told["offered"]) == ["all", "MID", "renderer bs4_nl", "renderer ptags", "lang en"]
    assert told["offered"]["MID"] == told["offered"]["renderer ptags"]
    assert {(part["column"], part["value"]) for part in told["by"]} == {
        ("renderer", "ptags"),
        ("renderer", "bs4_nl"),
        ("lang", "en"),
    }
    one = json.loads(bycatch("bench", path, "--renderers", "ptags", "--sample", 1, "--format", "json").stdout)
    assert one["offered"]["all"]["docs"] == 1


@pytest.mark.parametrize("style", ["text", "markdown"])
def test_tables_for_people(bycatch: Run, tmp_path: Path, style: str) -> None:
    run = bycatch("bench", _file(tmp_path, _rows()), "--format", style)
    assert run.exit_code == 0, run.output
    for words in ("Safe deletions", "All deletions offered", "ad-marker", "too few to tell", "3 in 100"):
        assert words in " ".join(run.stdout.split())


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([{"doc": "a", "line": 0, "text": "x"}], "no column 'label'"),
        ([{"doc": "a", "line": 0, "text": "x", "label": 7}], "label is 7"),
        ([{"doc": "a", "line": "top", "text": "x", "label": 1}], "line is 'top'"),
        ([{"doc": "a", "line": 0, "text": "x", "label": 1}] * 2, "stands twice"),
        ([{"doc": None, "line": 0, "text": "x", "label": 1}], "every row needs a doc"),
        ([{"doc": "a", "line": 0, "text": "x", "label": 1, "tier": "B"}], "its tiers are B"),
    ],
)
def test_a_file_that_cannot_be_scored_says_why(
    bycatch: Run, tmp_path: Path, rows: list[dict[str, Any]], says: str
) -> None:
    run = bycatch("bench", _file(tmp_path, rows))
    assert run.exit_code == 2
    (line,) = run.stderr.splitlines()
    assert line.startswith("bycatch: error: ")
    assert says in line


def test_no_rows_and_no_parquet(bycatch: Run, tmp_path: Path) -> None:
    path = tmp_path / "lines.parquet"
    pd.DataFrame(_rows()).head(0).to_parquet(path)
    assert "has no rows" in bycatch("bench", path).stderr
    path.write_text("doc,line,text,label\n", encoding="utf-8")
    run = bycatch("bench", path)
    assert run.exit_code == 2
    assert "is not a Parquet file" in run.stderr


def test_renderings_come_one_at_a_time(tmp_path: Path) -> None:
    pages = read_labelled(_file(tmp_path, _rows()))
    first = next(pages)
    assert (first.doc, list(first.labels)) == ("one", [1, 0, 1, 0])
    article, spans = first.article("0")
    assert [article.text[start:end] for start, end in spans] == list(first.texts)


def test_half_of_a_line_is_enough_and_less_is_not() -> None:
    spans = [Span(0, 10), Span(12, 22), Span(24, 24), Span(26, 36)]
    assert covered(spans, [Span(5, 12)]) == {0}
    assert covered(spans, [Span(6, 16)]) == set()
    assert covered(spans, [Span(0, 40)]) == {0, 1, 3}
    assert covered(spans, [Span(0, 3), Span(4, 6)]) == {0}


def test_safe_deletions_and_all_of_them() -> None:
    spans = [Span(0, 10), Span(12, 22)]
    findings = [_finding(0, 10, safe=True), _finding(12, 22)]
    assert deleted(spans, findings, safe=True) == {0}
    assert deleted(spans, findings) == {0, 1}


def test_figures_of_two_pages() -> None:
    told = figures([tally(_page(0, 0, 1, 1), {0, 2}), tally(_page(1, 1, -1), {2}), tally(_page(-1), set())])
    assert (told.docs, told.content, told.artifact) == (2, 4, 2)
    assert (told.precision, told.recall, told.fpr) == (0.5, 0.5, 0.25)
    assert told.kept == 0.75
    assert told.kept_p10 == pytest.approx(0.55)
    assert told.docs_lt90 == 0.5
    assert told.macro_fpr == 0.25
    assert math.isnan(figures([]).precision)


def test_mid_is_named_where_there_is_more() -> None:
    pages = [tally(_page(0), {0}), tally(_page(0, renderer="bs4_nl"), set())]
    assert [name for name, _ in breakdown(pages)] == ["all", "MID"]
    assert [name for name, _ in breakdown(pages[:1])] == ["all"]


def test_checks_are_counted_by_what_they_point_at() -> None:
    card = Scorecard()
    page = _page(0, 1, -1)
    _, spans = page.article("0")
    card.add(page, spans, [_finding(0, 10), _finding(12, 22), _finding(24, 34), _finding(24, 26, check="other")])
    ((check, severity, held),) = card.held()
    assert (check, severity, held) == ("a-check", "error", Held(1, 1, 1, deletes=3))


def test_a_scorecard_holds_no_text_of_the_pages() -> None:
    card = Scorecard(("lang",))
    page = _page(0, 1)
    _, spans = page.article("0")
    card.add(page, spans, [_finding(0, 10)])
    assert "ten chars!" not in repr(card)


def test_the_interval_of_wilson() -> None:
    low, high = wilson(9, 10)
    assert (round(low, 3), round(high, 3)) == (0.596, 0.982)
    assert wilson(0, 0) == (0.0, 1.0)


def _held(artifact: int, content: int = 0) -> Held:
    return Held(artifact, content, deletes=artifact + content)


def test_a_severity_is_kept_with_all_of_the_interval() -> None:
    assert verdict("error", _held(400)) == "keeps"
    assert verdict("error", _held(400, 40)) == "does not keep"
    assert verdict("error", _held(30)) == "too few to tell"
    assert verdict("warning", _held(97, 3)) == "keeps"
    assert verdict("note", _held(1, 99)) == "–"
    # Nine wrong lines may be one page's.
    assert verdict("error", _held(0, 9)) == "too few to tell"


def test_a_check_that_mends_lines_does_not_call_them_artifacts() -> None:
    assert verdict("error", Held(artifact=7, content=40)) == "–"
