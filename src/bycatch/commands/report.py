"""``bycatch report``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from bycatch.commands.common import (
    BROKEN,
    CLEAN,
    INTERRUPTED,
    Run,
    history_option,
    input_options,
    jobs_option,
    load,
    pages_option,
)


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
@pages_option
@history_option
def report(paths: tuple[str, ...], output: str, all_pages: bool, history: bool, **options: Any) -> None:
    """Write an HTML quality report: an index of all articles, and a page for each one with findings."""
    from bycatch import __version__
    from bycatch.history import PLACE, remember, trend
    from bycatch.output import html
    from bycatch.output.html.figures import Figures

    catalog = load(options)
    run = Run(paths, options)
    figures = Figures()
    results = run.results(catalog)
    index = html.write_site(
        figures.through(results) if history else results,
        catalog,
        Path(output),
        failures=run.failures,
        scope=run.scope,
        trend=trend(PLACE),
        all_pages=all_pages,
    )
    if history and not run.interrupted:
        remember(PLACE, __version__, catalog.digest, figures.table(run.failures))
    run.summarise(f"{run.count:,} article{'' if run.count == 1 else 's'} reported")
    click.echo(f"Open {index.resolve().as_uri()}")
    sys.exit(INTERRUPTED if run.interrupted else BROKEN if run.failures else CLEAN)
