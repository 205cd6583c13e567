"""``bycatch apply``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from bycatch.commands.common import BROKEN, CLEAN, FOUND


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False))
@click.option("--lang", metavar="CODE", help="Language of articles that declare none; as the report was made.")
@click.option("--text-field", default="text", show_default=True, help="Field of a record that holds the text.")
@click.option("--id-field", default="id", show_default=True, help="Field that names the article.")
@click.option("--lang-field", default="lang", show_default=True, help="Field with the declared language.")
@click.option("--title-field", default="title", show_default=True, help="Field with the title.")
@click.option("--source-field", default="source", show_default=True, help="Field with the source or URL.")
def apply(files: tuple[str, ...], lang: str | None, **options: Any) -> None:
    """Carry out the decisions taken on a report: make fixes, write waivers, teach phrases.

    Run it in the folder in which the report was made. A decision on a text that has changed since is refused; where
    the files of several people disagree, nothing is done. Exit 0: all done. 1: something was refused. 2: it failed.
    """
    from bycatch.catalog import load_catalog
    from bycatch.decisions import carry_out, load
    from bycatch.output.console import plural, safe
    from bycatch.reading import Fields

    sheets = [load(Path(file)) for file in files]
    names = Fields(*(options[f"{name}_field"] for name in ("text", "id", "lang", "title", "source")))
    outcome = carry_out(sheets, load_catalog(), Path.cwd(), names=names, lang=lang)
    for line in outcome.lines:
        click.echo(safe(line))
    taken = sum(len(sheet.decisions) for sheet in sheets)
    not_done = f"{len(outcome.refused)} refused, {len(outcome.disagreed)} in disagreement"
    click.echo(f"{plural(taken, 'decision')}: {not_done}", err=True)
    if outcome.failures:
        sys.exit(BROKEN)
    sys.exit(FOUND if outcome.refused or outcome.disagreed else CLEAN)
