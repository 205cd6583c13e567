"""``bycatch review``."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import click

from bycatch.commands.common import Run, input_options, jobs_option, load, pages_option


@click.command()
@input_options
@jobs_option
@pages_option
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port on 127.0.0.1; a free one by default.")
@click.option("--by", default="", metavar="NAME", help="Your name, for waivers.")
@click.option("--open/--no-open", "show", default=True, help="Open the report in your browser.")
def review(paths: tuple[str, ...], all_pages: bool, port: int, by: str, show: bool, **options: Any) -> None:
    """Serve the report on this machine and write decisions into reports/decisions.toml as they are taken.

    The pages have a button that carries them out, as `bycatch apply` does. Only this machine can reach them, only with
    the address printed here; nothing outside the current folder is written. Ctrl-C ends it.
    """
    from bycatch.decisions import Outcome, Sheet, carry_out
    from bycatch.output import html
    from bycatch.output.console import plural, safe
    from bycatch.reading import Fields
    from bycatch.runner import Scope, Signature
    from bycatch.serving import Desk, Server

    project = Path.cwd()
    site = project / "reports" / "site"
    names = Fields(*(options[f"{name}_field"] for name in ("text", "id", "lang", "title", "source")))

    def report() -> tuple[str, Scope]:
        # Phrases that were taught a moment ago count.
        catalog = load(options)
        run = Run(paths, options)
        signature = Signature(catalog)

        def signed() -> Any:
            for result in run.results(catalog):
                signature.add(result.article)
                yield result

        html.write_site(signed(), catalog, site, failures=run.failures, scope=run.scope, all_pages=all_pages)
        run.summarise(f"{plural(run.count, 'article')} reported")
        return signature.digest, run.scope

    def carried(sheet: Sheet) -> Outcome:
        outcome = carry_out([sheet], load(options), project, names=names, lang=options["lang"])
        for line in outcome.lines:
            click.echo(safe(line))
        return outcome

    desk = Desk(site, project, project / "reports" / "decisions.toml", report, carried, by)
    if remark := desk.open():
        click.echo(remark, err=True)
    with Server(desk, port) as server:
        click.echo(f"Review at {server.address}\nCtrl-C ends it.")
        if show:
            click.launch(server.address)
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()
    if desk.decisions:
        click.echo(
            f"{plural(len(desk.decisions), 'decision')} in reports/decisions.toml; carry them out with: "
            "bycatch apply reports/decisions.toml"
        )
