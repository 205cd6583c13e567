"""The gate: suites load whole or not at all, verdicts say why, and only what a change brings in can fail it."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import re
import subprocess
import sys
import weakref
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from bycatch import admission, gate, load_catalog, waivers
from bycatch.article import Article, Failure, Finding
from bycatch.commands import common
from bycatch.gate import GateError, find_suites, load_suites, quiet, validate
from bycatch.inspection import inspect
from bycatch.runner import Result as Found
from bycatch.spool import Spool
from bycatch.summary import schema

from .conftest import ROOT
from .test_formats import check_junit, check_sarif

Run = Callable[..., Result]
PROSE = (
    "The council met on Monday and voted to keep the ferry, after a debate that had lasted since the winter storms "
    "took away the old landing stage and left the islanders to row across for their bread."
)
MORE = "The mayor said that she was glad of it, and that the new stage would be ready before the first of May."
CLEAN = f"{PROSE}\n\n{MORE}\n"
IN_FRENCH = {"type": "comparison", "column": {"name": "lang"}, "operator": "==", "parameter": "fr"}
BETWEEN = "expect_column_values_to_be_between"


def bad(text: str = PROSE) -> str:
    return f"{text}\n\n[ad_1]\n\n{MORE}\n"


def put(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        file = folder / f"{name}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())


def row(name: str = "a", **figures: Any) -> dict[str, Any]:
    """A row of the table with nothing against the article."""
    blank: dict[type, Any] = {str: "en", int: 0, float: 0.0}
    made = {column: blank[kind] for column, kind in schema(load_catalog().checks).items()}
    return made | {"id": name, "words_left": 100, "share_in_language": 1.0} | figures


def columns(*rows: dict[str, Any]) -> dict[str, list[Any]]:
    """Rows as the columns of a table."""
    return {name: [made[name] for made in rows] for name in rows[0]}


def suite_file(folder: Path, *expectations: object, **more: object) -> Path:
    file = folder / "house.json"
    file.write_text(
        json.dumps({"name": "house", "expectations": list(expectations), **more}, indent=2), encoding="utf-8"
    )
    return file


def between(column: str = "ad_marker_errors", **kwargs: Any) -> dict[str, Any]:
    return {"type": BETWEEN, "kwargs": {"column": column, **(kwargs or {"max_value": 0})}}


def loaded(*paths: Path) -> Any:
    catalog = load_catalog()
    return load_suites(paths, schema(catalog.checks), catalog.checks)


# -- Suites ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expectation", "message"),
    [
        ({"type": "expect_column_values_to_be_betwen", "kwargs": {"column": "errors", "max_value": 0}}, "no such type"),
        ({"type": "expect_articles_to_be_good", "kwargs": {"column": "errors", "max_value": 0}}, "no such type"),
        (between("ad_markers"), "no column 'ad_markers'; did you mean 'ad_marker'?"),
        ({"type": BETWEEN, "kwargs": {"max_value": 0}}, 'no "column"; a default may change'),
        ({"type": "expect_articles_to_have_no_errors", "kwargs": {"column": "errors"}}, "write the limit out"),
        ({"type": BETWEEN, "kwargs": {"column": "errors"}}, "neither min_value nor max_value"),
        (between(max_value="0"), 'max_value is "0"; max_value must be a number'),
        (between(max_value=True), "max_value is true"),
        (between(max_value={"$PARAMETER": "most"}), "must be a number"),
        (between(min_value=3, max_value=1), "nothing could pass"),
        (between(max_value=0, mostly=0), "mostly is 0"),
        (between("lang", max_value=3), "text has no order"),
        (between(max_valu=0, max_value=0), "extra fields not permitted"),
        ({**between(), "severity": "fatal"}, "severity 'fatal' must be one of critical, warning, info"),
        ({**between(), "sevrity": "warning"}, "unknown key 'sevrity'; did you mean 'severity'?"),
        ({**between(), "meta": {"check": "ad-markers"}}, "is no check; did you mean 'ad-marker'?"),
        ({**between(), "meta": ["ad-marker"]}, "meta must be an object"),
        ({"type": BETWEEN}, 'no "kwargs"'),
        ({"kwargs": {}}, 'has no "type"'),
        (
            {"type": "expect_column_values_to_be_in_set", "kwargs": {"column": "lang", "value_set": [1]}},
            "must list texts",
        ),
        (
            between(max_value=0, row_condition={**IN_FRENCH, "column": {"name": "lnag"}}),
            "no column 'lnag'; did you mean 'lang'?",
        ),
    ],
)  # fmt: skip
def test_an_expectation_that_would_not_be_judged_as_written_is_refused(
    tmp_path: Path, expectation: object, message: str
) -> None:
    file = suite_file(tmp_path, between(), expectation)
    with pytest.raises(GateError) as error:
        loaded(file)
    assert message in str(error.value)
    assert "house.json:" in str(error.value)
    assert "expectation 2" in str(error.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "house.json:1: not JSON"),
        ("[]", "a suite is an object"),
        ("[" * 100_000, "nested too deeply"),
        ('{"name": "a", "expectations": []}', "lets everything pass"),
        ('{"name": "a", "expectation": []}', 'no "expectations"'),
        ('{"expectations": [1]}', 'needs a "name"'),
        ('{"name": "a", "expectations": [1]}', 'has no "type"'),
        ('{"name": "a", "expectations": [1], "metta": {}}', "unknown key 'metta'; did you mean 'meta'?"),
        ('{"name": "a", "expectations": [1], "meta": {"judges": "all"}}', "meta.judges"),
        ('{"name": "a",\n"expectations": [{"type": "t", "kwargs": {"max_value": 9, "max_value": 0}}]}', "stands twice"),
        ('{"name": "a", "expectations": [{"type": "t", "kwargs": {"max_value": NaN}}]}', "NaN is no limit"),
    ],
)
def test_a_suite_that_is_not_one_is_refused_with_its_file(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "house.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(GateError, match=r"house\.json") as error:
        loaded(file)
    assert message in str(error.value)


def test_a_suite_in_another_encoding_is_refused(tmp_path: Path) -> None:
    file = suite_file(tmp_path, between())
    file.write_bytes(file.read_bytes().replace(b"house", b"caf\xe9"))
    with pytest.raises(GateError, match=r"house\.json: byte \d+ is not UTF-8"):
        loaded(file)


def test_the_line_of_the_expectation_is_named(tmp_path: Path) -> None:
    file = suite_file(tmp_path, between(), between("ad_markers"))
    with pytest.raises(GateError) as error:
        loaded(file)
    line = int(str(error.value).split("house.json:")[1].split(":")[0])
    rows = file.read_text(encoding="utf-8").splitlines()
    assert "type" in rows[line - 1]
    assert "ad_markers" in "".join(rows[line - 1 : line + 4])


def test_a_type_that_nobody_knows_stops_the_run(bycatch: Run, tmp_path: Path) -> None:
    file = suite_file(tmp_path, {**between(), "type": "expect_articles_to_be_good"})
    put(tmp_path / "in", a=CLEAN)
    run = bycatch("gate", "in", "--suite", file)
    assert run.exit_code == 2
    assert "house.json:5: expectation 1 (expect_articles_to_be_good): Great Expectations knows no such" in run.stderr


def test_expectations_that_great_expectations_drops_are_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with quiet() as gx:
        whole = gx.ExpectationSuite
    file = suite_file(tmp_path, between(), between("errors"))

    def forgetful(name: str, expectations: list[Any]) -> Any:
        return whole(name=name, expectations=expectations[:1])

    monkeypatch.setattr(gx, "ExpectationSuite", forgetful)
    with pytest.raises(GateError, match="2 expectations are written and 1 loaded"):
        loaded(file)


def test_an_empty_table_is_not_passed(tmp_path: Path) -> None:
    with pytest.raises(GateError, match="no article to judge"):
        validate({}, loaded(suite_file(tmp_path, between())))


def test_a_run_without_articles_is_not_passed(tmp_path: Path) -> None:
    suites = loaded(suite_file(tmp_path, between()))
    with pytest.raises(GateError, match="no article to judge"):
        admission.admit([], load_catalog(), suites)
    # A change that touches nothing is another matter, and so are articles of which none could be read.
    assert admission.admit([], load_catalog(), suites, whole=False).passed
    assert not admission.admit([], load_catalog(), suites, failures=[Failure("a.txt", "not text")]).passed


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_the_gate_leaves_out_no_check(bycatch: Run, tmp_path: Path, option: str) -> None:
    put(tmp_path / "in", a=bad())
    assert bycatch("gate", "in", option, "ad-marker").exit_code == 2


def test_a_missing_column_is_broken_and_not_bad(tmp_path: Path) -> None:
    suites = loaded(suite_file(tmp_path, between()))
    lame = row()
    del lame["ad_marker_errors"]
    with pytest.raises(GateError, match=r"house.json:\d+: .*could not be judged"):
        validate(columns(lame), suites)


def test_a_condition_that_cannot_be_evaluated_is_broken(tmp_path: Path) -> None:
    wrong = between(max_value=0, row_condition='lnag=="fr"', condition_parser="pandas")
    with pytest.raises(GateError, match="could not be judged"):
        validate(columns(row()), loaded(suite_file(tmp_path, wrong)))


def test_a_missing_value_is_not_a_good_one(tmp_path: Path) -> None:
    with pytest.raises(GateError, match="1 values are missing"):
        validate(columns(row("a"), row("b", ad_marker_errors=None)), loaded(suite_file(tmp_path, between())))


def test_equal_ids_are_refused(tmp_path: Path) -> None:
    with pytest.raises(GateError, match="same id"):
        validate(columns(row(), row()), loaded(suite_file(tmp_path, between())))


def altered(monkeypatch: pytest.MonkeyPatch, alter: Callable[[list[dict[str, Any]]], object]) -> None:
    """Great Expectations' answer, with something done to its results."""
    with quiet():
        from great_expectations.datasource.fluent.interfaces import Batch

        real = Batch.validate

    class Answer:
        def __init__(self, answer: Any) -> None:
            self.answer = answer.to_json_dict()

        def to_json_dict(self) -> Any:
            alter(self.answer["results"])
            return self.answer

    monkeypatch.setattr(Batch, "validate", lambda *a, **k: Answer(real(*a, **k)))


