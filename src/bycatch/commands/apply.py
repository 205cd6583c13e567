"""``bycatch apply``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from bycatch.commands.common import BROKEN, CLEAN, FOUND, reading_options
from bycatch.commands.common import load as load_catalog


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False))
@reading_options
def apply(files: tuple[str, ...], **options: Any) -> None:
    """Carry out the decisions taken on a report: make fixes, write waivers, teach phrases.

    Run it in the folder in which the report was made, with the options it was made with. A decision on a text that
    has changed since is refused; where the files of several people disagree, nothing is done. Exit 0: all
    done. 1: something was refused. 2: it failed.
    """
    from bycatch.decisions import carry_out, load
    from bycatch.output.console import plural, safe
    from bycatch.reading import Fields

    sheets = [load(Path(file)) for file in files]
    names = Fields(*(options[f"{name}_field"] for name in ("text", "id", "lang", "title", "source")))
    outcome = carry_out(sheets, load_catalog(options), Path.cwd(), names=names, lang=options["lang"])
    for line in outcome.lines:
        click.echo(safe(line))
    taken = sum(len(sheet.decisions) for sheet in sheets)
    not_done = f"{len(outcome.refused)} refused, {len(outcome.disagreed)} in disagreement"
    click.echo(f"{plural(taken, 'decision')}: {not_done}", err=True)
    if outcome.failures:
        sys.exit(BROKEN)
    sys.exit(FOUND if outcome.refused or outcome.disagreed else CLEAN)
