"""``bycatch calibrate``."""

from __future__ import annotations

import sys
from typing import Any, Final

import click

from bycatch.commands.common import BROKEN, CLEAN, INTERRUPTED, Run, input_options, jobs_option, load, show

# Of ten articles or ten thousand, a line in two may be chance.
_LEAST: Final = 3


@click.command()
@input_options
@jobs_option
@click.option(
    "--examples", type=click.IntRange(0), default=3, show_default=True, metavar="N",
    help="Lines to show of each check and phrase.",
)  # fmt: skip
@click.option(
    "--shared-by", type=click.IntRange(2), metavar="N",
    help="Articles that must share a line that no check knows; by default 1 in 100, and 3 at least.",
)  # fmt: skip
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
def calibrate(paths: tuple[str, ...], examples: int, shared_by: int | None, style: str, **options: Any) -> None:
    """See the checks at work on your own articles before you gate on them.

    Prints how often each check and each phrase hits, with examples; phrases that may be sentences of the articles;
    and lines that many articles share and no check knows, as a check file to paste. Needs no labels. Of the lines,
    500,000 are counted at a time; with more, the rarest are dropped.
    """
    from bycatch.calibrate import Calibration, proposal
    from bycatch.output import calibration

    catalog = load(options)
    run = Run(paths, options)
    found = Calibration(examples)
    for result in run.results(catalog):
        found.add(result.article, result.findings)
    least = shared_by or max(_LEAST, found.articles // 100)
    taken = {phrase.literal for check in catalog.checks.values() for phrase in check.phrases} - {None}
    show(style, calibration.sheets(found, least), lambda: calibration.as_dict(found, least, taken))
    if style == "text" and (proposed := proposal(found.unknown(least), taken)):
        click.echo(proposed, nl=False)
    run.summarise(f"{run.count:,} article{'' if run.count == 1 else 's'} counted")
    sys.exit(INTERRUPTED if run.interrupted else BROKEN if run.failures else CLEAN)