@pytest.mark.parametrize(
    ("alter", "message"),
    [
        (lambda results: results.pop(), "gave no verdict on it"),
        (lambda results: results[0]["result"].update(element_count=1), "1 of 2 rows were judged"),
        (lambda results: results[0]["result"].clear(), "gave no figures"),
        (lambda results: results[0]["result"]["unexpected_index_list"].clear(), "1 rows fail and 0 articles are named"),
        (lambda results: results[0]["result"].update(unexpected_index_list=[2]), "1 rows fail and 0 articles"),
        (lambda results: results[0]["result"]["unexpected_index_list"].append(0), "1 rows fail and 1 articles"),
        (lambda results: results[0]["result"].pop("unexpected_index_list"), "1 rows fail and 0 articles are named"),
        (
            lambda results: results[0]["result"].update(unexpected_count=0, unexpected_index_list=[]),
            "0 rows fail and 0 articles are named",
        ),
        (
            lambda results: results[0].update(
                exception_info={"m": {"raised_exception": True, "exception_message": "no"}}
            ),
            "could not be judged: no",
        ),
    ],
)
def test_an_answer_that_does_not_speak_of_every_article_is_no_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alter: Callable[[Any], object], message: str
) -> None:
    suites = loaded(suite_file(tmp_path, between()))
    table = columns(row("a", ad_marker_errors=1), row("b"))
    ((rule, rows),) = validate(table, suites).failing
    assert (rule.metric, rows) == ("ad_marker_errors", b"\1\0")
    altered(monkeypatch, alter)
    with pytest.raises(GateError, match=r"house\.json:") as error:
        validate(table, suites)
    assert message in str(error.value)


