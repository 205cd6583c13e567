"""``bycatch baseline``."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from bycatch.admission import SIZES, Outcome, admit, suites_for
from bycatch.baseline import Baseline, Before, count, dump, grown, load
from bycatch.catalog import load_catalog
from bycatch.commands.common import BROKEN, FOUND, INTERRUPTED, Run, jobs_option
from bycatch.commands.gate import BASELINE, WAIVERS, all_checks
from bycatch.output.console import plural
from bycatch.waivers import Ledger
from bycatch.waivers import load as load_waivers


@click.command()
@all_checks
@jobs_option
@click.option("--suite", "suites", multiple=True, metavar="FILE", help="Suites that judge, as for `bycatch gate`.")
@click.option("--baseline", "file", default=BASELINE, show_default=True, metavar="FILE", help="The file to write.")
@click.option("--accept-new", is_flag=True, help="Let the baseline grow: take in findings that are new.")
def baseline(paths: tuple[str, ...], suites: tuple[str, ...], file: str, accept_new: bool, **options: Any) -> None:
    """Note what is there now, so that only what is new fails the gate.

    Run again, it takes out what has been mended. It never grows unless told to.
    """
    path = Path(file)
    catalog = load_catalog()
    old = load(path) if path.exists() else None
    run = Run(paths, options)
    outcome = admit(
        run.results(catalog), catalog, suites_for(catalog, suites), failures=run.failures, baseline=old,
        ledger=Ledger(load_waivers(Path(WAIVERS)), WAIVERS),
    )  # fmt: skip
    if run.failures or run.interrupted:
        run.summarise(f"{path} was left as it is")
        sys.exit(BROKEN if run.failures else INTERRUPTED)
    fresh = _noted(outcome)
    more: list[str] = []
    if old is not None:
        worse = [article.id for article in outcome.articles if any(v.metric in SIZES for v in article.failed)]
        more = list(dict.fromkeys([*grown(old, Baseline(fresh), outcome.renamed), *worse]))
        if more and not accept_new:
            shown = ", ".join(more[:3]) + (f" and {len(more) - 3:,} more" if len(more) > 3 else "")
            click.echo(
                f"bycatch: {path} may only shrink, and {shown} would add to it; what is new there is left out: mend or "
                "waive what `bycatch gate` shows, or pass --accept-new",
                err=True,
            )
            fresh = _shrunk(fresh, old, outcome.renamed, set(worse))
        fresh |= _untouched(old, outcome)
    made = Baseline(fresh)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_text(dump(made), encoding="utf-8", newline="\n")
    temporary.replace(path)
    total, before = count(made.entries.values()), count(old.entries.values()) if old else 0
    run.summarise(
        f"{path}: {plural(total, 'finding')} in {plural(len(made.entries), 'article')}"
        f"{f'; {before:,} before' if old else ''}"
    )
    if more and not accept_new:
        sys.exit(FOUND)


def _noted(outcome: Outcome) -> dict[str, Before]:
    """An entry for each article with findings that count, or with figures that fail."""
    return {name: entry for name, entry in outcome.entries() if entry.findings or entry.measures}


def _shrunk(
    fresh: Mapping[str, Before], old: Baseline, renamed: Mapping[str, str], worse: Collection[str]
) -> dict[str, Before]:
    """What is still there of what the old baseline noted; sizes that have grown stay as they were noted."""
    made = {}
    for name, now in fresh.items():
        if (before := old.entries.get(renamed.get(name, name))) is not None:
            sizes = before if name in worse else now
            measures = {metric: sizes.measures[metric] for metric in now.measures if metric in before.measures}
            kept = replace(now, findings=now.findings & before.findings, measures=measures)
            if kept.findings or kept.measures:
                made[name] = kept
    return made


def _untouched(old: Baseline, outcome: Outcome) -> Mapping[str, Before]:
    """The entries of articles that were not read and whose file is still there."""
    renamed = set(outcome.renamed.values())
    left = {name: entry for name, entry in old.entries.items() if name not in renamed}
    files = set()
    for name, entry in outcome.entries():
        left.pop(name, None)
        files.add(entry.path)
    return {name: entry for name, entry in left.items() if entry.path not in files and Path(entry.path).exists()}
