"""Decisions carried out: what changes in a project, and what is refused."""

from __future__ import annotations

import json
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from bycatch import waivers
from bycatch.article import Finding
from bycatch.catalog import load_catalog
from bycatch.decisions import Decision, DecisionsError, Sheet, checked, dumped, load, text_hash
from bycatch.reading import read
from bycatch.runner import Scope, Signature, run
from bycatch.teaching import TeachingError, added

STORY = (
    "The bridge reopens\n\n[ad_1]\n\nThe old bridge reopened on Monday, the mayor said, and nobody misses the boat.\n\n"
    "[ad_2]\n\nTrams cross it again from June, if the trial runs of the spring go well.\n\n[ad_1]\n"
)
Command = Callable[..., Result]


@pytest.fixture
def project(bycatch: Command, tmp_path: Path) -> Path:
    (tmp_path / "corpus/articles").mkdir(parents=True)
    (tmp_path / "corpus/articles/story.txt").write_text(STORY, "utf-8")
    return tmp_path


def found(path: str = "corpus/articles/story.txt") -> list[tuple[Finding, str]]:
    """The findings of an article, with the hash of its text."""
    (result,) = run(read(path), load_catalog(), on_failure=lambda _: None)
    return [(finding, text_hash(result.article)) for finding in result.findings]


def decided(finding: Finding, text: str, do: str, **more: str) -> Decision:
    return Decision(
        do, key=finding.key, check=finding.check, article=finding.article, path=finding.path, text=text,
        quote=finding.text, **more,
    )  # fmt: skip


def signed() -> str:
    signature = Signature(load_catalog())
    for article in read("corpus/articles"):
        signature.add(article)
    return signature.digest


def put(name: str, *decisions: Decision, run_digest: str = "", scope: Scope | None = None) -> str:
    Path(name).write_text(dumped(run_digest, scope or Scope(("corpus/articles",)), decisions), "utf-8")
    return name


def test_fixes_are_made_and_waivers_have_the_keys_of_what_is_left(project: Path, bycatch: Command) -> None:
    ads = [pair for pair in found() if pair[0].check == "ad-marker"]
    assert [finding.text for finding, _ in ads] == ["[ad_1]", "[ad_2]", "[ad_1]"]
    decisions = [decided(*ads[0], "fix"), decided(*ads[2], "waive", reason="a quotation", by="Ana", until="2099-01-31")]
    outcome = bycatch("apply", put("d.toml", *decisions))
    assert outcome.exit_code == 0, outcome.output
    assert (project / "corpus/articles/story.txt").read_text("utf-8") == STORY.replace("[ad_1]\n\n", "", 1)
    (waiver,) = waivers.load(project / "corpus/waivers.toml")
    assert (waiver.quote, waiver.reason, waiver.by, str(waiver.until)) == ("[ad_1]", "a quotation", "Ana", "2099-01-31")
    # The second [ad_1] is the first one now.
    assert waiver.key == ads[0][0].key
    assert waiver.key in {finding.key for finding, _ in found()}


def test_what_was_decided_on_another_text_is_refused_with_both_texts(project: Path, bycatch: Command) -> None:
    ads = found()
    path = project / "corpus/articles/story.txt"
    path.write_text(STORY.replace("[ad_1]", "[ad_7]"), "utf-8")
    before = path.read_bytes()
    outcome = bycatch("apply", put("d.toml", decided(*ads[0], "fix"), decided(*ads[1], "waive", reason="why not")))
    assert outcome.exit_code == 1
    assert "the text has changed since; then “[ad_1]”, now “[ad_7]”" in outcome.output
    assert "then “[ad_2]”, now in line 7 “[ad_2]”" in outcome.output
    assert path.read_bytes() == before
    assert not (project / "corpus/waivers.toml").exists()
    gone = bycatch(
        "apply", put("d.toml", decided(*ads[0], "fix").__class__("fix", key="k", check="c", path="no.txt", text="t"))
    )
    assert "the article is not there" in gone.output


def test_a_decision_for_all_of_a_kind_holds_for_its_own_run(project: Path, bycatch: Command) -> None:
    every = Decision("fix", "phrase", check="ad-marker", phrase="[ad_{n}]")
    refused = bycatch("apply", put("d.toml", every, run_digest="0123456789ab"))
    assert refused.exit_code == 1
    assert "taken on run 0123456789ab" in refused.output
    done = bycatch("apply", put("d.toml", every, run_digest=signed()))
    assert done.exit_code == 0, done.output
    assert "[ad" not in (project / "corpus/articles/story.txt").read_text("utf-8")


