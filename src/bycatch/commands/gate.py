"""``bycatch gate``."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from bycatch import __version__
from bycatch.admission import Admission, Outcome, Standing, State, admit, suites_for
from bycatch.article import Finding
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
    from bycatch.gate import Verdict
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
    outcome = admit(
        run.results(catalog), catalog, judged_by, failures=run.failures, ledger=ledger, baseline=known, before=before,
        whole=since is None, texts=bool(report) or history or style in FACES,
    )  # fmt: skip
    if report or history:
        place = Path(report) if report else None
        _keep(outcome, run, place, whole=since is None, all_pages=all_pages, history=history)
    _show(style, outcome)
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


def _show(style: str, outcome: Outcome) -> None:
    from bycatch.output import verdicts

    if style in FACES:
        for row in _face(style, outcome):
            click.echo(row)
        for line in verdicts.brief(outcome):
            click.echo(line.plain, err=True)
    elif style == "json":
        for piece in verdicts.as_json(outcome):
            click.echo(piece, nl=False)
    else:
        out = console()
        for line in verdicts.full(outcome):
            out.print(line, soft_wrap=True)


def _face(style: str, outcome: Outcome) -> Iterator[str]:
    """The findings that this change answers for, in a format of other programs."""
    from bycatch.output import faces

    fresh = (Result(admission.article, admission.of("new")) for admission in outcome.articles if admission.article)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    yield from faces.lines(style, fresh, outcome.catalog, outcome.failures, summary_file=summary, tally=outcome.tally)


class _Told:
    """The results of a run once more, in order, and what became of the one that was read last."""

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self._last: Mapping[str, Admission] = {}
        self._rows: Sequence[Judged] | None = None

    def __iter__(self) -> Iterator[Result]:
        for admission in self._outcome.articles:
            if admission.article is not None:
                self._last, self._rows = {admission.id: admission}, None
                yield Result(admission.article, admission.findings)

    def standing(self, finding: Finding) -> Standing:
        """Whether a finding of that article is new, known or waived."""
        return self._last[finding.article].standing[finding.key]

    def gone(self, article: str) -> int:
        """How many findings that it had are fixed."""
        return self._last[article].fixed

    def verdicts(self, article: str) -> Sequence[Judged]:
        """The verdicts that its page shows: of two dozen limits that hold, only the measures tell a reader something.

        The page asks for them and so does the history.
        """
        if self._rows is None:
            self._rows = [
                _shown(verdict)
                for verdict in self._outcome.verdicts(self._last[article])
                if not verdict.passed or verdict.check is None
            ]
        return self._rows


def _shown(verdict: Verdict) -> Judged:
    """A verdict as a page shows it; one that holds nothing back and asks for no look is only shown."""
    from bycatch.output.html import Judged

    passed = verdict.passed or verdict.severity == "info"
    otherwise: State = "held" if verdict.severity == "critical" else "look"
    return Judged(verdict.title, verdict.observed, verdict.limit, passed, verdict.share, verdict.limit_share, otherwise)


def _keep(outcome: Outcome, run: Run, folder: Path | None, *, whole: bool, all_pages: bool, history: bool) -> None:
    """Write the report, add the run's figures to the history, or both."""
    from bycatch.history import PLACE, remember, trend
    from bycatch.output import html
    from bycatch.output.html.figures import Figures

    told = _Told(outcome)
    figures = Figures(told.verdicts)
    counted = figures.through(told)
    if folder is not None:
        html.write_site(
            counted, outcome.catalog, folder, failures=outcome.failures, verdicts=told.verdicts, states=told.standing,
            gone=told.gone, corpus=[_shown(verdict) for verdict in outcome.corpus], scope=run.scope,
            trend=trend(PLACE) if whole else (), all_pages=all_pages,
        )  # fmt: skip
    for _ in counted:
        pass
    if history and not run.interrupted:
        remember(PLACE, __version__, outcome.catalog.digest, figures.table(outcome.failures))


def _prune(ledger: Ledger, path: Path, *, whole: bool) -> None:
    gone = ledger.unused(whole=whole)
    if gone:
        source = path.read_bytes().decode("utf-8")
        path.write_bytes(remove(source, [waiver.key for waiver in gone]).encode("utf-8"))
        click.echo(f"{path}: removed {len(gone)} waiver{'' if len(gone) == 1 else 's'} that covered nothing", err=True)
