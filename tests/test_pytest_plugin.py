"""`pytest --bycatch PATH`: an item for each article, with its findings as the failure."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

HEAD = "The council met on Monday to discuss the new bridge over the river, and the mayor spoke first of all."
TAIL = "The vote is expected in the spring, when the engineers will have finished their survey of the banks."
DIRTY = f"{HEAD}\n\n[ad_1]\n\n{TAIL}\n"
CLEAN = f"{HEAD}\n\n{TAIL}\n"

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A project with a corpus, and pytest in it."""
    articles = tmp_path / "corpus" / "articles"
    (articles / "build").mkdir(parents=True)
    (articles / "build" / "dirty.txt").write_text(DIRTY)
    (articles / "clean.txt").write_text(CLEAN)
    rows = [{"id": "one::two\n", "text": DIRTY}, {"text": CLEAN}, {"id": "x" * 500, "text": CLEAN}]
    lines = [json.dumps(row) for row in rows]
    (articles / "rows.jsonl").write_text("\n".join([*lines[:2], "broken", lines[2]]))
    (tmp_path / "test_other.py").write_text("def test_it():\n    pass\n")

    def start(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--strict-markers", *map(str, arguments)]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)

    return start


def outcomes(ran: subprocess.CompletedProcess[str]) -> dict[str, str]:
    rows = (line.rsplit(" ", 1) for line in ran.stdout.splitlines() if line.endswith((" PASSED", " FAILED")))
    return {name.strip(): outcome for name, outcome in rows}


def test_every_article_is_an_item(run: Run) -> None:
    ran = run("--bycatch", "corpus/articles", "-v", "-o", "console_output_style=classic")
    assert ran.returncode == 1
    named = outcomes(ran)
    (long,) = [name for name in named if "xxx" in name]
    assert len(long) < 200
    assert named == {
        "corpus/articles/build/dirty.txt::article": "FAILED",
        "corpus/articles/clean.txt::article": "PASSED",
        "corpus/articles/rows.jsonl::one:two\\n": "FAILED",
        "corpus/articles/rows.jsonl::2": "PASSED",
        "corpus/articles/rows.jsonl::unreadable 3": "FAILED",
        long: "PASSED",
    }
    assert "corpus/articles/build/dirty.txt:3:1: error ad-marker: An ad slot" in ran.stdout
    assert "corpus/articles/rows.jsonl:3: not JSON" in ran.stdout
    assert "Traceback" not in ran.stdout


def test_k_and_markers_and_node_ids_choose(run: Run) -> None:
    corpus = ("--bycatch", "corpus/articles")
    assert "1 passed, 5 deselected" in run(*corpus, "-k", "clean").stdout
    assert "3 failed, 3 passed" in run(*corpus, "-m", "bycatch_ad_marker").stdout
    without = run(*corpus, "-m", "not bycatch_ad_marker")
    assert "1 failed, 5 passed" in without.stdout
    assert "no tests ran" in run(*corpus, "-m", "not bycatch").stdout
    one = run(*corpus, "corpus/articles/rows.jsonl::2")
    assert one.returncode == 0
    assert "1 passed" in one.stdout
    assert "bycatch_ad_marker" in run(*corpus, "--markers").stdout


def test_workers_see_the_same_items(run: Run) -> None:
    pytest.importorskip("xdist")
    ran = run("--bycatch", "corpus/articles", "-n", "2")
    assert ran.returncode == 1
    assert "3 failed, 3 passed" in ran.stdout


def test_junit_has_the_findings_as_properties(run: Run, tmp_path: Path) -> None:
    run("--bycatch", "corpus/articles", "--junitxml", "out.xml")
    cases = {case.get("name"): case for case in ET.parse(tmp_path / "out.xml").iter("testcase")}
    (name,) = [name for name in cases if name and name.startswith("one")]
    (found,) = [p.get("value") or "" for p in cases[name].iter("property") if "ad-marker" in (p.get("value") or "")]
    assert found.startswith("error ad-marker line 3 key ")
    assert cases[name].find("failure") is not None


def test_the_mildest_severity_that_fails_can_be_chosen(run: Run, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "thin.txt").write_text("Nothing much.\n")
    mild = run("--bycatch", "b", "-rP")
    assert mild.returncode == 0
    assert "warning thin-article" in mild.stdout
    assert run("--bycatch", "b", "--bycatch-fail-on", "warning").returncode == 1


def test_a_waived_finding_fails_nothing(run: Run, tmp_path: Path) -> None:
    ran = run("--bycatch", "corpus/articles/build", "--junitxml", "out.xml")
    assert ran.returncode == 1
    (value,) = [p.get("value") or "" for p in ET.parse(tmp_path / "out.xml").iter("property")]
    key = value.rsplit(" ", 1)[1]
    (tmp_path / "corpus" / "waivers.toml").write_text(
        f'[[waiver]]\nkey = "{key}"\ncheck = "ad-marker"\nquote = "[ad_1]"\nreason = "An article about ad markers."\n'
    )
    assert run("--bycatch", "corpus/articles/build").returncode == 0


def test_paths_of_the_ini_file_join_the_run(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\nbycatch_paths = corpus/articles\ntestpaths = test_other.py\n")
    assert "3 failed, 4 passed" in run().stdout
    assert "1 passed" in run("test_other.py").stdout


def test_without_the_option_no_article_is_a_test_and_nothing_heavy_is_imported(run: Run, tmp_path: Path) -> None:
    (tmp_path / "test_other.py").write_text(
        "import sys\ndef test_it():\n"
        "    assert not {'great_expectations', 'pandas', 'numpy', 'pyarrow', 'rich', 'jinja2'} & set(sys.modules)\n"
    )
    ran = run(".")
    assert ran.returncode == 0, ran.stdout
    assert "1 passed" in ran.stdout


def test_nothing_to_check_is_no_pass(run: Run, tmp_path: Path) -> None:
    assert run("--bycatch", "nowhere").returncode != 0
    (tmp_path / "empty").mkdir()
    assert run("--bycatch", "empty").returncode != 0


def test_the_suites_about_the_whole_are_items_too(run: Run) -> None:
    ran = run(
        "--bycatch",
        "corpus/articles",
        "--bycatch-gate",
        "-v",
        "-k",
        "bycatch or article",
        "-o",
        "console_output_style=classic",
    )
    whole = {name: outcome for name, outcome in outcomes(ran).items() if name.startswith("bycatch::corpus: ")}
    assert "PASSED" in whole.values()
    assert "FAILED" in whole.values()
    assert "limit" in ran.stdout