def test_a_decision_for_all_of_a_kind_reaches_the_articles_of_its_run_and_no_others(
    project: Path, bycatch: Command
) -> None:
    stories = [project / f"corpus/articles/{name}.txt" for name in ("a", "b", "story")]
    rows = [json.dumps({"id": f"r{n}", "lang": "en", "text": STORY}) for n in range(3)]
    pages = project / "corpus/pages.jsonl"
    for path in stories:
        path.write_text(STORY, "utf-8")
    pages.write_text("\n".join(rows) + "\n", "utf-8")
    # A report on two files of a folder of three, and on the second record of three.
    scope = Scope(
        ("corpus/articles/story.txt", "corpus/articles/a.txt", "corpus/pages.jsonl"), {"corpus/pages.jsonl": (2,)}
    )
    signature = Signature(load_catalog())
    for article in read(*scope.paths):
        if scope.holds(article):
            signature.add(article)
    every = Decision("fix", "check", check="ad-marker")
    single = decided(*found("corpus/articles/b.txt")[0], "fix")
    outcome = bycatch("apply", put("d.toml", every, run_digest=signature.digest, scope=scope), put("e.toml", single))
    assert outcome.exit_code == 0, outcome.output
    assert [path.read_text("utf-8").count("[ad_") for path in stories] == [0, 2, 0]
    assert [line.count("[ad_") for line in pages.read_text("utf-8").splitlines()] == [3, 0, 3]
    again = bycatch("apply", put("d.toml", every, run_digest=signature.digest, scope=scope))
    assert "articles, checks or options are others now" in again.output


def test_the_report_names_what_it_read_so_that_apply_reads_the_same(project: Path, bycatch: Command) -> None:
    for name in ("a", "b"):
        (project / f"corpus/articles/{name}.txt").write_text(STORY, "utf-8")
    paths = ("corpus/articles/story.txt", "corpus/articles/a.txt")
    assert bycatch("report", *paths, "--select", "ad-marker").exit_code == 0
    told = (project / "reports/site/run.js").read_text("utf-8").partition("=")[2].rstrip(";\n")
    run_digest, read_again = json.loads(told)["run"], tuple(json.loads(told)["paths"])
    every = put("d.toml", Decision("fix", "check", check="ad-marker"), run_digest=run_digest, scope=Scope(read_again))
    assert bycatch("apply", every).exit_code == 1
    outcome = bycatch("apply", every, "--select", "ad-marker")
    assert outcome.exit_code == 0, outcome.output
    left = [(project / f"corpus/articles/{name}.txt").read_text("utf-8").count("[ad_") for name in ("a", "b", "story")]
    assert left == [0, 3, 0]


@pytest.mark.skipif(shutil.which("git") is None, reason="no git")
def test_a_report_on_a_change_names_the_records_it_judged_and_apply_reaches_only_those(
    project: Path, bycatch: Command
) -> None:
    def git(*arguments: str) -> None:
        name = ("-c", "user.name=Ana", "-c", "user.email=ana@example.org")
        subprocess.run(["git", *name, *arguments], check=True, capture_output=True)

    def put_records(*texts: str) -> None:
        rows = [json.dumps({"id": f"r{n}", "lang": "en", "text": text}) for n, text in enumerate(texts)]
        (project / "corpus/pages.jsonl").write_text("\n".join(rows) + "\n", "utf-8")

    put_records(STORY, STORY.replace("Monday", "Friday"))
    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "before")
    put_records(STORY, STORY.replace("Monday", "Sunday"), STORY.replace("bridge", "ferry"))
    assert bycatch("gate", "corpus", "--since", "HEAD", "--report", "reports/site").exit_code == 1
    told = json.loads((project / "reports/site/run.js").read_text("utf-8").partition("=")[2].rstrip(";\n"))
    assert (told["paths"], told["records"]) == (["corpus/pages.jsonl"], {"corpus/pages.jsonl": [2, 3]})
    scope = Scope(tuple(told["paths"]), {path: tuple(numbers) for path, numbers in told["records"].items()})
    outcome = bycatch(
        "apply", put("d.toml", Decision("fix", "check", check="ad-marker"), run_digest=told["run"], scope=scope)
    )
    assert outcome.exit_code == 0, outcome.output
    left = [line.count("[ad_") for line in (project / "corpus/pages.jsonl").read_text("utf-8").splitlines()]
    assert left == [3, 0, 0]


def test_the_last_decision_of_a_person_holds_and_two_people_may_disagree(project: Path, bycatch: Command) -> None:
    first, second, third = found()[:3]
    mine = put(
        "a.toml",
        decided(*first, "waive", reason="no"),
        decided(*first, "fix", by="Ana"),
        decided(*second, "fix", by="Ana"),
    )
    yours = put("b.toml", decided(*second, "waive", reason="it is quoted", by="Ben"), decided(*third, "skip"))
    outcome = bycatch("apply", mine, yours)
    assert outcome.exit_code == 1
    assert (
        "disagree: corpus/articles/story.txt:7: ad-marker “[ad_2]”: Ana says fix; Ben says waive (it is quoted)"
        in outcome.output
    )
    assert (project / "corpus/articles/story.txt").read_text("utf-8") == STORY.replace("[ad_1]\n\n", "", 1)


