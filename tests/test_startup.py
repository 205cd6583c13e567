"""What is imported at the start, and what the cache of the catalog may and may not do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bycatch import Article, cache, inspect, load_catalog

HEAVY = (
    "great_expectations",
    "pandas",
    "lightgbm",
    "pyarrow",
    "langdetect",
    "eld",
    "jinja2",
    "ftfy",
    "rich",
    "multiprocessing",
)
# What looks at articles needs it; what speaks of the checks does not.
NUMPY = "numpy"
# Long enough for pycld2 alone to name its language, and without anything to look at twice.
PLAIN = """The ferry across the bay has carried mail, cattle and schoolchildren since the spring of the great flood.

The council voted on Monday to keep it running for another winter, although the engine is older than the captain.

Most of the islanders say that they would rather pay a higher fare than take the long road around the bay.
"""


def loaded(*arguments: str, cwd: Path) -> list[str]:
    code = (
        "import sys, json\n"
        "from bycatch.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "print('MODULES', json.dumps(sorted(m for m in sys.modules if '.' not in m)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=cwd, check=True, capture_output=True, encoding="utf-8"
    )
    modules = set(json.loads(done.stdout.rpartition("MODULES ")[2]))
    return [name for name in (*HEAVY, NUMPY) if name in modules]


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [(("--help",), []), (("check", "--help"), []), (("check", "one.txt"), [NUMPY])],
    ids=["help", "check help", "check"],
)
def test_start_imports_nothing_heavy(arguments: tuple[str, ...], needed: list[str], tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(PLAIN, encoding="utf-8")
    assert loaded(*arguments, cwd=tmp_path) == needed


CHECK = """
title = "Ferry mark"
severity = "error"
why = "A mark of the ferry."
[phrases]
en = ["{word} the ferry"]
[flags]
"alone" = "⟦{word} the ferry⟧"
[passes]
"inside" = "{word} the ferry of ours."
"""


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BYCATCH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def folder_of_checks(path: Path, word: str) -> Path:
    path.mkdir(exist_ok=True)
    (path / "ferry-mark.toml").write_text(CHECK.replace("{word}", word), encoding="utf-8")
    return path


def found(checks: Path, text: str) -> list[str]:
    return [f.text for f in inspect(Article("a", text, "en"), load_catalog(checks, builtins=False))]


def test_the_cache_serves_the_same_catalog(own_cache: Path, tmp_path: Path) -> None:
    checks = folder_of_checks(tmp_path / "checks", "Catch")
    fresh = load_catalog(checks, builtins=False)
    assert len(list(own_cache.glob("catalog-*.json"))) == 1
    kept = load_catalog(checks, builtins=False)
    assert kept.digest == fresh.digest
    assert kept.checks == fresh.checks
    assert [p.needles for p in kept.checks["ferry-mark"].phrases] == [
        p.needles for p in fresh.checks["ferry-mark"].phrases
    ]
    assert found(checks, "Catch the ferry") == ["Catch the ferry"]


def test_an_edited_check_is_read_again(own_cache: Path, tmp_path: Path) -> None:
    checks = folder_of_checks(tmp_path / "checks", "Catch")
    assert found(checks, "Catch the ferry\n\nMiss the ferry") == ["Catch the ferry"]
    folder_of_checks(checks, "Miss")
    assert found(checks, "Catch the ferry\n\nMiss the ferry") == ["Miss the ferry"]


@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff\x00", None], ids=["empty", "foreign", "binary", "changed"])
def test_a_damaged_cache_is_made_again(own_cache: Path, tmp_path: Path, damage: bytes | None) -> None:
    checks = folder_of_checks(tmp_path / "checks", "Catch")
    load_catalog(checks, builtins=False)
    (file,) = own_cache.glob("catalog-*.json")
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b"Catch", b"Fetch") if damage is None else damage)
    assert found(checks, "Catch the ferry\n\nFetch the ferry") == ["Catch the ferry"]
    assert file.read_bytes() == whole


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of folders differ")
def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("BYCATCH_CACHE", str(tmp_path / "file" / "below"))
    checks = folder_of_checks(tmp_path / "checks", "Catch")
    assert found(checks, "Catch the ferry") == ["Catch the ferry"]


def test_old_entries_go(own_cache: Path) -> None:
    for number in range(20):
        cache.store("catalog", f"{number:032}", [number])
        os.utime(own_cache / f"catalog-{number:032}.json", (number, number))
    kept = [number for number in range(20) if cache.load("catalog", f"{number:032}") == [number]]
    assert kept == list(range(20 - len(kept), 20))
    assert 1 < len(kept) < 20


def test_a_key_sees_only_its_own_entry(own_cache: Path) -> None:
    cache.store("catalog", "a" * 64, [1])
    assert cache.load("catalog", "a" * 64) == [1]
    assert cache.load("catalog", "a" * 63 + "b") is None
