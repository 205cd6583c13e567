"""pytest for check files: ``pytest checks`` runs the examples inside every check, and each phrase in its variants.

And for articles: ``pytest --bycatch PATH``, see `bycatch.pytest_corpus`.

The module is loaded in every pytest run of an environment that has bycatch, so it imports nothing heavy until a
check file is collected.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bycatch import pytest_corpus

if TYPE_CHECKING:
    from bycatch.article import Article, Finding
    from bycatch.catalog import Catalog, Check, Example
    from bycatch.wording import Phrase


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options of ``--bycatch``."""
    pytest_corpus.options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Have the articles collected that are asked for."""
    pytest_corpus.configure(config)


@pytest.hookimpl(tryfirst=True)
def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out no folder of articles."""
    return pytest_corpus.recursed(collection_path, config)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Add what is asked about the whole corpus, before -k and -m choose."""
    pytest_corpus.whole(session, items)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the check files of a folder named checks, and files of articles that are asked for."""
    if file_path.parent.name == "checks" and is_check(file_path):
        return CheckFile.from_parent(parent, path=file_path)
    return pytest_corpus.collector(file_path, parent)


def is_check(path: Path) -> bool:
    """Whether the file of a folder named checks is a check, with examples to run."""
    if path.suffix == ".toml":
        return not path.name.startswith(".")
    if path.suffix != ".py" or path.name.startswith(("_", "conftest", "test_")):
        return False
    text = path.read_text(encoding="utf-8", errors="replace")
    return "\nFLAGS" in text and ("def find(" in text or "def find_all(" in text)


class CheckFile(pytest.File):
    """One check file: an item for each example and each phrase."""

    def collect(self) -> Iterator[pytest.Item]:
        """Items from the file; a broken file is one collection error with file and line."""
        from bycatch.catalog import CatalogError

        try:
            catalog = _catalog_with(self.path)
        except CatalogError as error:
            raise self.CollectError(str(error)) from error
        check = catalog.checks[self.path.stem]
        for example in check.flags:
            yield self._item(f"flags: {example.name}", functools.partial(_flags, catalog, check, example))
        for example in check.passes:
            yield self._item(f"passes: {example.name}", functools.partial(_passes, catalog, check, example))
        for example in check.misses:
            item = self._item(f"misses: {example.name}", functools.partial(_flags, catalog, check, example))
            item.add_marker(pytest.mark.xfail(strict=True, raises=AssertionError, reason="a known miss"))
            yield item
        for phrase in check.phrases:
            if phrase.kind in ("phrases", "likely", "inline"):
                yield self._item(f"{phrase.kind}: {phrase.text}", functools.partial(_variants, catalog, check, phrase))

    def _item(self, name: str, test: Callable[[], None]) -> CheckItem:
        return CheckItem.from_parent(
            self, name=name.encode("unicode_escape").decode() if not name.isprintable() else name, test=test
        )


class CheckItem(pytest.Item):
    """One example or phrase of a check file."""

    def __init__(self, *, test: Callable[[], None], **rest: Any) -> None:
        """``test`` raises AssertionError, with what was expected and found, when the example does not hold."""
        super().__init__(**rest)
        self._test = test

    def runtest(self) -> None:
        """Run it."""
        self._test()

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What was expected and what was found, without a traceback."""
        if isinstance(excinfo.value, AssertionError):
            return f"{self.path.name}: {excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Where the item comes from."""
        return self.path, None, f"{self.path.name}: {self.name}"


_CATALOGS: dict[Path, Catalog] = {}


def _catalog_with(path: Path) -> Catalog:
    from bycatch.catalog import load_catalog

    folder = path.parent.resolve()
    if folder not in _CATALOGS:
        _CATALOGS[folder] = load_catalog(folder)
    return _CATALOGS[folder]


@functools.cache
def _single(catalog: Catalog, name: str) -> Catalog:
    return catalog.only([name])


def _examined(catalog: Catalog, check: Check, example: Example) -> tuple[Article, list[Finding]]:
    from bycatch.article import Article
    from bycatch.inspection import inspect

    article = Article("example", example.text, lang=example.lang, title=example.title)
    return article, [f for f in inspect(article, catalog) if f.check == check.id]


def _flags(catalog: Catalog, check: Check, example: Example) -> None:
    article, findings = _examined(catalog, check, example)
    found = sorted(tuple(f.span) for f in findings)
    wanted = sorted(example.spans)
    if found != wanted:
        texts = [[article.text[a:b] for a, b in spans] for spans in (wanted, found)]
        raise AssertionError(f"{example.name!r}: marked {texts[0]}, found {texts[1]}")
    if any(f.fix for f in findings) and not _settled(catalog, check, article, findings):
        raise AssertionError(f"{example.name!r}: applying the fixes leaves findings of {check.id} behind")


def _settled(catalog: Catalog, check: Check, article: Article, findings: list[Finding]) -> bool:
    """Whether the fixes, applied once, leave nothing for this check to fix."""
    import dataclasses

    from bycatch.fixing import apply
    from bycatch.inspection import inspect

    fixed = dataclasses.replace(article, text=apply(article.text, [f.fix for f in findings if f.fix]))
    return not any(f.fix for f in inspect(fixed, catalog) if f.check == check.id)


def _passes(catalog: Catalog, check: Check, example: Example) -> None:
    _, findings = _examined(catalog, check, example)
    if findings:
        raise AssertionError(f"{example.name!r} must pass, but {[f.text for f in findings]} was flagged")


def _variants(catalog: Catalog, check: Check, phrase: Phrase) -> None:
    """The phrase alone, in capitals, with either apostrophe and either space, composed or not; not inside a word."""
    from bycatch.wording import each_alternative

    single = _single(catalog, check.id)
    for text in each_alternative(phrase.text):
        written = " ".join(text.replace("{n}", "12").replace("…", " Anna Weber ").split())
        forms = {
            "as written": written,
            "in capitals": written.upper(),
            "with '": written.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"),
            "with ’": written.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}"),
            "with no-break spaces": written.replace(" ", "\N{NO-BREAK SPACE}"),
            "in NFD": unicodedata.normalize("NFD", written),
        }
        if check.rule.exact_case:
            del forms["in capitals"]
        for form, shown in forms.items():
            if not _found(single, check, shown):
                raise AssertionError(f"{phrase.text!r} {form} is not found: {shown!r}")
        if written[0].isalpha() and written[-1].isalpha() and written.isascii() and "…" not in text:
            longer = f"xq{written}qx"
            if _found(single, check, longer, phrase):
                raise AssertionError(f"{phrase.text!r} is found inside a longer word: {longer!r}")


def _found(catalog: Catalog, check: Check, text: str, phrase: Phrase | None = None) -> bool:
    from bycatch.article import Article
    from bycatch.inspection import inspect

    findings = [finding for finding in inspect(Article("phrase", text), catalog) if finding.check == check.id]
    return any(phrase is None or finding.phrase == phrase.text for finding in findings)
