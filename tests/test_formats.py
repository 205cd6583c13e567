"""`bycatch check --format sarif | junit | github | gitlab`: valid on hostile text too, and honest about what is cut."""

from __future__ import annotations

import dataclasses
import html
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import xmlschema
from click.testing import Result as Ran

from bycatch.article import SEVERITIES, Article, Failure, Finding, Related, Severity, Span
from bycatch.catalog import Catalog, load_catalog
from bycatch.output import FACES, github, gitlab, junit, sarif
from bycatch.runner import Result

CLI = Callable[..., Ran]
SCHEMAS = Path(__file__).parent / "schemas"
HOSTILE = (
    "plain words",
    "\x00\x01\x08\x0b\x0c\x1b[31mred\x1b[0m\x7f\x85\x9b",
    "lone \ud800 and \udfff, not a character \ufffe\uffff",
    "]]> <![CDATA[ </failure> <script>alert(1)</script> &amp; &#0; <!-- -->",
    "\" ' ` | \\ \n::error file=x::pwned\r\n::set-output name=a::b",
    "100% %0A %25 a,b:c",
    "| table | cell | [link](javascript:alert) ![i](x) **b** $x$ @someone #1 <img src=x>",
    "\u202eright to left\u2028\u2029\u200b אבגד عربي",
    "🇪🇺" * 50,
    "x" * 300_000,
    "",
    " \t ",
)


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    folder = tmp_path_factory.mktemp("project") / "checks"
    folder.mkdir()
    for severity in SEVERITIES:
        (folder / f"some-{severity}.toml").write_text(
            f'title = "A <{severity}>"\nseverity = "{severity}"\nwhy = "Because ]]> & `so`."\n'
            f'[phrases]\nen = ["blorp {severity}"]\n[flags]\n"it" = "One.\\n\\n⟦Blorp {severity}⟧\\n\\nTwo."\n'
            '[passes]\n"not" = "Nothing."\n'
        )
    return load_catalog(folder, builtins=False)


def found(article: Article, severity: Severity = "error", text: str = "x", number: int = 0) -> Finding:
    return Finding(
        check=f"some-{severity}", severity=severity, article=article.id, path=article.path, span=Span(0, 1), line=1,
        column=1, end_line=1, text=text, message=text, lang=None, fix=None, related=(Related(0, 1, 1),) * 2,
        key=f"{number:012x}",
    )  # fmt: skip


def hostile() -> Iterable[Result]:
    for number, text in enumerate(HOSTILE):
        file = Article(
            f"dir {number}/a é%,:\n{text[:20]}.txt", f"{text}\nmore", path=f"dir {number}/a é%,:\n{text[:20]}.txt"
        )
        record = Article(text, text or "x", path="corpus/a.jsonl", record=number + 1)
        for article in (file, record):
            yield Result(article, tuple(found(article, s, text, 3 * number + k) for k, s in enumerate(SEVERITIES)))
    yield Result(Article("clean.txt", "clean", path="clean.txt"), ())


def failures() -> list[Failure]:
    return [Failure(f"f{n}.txt", text, line=n or None) for n, text in enumerate(HOSTILE)]


def many(count: int) -> Iterable[Result]:
    for number in range(count):
        article = Article(f"{number}.txt", "x", path=f"{number}.txt")
        severity = SEVERITIES[2 - number % 3]
        yield Result(article, (found(article, severity, "text", number),))


# SARIF


def check_sarif(made: Any) -> None:
    schema = json.loads((SCHEMAS / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    # The schema says which words are URIs and times; a validator looks at that only when told to.
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER).validate(made)


def log(results: Iterable[Result], catalog: Catalog, failed: list[Failure], **rest: Any) -> Any:
    made = json.loads(json.dumps(sarif.document(results, catalog, failed, **rest)))
    (run,) = made["runs"]
    # Thousands of results of one shape take the validator seconds and prove no more than a hundred.
    part = {**made, "runs": [{**run, "results": run["results"][:100]}]}
    check_sarif(part)
    return run


def test_sarif_is_valid_on_hostile_text(catalog: Catalog) -> None:
    run = log(hostile(), catalog, failures())
    assert len(run["results"]) == 6 * len(HOSTILE)
    assert [r["level"] for r in run["results"]] == sorted((r["level"] for r in run["results"]), key=SEVERITIES.index)
    assert run["invocations"][0]["executionSuccessful"] is False
    assert len(run["invocations"][0]["toolExecutionNotifications"]) == len(HOSTILE)
    text = json.dumps(run, ensure_ascii=False)
    text.encode("utf-8")
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202e\u2028]", text)
    assert len(text) < 400_000
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_sarif_rules_carry_help_from_the_check_file(catalog: Catalog) -> None:
    run = log([], catalog, [])
    rule = run["tool"]["driver"]["rules"][0]
    assert rule["id"] == "some-error"
    assert rule["shortDescription"]["text"] == "A <error>"
    assert "⟦Blorp error⟧" in rule["help"]["markdown"]
    assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_sarif_cuts_the_mildest_and_says_so(catalog: Catalog) -> None:
    run = log(many(9_000), catalog, [])
    assert len(run["results"]) == sarif.SHOWN == 5_000
    levels = [r["level"] for r in run["results"]]
    assert [levels.count(s) for s in SEVERITIES] == [3_000, 2_000, 0]
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert "4,000 of 9,000 findings are not listed" in note["message"]["text"]


