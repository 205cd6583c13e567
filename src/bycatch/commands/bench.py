"""``bycatch bench``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from bycatch.article import Article, Failure, Span
from bycatch.bench import GROUPS, LABEL_NOISE, Scorecard
from bycatch.commands.common import BROKEN, CLEAN, jobs_option, load, names, progress, show


@click.command()
@click.argument("labelled", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--select", multiple=True, callback=names, metavar="CHECK,…", help="Run these checks only.")
@click.option("--ignore", multiple=True, callback=names, metavar="CHECK,…", help="Leave these checks out.")
@jobs_option
@click.option("--by", multiple=True, type=click.Choice(GROUPS), help="Break the figures down; may be repeated.")
@click.option("--renderers", multiple=True, callback=names, metavar="NAME,…", help="Score these renderings only.")
@click.option(
    "--tiers", multiple=True, callback=names, default=("A,P",), metavar="TIER,…", show_default="A,P",
    help="Score lines of these tiers only, where the file has tiers.",
)  # fmt: skip
@click.option("--sample", type=click.IntRange(1), metavar="N", help="The first N pages of each data set.")
@click.option(
    "--label-noise", type=click.FloatRange(0, 0.5), default=LABEL_NOISE, show_default=True,
    help="Share of labels taken to be wrong when a check is held to its severity.",
)  # fmt: skip
@click.option("--format", "style", type=click.Choice(["text", "markdown", "json"]), default="text", show_default=True)
def bench(
    labelled: Path,
    by: tuple[str, ...],
    renderers: list[str],
    tiers: list[str],
    sample: int | None,
    label_noise: float,
    jobs: int | None,
    style: str,
    **options: Any,
) -> None:
    """Score the checks on labelled lines, and hold each to its severity.

    LABELLED is a Parquet file with one row per line of a page: doc, line (its place, a whole number), text, label
    (1 article, 0 artifact, -1 unsure); and where there are any: dataset, renderer, lang, tier, pos (pre, in or post
    the article). See docs/quality.md.
    """
    from bycatch.labelled import Page, read_labelled
    from bycatch.output import scorecard
    from bycatch.runner import run
    from bycatch.workers import cores

    catalog = load(options)
    card = Scorecard(by)
    pending: dict[str, tuple[Page, list[Span]]] = {}
    failures: list[Failure] = []

    def articles() -> Iterator[Article]:
        pages = read_labelled(labelled, renderers=renderers, tiers=tiers, sample=sample)
        for number, page in enumerate(pages):
            # The language is not told: a fresh scrape tells none.
            article, spans = page.article(str(number))
            pending[article.id] = page, spans
            yield article

    with progress() as advance:
        for result in run(articles(), catalog, on_failure=failures.append, jobs=jobs or cores()):
            card.add(*pending.pop(result.article.id), result.findings)
            advance()
    show(style, scorecard.sheets(card, label_noise), lambda: scorecard.as_dict(card, label_noise))
    for failure in failures:
        click.echo(f"bycatch: failed: {failure}", err=True)
    sys.exit(BROKEN if failures else CLEAN)
