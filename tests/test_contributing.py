"""What CONTRIBUTING.md shows works as printed."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

from .conftest import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def _pytest(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "checks"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_python_check_shown_is_one_file_that_everything_knows(
    bycatch: Callable[..., Result], tmp_path: Path
) -> None:
    (code,) = re.findall(r"```python\n# (checks/\S+)\n(.*?)```", TEXT, re.DOTALL)
    (tmp_path / "checks").mkdir()
    (tmp_path / code[0]).write_text(code[1], encoding="utf-8")
    (tmp_path / "a.txt").write_text("The council met.\n\nTHIS PAGE IS NO LONGER UPDATED BY US\n", encoding="utf-8")
    run = _pytest(tmp_path)
    assert run.returncode == 0, run.stdout
    assert "2 passed" in run.stdout
    assert "Shouting" in bycatch("explain", "shouting").stdout
    assert "shouting" in bycatch("check", "a.txt", "--format", "concise").stdout
    assert bycatch("report", "a.txt", "--output", "site").exit_code == 0
    pages = "".join(p.read_text(encoding="utf-8") for p in (tmp_path / "site").rglob("*.html"))
    assert "Shouting" in pages


def test_a_phrase_in_an_eighteenth_language_is_one_line(bycatch: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "checks").mkdir()
    source = (ROOT / "checks" / "ad-marker.toml").read_text(encoding="utf-8")
    added = source.replace("[phrases]\n", '[phrases]\neo = ["Reklamanonco"]\n', 1)
    assert added != source
    (tmp_path / "checks" / "ad-marker.toml").write_text(added, encoding="utf-8")
    (tmp_path / "a.txt").write_text("La konsilio kunvenis.\n\nREKLAMANONCO\n", encoding="utf-8")
    shown = bycatch("check", "a.txt", "--format", "jsonl", "--select", "ad-marker")
    assert '"lang": "eo"' in shown.stdout, shown.output
    run = _pytest(tmp_path)
    assert run.returncode == 0, run.stdout[-2000:]
    assert ", eo" in bycatch("explain", "ad-marker").stdout
