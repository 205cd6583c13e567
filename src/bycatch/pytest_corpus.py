"""pytest for articles: ``pytest --bycatch PATH`` makes an item of each article, and of each rule about the whole.

Imported when asked for, and nothing heavy before an article is collected.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from bycatch.content import builtin, project

if TYPE_CHECKING:
    from bycatch.admission import Outcome
    from bycatch.article import Article, Failure
    from bycatch.catalog import Catalog
    from bycatch.gate import Rule
    from bycatch.reading import Fields
    from bycatch.waivers import Ledger

_SUFFIXES: Final = (".txt", ".md", ".jsonl", ".jsonl.gz", ".jsonl.zst", ".parquet", ".csv", ".tsv")
_MARKER: Final = "bycatch"
_WAIVERS: Final = Path("corpus/waivers.toml")
_BASELINE: Final = Path("corpus/baseline.json")
# Terminals and JUnit viewers take a line of output a finding; an article of thousands says so in a number.
_MOST: Final = 200
_LONGEST_NAME: Final = 120


class HeldBackError(Exception):
    """What speaks against an article or the whole; the message is all there is to show."""


def options(parser: pytest.Parser) -> None:
    """Declare the options."""
    group = parser.getgroup("bycatch", "articles of a corpus as tests")
    group.addoption(
        "--bycatch", action="append", default=[], metavar="PATH", help="Check the articles of this file or folder."
    )
    group.addoption(
        "--bycatch-fail-on", choices=("error", "warning", "note"), default="error",
        help="Mildest severity of a finding that fails its article (default: error).",
    )  # fmt: skip
    group.addoption(
        "--bycatch-gate", action="store_true", help="One more item for each rule of the suites about the whole corpus."
    )
    group.addoption("--bycatch-text-field", default="text", help="Field of a record that holds the text.")
    group.addoption("--bycatch-id-field", default="id", help="Field that names the article.")
    parser.addini("bycatch_paths", "files and folders of articles to check", type="paths", default=[])


def configure(config: pytest.Config) -> None:
    """Register the markers, and have the paths collected."""
    asked = config.getoption("--bycatch")
    chosen = [Path(config.invocation_params.dir, path) for path in asked] or list(config.getini("bycatch_paths"))
    if not chosen:
        return
    config.stash[_PATHS] = [path.resolve() for path in chosen]
    config.addinivalue_line("markers", f"{_MARKER}: articles checked by bycatch")
    for name in _check_names():
        config.addinivalue_line("markers", f"{_marker(name)}: articles, checked by {name}")
    given = config.args_source is config.ArgsSource.ARGS
    # On the command line the paths are the run, and so is an item in one of them that is named; those of the ini file
    # join what is run anyway.
    if asked and not given:
        config.args[:] = []
    if asked or not given:
        named = [Path(config.invocation_params.dir, arg.split("::")[0]).resolve() for arg in config.args]
        config.args += [str(path) for path in chosen if not any(n.is_relative_to(path.resolve()) for n in named)]


_PATHS = pytest.StashKey[Iterable[Path]]()


def recursed(path: Path, config: pytest.Config) -> bool | None:
    """False, for "do not leave it out", for a folder of the corpus: pytest would skip one named build or dist."""
    if path.is_dir() and not path.name.startswith(".") and _asked_for(path, config):
        return None if config.getoption("ignore") or config.getoption("ignore_glob") else False
    return None


def collector(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The collector of a file of articles that was asked for."""
    config = parent.config
    if not (path.name.lower().endswith(_SUFFIXES) or path in config.stash.get(_PATHS, [])):
        return None
    if not _asked_for(path, config) or path.name.startswith("."):
        return None
    return ArticleFile.from_parent(parent, path=path)


def _asked_for(path: Path, config: pytest.Config) -> bool:
    wanted = config.stash.get(_PATHS, [])
    return bool(wanted) and any(path.resolve().is_relative_to(root) for root in wanted)


