"""``bycatch init``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folder", required=False, default=".", type=click.Path(file_okay=False))
def init(folder: str) -> None:
    """Lay out checks/, corpus/, expectations/ and reports/ for a corpus of your own."""
    from bycatch.layout import lay_out

    for line in lay_out(Path(folder)):
        click.echo(line)
