"""``bycatch history``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bycatch.commands.common import show
from bycatch.history import PLACE


@click.command()
@click.argument("metrics", nargs=-1)
@click.option("--file", "path", type=click.Path(dir_okay=False), default=str(PLACE), show_default=True)
@click.option("--last", type=click.IntRange(1), default=20, show_default=True, help="So many runs.")
@click.option("--format", "style", type=click.Choice(["full", "markdown", "json"]), default="full", show_default=True)
def history(metrics: tuple[str, ...], path: str, last: int, style: str) -> None:
    """Print the figures of runs that `report` or `gate` kept with --history: the METRICS named, or the main ones."""
    from bycatch.history import HELD, HistoryError, recall
    from bycatch.output.tables import Sheet

    runs = recall(Path(path))[-last:]
    if not runs:
        raise HistoryError(f"{path}: no history yet; keep one with: bycatch report --history PATH")
    known = {name for past in runs for name in past.metrics}
    for name in metrics:
        if name not in known:
            raise HistoryError(f"no metric named {name!r}; known are {', '.join(sorted(known))}")
    names = metrics or ("articles", "held", "look", "clean", HELD, "errors", "warnings", "notes")

    def said(value: float | None) -> str:
        return "" if value is None else f"{value:,.0f}" if value == int(value) else f"{value:.4f}"

    def as_dict() -> dict[str, Any]:
        return {
            "runs": [
                {"when": p.when.isoformat(), "version": p.version, "checks": p.checks, "metrics": dict(p.metrics)}
                for p in runs
            ]
        }

    rows = [(f"{p.when:%Y-%m-%d %H:%M}", p.checks, *(said(p.metrics.get(name)) for name in names)) for p in runs]
    show(style, [Sheet("Runs", ("when (UTC)", "checks", *names), rows)], as_dict)