def test_sarif_fingerprints_stay_when_text_moves(catalog: Catalog) -> None:
    article = Article("a.txt", "one\ntwo", path="a.txt")
    moved = dataclasses.replace(found(article, number=7), span=Span(4, 7), line=2)
    (first,) = log([Result(article, (found(article, number=7),))], catalog, [])["results"]
    (second,) = log([Result(article, (moved,))], catalog, [])["results"]
    assert first["partialFingerprints"] == second["partialFingerprints"] == {"bycatchKey/v1": "000000000007"}
    region = second["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["endLine"], region["endColumn"]) == (2, 2, 4)


def test_a_record_is_named_by_its_line_in_the_file(catalog: Catalog) -> None:
    article = Article("id-1", "x", path="a b.jsonl", record=41)
    (result,) = log([Result(article, (found(article),))], catalog, [])["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b.jsonl"
    assert place["region"]["startLine"] == 41
    assert result["message"]["text"].startswith("id-1, line 1: ")


# JUnit


def check_junit(made: str) -> Any:
    """The one suite of a report."""
    root = ET.fromstring(made.encode("utf-8"))
    xmlschema.XMLSchema(str(SCHEMAS / "junit-10.xsd")).validate(root)
    (suite,) = root
    return suite


def test_junit_is_valid_on_hostile_text() -> None:
    made = junit.document(hostile(), failures())
    suite = check_junit(made)
    assert suite.get("tests") == str(3 * len(HOSTILE) + 1)
    assert suite.get("failures") == str(2 * len(HOSTILE))
    assert suite.get("errors") == str(len(HOSTILE))
    assert len(suite.findall("testcase/failure")) == 2 * len(HOSTILE)
    assert "<script" not in made


def test_junit_fails_by_severity() -> None:
    article = Article("a.txt", "x", path="a.txt")
    result = Result(article, (found(article, "warning", "hm"),))
    assert "<system-out>a.txt:1:1: warning some-warning: hm</system-out>" in junit.document([result], [])
    assert 'failures="1"' in junit.document([result], [], fail_on="warning")


# GitHub


COMMAND = re.compile(
    r"::(error|warning|notice) file=([^,:\r\n]*)(,line=\d+)?(,col=\d+)?,title=([^,:\r\n]*)::([^\r\n]*)"
)


def test_github_commands_cannot_be_forged() -> None:
    run = github.digest(hostile(), [])
    lines = list(github.commands(run))
    assert len(lines) == 3 * github.SHOWN + 1
    for line in lines[:-1]:
        line.encode("utf-8")
        assert COMMAND.fullmatch(line), line
    assert lines[-1].startswith("bycatch: ")
    (first,) = [line for line in lines if "%0A" in line][:1]
    assert "dir 0/a é%25%2C%3A%0Aplain words.txt" in first


def test_github_shows_ten_of_a_kind_and_counts_the_others() -> None:
    run = github.digest(many(300), [])
    lines = list(github.commands(run))
    assert [sum(line.startswith(f"::{kind} ") for line in lines) for kind in ("error", "warning", "notice")] == [10] * 3
    assert lines[-1].startswith("bycatch: 270 more;")
    with_failures = list(github.commands(github.digest(many(300), [Failure(f"{n}.txt", "no") for n in range(12)])))
    assert sum(line.startswith("::error ") for line in with_failures) == 10
    assert with_failures[-1].startswith("bycatch: 282 more;")


def test_github_summary_is_a_table_whatever_the_text() -> None:
    text = github.summary(github.digest(hostile(), failures()))
    text.encode("utf-8")
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) == 2 + 6 * len(HOSTILE)
    assert all(row.count("|") == 5 for row in rows)
    assert not re.search(r"<(script|img)|\]\(|\*\*|@someone|`", text)
    assert "<script>alert(1)</script>" in html.unescape(text)


def test_github_summary_stays_below_what_github_takes() -> None:
    def long() -> Iterable[Result]:
        for number in range(3_000):
            article = Article(f"{number}.txt", "x", path=f"{number}.txt")
            yield Result(article, (found(article, "error", "<|`ü" * 500, number),))

    text = github.summary(github.digest(long(), []))
    assert len(text.encode()) < 2**20
    shown = sum(line.startswith("| error") for line in text.splitlines())
    assert text.rstrip().endswith(f"{3_000 - shown:,} more findings are not listed.")


# GitLab


def test_gitlab_is_valid_and_no_two_fingerprints_are_the_same() -> None:
    results = [*hostile(), *hostile()]
    rows = json.loads(json.dumps(gitlab.document(results, failures() + failures())))
    jsonschema.validate(rows, json.loads((SCHEMAS / "gitlab.schema.json").read_text()))
    assert len(rows) == 12 * len(HOSTILE) + 2 * len(HOSTILE)
    assert len({row["fingerprint"] for row in rows}) == len(rows)
    json.dumps(rows, ensure_ascii=False).encode("utf-8")
    assert {row["severity"] for row in rows} == {"major", "minor", "info", "critical"}


# The command


def test_the_command_writes_them_all(bycatch: CLI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("The council met on Monday.\n\n[ad_1]\n\nThe vote is expected in the spring.\n")
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    for style in FACES:
        result = bycatch("check", "--select", "ad-marker", "--format", style, "a.txt")
        assert result.exit_code == 1, result.output
        assert "1 error" in result.stderr
        assert "ad-marker" in result.stdout
    assert result.stdout.startswith("[{")
    assert summary.read_text().startswith("before\n### bycatch: 1 error, no warnings, no notes in 1 article\n")
    assert bycatch("check", "--select", "ad-marker", "--exit-zero", "--format", "sarif", "a.txt").exit_code == 0


def test_a_failure_is_in_every_format(bycatch: CLI, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"caf\xe9 broken")
    for style in FACES:
        result = bycatch("check", "--select", "ad-marker", "--format", style, "a.txt")
        assert result.exit_code == 2
        assert "is not valid UTF" in html.unescape(result.stdout), style