@pytest.mark.parametrize(
    "condition",
    [
        {"row_condition": IN_FRENCH},
        {"row_condition": 'lang=="fr"', "condition_parser": "pandas"},
    ],
)
def test_row_conditions_hold_per_language(tmp_path: Path, condition: dict[str, Any]) -> None:
    suites = loaded(suite_file(tmp_path, between("foreign_span", max_value=0, **condition)))
    judged = validate(columns(row("e", lang="en", foreign_span=1), row("f", lang="fr", foreign_span=1)), suites)
    assert [len(judged.failed(number)) for number in (0, 1)] == [0, 1]


def test_texts_that_are_alike_are_told_by_their_numbers(tmp_path: Path) -> None:
    alike = {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "lang"}}
    suites = loaded(suite_file(tmp_path, alike))
    judged = validate(columns(row("a", lang="en"), row("b", lang="fr"), row("c", lang="en")), suites)
    assert [len(judged.failed(number)) for number in range(3)] == [1, 0, 1]


@pytest.mark.parametrize("many", [1, 100])
def test_each_verdict_goes_with_its_own_expectation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    monkeypatch.setattr(gate, "_MANY", many)
    limits = [between("words", min_value=limit) for limit in (10, 20, 12, 30, 14, 40)]
    judged = validate(columns(row(words=15)), loaded(suite_file(tmp_path, *limits)))
    assert [(v.limit, v.passed) for v in judged.verdicts(0, row(words=15))] == [
        ("at least 10", True), ("at least 20", False), ("at least 12", True), ("at least 30", False),
        ("at least 14", True), ("at least 40", False),
    ]  # fmt: skip


def test_the_built_in_suite_names_every_check_whose_findings_are_errors() -> None:
    catalog = load_catalog()
    (suite,) = loaded(ROOT / "expectations" / "admission.json")
    named = {rule.check for rule in suite.rules if rule.check}
    assert named == {name for name, check in catalog.checks.items() if check.severity == "error"}


def test_suites_written_by_hand_are_what_great_expectations_writes() -> None:
    for path in find_suites():
        data = json.loads(path.read_text(encoding="utf-8"))
        with quiet() as gx:
            gx.get_context(mode="ephemeral")
            written = gx.ExpectationSuite(**data).to_json_dict()["expectations"]
        assert [e["type"] for e in written] == [e["type"] for e in data["expectations"]]
        assert [e["kwargs"] for e in written] == [e["kwargs"] for e in data["expectations"]]


def test_the_projects_own_suite_wins(bycatch: Run, tmp_path: Path) -> None:
    put(tmp_path / "in", a=bad())
    assert bycatch("gate", "in").exit_code == 1
    own = tmp_path / "expectations"
    own.mkdir()
    for name in ("admission", "corpus"):
        suite = {"name": name, "expectations": [between("ad_marker_errors", min_value=0, max_value=3)]}
        (own / f"{name}.json").write_text(json.dumps(suite), encoding="utf-8")
    assert bycatch("gate", "in").exit_code == 0
    (own / "house.json").write_text(json.dumps({"name": "h", "expectations": [between("words", min_value=999)]}))
    assert "words: 60 (at least 999)" in bycatch("gate", "in").stdout
    assert bycatch("gate", "in", "--suite", own / "admission.json").exit_code == 0
    (own / "house.json").write_text("{")
    assert bycatch("gate", "in").exit_code == 2
    nowhere = bycatch("gate", "in", "--suite", "nowhere.json")
    assert (nowhere.exit_code, "nowhere.json: no such suite" in nowhere.stderr) == (2, True)


