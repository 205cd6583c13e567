"""The wheel: what is in it, and that it works where there is nothing else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bycatch import __version__

from .conftest import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (made,) = folder.glob("*.whl")
    return made


def test_the_wheel_holds_the_engine_and_the_content_and_nothing_else(wheel: Path) -> None:
    names = {n for n in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in n}
    engine = {
        f"bycatch/{p.relative_to(ROOT / 'src/bycatch')}" for p in (ROOT / "src/bycatch").rglob("*") if _shipped(p)
    }
    content = {
        f"bycatch/_content/{p.relative_to(ROOT)}"
        for folder in ("checks", "expectations", "reports/theme")
        for p in (ROOT / folder).rglob("*")
        if _shipped(p)
    }
    assert names == engine | content
    assert "bycatch/py.typed" in names
    assert "bycatch/_content/checks/ad-marker.toml" in names


def _shipped(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts


def test_the_version_is_said_once(wheel: Path) -> None:
    metadata = next(n for n in zipfile.ZipFile(wheel).namelist() if n.endswith("METADATA"))
    written = re.search(r"^Version: (.+)$", zipfile.ZipFile(wheel).read(metadata).decode(), re.MULTILINE)
    assert written
    assert written.group(1) == __version__


def test_the_wheel_works_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    site, empty = tmp_path / "site", tmp_path / "empty"
    zipfile.ZipFile(wheel).extractall(site)
    empty.mkdir()
    (empty / "a.txt").write_text("The council met.\n\n[ad_1]\n", encoding="utf-8")

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *command],
            cwd=empty, env={**os.environ, "PYTHONPATH": str(site)}, capture_output=True, text=True, check=False,
        )  # fmt: skip

    where = run("-c", "import bycatch; print(next(iter(bycatch.load_catalog().checks.values())).path)")
    assert where.stdout.startswith(str(site)), where.stderr
    assert "ad-marker" in run("-m", "bycatch", "check", "a.txt").stdout
    reported = run("-m", "bycatch", "report", "a.txt")
    assert reported.returncode == 0, reported.stderr
    assert (empty / "reports" / "site" / "index.html").is_file()
