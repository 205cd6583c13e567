"""The history of runs: one row per run and metric in a Parquet file, for trends."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bycatch.errors import UserError

PLACE: Final = Path("reports/history.parquet")
HELD: Final = "held share"


class HistoryError(UserError):
    """A history that cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Past:
    """One run: when it was, with which version and checks, and its figures."""

    when: datetime
    version: str
    checks: str
    metrics: Mapping[str, float]


def remember(path: Path, version: str, checks: str, metrics: Mapping[str, float], when: datetime | None = None) -> None:
    """Add a run; the file is replaced in one step. Raises HistoryError where it is no history."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    day = when or datetime.now(UTC)
    size = len(metrics)
    new = pa.table(
        {
            "when": pa.array([day] * size, pa.timestamp("us", "UTC")),
            "version": pa.array([version] * size, pa.string()),
            "checks": pa.array([checks] * size, pa.string()),
            "metric": pa.array(list(metrics), pa.string()),
            "value": pa.array([float(value) for value in metrics.values()], pa.float64()),
        }
    )
    old = _table(path, new.schema)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".bycatch-", dir=path.parent)
    os.close(handle)
    made = Path(name)
    try:
        pq.write_table(pa.concat_tables([old, new]) if old is not None else new, made, compression="zstd")
        made.chmod(0o644)
        made.replace(path)
    except BaseException:
        made.unlink(missing_ok=True)
        raise


def recall(path: Path) -> list[Past]:
    """The runs so far, oldest first; none where there is no file. Raises HistoryError where it is no history."""
    table = _table(path)
    runs: dict[datetime, tuple[str, str, dict[str, float]]] = {}
    for row in table.to_pylist() if table is not None else ():
        _, _, metrics = runs.setdefault(row["when"], (row["version"], row["checks"], {}))
        metrics[row["metric"]] = row["value"]
    return [Past(when, *rest) for when, rest in sorted(runs.items(), key=lambda item: item[0])]


def trend(path: Path) -> list[float]:
    """The share held back, run by run."""
    return [past.metrics[HELD] for past in recall(path) if HELD in past.metrics]


def _table(path: Path, schema: Any = None) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not path.exists():
        return None
    try:
        table = pq.read_table(path)
    except pa.ArrowInvalid as error:
        raise HistoryError(f"{path}: not a Parquet file; move it away to begin a new history") from error
    names = ["when", "version", "checks", "metric", "value"]
    if table.schema.names != names or (schema is not None and not table.schema.equals(schema)):
        raise HistoryError(f"{path}: not a history of bycatch; move it away to begin a new one")
    return table
