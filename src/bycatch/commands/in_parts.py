"""``bycatch check --output``: findings and the summary of each article in parts, so that a killed run can go on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from bycatch import __version__
from bycatch.article import RANK, SEVERITIES, Failure
from bycatch.catalog import Catalog
from bycatch.commands.common import Run
from bycatch.parts import SIZE, Parts
from bycatch.runner import Result


def check_in_parts(folder: Path, run: Run, catalog: Catalog, min_severity: str) -> dict[str, Any]:
    """Write what is missing in the folder; the totals of the whole run, or of what is finished when interrupted."""
    parts = Parts(
        folder,
        {
            "bycatch": __version__, "checks": catalog.digest, "selection": list(catalog.checks),
            "min_severity": min_severity, "input": run.identity(), "articles_per_part": SIZE,
        },
    )  # fmt: skip
    if not parts.is_done:
        if parts.finished:
            click.echo(f"going on after {parts.finished * SIZE:,} articles in {folder}", err=True)
        _write(parts, run, catalog, RANK[min_severity])
    totals = _totals(parts)
    if not run.interrupted and not parts.is_done:
        parts.finish(totals)
    return totals


def _write(parts: Parts, run: Run, catalog: Catalog, mildest: int) -> None:
    from bycatch.output import jsonl
    from bycatch.summary import own_checks, summarise

    own = own_checks(catalog)
    findings: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    inputs = 0
    for event in _events(run, catalog, parts.finished * SIZE):
        if isinstance(event, Failure):
            rows.append({"failure": event.reason, **_place(event)})
            # A check that failed has its article's row besides.
            inputs += event.check is None
        else:
            shown = [finding for finding in event.findings if RANK[finding.severity] <= mildest]
            findings.extend(map(jsonl.as_dict, shown))
            rows.append(summarise(event.article, shown, own=own).row(catalog.checks))
            inputs += 1
        if inputs == SIZE:
            parts.add(findings, rows)
            findings, rows, inputs = [], [], 0
    if rows and not run.interrupted:
        parts.add(findings, rows)


def _events(run: Run, catalog: Catalog, skip: int) -> Iterator[Failure | Result]:
    """Failures and results in the order of the input."""
    run.skip(skip)
    for result in run.results(catalog):
        yield from _taken(run.failures)
        yield result
    yield from _taken(run.failures)


def _taken(failures: list[Failure]) -> list[Failure]:
    taken = failures[:]
    failures.clear()
    return taken


def _place(failure: Failure) -> dict[str, Any]:
    return {"path": failure.path, "article": failure.article, "line": failure.line, "check": failure.check}


def _totals(parts: Parts) -> dict[str, Any]:
    counts = dict.fromkeys(("articles", "with_findings", "failures", *SEVERITIES), 0)
    for row in parts.articles():
        if "failure" in row:
            counts["failures"] += 1
            continue
        counts["articles"] += 1
        counts["with_findings"] += bool(row["errors"] + row["warnings"] + row["notes"])
        for severity in SEVERITIES:
            counts[severity] += row[f"{severity}s"]
    return counts