def test_great_expectations_is_silent_offline_and_imported_by_the_gate_alone(tmp_path: Path) -> None:
    put(tmp_path, a=CLEAN)
    environment = {name: value for name, value in os.environ.items() if name != "GX_ANALYTICS_ENABLED"}
    for command, told in (("check", "False None"), ("gate", "True False")):
        script = f"""
import os, socket, sys
sys.argv[1:] = ["{command}", "a.txt"]
socket.socket.connect = lambda *_: os._exit(9)
from bycatch.cli import main
try:
    main(standalone_mode=False)
except SystemExit:
    print("great_expectations" in sys.modules, os.environ.get("GX_ANALYTICS_ENABLED"))
"""
        run = subprocess.run(
            [sys.executable, "-W", "always", "-c", script],
            cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (run.returncode, run.stdout) == (0, f"{told}\n")
        assert len(run.stderr.splitlines()) == 1, run.stderr


# -- Verdicts --------------------------------------------------------------------------------------------------------


def test_the_sentence_says_what_and_how_much_and_whether_the_fixes_do(bycatch: Run, tmp_path: Path) -> None:
    put(tmp_path / "in", a=f"{PROSE}\n\n[ad_1]\n\n[ad_2]\n\n{MORE}\n", b=CLEAN)
    run = bycatch("gate", "in")
    assert run.exit_code == 1
    assert (
        "Held back: 2 ad markers (none allowed); the safe fixes delete 2 of 4 paragraphs and then it passes."
        in run.stdout
    )
    assert "b.txt" not in run.stdout
    assert "1 of 2 articles held back" in run.stderr


def test_what_stays_after_the_fixes_is_said(bycatch: Run, tmp_path: Path) -> None:
    put(tmp_path / "in", a="[ad_1]\n")
    assert "words left with safe fixes: 0 (at least 1)" in bycatch("gate", "in").stdout


def test_a_warning_wants_a_look_and_holds_nothing_back(bycatch: Run, tmp_path: Path) -> None:
    suite = suite_file(tmp_path, {**between("words", max_value=60), "severity": "warning"})
    put(tmp_path / "in", b=CLEAN, a=f"{CLEAN}\n{PROSE[:-1]}, as far as anybody could say.\n")
    run = bycatch("gate", "in", "--suite", suite)
    assert run.exit_code == 0
    assert "Needs a look: words: " in run.stdout


@pytest.mark.parametrize(("severity", "code", "word"), [("critical", 1, "Held back"), ("warning", 0, "Needs a look")])
def test_the_corpus_as_a_whole_is_held_back(bycatch: Run, tmp_path: Path, severity: str, code: int, word: str) -> None:
    mean = {"type": "expect_column_mean_to_be_between", "kwargs": {"column": "words", "min_value": 999}}
    suite = suite_file(tmp_path, {**mean, "severity": severity}, meta={"judges": "corpus"})
    put(tmp_path / "in", a=CLEAN, b=f"{CLEAN}\n{PROSE[:-1]}, as far as anybody could say.\n")
    run = bycatch("gate", "in", "--suite", suite)
    assert run.exit_code == code
    assert f"The corpus: {word}: words: 80.5 on average (at least 999)." in run.stdout
    assert "0 of 2 articles held back" in run.stderr


def test_one_article_is_enough_to_hold_back(bycatch: Run, tmp_path: Path) -> None:
    put(tmp_path / "in", a=CLEAN, b=bad())
    run = bycatch("gate", "in", "--suite", ROOT / "expectations" / "admission.json")
    assert run.exit_code == 1
    assert "The corpus" not in run.stdout


def test_errors_of_own_checks_hold_back(bycatch: Run, tmp_path: Path) -> None:
    put(tmp_path / "in", a=f"{CLEAN}\nBrought to you by the harbour office\n")
    assert bycatch("gate", "in").exit_code == 0
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "house-line.toml").write_text(
        'title="House line"\nseverity="error"\nwhy="w"\n[phrases]\nen=["Brought to you by the harbour office"]\n'
        '[flags]\na="⟦Brought to you by the harbour office⟧"\n[passes]\nb="c"\n', encoding="utf-8"
    )  # fmt: skip
    assert "1 house line (none allowed)" in bycatch("gate", "in").stdout


def test_json(bycatch: Run, tmp_path: Path) -> None:
    put(tmp_path / "in", a=bad())
    run = bycatch("gate", "in", "--format", "json")
    data = json.loads(run.stdout)
    assert data["passed"] is False
    (article,) = data["articles"]
    assert article["state"] == "held"
    assert [(f["check"], f["standing"]) for f in article["findings"]] == [("ad-marker", "new")]
    assert [(v["check"], v["observed"], v["limit"]) for v in article["failed"]] == [("ad-marker", "1", "none allowed")]
    assert data["findings"] == {"new": 1, "known": 0, "waived": 0, "fixed": 0}


