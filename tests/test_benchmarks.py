"""The benchmarks run on any file of their format, and say so where there is none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[1]


def _run(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("BYCATCH_")}
    command = [sys.executable, str(ROOT / "benchmarks" / script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120)


@pytest.mark.parametrize("script", ["quality.py", "language.py"])
def test_without_data_they_say_so_and_end_well(script: str) -> None:
    run = _run(script)
    assert run.returncode == 0, run.stderr
    assert "nothing to score" in run.stdout
    missing = _run(script, "no-such-file")
    assert missing.returncode == 1
    assert missing.stderr.strip() == "no-such-file: no such file"


def test_quality_scores_every_tool_on_the_same_lines(tmp_path: Path) -> None:
    prose = (
        "The ferry left the harbour at noon with forty passengers on board, and the band played on until it was gone."
    )
    texts = [(prose, 1), ("Advertisement", 0), (prose.replace("ferry", "steamer"), 1)]
    path = tmp_path / "lines.parquet"
    pd.DataFrame([{"doc": "a", "line": n, "text": t, "label": y} for n, (t, y) in enumerate(texts)]).to_parquet(path)
    run = _run("quality.py", path, "--markdown", "--renderers", "")
    assert run.returncode == 0, run.stderr
    rows = {cells[1]: cells for row in run.stdout.splitlines() if len(cells := [c.strip() for c in row.split("|")]) > 3}
    # Renderings, article lines, artifacts, P, R.
    assert rows["every line"][2:7] == ["1", "2", "1", "33.33", "100.00"]
    (ours,) = [cells for name, cells in rows.items() if name.endswith("safe deletions")]
    assert ours[2:7] == ["1", "2", "1", "100.00", "100.00"]
    assert "Traceback" not in run.stderr


def test_language_scores_detectors_alone_and_together(tmp_path: Path) -> None:
    french = [
        "Le maire a quitté la ville mardi après onze ans, et personne ne sait encore qui lui succédera.",
        "Les habitants du port se disent soulagés, mais beaucoup craignent que les travaux ne durent encore longtemps.",
    ]
    english = "Nobody in the town knows yet who will take over from him when the council meets again next week."
    lines = [{"t": text, "y": "native"} for text in french] + [{"t": english, "y": "foreign"}]
    path = tmp_path / "documents.jsonl"
    path.write_text(json.dumps({"main": "fr", "lines": lines}) + "\n", encoding="utf-8")
    run = _run("language.py", path, "--markdown")
    assert run.returncode == 0, run.stderr
    (row,) = [line for line in run.stdout.splitlines() if line.startswith("| all |")]
    assert row.replace(" ", "") == "|all|1|" + "100.00|" * 10
    assert "times langdetect's" in run.stdout
    path.write_text("{}\n", encoding="utf-8")
    assert "documents.jsonl:1: not a document" in _run("language.py", path).stderr
