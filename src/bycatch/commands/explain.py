"""``bycatch explain``."""

from __future__ import annotations

import click

from bycatch.catalog import load_catalog
from bycatch.commands.common import console


@click.command()
@click.argument("name", required=False, metavar="[CHECK]")
@click.option("--markdown", is_flag=True, help="All checks as one Markdown document.")
def explain(name: str | None, markdown: bool) -> None:
    """Say what a check finds and why; without a name, list all checks."""
    from bycatch.output import explanation

    catalog = load_catalog()
    if markdown:
        click.echo(explanation.markdown(catalog), nl=False)
    elif name is None:
        console().print(explanation.table(catalog))
    else:
        console().print(explanation.page(catalog.only([name]).checks[name]), soft_wrap=True)