def test_the_report_shows_verdicts(bycatch: Run, tmp_path: Path) -> None:
    put(tmp_path / "in", a=bad())
    assert bycatch("gate", "in", "--report", "out").exit_code == 1
    (page,) = (tmp_path / "out" / "articles").glob("*/*.html")
    html = page.read_text(encoding="utf-8")
    assert "none allowed" in html
    assert "Words in its language" in html


def test_what_cannot_be_read_or_checked_never_passes(bycatch: Run, tmp_path: Path) -> None:
    put(tmp_path / "in", a=CLEAN)
    (tmp_path / "in" / "b.txt").write_bytes(b"caf\xe9")
    run = bycatch("gate", "in")
    assert run.exit_code == 2
    assert "b.txt" in run.stderr
    (tmp_path / "in" / "b.txt").unlink()
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "mine.py").write_text(
        '"""Why."""\nTITLE = "Mine"\nSEVERITY = "note"\nFLAGS = {"a": "⟦a⟧"}\nPASSES = {"b": "b"}\n'
        "def find(article):\n    raise KeyError('oops')\n    yield\n",
        encoding="utf-8",
    )
    run = bycatch("gate", "in")
    assert run.exit_code == 2
    assert "Held back: not judged whole (check mine failed" in run.stdout
    assert "Passed" not in run.output


# -- Waivers ---------------------------------------------------------------------------------------------------------


def key_of(bycatch: Run, *paths: object) -> str:
    data = json.loads(bycatch("gate", *paths, "--format", "json").stdout)
    return next(f["key"] for a in data["articles"] for f in a["findings"] if f["standing"] == "new")


@pytest.fixture
def waived(bycatch: Run, tmp_path: Path) -> str:
    put(tmp_path / "in", a=bad(), b=CLEAN)
    key = key_of(bycatch, "in")
    run = bycatch("waive", key, "--reason", "the advert is the story", "--until", "2999-01-31", "--by", "Ann", "in")
    assert run.exit_code == 0, run.output
    return key


def test_a_waived_finding_does_not_count_until_the_waiver_expires(
    bycatch: Run, tmp_path: Path, waived: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = bycatch("gate", "in")
    assert run.exit_code == 0
    assert "1 waived" in run.stderr
    put(tmp_path / "in", a=bad(f"A new beginning of the article, some words long.\n\n{PROSE}"))
    assert bycatch("gate", "in").exit_code == 0
    monkeypatch.setattr(waivers, "today", lambda: date(2999, 2, 1))
    run = bycatch("gate", "in")
    assert run.exit_code == 1
    expired = f"error: corpus/waivers.toml:1: waiver {waived} expired on 2999-01-31"
    assert expired in run.stdout
    assert "Held back: 1 ad marker" in run.stdout
    # Also where the finding is gone: until it is removed, the file says what no longer holds.
    put(tmp_path / "in", a=CLEAN.replace("Monday", "Tuesday"))
    run = bycatch("gate", "in", "--prune")
    assert run.exit_code == 1
    assert expired in run.stdout
    assert "0 of 2 articles held back" in run.stderr
    assert bycatch("gate", "in").exit_code == 0


def test_a_waiver_is_written_in_the_style_of_the_file(bycatch: Run, tmp_path: Path) -> None:
    put(tmp_path / "in", a=f"{PROSE}\n\n[ad_1]\n\n[ad_2]\n\n{MORE}\n")
    keys = [f["key"] for f in json.loads(bycatch("check", "in", "--format", "json").stdout)["findings"]]
    file = tmp_path / "corpus" / "waivers.toml"
    file.parent.mkdir()
    before = (
        "# Decided on Mondays.\r\n\r\n[[waiver]]\r\n"
        f'reason="it says \\"ad\\""\r\nkey="{keys[0]}"\r\nuntil="2999-01-31"\r\ncheck="ad-marker"\r\nquote="[ad_1]"\r\n'
        "# last words\r\n"
    )
    file.write_bytes(before.encode())
    assert bycatch("waive", keys[1], "--reason", 'a "second" one', "--until", "2999-02-01", "in").exit_code == 0
    after = file.read_bytes().decode()
    assert after.startswith(before)
    new = after[len(before) :].split("\r\n")
    assert new[1:6] == [
        "[[waiver]]", 'reason="a \\"second\\" one"', f'key="{keys[1]}"', 'until="2999-02-01"', 'check="ad-marker"',
    ]  # fmt: skip
    assert bycatch("gate", "in").exit_code == 0
    again = bycatch("waive", keys[1], "--reason", "once more", "in")
    assert again.exit_code == 2
    assert "is waived already" in again.stderr


def test_a_waiver_that_would_not_read_back_as_meant_is_not_written(
    bycatch: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "in", a=bad())
    key = key_of(bycatch, "in")
    string = waivers._string
    for wrong in ({"in/a.txt": '"in/b.txt"'}, {key: '"other"'}, {"the sign": "1"}):
        with monkeypatch.context() as patch:
            patch.setattr(waivers, "_string", lambda text, wrong=wrong: wrong.get(text, string(text)))
            run = bycatch("waive", key, "--reason", "the sign", "in")
        assert run.exit_code == 2
        assert not (tmp_path / "corpus").exists()
    assert bycatch("waive", key, "--reason", "the sign", "in").exit_code == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[waiver]\n", "waivers.toml:1: not valid TOML"),
        ('\n[[waiver]]\nkey = "k"\ncheck = "c"\nquote = "q"\n', "waivers.toml:2: the waiver has no reason"),
        ('[[waiver]]\nkey = "k"\ncheck = "c"\nquote = "q"\nreason = " "\n', "has no reason"),
        (
            '[[waiver]]\nkey = "k"\ncheck = "c"\nquote = "q"\nreason = "r"\nuntill = 2030-01-01\n',
            "unknown key 'untill'",
        ),
        ('[[waiver]]\nkey = "k"\ncheck = "c"\nquote = "q"\nreason = "r"\nuntil = "soon"\n', "until is 'soon'"),
        ("\n\n[waivers]\n", "waivers.toml:3: unknown table 'waivers'"),
        (
            '[[waiver]]\nkey = "k"\ncheck = "c"\nquote = "q"\nreason = "r"\n' * 2,
            "waivers.toml:6: k is waived at line 1",
        ),
        ("\n[waiver]\nkey = 'k'\n", "waivers.toml:2: write [[waiver]] above each waiver"),
        (
            '[[waiver]]\nkey = "k"\ncheck = "c"\nquote = "q"\nreason = "r"\nby = 3\n',
            "waivers.toml:1: by must be a text",
        ),
        ("# caf\udce9", "waivers.toml: byte 5 is not UTF-8"),
    ],
)
def test_a_malformed_waiver_is_named_with_file_and_line(bycatch: Run, tmp_path: Path, text: str, message: str) -> None:
    put(tmp_path / "in", a=CLEAN)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "waivers.toml").write_text(text, encoding="utf-8", errors="surrogateescape")
    run = bycatch("gate", "in")
    assert run.exit_code == 2
    assert message in run.stderr