def whole(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Add the items about the whole corpus; they belong to no file."""
    if not (session.config.getoption("--bycatch-gate") and session.config.stash.get(_PATHS, [])):
        return
    mark = pytest.mark.bycatch.mark
    for rule in _rules():
        name = f"corpus: {rule.title} {rule.number}"
        item = WholeItem.from_parent(session, name=name, nodeid=f"bycatch::{name}", rule=rule)
        item.own_markers.append(mark)
        items.append(item)


class ArticleFile(pytest.File):
    """A file of articles: an item for each, and for each line that cannot be read."""

    def collect(self) -> Iterator[pytest.Item]:
        """The items, in the order of the file."""
        names = _selected(self.config)
        if not names:
            return
        marks = [getattr(pytest.mark, name) for name in (_MARKER, *map(_marker, names))]
        for number, item in enumerate(self._read()):
            if isinstance(item, tuple):
                record, identity = item
                yield self._item(ArticleItem, marks, _named(identity, record), record=record, checks=names)
            else:
                yield self._item(UnreadItem, marks, f"unreadable {item.line or number}", failure=item)

    def _item(self, kind: Any, marks: list[Any], name: str, **rest: Any) -> pytest.Item:
        item: pytest.Item = kind.from_parent(self, name=name, **rest)
        item.own_markers.extend(mark.mark for mark in marks)
        return item

    def _read(self) -> Iterator[tuple[int, str] | Failure]:
        from bycatch.reading import read

        unread: list[Failure] = []
        for article in read(self.path, fields=_fields(self.config), on_failure=unread.append):
            yield from unread
            unread.clear()
            numbered = article.id == f"{article.path}:{article.record}"
            yield article.record, "article" if not article.record else (str(article.record) if numbered else article.id)
        yield from unread

    def article(self, record: int) -> Article:
        """The article of a record; reading goes on where it stopped, for items come in order."""
        from bycatch.reading import read

        stream: Iterator[Article]
        stream, at = getattr(self, "_stream", (iter(()), -1))
        if at < 0 or record <= at:
            stream = read(self.path, fields=_fields(self.config), on_failure=lambda _: None)
        for article in stream:
            if article.record == record:
                self._stream = (stream, record)
                return article
        raise HeldBackError(f"{self.path.name}:{record}: the article is gone; the file was changed during the run")


class _Item(pytest.Item):
    """What the items share: a failure is shown as its message alone."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The findings, without a traceback."""
        from bycatch.errors import UserError

        if isinstance(excinfo.value, HeldBackError | UserError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Where the item comes from."""
        return self.path, None, f"{self.path.name}: {self.name}"


class ArticleItem(_Item):
    """One article."""

    def __init__(self, *, record: int, checks: Collection[str], **rest: Any) -> None:
        """``record`` is its place in the file; the text is read when the item runs."""
        super().__init__(**rest)
        self._record = record
        self._checks = tuple(checks)

    def runtest(self) -> None:
        """Check it; raises HeldBackError with its findings when one is as grave as --bycatch-fail-on."""
        from bycatch.article import RANK
        from bycatch.output.console import concise
        from bycatch.runner import run

        parent = self.parent
        assert isinstance(parent, ArticleFile)  # noqa: S101 - for the type checker
        failures: list[Failure] = []
        (result,) = run([parent.article(self._record)], _catalog(self._checks), on_failure=failures.append)
        waived = _ledger().waived(result.article.id, result.findings)
        findings = [finding for finding in result.findings if finding.key not in waived]
        self.user_properties += [
            ("bycatch", f"{f.severity} {f.check} line {f.line} key {f.key}") for f in findings[:_MOST]
        ]
        lines = [str(failure) for failure in failures] + [concise(finding).plain for finding in findings[:_MOST]]
        if len(findings) > _MOST:
            lines.append(f"{len(findings) - _MOST:,} more")
        text = "\n".join(lines)
        worst = RANK[self.config.getoption("--bycatch-fail-on")]
        if failures or any(RANK[finding.severity] <= worst for finding in findings):
            raise HeldBackError(text)
        if text:
            self.add_report_section("call", "bycatch", text)


class UnreadItem(_Item):
    """Something that is no article, though it stands where one should."""

    def __init__(self, *, failure: Failure, **rest: Any) -> None:
        """``failure`` says why it cannot be read."""
        super().__init__(**rest)
        self._failure = failure

    def runtest(self) -> None:
        """Fail: what nobody could read, nobody may admit."""
        from bycatch.output.console import safe

        raise HeldBackError(safe(str(self._failure)))


class WholeItem(_Item):
    """One rule of a suite about the whole corpus."""

    def __init__(self, *, rule: Rule, **rest: Any) -> None:
        """``rule`` is the expectation."""
        super().__init__(**rest)
        self._rule = rule

    def runtest(self) -> None:
        """Judge the whole, once for all rules; raises HeldBackError when this rule fails."""
        outcome = _outcome(tuple(self.config.stash[_PATHS]), _fields(self.config))
        rule = self._rule
        for verdict in outcome.corpus:
            if (verdict.suite, verdict.title, verdict.metric) == (rule.suite, rule.title, rule.metric):
                seen = f"{verdict.title}: {verdict.observed}, limit {verdict.limit}"
                self.user_properties.append(("bycatch", seen))
                if not verdict.passed:
                    raise HeldBackError(f"{rule.path}:{rule.line}: {seen}")
                return
        raise HeldBackError(f"{rule}: was not judged; {'; '.join(map(str, outcome.failures[:3]))}")


@functools.cache
def _check_names() -> tuple[str, ...]:
    folders = [builtin("checks"), *filter(None, [project("checks")])]
    files = (path for folder in folders for path in folder.iterdir() if path.suffix in (".toml", ".py"))
    return tuple(sorted({path.stem for path in files if not path.name.startswith((".", "_", "conftest", "test_"))}))


def _marker(check: str) -> str:
    return f"bycatch_{check.replace('-', '_')}"


def _selected(config: pytest.Config) -> Sequence[str]:
    """The checks that ``-m`` leaves: all, or those whose marker, by itself, the expression takes."""
    expression = config.getoption("-m")
    if not expression:
        return _check_names()
    from _pytest.mark.expression import Expression

    chosen = Expression.compile(expression)
    return [
        name for name in _check_names()
        if chosen.evaluate(lambda given, name=name, **_: given in (_MARKER, _marker(name)))  # type: ignore[arg-type]
    ]  # fmt: skip


def _named(identity: str, record: int) -> str:
    """A name for an item: printable, of bounded length, the same in every worker."""
    shown = identity if identity.isprintable() else identity.encode("unicode_escape").decode()
    # Two colons part the pieces of a node id.
    shown = shown.replace("::", ":")
    if len(shown) > _LONGEST_NAME:
        digest = hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        return f"{shown[:_LONGEST_NAME]}… {digest}"
    return shown or f"record {record}"


def _fields(config: pytest.Config) -> Fields:
    from bycatch.reading import Fields

    return Fields(text=config.getoption("--bycatch-text-field"), id=config.getoption("--bycatch-id-field"))


@functools.cache
def _catalog(checks: tuple[str, ...]) -> Catalog:
    from bycatch.catalog import load_catalog

    return load_catalog().only(checks)


@functools.cache
def _ledger() -> Ledger:
    """The waivers of the project: what they cover fails nothing here either."""
    from bycatch.waivers import Ledger, load

    return Ledger(load(_WAIVERS), str(_WAIVERS)) if _WAIVERS.exists() else Ledger()


@functools.cache
def _rules() -> tuple[Rule, ...]:
    from bycatch.admission import suites_for

    return tuple(
        rule for suite in suites_for(_catalog(_check_names())) for rule in suite.rules if rule.judges == "corpus"
    )


@functools.cache
def _outcome(paths: tuple[Path, ...], fields: Fields) -> Outcome:
    """The gate's judgement on all articles."""
    from bycatch.admission import admit, suites_for
    from bycatch.baseline import Baseline, load
    from bycatch.reading import read
    from bycatch.runner import run

    catalog = _catalog(_check_names())
    failures: list[Failure] = []
    results = run(read(*paths, fields=fields, on_failure=failures.append), catalog, on_failure=failures.append)
    baseline = load(_BASELINE) if _BASELINE.exists() else Baseline()
    return admit(results, catalog, suites_for(catalog), failures=failures, ledger=_ledger(), baseline=baseline)
