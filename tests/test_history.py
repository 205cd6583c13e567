"""The history of runs: kept when asked, printed, and read by the index."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from bycatch.history import HistoryError, recall, remember, trend


def test_report_keeps_a_row_per_run_and_metric_when_asked(tmp_path: Path, bycatch: Callable[..., Result]) -> None:
    Path("texts").mkdir()
    for number in range(3):
        Path(f"texts/a{number}.txt").write_text("A bridge opens\n\n[ad_1]\n\nIt opened on Monday.\n", "utf-8")
        Path("texts/b.txt").write_text("A ferry stops\n\nIt stopped on Sunday, the captain said.\n", "utf-8")
        if number < 2:
            assert bycatch("report", "texts", "--history").exit_code == 0
    assert bycatch("report", "texts").exit_code == 0
    past = recall(Path("reports/history.parquet"))
    assert [run.metrics["articles"] for run in past] == [2, 3]
    assert [run.metrics["findings of ad-marker"] for run in past] == [1, 2]
    assert trend(Path("reports/history.parquet")) == [pytest.approx(1 / 2), pytest.approx(2 / 3)]
    index = Path("reports/site/index.html").read_text("utf-8")
    assert "Share held back, run by run" in index
    assert "75.0% now, 66.7% in the run before" in index
    printed = bycatch("history")
    assert printed.exit_code == 0
    assert "held share" in printed.output
    table = json.loads(bycatch("history", "--format", "json").output)
    assert [run["metrics"]["held"] for run in table["runs"]] == [1, 2]
    assert bycatch("history", "nonsense").exit_code == 2


def test_the_gate_keeps_a_history_with_and_without_pages_and_shows_the_trend(
    tmp_path: Path, bycatch: Callable[..., Result]
) -> None:
    Path("texts").mkdir()
    long = "\n\n".join(f"On day {n} the river rose by {n} hands, and the ferries waited." for n in range(20))
    Path("texts/a.txt").write_text(f"A bridge opens\n\n[ad_1]\n\n{long}\n", "utf-8")
    Path("texts/b.txt").write_text(f"A ferry stops\n\n{long.replace('river', 'harbour')}\n", "utf-8")
    assert bycatch("gate", "texts", "--history").exit_code == 1
    assert not Path("reports/site").exists()
    Path("texts/a.txt").write_text(f"A bridge opens\n\n{long}\n", "utf-8")
    assert bycatch("gate", "texts", "--history", "--report", "site").exit_code == 0
    past = recall(Path("reports/history.parquet"))
    assert [run.metrics["held"] for run in past] == [1, 0]
    assert [run.metrics["findings of ad-marker"] for run in past[:1]] == [1]
    assert "0.0% now, 50.0% in the run before" in Path("site/index.html").read_text("utf-8")
    partial = bycatch("gate", "texts", "--history", "--since", "HEAD")
    assert partial.exit_code == 2
    assert "leave one of them out" in partial.output


def test_what_is_no_history_is_left_alone(tmp_path: Path, bycatch: Callable[..., Result]) -> None:
    assert "no history yet" in bycatch("history").output
    path = tmp_path / "reports/history.parquet"
    path.parent.mkdir()
    path.write_bytes(b"something else")
    with pytest.raises(HistoryError, match="not a Parquet file"):
        remember(path, "1", "c", {"articles": 1})
    assert path.read_bytes() == b"something else"
    assert recall(tmp_path / "none.parquet") == []