def test_an_unused_waiver_is_a_warning_and_pruned(bycatch: Run, tmp_path: Path, waived: str) -> None:
    file = tmp_path / "corpus" / "waivers.toml"
    kept = file.read_text(encoding="utf-8")
    head = "# Our waivers.\n\n"
    file.write_text(f"{head}{kept}\n# A reason of its own.\n{kept.replace(waived, '0' * 12)}", encoding="utf-8")
    run = bycatch("gate", "in")
    assert run.exit_code == 0
    assert "warning: corpus/waivers.toml:13: waiver 000000000000 covers nothing" in run.stdout
    assert bycatch("gate", "in", "--prune").exit_code == 0
    assert file.read_text(encoding="utf-8") == f"{head}{kept}\n"


def test_a_waiver_for_a_finding_that_changed_shows_both_texts(bycatch: Run, tmp_path: Path, waived: str) -> None:
    put(tmp_path / "in", a=bad().replace("[ad_1]", "[ad_17]"))
    run = bycatch("gate", "in")
    assert run.exit_code == 1
    assert "was for “[ad_1]”; the text is now “[ad_17]”" in run.stdout


def test_a_waiver_follows_a_file_that_moves(bycatch: Run, tmp_path: Path, waived: str) -> None:
    (tmp_path / "in" / "a.txt").rename(tmp_path / "in" / "z.txt")
    run = bycatch("gate", "in")
    assert run.exit_code == 0, run.output


def test_waive_wants_a_finding_and_a_reason(bycatch: Run, tmp_path: Path) -> None:
    put(tmp_path / "in", a=bad())
    assert "no finding with this key" in bycatch("waive", "0" * 12, "--reason", "r", "in").stderr
    assert "is no key" in bycatch("waive", "ad-marker", "--reason", "r", "in").stderr
    assert bycatch("waive", "0" * 12, "in").exit_code == 2
    assert not (tmp_path / "corpus").exists()


# -- Baseline --------------------------------------------------------------------------------------------------------


def test_what_was_there_is_known_and_only_what_is_new_fails(bycatch: Run, tmp_path: Path) -> None:
    put(tmp_path / "in", a=bad(), short="Short.\n")
    suite = suite_file(tmp_path, between("errors"), between("words", min_value=10))
    again = ("gate", "in", "--suite", suite)
    assert bycatch(*again).exit_code == 1
    assert bycatch("baseline", "in", "--suite", suite).exit_code == 0
    assert bycatch(*again).exit_code == 0
    # A new name, a new folder, other line ends: no news.
    (tmp_path / "in" / "sub").mkdir()
    (tmp_path / "in" / "a.txt").rename(tmp_path / "in" / "sub" / "b.txt")
    put(tmp_path / "in" / "sub", b=bad().replace("\n", "\r\n"))
    run = bycatch(*again)
    assert run.exit_code == 0, run.output
    assert "2 known" in run.stderr
    # A copy is news, and so is one more of the same.
    put(tmp_path / "in", c=bad())
    assert "1 of 3 articles held back" in bycatch(*again).stderr
    (tmp_path / "in" / "c.txt").unlink()
    put(tmp_path / "in" / "sub", b=f"{bad()}\n[ad_1]\n")
    assert bycatch(*again).exit_code == 1
    # Shorter than it was is worse; as short is known.
    put(tmp_path / "in" / "sub", b=bad())
    assert bycatch("baseline", "in", "--suite", suite).exit_code == 0
    put(tmp_path / "in", short="Shorter still, by far, then it was not.\n")
    assert bycatch(*again).exit_code == 0
    put(tmp_path / "in", short="\n")
    assert bycatch(*again).exit_code == 1


