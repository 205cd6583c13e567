"""``bycatch report``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from bycatch.commands.common import BROKEN, CLEAN, INTERRUPTED, Run, input_options, jobs_option, load


@click.command()
@input_options
@jobs_option
@click.option(
    "--output",
    "-o",
    type=click.Path(file_okay=False),
    default="reports/site",
    show_default=True,
    help="Folder for the pages.",
)
@click.option("--history", is_flag=True, help="Add this run to reports/history.parquet; the index shows the trend.")
def report(paths: tuple[str, ...], output: str, history: bool, **options: Any) -> None:
    """Write an HTML quality report: one page per article and an index."""
    from bycatch import __version__
    from bycatch.history import PLACE, remember, trend
    from bycatch.output import html

    catalog = load(options)
    run = Run(paths, options)
    figures: dict[str, float] = {}
    index = html.write_site(
        run.results(catalog),
        catalog,
        Path(output),
        failures=run.failures,
        trend=trend(PLACE),
        on_metrics=figures.update,
    )
    if history and not run.interrupted:
        remember(PLACE, __version__, catalog.digest, figures)
    run.summarise(f"{run.count:,} article{'' if run.count == 1 else 's'} reported")
    click.echo(f"Open {index.resolve().as_uri()}")
    sys.exit(INTERRUPTED if run.interrupted else BROKEN if run.failures else CLEAN)
