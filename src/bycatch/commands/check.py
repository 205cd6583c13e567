"""``bycatch check``."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import click

from bycatch.article import RANK, SEVERITIES
from bycatch.catalog import Catalog
from bycatch.commands.common import BROKEN, CLEAN, FOUND, INTERRUPTED, Run, console, input_options, jobs_option, load
from bycatch.output import FACES
from bycatch.runner import Result


@click.command()
@input_options
@jobs_option
@click.option(
    "--format",
    "style",
    type=click.Choice(["full", "concise", "json", "jsonl", *FACES]),
    default="full",
    show_default=True,
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
@click.option(
    "--output",
    type=click.Path(file_okay=False),
    help="Write findings and a summary of each article in parts into this folder instead of printing them; "
    "started again after it was killed, the same command goes on.",
)
def check(
    paths: tuple[str, ...], style: str, min_severity: str, fail_on: str, exit_zero: bool, output: str | None,
    **options: Any,
) -> None:  # fmt: skip
    """Check articles and print what was found.

    PATH is a text or Markdown file, a .jsonl (also .gz, .zst), .parquet, .csv or .tsv file, or a folder of these.
    """
    from bycatch.output import console as shown

    catalog = load(options)
    run = Run(paths, options)
    if output is not None:
        _into(output, run, catalog, min_severity, fail_on, exit_zero=exit_zero)
    seen = _Seen(RANK[min_severity])
    results = seen.through(run.results(catalog))
    if style in FACES:
        from bycatch.output import faces

        summary_file = os.environ.get("GITHUB_STEP_SUMMARY")
        for line in faces.lines(style, results, catalog, run.failures, fail_on=fail_on, summary_file=summary_file):
            click.echo(line)
    else:
        _print(style, results, run)
    run.summarise(f"{shown.tally(seen.counts)} in {seen.articles:,} of {shown.plural(run.count, 'article')}")
    if run.interrupted:
        sys.exit(INTERRUPTED)
    if run.failures:
        sys.exit(BROKEN)
    sys.exit(FOUND if seen.worst <= RANK[fail_on] and not exit_zero else CLEAN)


def _into(output: str, run: Run, catalog: Catalog, min_severity: str, fail_on: str, *, exit_zero: bool) -> NoReturn:
    """Write parts, say what is in them and exit."""
    from bycatch.commands.in_parts import check_in_parts
    from bycatch.output import console as shown

    totals = check_in_parts(Path(output), run, catalog, min_severity)
    line = f"{shown.tally(totals)} in {totals['with_findings']:,} of {shown.plural(totals['articles'], 'article')}"
    if totals["failures"]:
        line += f"; {shown.plural(totals['failures'], 'failure')}, listed in the parts"
    run.summarise(f"{line}; in {output}" if not run.interrupted else f"{line} so far; the same command goes on")
    if run.interrupted:
        sys.exit(INTERRUPTED)
    if totals["failures"]:
        sys.exit(BROKEN)
    found = any(totals[severity] for severity in SEVERITIES if RANK[severity] <= RANK[fail_on])
    sys.exit(FOUND if found and not exit_zero else CLEAN)


class _Seen:
    """What went by: findings by severity, the worst of them, and how many articles had any."""

    def __init__(self, mildest: int) -> None:
        self.worst = len(SEVERITIES)
        self.counts: dict[str, int] = {}
        self.articles = 0
        self._mildest = mildest

    def through(self, results: Iterable[Result]) -> Iterator[Result]:
        """The results with the findings that are shown."""
        for result in results:
            findings = tuple(f for f in result.findings if RANK[f.severity] <= self._mildest)
            self.articles += bool(findings)
            for finding in findings:
                self.worst = min(self.worst, RANK[finding.severity])
                self.counts[finding.severity] = self.counts.get(finding.severity, 0) + 1
            yield Result(result.article, findings)


def _print(style: str, results: Iterable[Result], run: Run) -> None:
    from bycatch.output import console as shown
    from bycatch.output import jsonl

    out = functools.cache(console)
    rows: list[dict[str, Any]] = []
    for result in results:
        if result.findings and style == "full":
            out().print(
                shown.safe(result.article.path or result.article.id),
                style="bold underline",
                highlight=False,
                markup=False,
                soft_wrap=True,
            )
        if result.findings and style == "jsonl":
            click.echo("\n".join(map(jsonl.as_line, result.findings)))
            continue
        for finding in result.findings:
            match style:
                case "json":
                    rows.append(jsonl.as_dict(finding))
                case "concise":
                    out().print(shown.concise(finding), soft_wrap=True)
                case _:
                    out().print(shown.full(finding, result.article.text), soft_wrap=True)
    if style == "json":
        click.echo(jsonl.dumps({"findings": rows, "failures": [str(f) for f in run.failures]}))