def test_a_waived_finding_does_not_hide_in_the_baseline(bycatch: Run, tmp_path: Path, waived: str) -> None:
    assert bycatch("baseline", "in").exit_code == 0
    assert bycatch("gate", "in").exit_code == 0
    (tmp_path / "corpus" / "waivers.toml").unlink()
    assert "Held back: 1 ad marker" in bycatch("gate", "in").stdout


def test_the_baseline_may_only_shrink(bycatch: Run, tmp_path: Path) -> None:
    file = tmp_path / "corpus" / "baseline.json"
    put(tmp_path / "in", a=bad(), b=bad(), c=CLEAN)
    assert bycatch("baseline", "in").exit_code == 0
    whole = file.read_bytes()
    assert bycatch("baseline", "in").exit_code == 0
    assert file.read_bytes() == whole
    put(tmp_path / "in", c=bad())
    run = bycatch("baseline", "in")
    assert run.exit_code == 1
    assert "may only shrink, and in/c.txt would add to it" in run.stderr
    assert file.read_bytes() == whole
    put(tmp_path / "in", a=CLEAN)
    assert bycatch("baseline", "in").exit_code == 1
    assert set(json.loads(file.read_text())["articles"]) == {"in/b.txt"}, "what is mended goes, though c is new"
    put(tmp_path / "in", a=bad())
    assert bycatch("baseline", "in", "--accept-new").exit_code == 0
    assert bycatch("gate", "in").exit_code == 0
    put(tmp_path / "in", a=CLEAN)
    assert "1 fixed" in bycatch("gate", "in").stderr
    assert bycatch("baseline", "in").exit_code == 0
    assert set(json.loads(file.read_text())["articles"]) == {"in/b.txt", "in/c.txt"}
    put(tmp_path / "in", a=bad())
    assert bycatch("gate", "in").exit_code == 1


def test_a_baseline_that_is_damaged_or_gone_does_not_pass(bycatch: Run, tmp_path: Path) -> None:
    put(tmp_path / "in", a=bad())
    bycatch("baseline", "in")
    file = tmp_path / "corpus" / "baseline.json"
    whole = file.read_text(encoding="utf-8")
    for text, message in (
        ("{", "baseline.json:1: not JSON"),
        ('{"caf\udce9": 1}', "baseline.json: byte 5 is not UTF-8"),
        ("{}", "not a baseline"),
        (whole.replace("text", "t"), "damaged"),
    ):
        file.write_text(text, encoding="utf-8", errors="surrogateescape")
        run = bycatch("gate", "in")
        assert run.exit_code == 2
        assert message in run.stderr
    file.unlink()
    assert bycatch("gate", "in").exit_code == 1
    run = bycatch("gate", "in", "--baseline", "corpus/baseline.json")
    assert run.exit_code == 2
    assert "no such baseline" in run.stderr


def test_a_baseline_is_not_written_from_articles_that_could_not_be_read(bycatch: Run, tmp_path: Path) -> None:
    put(tmp_path / "in", a=bad())
    assert bycatch("baseline", "in").exit_code == 0
    file = tmp_path / "corpus" / "baseline.json"
    whole = file.read_bytes()
    put(tmp_path / "in", a=CLEAN)
    (tmp_path / "in" / "b.txt").write_bytes(b"caf\xe9")
    run = bycatch("baseline", "in")
    assert (run.exit_code, file.read_bytes()) == (2, whole)
    assert "was left as it is" in run.stderr
    (tmp_path / "in" / "b.txt").unlink()
    assert bycatch("baseline", "in").exit_code == 0
    assert file.read_bytes() != whole


def test_a_baseline_is_not_written_from_half_a_run(
    bycatch: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "in", a=bad(), b=bad())
    assert bycatch("baseline", "in").exit_code == 0
    file = tmp_path / "corpus" / "baseline.json"
    whole = file.read_bytes()
    put(tmp_path / "in", a=CLEAN)
    with monkeypatch.context() as patch:
        patch.setattr(common, "stopped_by_ctrl_c", lambda: contextlib.nullcontext(lambda: True))
        run = bycatch("baseline", "in")
    assert (run.exit_code, file.read_bytes()) == (130, whole)
    assert "interrupted: " in run.stderr
    assert list(file.parent.iterdir()) == [file]


def test_only_so_many_articles_are_mended_for_their_sentence(
    bycatch: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "_MOST_MENDED", 1)
    put(tmp_path / "in", a=bad(), b=bad())
    shown = bycatch("gate", "in").stdout
    assert shown.count("and then it passes") == 1
    assert shown.count("the safe fixes delete 1 of 3 paragraphs") == 2


