"""What the commands share: options for input and choice of checks, the run with its failures, the console."""

from __future__ import annotations

import contextlib
import itertools
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import click

from bycatch.article import Article, Failure
from bycatch.catalog import Catalog, load_catalog
from bycatch.history import PLACE
from bycatch.reading import TEXT_SUFFIXES, Fields, ReadingError, find_files, read
from bycatch.sources import Declared

if TYPE_CHECKING:
    from bycatch.output.tables import Sheet
    from bycatch.runner import Scope

# Exit codes.
CLEAN: Final = 0
FOUND: Final = 1
BROKEN: Final = 2
# What shells expect of a program that Ctrl-C ended; what was finished was printed.
INTERRUPTED: Final = 130


def names(_: click.Context, __: click.Parameter, given: Sequence[str]) -> list[str]:
    """A callback: names given in several options or with commas as one list."""
    return [name for item in given for name in item.replace(",", " ").split()]


def input_options(command: Any) -> Any:
    """The argument PATHS and the options that say how they are read and checked."""
    return click.argument("paths", nargs=-1, required=True, type=click.Path())(reading_options(command))


def reading_options(command: Any) -> Any:
    """The options that choose checks, language and field names."""
    options = [
        click.option("--select", multiple=True, callback=names, metavar="CHECK,…", help="Run these checks only."),
        click.option("--ignore", multiple=True, callback=names, metavar="CHECK,…", help="Leave these checks out."),
        click.option(
            "--lang",
            multiple=True,
            callback=_declared,
            metavar="[SOURCE=]CODE",
            help="Language of articles that declare none, for all or for a host or folder; guessed by default.",
        ),
        click.option("--text-field", default="text", show_default=True, help="Field of a record that holds the text."),
        click.option("--id-field", default="id", show_default=True, help="Field that names the article."),
        click.option("--lang-field", default="lang", show_default=True, help="Field with the declared language."),
        click.option("--title-field", default="title", show_default=True, help="Field with the title."),
        click.option("--source-field", default="source", show_default=True, help="Field with the source or URL."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def jobs_option(command: Any) -> Any:
    """The option --jobs, for commands that check many articles."""
    return click.option(
        "--jobs",
        type=click.IntRange(min=1),
        metavar="N",
        help="Processes that check articles; all cores by default, one for few articles. The result is the same.",
    )(command)


def pages_option(command: Any) -> Any:
    """The option --all-pages, for commands that write the HTML report."""
    return click.option(
        "--all-pages", is_flag=True, help="Write a page for every article, also for those without findings."
    )(command)


def history_option(command: Any) -> Any:
    """The option --history, for commands that judge a corpus as a whole."""
    return click.option(
        "--history", is_flag=True, help=f"Add the figures of this run to {PLACE}; the index shows the trend."
    )(command)


class Run:
    """The articles of a command line, counted, with their failures."""

    def __init__(self, paths: Sequence[str], options: dict[str, Any]) -> None:
        """``options`` are those of `input_options`; raises UserError where there is nothing to read."""
        self.failures: list[Failure] = []
        self.count = 0
        self.interrupted = False
        self._skip = 0
        self._unsupported: dict[str, int] = {}
        self._lang: Declared = options["lang"]
        self._fields = Fields(*(options[f"{name}_field"] for name in ("text", "id", "lang", "title", "source")))
        self._jobs: int = options.get("jobs", 1) or _cores()
        self._paths = tuple(paths)
        self._files = find_files(paths)
        if not self._files:
            raise ReadingError(
                f"{', '.join(paths)}: nothing to read; known are .txt, .md, .jsonl, .parquet, .csv, .tsv"
            )

    def results(self, catalog: Catalog) -> Iterator[Any]:
        """Each article with its findings, in order; failures go to ``self.failures``."""
        from bycatch.runner import run, settle

        with progress() as advance, stopped_by_ctrl_c() as stopped:
            expected = self._expected()
            settle(catalog)
            results = run(self._articles(), catalog, on_failure=self.failures.append, jobs=self._jobs)
            with contextlib.closing(results):
                for result in results:
                    self.count += 1
                    self._note_language(result.article.lang)
                    advance(expected(result.article))
                    yield result
                    if stopped():
                        self.interrupted = True
                        return
        if not self.count and not self.failures:
            self._none()

    def _none(self) -> None:
        """Called where the files hold no article at all."""
        raise ReadingError(f"{', '.join(map(str, self._files[:3]))}: no article in it")

    def _note_language(self, lang: str | None) -> None:
        from bycatch.language import is_known, supported

        if lang is not None and is_known(lang) and not supported(lang):
            self._unsupported[lang] = self._unsupported.get(lang, 0) + 1

    def _expected(self) -> Callable[[Article], float | None]:
        """How many articles there may be, by the bytes of text seen; None where files are compressed."""
        if all(path.suffix in TEXT_SUFFIXES for path in self._files):
            return lambda _: len(self._files)
        if any(path.suffix in (".gz", ".zst", ".parquet") for path in self._files):
            return lambda _: None
        size, seen = sum(path.stat().st_size for path in self._files), 0

        def expected(article: Article) -> float:
            nonlocal seen
            seen += len(article.text.encode("utf-8", "replace")) + 1
            return max(self.count, self.count * size / seen)

        return expected

    @property
    def scope(self) -> Scope:
        """What is read, in a form that another process can read again."""
        from bycatch.runner import Scope

        return Scope(self._paths)

    def skip(self, count: int) -> None:
        """Leave out the first ``count`` articles and failures of reading: an earlier run has done them."""
        self._skip = self.count = count

    def identity(self) -> dict[str, Any]:
        """What is read and how, as plain data: two runs that agree in it read the same."""
        files = [[path.as_posix(), path.stat().st_size, path.stat().st_mtime_ns] for path in self._files]
        return {"files": files, "lang": asdict(self._lang), "fields": asdict(self._fields)}

    def _articles(self) -> Iterator[Article | Failure]:
        """Articles and what could not be read, in the order of the files."""
        return itertools.islice(self._all_articles(), self._skip, None)

    def _all_articles(self) -> Iterator[Article | Failure]:
        failed: list[Failure] = []
        for article in read(*self._files, fields=self._fields, lang=self._lang, on_failure=failed.append):
            yield from failed
            failed.clear()
            yield article
        yield from failed

    def summarise(self, line: str) -> None:
        """What happened, on standard error: failures first, then one line."""
        from bycatch.output.console import plural, safe

        for failure in self.failures:
            click.echo(f"bycatch: failed: {safe(str(failure))}", err=True)
        if self.failures:
            line += f"; {plural(len(self.failures), 'failure')}"
        if self._unsupported:
            count = plural(sum(self._unsupported.values()), "article")
            line += f"; foreign lines not looked for in {count}: no detector for {', '.join(sorted(self._unsupported))}"
        click.echo(f"interrupted: {line}" if self.interrupted else line, err=True)


def load(options: dict[str, Any]) -> Catalog:
    """The catalog that the options choose."""
    return load_catalog().only(options["select"], options["ignore"])


def _cores() -> int:
    from bycatch.workers import cores

    return cores()


def _declared(_: object, __: object, given: tuple[str, ...]) -> Declared:
    from bycatch.language import UnknownLanguage, normal

    lang, of_source = None, {}
    for text in given:
        source, equals, code = text.rpartition("=")
        if equals and not source:
            raise ReadingError(f"--lang {text}: no source before =; write a host or a folder, or --lang {code} for all")
        try:
            normal(code)
        except UnknownLanguage as error:
            raise ReadingError(f"--lang {text}: {error}") from error
        if source:
            of_source[source] = code
        else:
            lang = code
    return Declared(lang, of_source)


def console() -> Any:
    """A console on standard output that neither wraps nor reads markup."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False, soft_wrap=True)


def show(style: str, sheets: Iterable[Sheet], as_dict: Callable[[], dict[str, Any]]) -> None:
    """Print tables as text, Markdown or JSON, each made only where it is asked for."""
    from bycatch.output import jsonl, tables

    if style == "json":
        click.echo(jsonl.dumps(as_dict()))
        return
    if style == "markdown":
        click.echo("\n".join(map(tables.markdown, sheets)), nl=False)
        return
    from rich.console import Console

    # A table in a pipe or a file is not cut to the 80 columns of a terminal that is not there.
    out = Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else 180)
    for sheet in sheets:
        out.print(tables.for_terminal(sheet))


@contextlib.contextmanager
def progress() -> Iterator[Callable[..., None]]:
    """A counter on standard error where that is a terminal; nothing in a pipe.

    The function it gives is called after each article, with the number of articles to expect where that is known.
    """
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (
        SpinnerColumn(), TextColumn("{task.completed:,.0f} articles, {task.fields[rate]}"), TimeElapsedColumn(),
        TextColumn("elapsed,"), TimeRemainingColumn(), TextColumn("left"),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, rate="")

        def advance(expected: float | None = None) -> None:
            speed = bar.tasks[task].speed
            bar.update(task, advance=1, total=expected, rate=f"{speed:,.0f} a second" if speed else "")

        yield advance


@contextlib.contextmanager
def stopped_by_ctrl_c() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed, asked between articles, so that output ends with a whole one. Twice ends at once."""
    pressed: list[int] = []

    def note(number: int, _: object) -> None:
        pressed.append(number)
        signal.signal(signal.SIGINT, signal.default_int_handler)

    try:
        before = signal.signal(signal.SIGINT, note)
    except ValueError:
        # Only the main thread may.
        yield lambda: False
        return
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)
