"""The command line. Heavy modules are imported by the command that needs them."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import click

from bycatch import __version__
from bycatch.article import RANK, SEVERITIES, Article, Failure
from bycatch.catalog import Catalog, CatalogError, load_catalog
from bycatch.reading import Fields, ReadingError, find_files, read

_CLEAN: Final = 0
_FOUND: Final = 1
_BROKEN: Final = 2


class _Commands(click.Group):
    def main(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().main(*args, **kwargs)
        except (CatalogError, ReadingError) as error:
            _fail(str(error))
        except BrokenPipeError:
            # The reader of a pipe (head, less) has seen enough.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(_CLEAN)
        except OSError as error:
            _fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))
        except Exception as error:
            if os.environ.get("BYCATCH_DEBUG"):
                raise
            _fail(f"{type(error).__name__}: {error} (a bug in bycatch; BYCATCH_DEBUG=1 shows where)")


def _fail(message: str) -> None:
    click.echo(f"bycatch: error: {' '.join(message.splitlines())}", err=True)
    sys.exit(_BROKEN)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="bycatch")
def main() -> None:
    """Find what a scraper brought up besides the article.

    Exit codes: 0 nothing held against the articles, 1 findings, 2 the input or bycatch itself failed.
    """


def _names(_: click.Context, __: click.Parameter, given: Sequence[str]) -> list[str]:
    return [name for item in given for name in item.replace(",", " ").split()]


def _input_options(command: Any) -> Any:
    options = [
        click.argument("paths", nargs=-1, required=True, type=click.Path()),
        click.option("--select", multiple=True, callback=_names, metavar="CHECK,…", help="Run these checks only."),
        click.option("--ignore", multiple=True, callback=_names, metavar="CHECK,…", help="Leave these checks out."),
        click.option("--lang", metavar="CODE", help="Language of articles that declare none; guessed by default."),
        click.option("--text-field", default="text", show_default=True, help="Field of a record that holds the text."),
        click.option("--id-field", default="id", show_default=True, help="Field that names the article."),
        click.option("--lang-field", default="lang", show_default=True, help="Field with the declared language."),
        click.option("--title-field", default="title", show_default=True, help="Field with the title."),
        click.option("--source-field", default="source", show_default=True, help="Field with the source or URL."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@main.command()
@_input_options
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

    catalog = _catalog(options)
    run = _Run(paths, options)
    out = _console()
    worst = len(SEVERITIES)
    rows: list[dict[str, Any]] = []
    counts: dict[str, int] = {}
    with_findings = 0
    for result in run.results(catalog):
        findings = [f for f in result.findings if RANK[f.severity] <= RANK[min_severity]]
        with_findings += bool(findings)
        if findings and style == "full":
            out.print(
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
                    out.print(shown.concise(finding), soft_wrap=True)
                case _:
                    out.print(shown.full(finding, result.article.text), soft_wrap=True)
    if style == "json":
        click.echo(jsonl.dumps({"findings": rows, "failures": [str(f) for f in run.failures]}))
    run.summarise(f"{shown.tally(counts)} in {with_findings:,} of {shown.plural(run.count, 'article')}")
    if run.failures:
        sys.exit(_BROKEN)
    sys.exit(_FOUND if worst <= RANK[fail_on] and not exit_zero else _CLEAN)


@main.command()
@_input_options
@click.option(
    "--output",
    "-o",
    type=click.Path(file_okay=False),
    default="reports/site",
    show_default=True,
    help="Folder for the pages.",
)
def report(paths: tuple[str, ...], output: str, **options: Any) -> None:
    """Write an HTML quality report: one page per article and an index."""
    from bycatch.output import html

    catalog = _catalog(options)
    run = _Run(paths, options)
    index = html.write_site(run.results(catalog), catalog, Path(output), failures=run.failures)
    run.summarise(f"{run.count:,} article{'' if run.count == 1 else 's'} reported")
    click.echo(f"Open {index.resolve().as_uri()}")
    sys.exit(_BROKEN if run.failures else _CLEAN)


@main.command()
@click.argument("name", required=False, metavar="[CHECK]")
@click.option("--markdown", is_flag=True, help="All checks as one Markdown document.")
def explain(name: str | None, markdown: bool) -> None:
    """Say what a check finds and why; without a name, list all checks."""
    from bycatch.output import explanation

    catalog = load_catalog()
    if markdown:
        click.echo(explanation.markdown(catalog), nl=False)
    elif name is None:
        _console().print(explanation.table(catalog))
    else:
        _console().print(explanation.page(catalog.only([name]).checks[name]), soft_wrap=True)


@main.command()
@click.argument("folder", required=False, default=".", type=click.Path(file_okay=False))
def init(folder: str) -> None:
    """Lay out checks/, corpus/, expectations/ and reports/ for a corpus of your own."""
    from bycatch.layout import lay_out

    for line in lay_out(Path(folder)):
        click.echo(line)


class _Run:
    """The articles of a command line, counted, with their failures."""

    def __init__(self, paths: Sequence[str], options: dict[str, Any]) -> None:
        self.failures: list[Failure] = []
        self.count = 0
        self._lang = _language(options["lang"])
        self._fields = Fields(*(options[f"{name}_field"] for name in ("text", "id", "lang", "title", "source")))
        self._files = find_files(paths)
        if not self._files:
            raise ReadingError(
                f"{', '.join(paths)}: nothing to read; known are .txt, .md, .jsonl, .parquet, .csv, .tsv"
            )

    def results(self, catalog: Catalog) -> Iterator[Any]:
        from bycatch.runner import run

        with _progress() as advance:
            for result in run(self._articles(), catalog, on_failure=self.failures.append):
                self.count += 1
                advance()
                yield result
        if not self.count and not self.failures:
            raise ReadingError(f"{', '.join(map(str, self._files[:3]))}: no article in it")

    def _articles(self) -> Iterator[Article]:
        return read(*self._files, fields=self._fields, lang=self._lang, on_failure=self.failures.append)

    def summarise(self, line: str) -> None:
        """What happened, on standard error: failures first, then one line."""
        from bycatch.output.console import plural, safe

        for failure in self.failures:
            click.echo(f"bycatch: failed: {safe(str(failure))}", err=True)
        if self.failures:
            line += f"; {plural(len(self.failures), 'failure')}"
        click.echo(line, err=True)


def _catalog(options: dict[str, Any]) -> Catalog:
    return load_catalog().only(options["select"], options["ignore"])


def _language(code: str | None) -> str | None:
    from bycatch.language import UnknownLanguage, normal

    if code is not None:
        try:
            normal(code)
        except UnknownLanguage as error:
            raise ReadingError(f"--lang: {error}") from error
    return code


def _console() -> Any:
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False, soft_wrap=True)


@contextlib.contextmanager
def _progress() -> Iterator[Any]:
    """A counter on standard error where that is a terminal; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} articles"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda: bar.advance(task)
