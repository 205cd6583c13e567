"""``bycatch gate``."""

from __future__ import annotations

import functools
import os
import pickle
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import click

from bycatch import __version__
from bycatch.admission import Outcome, admit, suites_for
from bycatch.baseline import Baseline
from bycatch.baseline import load as load_baseline
from bycatch.catalog import load_catalog
from bycatch.commands.common import (
    BROKEN,
    CLEAN,
    FOUND,
    INTERRUPTED,
    Run,
    console,
    history_option,
    input_options,
    jobs_option,
    pages_option,
)
from bycatch.output import FACES
from bycatch.runner import Result
from bycatch.waivers import Ledger, remove
from bycatch.waivers import load as load_waivers

if TYPE_CHECKING:
    from bycatch.output.html import Judged

WAIVERS: Final = "corpus/waivers.toml"
BASELINE: Final = "corpus/baseline.json"


def all_checks(command: Any) -> Any:
    """The input options without --select and --ignore: a gate that leaves out a check would let its findings pass."""
    command = input_options(command)
    command.__click_params__ = [p for p in command.__click_params__ if p.name not in ("select", "ignore")]
    return command


@click.command()
@all_checks
@jobs_option
@click.option("--since", metavar="REV", help="Judge only what was added or changed since the merge base with REV.")
@click.option(
    "--suite", "suites", multiple=True, metavar="FILE", help="Judge by this suite; may be repeated. [default: "
    "expectations/*.json, and the built-in admission.json and corpus.json]"
)  # fmt: skip
@click.option(
    "--format", "style", type=click.Choice(["full", "json", *FACES]), default="full", show_default=True,
    help="How to show it; sarif, junit, github and gitlab list the findings that are new, for programs, and why "
    "articles are held back stands on standard error.",
)  # fmt: skip
@click.option("--report", type=click.Path(file_okay=False), metavar="DIR", help="Write the HTML report there.")
@pages_option
@history_option
@click.option("--waivers", default=WAIVERS, show_default=True, metavar="FILE", help="Findings that may stay.")
@click.option("--baseline", metavar="FILE", help=f"What was there before.  [default: {BASELINE}, if it is there]")
@click.option("--prune", is_flag=True, help="Remove waivers that cover nothing any more.")
def gate(
    paths: tuple[str, ...],
    since: str | None,
    suites: tuple[str, ...],
    style: str,
    report: str | None,
    all_pages: bool,
    history: bool,
    waivers: str,
    baseline: str | None,
    prune: bool,
    **options: Any,
) -> None:
    """Admit articles or hold them back, and say why.

    Great Expectations suites set the limits; waived findings and those of the baseline do not count. Exit code 0:
    all admitted. 1: something is held back. 2: something could not be judged.
    """
    from bycatch.output import verdicts

    if since is not None and history:
        raise click.UsageError("--history keeps figures of whole runs; --since judges a part: leave one of them out")
    catalog = load_catalog()
    judged_by = suites_for(catalog, suites)
    ledger = Ledger(load_waivers(Path(waivers)), waivers)
    known = baseline_at(baseline)
    run: Any
    before = None
    if since is None:
        run = Run(paths, options)
    else:
        from bycatch.commands.changed import ChangedRun

        run = ChangedRun(paths, options, since, catalog, (baseline or BASELINE, waivers))
        before = run.before
    with tempfile.TemporaryFile() as spool:
        results = run.results(catalog)
        outcome = admit(
            _spooled(results, spool) if report or history or style in FACES else results,
            catalog, judged_by, failures=run.failures, ledger=ledger, baseline=known, before=before,
            whole=since is None,
        )  # fmt: skip
        if report or history:
            place = Path(report) if report else None
            _keep(outcome, _unspooled(spool), run, place, whole=since is None, all_pages=all_pages, history=history)
        _show(style, outcome, spool)
    if prune:
        _prune(ledger, Path(waivers), whole=since is None)
    closing = verdicts.closing(outcome)
    run.summarise(closing)
    if run.interrupted:
        sys.exit(INTERRUPTED)
    if outcome.failures:
        sys.exit(BROKEN)
    sys.exit(CLEAN if outcome.passed else FOUND)


