"""The command line as a user meets it: output, exit codes, and one clear line for every wrong input."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
PROSE = (
    "The council met on Monday and voted to keep the ferry, after a debate that had lasted since the winter storms "
    "took away the old landing stage and left the islanders to row across for their bread."
)
CLEAN = f"{PROSE}\n\nThe mayor said that she was glad of it.\n"
DIRTY = f"{PROSE}\n\n[ad_1]\n\nThe mayor said that she was glad.\n"


@pytest.fixture
def dirty(tmp_path: Path) -> Path:
    file = tmp_path / "a.txt"
    file.write_text(DIRTY, encoding="utf-8")
    return file


def test_jsonl_is_the_output_contract(bycatch: Run, dirty: Path) -> None:
    run = bycatch("check", dirty, "--format", "jsonl", "--select", "ad-marker")
    assert run.exit_code == 1
    (row,) = [json.loads(line) for line in run.stdout.splitlines()]
    key = row.pop("key")
    assert len(key) == 12
    assert row == {
        "check": "ad-marker",
        "severity": "error",
        "article": "a.txt",
        "path": "a.txt",
        "line": 3,
        "column": 1,
        "end_line": 3,
        "start": len(PROSE) + 2,
        "end": len(PROSE) + 8,
        "text": "[ad_1]",
        "message": row["message"],
        "lang": None,
        "fix": {"action": "delete", "start": len(PROSE) + 2, "end": len(PROSE) + 10, "text": "", "safe": True},
        "related": [],
    }
    assert "1 error" in run.stderr


def test_key_does_not_change_when_the_article_is_edited_elsewhere(bycatch: Run, dirty: Path) -> None:
    before = json.loads(bycatch("check", dirty, "--format", "jsonl").stdout.splitlines()[0])["key"]
    dirty.write_text("A new first line.\n\n" + DIRTY, encoding="utf-8")
    after = json.loads(bycatch("check", dirty, "--format", "jsonl").stdout.splitlines()[0])["key"]
    assert before == after


def test_formats(bycatch: Run, dirty: Path) -> None:
    assert "a.txt:3:1: error ad-marker: " in bycatch("check", dirty, "--format", "concise").stdout
    full = bycatch("check", dirty).stdout
    assert "| [ad_1]" in full
    assert "^^^^^^" in full
    assert "fix: delete the paragraph" in full
    whole = json.loads(bycatch("check", dirty, "--format", "json").stdout)
    assert [f["check"] for f in whole["findings"]] == ["ad-marker"]


def test_exit_codes(bycatch: Run, dirty: Path, tmp_path: Path) -> None:
    clean = tmp_path / "clean.txt"
    clean.write_text(CLEAN, encoding="utf-8")
    assert bycatch("check", clean).exit_code == 0
    assert bycatch("check", dirty).exit_code == 1
    assert bycatch("check", dirty, "--exit-zero").exit_code == 0
    assert bycatch("check", dirty, "--ignore", "ad-marker").exit_code == 0
    (tmp_path / "bad.txt").write_bytes(b"caf\xe9")
    run = bycatch("check", tmp_path, "--exit-zero")
    assert run.exit_code == 2
    assert "bad.txt" in run.stderr
    assert "[ad_1]" in run.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "nowhere"], "nowhere: no such file or folder"),
        (["check", "a.txt", "--select", "ad-maker"], "did you mean 'ad-marker'?"),
        (["check", "empty"], "empty: nothing to read"),
        (["explain", "ad-maker"], "no check named 'ad-maker'"),
        (["report", "a.txt", "--output", "a.txt/site"], "a.txt"),
        (["check", "a.txt", "--lang", "klingon"], "klingon"),
        (["check", "empty.jsonl"], "no article"),
    ],
)
def test_wrong_input_is_one_line_and_exit_2(
    bycatch: Run, dirty: Path, tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty.jsonl").touch()
    run = bycatch(*arguments)
    assert run.exit_code == 2
    assert message in run.stderr
    assert len(run.stderr.splitlines()) == 1
    assert "Traceback" not in run.output


def test_a_broken_check_file_of_the_project_stops_with_its_line(bycatch: Run, dirty: Path, tmp_path: Path) -> None:
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "mine.toml").write_text("title = \n", encoding="utf-8")
    run = bycatch("check", dirty)
    assert run.exit_code == 2
    assert "mine.toml:1: not valid TOML" in run.stderr


def test_a_check_that_raises_is_a_failure_and_costs_only_itself(bycatch: Run, dirty: Path, tmp_path: Path) -> None:
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "mine.py").write_text(
        '"""Why."""\nTITLE = "Mine"\nSEVERITY = "note"\nFLAGS = {"a": "⟦a⟧"}\nPASSES = {"b": "b"}\n'
        "def find(article):\n    raise KeyError('oops')\n    yield\n",
        encoding="utf-8",
    )
    run = bycatch("check", dirty, "--format", "concise")
    assert run.exit_code == 2
    assert "ad-marker" in run.stdout
    assert "check mine failed on article a.txt: KeyError: 'oops'" in run.stderr


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x00text\x00",
        b'{"text": "\\ud800 and \\udfff [ad_1]"}\n',
        ("word " * 1_000_000).encode(),
        ("A paragraph of some words, as they come.\n\n" * 250_000).encode(),
    ],
    ids=["empty", "null bytes", "lone surrogates", "one line of 5 MB", "10 MB"],
)
def test_monstrous_input_neither_crashes_nor_hangs(bycatch: Run, tmp_path: Path, data: bytes) -> None:
    file = tmp_path / ("a.jsonl" if data.startswith(b"{") else "a.txt")
    file.write_bytes(data)
    run = bycatch("check", file, "--format", "jsonl")
    assert run.exit_code in (0, 1)
    for line in run.stdout.splitlines():
        json.loads(line)


HOSTILE = (
    "The \x1b[2J\x1b]0;owned\x07 council \u202egnitem\u202c met.\n\n[ad_1]\x1b[31m\u2066\n\nשלום לכם, אמר ראש העיר.\n"
)


def test_article_text_cannot_reach_the_terminal(bycatch: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(HOSTILE, encoding="utf-8")
    for style in ("full", "concise"):
        shown = bycatch("check", file, "--format", style, "--exit-zero").output
        assert "\x1b" not in shown
        assert "\u202e" not in shown
        assert "\x07" not in shown


def _on_a_terminal(command: list[str], folder: Path, **environment: str) -> bytes:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command, cwd=folder, stdout=theirs, stderr=theirs, env={**os.environ, "TERM": "xterm-256color", **environment}
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            chunk = os.read(ours, 65536)
        except OSError:
            break
        if not chunk:
            break
        shown += chunk
    process.wait()
    os.close(ours)
    return shown


def test_colour_and_progress_are_for_terminals_only(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DIRTY, encoding="utf-8")
    command = [sys.executable, "-m", "bycatch", "check", "a.txt"]
    plain = {k: v for k, v in os.environ.items() if k not in ("FORCE_COLOR", "NO_COLOR")}
    coloured = _on_a_terminal(command, tmp_path, NO_COLOR="")
    assert b"\x1b[1;31m" in coloured
    uncoloured = _on_a_terminal(command, tmp_path, NO_COLOR="1")
    assert b"\x1b[1;31m" not in uncoloured
    piped = subprocess.run(command, cwd=tmp_path, capture_output=True, env=plain, check=False)
    assert b"\x1b" not in piped.stdout + piped.stderr
    assert b"articles," not in piped.stderr


def test_a_pipe_that_closes_early_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("[ad_1]\n\n" * 20_000, encoding="utf-8")
    run = subprocess.run(
        f"{sys.executable} -m bycatch check a.txt --format jsonl | head -n 1",
        shell=True, cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert len(run.stdout.splitlines()) == 1
    assert "Traceback" not in run.stderr


def test_explain(bycatch: Run) -> None:
    listed = bycatch("explain").stdout
    assert "ad-marker" in listed
    page = bycatch("explain", "ad-marker").stdout
    for part in ("Found", "Left alone", "[ad_1]", "Fix: delete paragraph (safe)"):
        assert part in page


def test_init_lays_out_a_project_that_works(bycatch: Run, tmp_path: Path) -> None:
    assert bycatch("init", "mine").exit_code == 0
    assert {p.name for p in (tmp_path / "mine").iterdir()} == {"checks", "corpus", "expectations", "reports"}
    again = bycatch("init", "mine")
    assert "created" not in again.stdout
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "checks"],
        cwd=tmp_path / "mine", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout


def test_version(bycatch: Run) -> None:
    assert bycatch("--version").stdout.startswith("bycatch, version ")
