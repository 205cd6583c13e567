"""The formats that other programs show: each reads the results once and keeps no article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from bycatch.article import Failure
from bycatch.catalog import Catalog
from bycatch.output import github, gitlab, jsonl, junit, sarif
from bycatch.runner import Result


def lines(
    style: str,
    results: Iterable[Result],
    catalog: Catalog,
    failures: Sequence[Failure],
    *,
    fail_on: str = "error",
    summary_file: str | None = None,
    tally: Mapping[str, int] | None = None,
) -> Iterator[str]:
    """The run in one of FACES, line by line; ``summary_file`` is what GITHUB_STEP_SUMMARY names.

    ``tally`` is what a gate counts (new, known, waived, fixed), where ``results`` hold what is new alone; GitLab's
    format has no place for it. ``failures`` may grow while the results come; it is read after them.
    """
    match style:
        case "sarif":
            yield jsonl.dumps(sarif.document(results, catalog, failures, tally=tally))
        case "junit":
            yield junit.document(results, failures, fail_on=fail_on, tally=tally)
        case "gitlab":
            yield jsonl.dumps(gitlab.document(results, failures))
        case "github":
            run = github.digest(results, failures, tally)
            yield from github.commands(run)
            if summary_file:
                # Steps of one job share the file.
                with Path(summary_file).open("a", encoding="utf-8") as file:
                    file.write(github.summary(run))