@pytest.mark.parametrize("texts", [False, True])
def test_what_was_found_waits_on_disk(monkeypatch: pytest.MonkeyPatch, texts: bool) -> None:
    monkeypatch.setattr(admission, "_MOST_MENDED", 0)
    catalog = load_catalog()
    alive: list[int] = []
    seen: list[weakref.ref[Article]] = []

    def results() -> Iterator[Found]:
        for number in range(20):
            article = Article(f"spooled{number}", bad(), lang="en")
            seen.append(weakref.ref(article))
            yield Found(article, inspect(article, catalog))
            del article
            alive.append(sum(ref() is not None for ref in seen))

    outcome = admission.admit(results(), catalog, loaded(ROOT / "expectations" / "admission.json"), texts=texts)
    # The one that is being judged and no other; of findings none, when all are judged.
    assert max(alive) == 1
    kept = [thing for thing in gc.get_objects() if type(thing) is Finding and thing.article.startswith("spooled")]
    assert not kept
    told = list(outcome.articles)
    assert [article.id for article in told] == [f"spooled{number}" for number in range(20)]
    assert {article.state for article in told} == {"held"}
    assert {finding.check for article in told for finding in article.findings} == {"ad-marker"}
    assert [article.article is not None for article in told] == [texts] * 20


def test_two_readers_of_a_spool_do_not_disturb_each_other() -> None:
    spool: Spool[str] = Spool()
    for text in "abc":
        spool.add(text)
    assert [one + other for one in spool for other in spool] == ["aa", "ab", "ac", "ba", "bb", "bc", "ca", "cb", "cc"]
    spool.add("d")
    assert list(spool) == ["a", "b", "c", "d"]


def test_init_copies_the_suites_and_keeps_edited_ones(bycatch: Run, tmp_path: Path) -> None:
    assert bycatch("init", "mine").exit_code == 0
    for name in ("admission.json", "corpus.json"):
        copy = tmp_path / "mine" / "expectations" / name
        assert copy.read_bytes() == (ROOT / "expectations" / name).read_bytes()
    copy.write_text("{}", encoding="utf-8")
    assert bycatch("init", "mine").exit_code == 0
    assert copy.read_text(encoding="utf-8") == "{}"


def test_nothing_is_left_behind_in_the_temporary_folder(bycatch: Run, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    put(tmp_path / "in", a=CLEAN)
    environment = {**os.environ, "TMPDIR": str(temporary)}
    run = subprocess.run([sys.executable, "-m", "bycatch", "gate", "in"], cwd=tmp_path, env=environment, check=False)
    assert run.returncode == 0
    assert list(temporary.iterdir()) == []


@pytest.fixture
def story(bycatch: Run, tmp_path: Path) -> Path:
    """Articles with a finding that is known, one that is waived, one that is new, and one that is fixed."""
    folder = tmp_path / "in"
    put(folder, old=bad("The old one, on the price of rope."), mended=bad("The mended one, on the lamp."))
    assert bycatch("baseline", "in").exit_code == 0
    put(folder, mended=CLEAN, waived=bad("The waived one, on the landing stage."))
    assert bycatch("waive", key_of(bycatch, "in"), "--reason", "the sign is quoted", "in").exit_code == 0
    put(folder, new=bad("The new one, on the first boat of the day."))
    return folder


@pytest.mark.parametrize("style", ["sarif", "junit", "github", "gitlab"])
def test_other_programs_are_shown_what_is_new_and_not_what_is_known(
    bycatch: Run, tmp_path: Path, story: Path, style: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    run = bycatch("gate", "in", "--format", style)
    assert run.exit_code == 1, run.output
    shown, said = run.stdout, "Findings: 1 new, 1 known, 1 waived, 1 fixed; those that are new are listed."
    if style == "sarif":
        data = json.loads(shown)
        check_sarif(data)
        (log,) = data["runs"]
        assert log["properties"]["findings"] == {"new": 1, "known": 1, "waived": 1, "fixed": 1}
        assert said in [note["message"]["text"] for note in log["invocations"][0]["toolExecutionNotifications"]]
        shown = json.dumps(log["results"])
    if style == "junit":
        suite = check_junit(shown)
        assert suite.find("properties/property[@name='known']").get("value") == "1"
        # An article that passes is a test that passes; what it is let off for is not said.
        assert len(suite.findall("testcase")) == 4
        shown = "".join(f"{case.get('name')} {failure.text}" for case in suite for failure in case.iter("failure"))
    if style == "github":
        assert said in shown
        assert said in summary.read_text(encoding="utf-8")
    assert "new.txt" in shown
    assert "ad-marker" in shown
    assert not re.search("old.txt|waived.txt|mended.txt", shown)


def test_people_are_told_what_is_new_known_waived_and_fixed(bycatch: Run, story: Path) -> None:
    run = bycatch("gate", "in")
    assert "findings: 1 new, 1 known, 1 waived, 1 fixed" in run.stderr
    assert "in/new.txt" in run.stdout
    data = json.loads(bycatch("gate", "in", "--format", "json").stdout)
    told = {a["path"]: ([f["standing"] for f in a["findings"]], a["fixed"]) for a in data["articles"]}
    assert told == {
        "in/mended.txt": ([], 1),
        "in/new.txt": (["new"], 0),
        "in/old.txt": (["known"], 0),
        "in/waived.txt": (["waived"], 0),
    }