def test_nothing_outside_the_project_is_touched(
    project: Path, bycatch: Command, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("elsewhere") / "story.txt"
    outside.write_text(STORY, "utf-8")
    finding, text = found(str(outside))[0]
    outcome = bycatch("apply", put("d.toml", decided(finding, text, "fix")))
    assert outcome.exit_code == 1
    assert "outside the project" in outcome.output
    assert outside.read_text("utf-8") == STORY


def test_a_phrase_is_taught_to_a_check_of_the_projects_own(project: Path, bycatch: Command) -> None:
    lesson = Decision("teach", check="share-prompt", lang="en", phrase="Pin it later")
    outcome = bycatch("apply", put("d.toml", lesson))
    assert outcome.exit_code == 0, outcome.output
    made = project / "checks/share-prompt-taught.toml"
    assert tomllib.loads(made.read_text("utf-8"))["phrases"] == {"en": ["Pin it later"]}
    again = bycatch(
        "apply", put("d.toml", Decision("teach", check="share-prompt", lang="fr", phrase="Épingle-le {n} fois"))
    )
    assert again.exit_code == 0, again.output
    assert tomllib.loads(made.read_text("utf-8"))["phrases"] == {"en": ["Pin it later"], "fr": ["Épingle-le {n} fois"]}
    before = made.read_bytes()
    known = bycatch("apply", put("d.toml", Decision("teach", check="share-prompt", lang="en", phrase="Advertisement")))
    assert known.exit_code == 1
    assert "is already in" in known.output
    assert made.read_bytes() == before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('[phrases]\nen = ["a b"]\n', '[phrases]\nen = ["a b", "new one"]\n'),
        ('[phrases]\nen = [ "a b", ] # why\n', '[phrases]\nen = [ "a b", "new one" ] # why\n'),
        ('[phrases]\nen = []\n', '[phrases]\nen = ["new one"]\n'),
        (
            '[phrases]\nen = [\n  "a ] b",  # why ]\n  "c"\n]\n[flags]\n',
            '[phrases]\nen = [\n  "a ] b",  # why ]\n  "c",\n  "new one",\n]\n[flags]\n',
        ),
        (
            '[phrases]\r\nfr = ["x"]\r\n\r\n[flags]\r\n',
            '[phrases]\r\nfr = ["x"]\r\nen = [\r\n    "new one",\r\n]\r\n\r\n[flags]\r\n',
        ),
    ],
)  # fmt: skip
def test_an_edit_keeps_the_style_of_the_file(before: str, after: str) -> None:
    assert added(before, "en", "new one") == after


def test_what_cannot_be_taught_says_why() -> None:
    with pytest.raises(TeachingError, match="no table"):
        added('title = "x"\n', "en", "new one")
    with pytest.raises(TeachingError, match="already"):
        added('[phrases]\nen = ["new one"]\n', "en", "new one")


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"do": "erase"}, "do must be one of"),
        ({"do": "fix"}, "no key"),
        ({"do": "waive", "key": "k", "check": "c", "path": "p", "text": "t"}, "without a reason"),
        ({"do": "fix", "colour": "red"}, "unknown key 'colour'"),
        ({"do": "fix", "key": 7}, "key must be a text"),
        ({"do": "skip", "for": "check", "check": "c", "until": "soon"}, "until must be a date"),
        ("fix", "must be a table"),
    ],
)
def test_a_decision_that_is_none_says_what_is_wrong(entry: Any, message: str) -> None:
    with pytest.raises(DecisionsError, match=message):
        checked([entry], "d.toml")


def test_a_file_that_is_none_says_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(DecisionsError, match="no such file"):
        load(tmp_path / "no.toml")
    bad = tmp_path / "bad.toml"
    for text, message in (
        ("version = 2", "version = 2"),
        ("[[[", "not valid TOML"),
        ("version = 1\ndecision = 3", "list"),
        ("version = 1\npaths = 'corpus'", "paths must be a list"),
        ("version = 1\nrecords = { a = ['b'] }", "records must name lists"),
    ):
        bad.write_text(text, "utf-8")
        with pytest.raises(DecisionsError, match=message):
            load(bad)


def test_the_file_reads_back_as_it_was_written(tmp_path: Path) -> None:
    decision = Decision(
        "waive", key="k", check="c", path='p\n\x7f"\\', text="t", quote="“\u202e”\x01", reason="é", record=3
    )
    path = tmp_path / "d.toml"
    scope = Scope(("corpus", '"odd'), {"corpus/a.jsonl": (1, 3), "a = b": ()})
    path.write_text(dumped("run", scope, [decision]), "utf-8")
    assert load(path) == Sheet(str(path), "run", scope, (decision,))