def baseline_at(given: str | None) -> Baseline:
    """The baseline that the command line names, or that of the project; one that is named must be there."""
    if given is None and not Path(BASELINE).exists():
        return Baseline()
    return load_baseline(Path(given or BASELINE))


def _spooled(results: Iterable[Result], spool: IO[bytes]) -> Iterator[Result]:
    """Pass results through and keep them on disk: pages are written when the verdicts are known."""
    for result in results:
        pickle.dump(result, spool, protocol=pickle.HIGHEST_PROTOCOL)
        yield result


def _unspooled(spool: IO[bytes]) -> Iterator[Result]:
    spool.seek(0)
    while True:
        try:
            yield pickle.load(spool)  # noqa: S301 - written by this process a moment ago
        except EOFError:
            return


def _show(style: str, outcome: Outcome, spool: IO[bytes]) -> None:
    from bycatch.output import jsonl, verdicts

    if style in FACES:
        for row in _face(style, outcome, spool):
            click.echo(row)
        for line in verdicts.brief(outcome):
            click.echo(line.plain, err=True)
    elif style == "json":
        click.echo(jsonl.dumps(verdicts.as_dict(outcome)))
    else:
        out = console()
        for line in verdicts.full(outcome):
            out.print(line, soft_wrap=True)


def _face(style: str, outcome: Outcome, spool: IO[bytes]) -> Iterator[str]:
    """The findings that this change answers for, in a format of other programs."""
    from bycatch.output import faces

    fresh = (
        replace(result, findings=tuple(f for f in result.findings if outcome.state_of(f) == "new"))
        for result in _unspooled(spool)
    )
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    yield from faces.lines(style, fresh, outcome.catalog, outcome.failures, summary_file=summary, tally=outcome.tally())


def _keep(
    outcome: Outcome, results: Iterator[Result], run: Run, folder: Path | None, *, whole: bool, all_pages: bool,
    history: bool,
) -> None:  # fmt: skip
    """Write the report, add the run's figures to the history, or both."""
    from bycatch.history import PLACE, remember, trend
    from bycatch.output import html
    from bycatch.output.html.figures import Figures

    # Of each article the page asks and the history does.
    judged = functools.lru_cache(1)(functools.partial(_judged, outcome))
    figures = Figures(judged)
    counted = figures.through(results)
    if folder is not None:
        html.write_site(
            counted, outcome.catalog, folder, failures=outcome.failures, verdicts=judged, states=outcome.state_of,
            scope=run.scope, trend=trend(PLACE) if whole else (), all_pages=all_pages,
        )  # fmt: skip
    for _ in counted:
        pass
    if history and not run.interrupted:
        remember(PLACE, __version__, outcome.catalog.digest, figures.table(outcome.failures))


def _judged(outcome: Outcome, article: str) -> Sequence[Judged]:
    """The verdicts that a page shows: of two dozen limits that hold, only the measures tell a reader something."""
    from bycatch.output.html import Judged

    return [
        Judged(v.title, v.observed, v.limit, v.passed or v.severity != "critical", v.share, v.limit_share)
        for v in outcome.verdicts(article)
        if not v.passed or v.check is None
    ]


def _prune(ledger: Ledger, path: Path, *, whole: bool) -> None:
    gone = ledger.unused(whole=whole)
    if gone:
        source = path.read_bytes().decode("utf-8")
        path.write_bytes(remove(source, [waiver.key for waiver in gone]).encode("utf-8"))
        click.echo(f"{path}: removed {len(gone)} waiver{'' if len(gone) == 1 else 's'} that covered nothing", err=True)
