"""``bycatch check``."""

from __future__ import annotations

import functools
import sys
from typing import Any

import click

from bycatch.article import RANK, SEVERITIES
from bycatch.commands.common import BROKEN, CLEAN, FOUND, INTERRUPTED, Run, console, input_options, jobs_option, load


@click.command()
@input_options
@jobs_option
@click.option(
    "--format", "style", type=click.Choice(["full", "concise", "json", "jsonl"]), default="full", show_default=True
)
@click.option(
    "--min-severity", type=click.Choice(SEVERITIES), default="note", show_default=True, help="Show nothing milder."
)
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    default="error",
    show_default=True,
    help="Mildest severity that makes the exit code 1.",
)
@click.option("--exit-zero", is_flag=True, help="Exit 0 whatever is found; 2 still means that something failed.")
def check(paths: tuple[str, ...], style: str, min_severity: str, fail_on: str, exit_zero: bool, **options: Any) -> None:
    """Check articles and print what was found.

    PATH is a text or Markdown file, a .jsonl (also .gz, .zst), .parquet, .csv or .tsv file, or a folder of these.
    """
    from bycatch.output import console as shown
    from bycatch.output import jsonl

    catalog = load(options)
    run = Run(paths, options)
    out = functools.cache(console)
    worst = len(SEVERITIES)
    rows: list[dict[str, Any]] = []
    counts: dict[str, int] = {}
    with_findings = 0
    for result in run.results(catalog):
        findings = [f for f in result.findings if RANK[f.severity] <= RANK[min_severity]]
        with_findings += bool(findings)
        if findings and style == "full":
            out().print(
                shown.safe(result.article.path or result.article.id),
                style="bold underline",
                highlight=False,
                markup=False,
                soft_wrap=True,
            )
        for finding in findings:
            worst = min(worst, RANK[finding.severity])
            counts[finding.severity] = counts.get(finding.severity, 0) + 1
            match style:
                case "jsonl":
                    click.echo(jsonl.as_line(finding))
                case "json":
                    rows.append(jsonl.as_dict(finding))
                case "concise":
                    out().print(shown.concise(finding), soft_wrap=True)
                case _:
                    out().print(shown.full(finding, result.article.text), soft_wrap=True)
    if style == "json":
        click.echo(jsonl.dumps({"findings": rows, "failures": [str(f) for f in run.failures]}))
    run.summarise(f"{shown.tally(counts)} in {with_findings:,} of {shown.plural(run.count, 'article')}")
    if run.interrupted:
        sys.exit(INTERRUPTED)
    if run.failures:
        sys.exit(BROKEN)
    sys.exit(FOUND if worst <= RANK[fail_on] and not exit_zero else CLEAN)
