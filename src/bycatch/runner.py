"""The run: every article through the catalog, in order; a failure is listed and stops nothing."""

from __future__ import annotations

import gc
import hashlib
import itertools
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from bycatch.article import Article, Failure, Finding
from bycatch.catalog import Catalog, CatalogError, Origin, load_catalog
from bycatch.inspection import examine_all
from bycatch.language import identify, is_known
from bycatch.workers import FORKED, Lost, Pool


@dataclass(frozen=True)
class Result:
    """One article with its findings."""

    article: Article
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Scope:
    """What a run read, so that it can be read again: the paths it was given, and of some files certain records only."""

    paths: tuple[str, ...] = ()
    records: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def holds(self, article: Article) -> bool:
        """Whether an article found at the paths was part of the run."""
        return article.path not in self.records or article.record in self.records[article.path]


class Signature:
    """What tells one run from another: its articles with their texts, in order, and the checks."""

    def __init__(self, catalog: Catalog) -> None:
        """The checks that were chosen count, and what is in them."""
        self._hash = hashlib.sha256(" ".join((catalog.digest, *sorted(catalog.checks))).encode())

    def add(self, article: Article) -> None:
        """Count an article in."""
        for part in (article.id, article.text):
            self._hash.update(part.encode("utf-8", "surrogatepass") + b"\0")

    @property
    def digest(self) -> str:
        """Twelve hex digits."""
        return self._hash.hexdigest()[:12]


# Fewer articles than this are checked sooner than a worker starts (about a third of a second).
_FEW: Final = 64
# A chunk is big enough to be worth looking at side by side and sending, and small enough that workers end together.
# In chunks of 64 an article takes a tenth more time, in chunks of 512 no less.
CHUNK_ARTICLES: Final = 256
_CHUNK_LENGTH: Final = 768_000

# Objects that may be made before the collector looks for cycles: a few megabytes.
_BETWEEN_COLLECTIONS: Final = 50_000

# What a worker sends back: the article's language where it was guessed, findings, and the checks that failed.
_Answer = tuple[str | None, tuple[Finding, ...], tuple[tuple[str, str], ...]]


def run(
    articles: Iterable[Article | Failure],
    catalog: Catalog,
    *,
    on_failure: Callable[[Failure], None],
    memory: object = None,
    jobs: int = 1,
) -> Generator[Result, None, None]:
    """Inspect each article; checks that raise become failures of their article, and failures given are passed on.

    The language of an article that declares none, or none that is known ("und", "xx", "default"), is guessed.
    Results and failures come in the order of the articles, whatever ``jobs``, the number of processes, is. A catalog
    that was not loaded from files, and an input of few articles, stay in this process.
    """
    if jobs > 1 and catalog.origin is not None:
        stream = iter(articles)
        first = list(itertools.islice(stream, _FEW))
        articles = itertools.chain(first, stream)
        if len(first) == _FEW:
            yield from _parallel(articles, catalog, on_failure, memory, jobs)
            return
    for chunk in _chunks(articles):
        answers = _answers([item for item in chunk if isinstance(item, Article)], catalog, memory)
        yield from _paired(chunk, answers, on_failure)


def _answers(articles: Sequence[Article], catalog: Catalog, memory: object) -> list[_Answer]:
    guessed = [identify(article.text) if _is_undeclared(article) else None for article in articles]
    known = [
        _in(article, lang) if _is_undeclared(article) else article
        for article, lang in zip(articles, guessed, strict=True)
    ]
    return [
        (lang, outcome.findings, tuple((error.check, str(error)) for error in outcome.errors))
        for lang, outcome in zip(guessed, examine_all(known, catalog, memory), strict=True)
    ]


def _paired(
    chunk: Sequence[Article | Failure], answers: Iterable[_Answer | Lost], on_failure: Callable[[Failure], None]
) -> Iterator[Result]:
    """The results of a chunk; what failed is told in its place."""
    given = iter(answers)
    for item in chunk:
        if isinstance(item, Failure):
            on_failure(item)
            continue
        answer = next(given)
        if isinstance(answer, Lost):
            reason = f"the article ended its process twice ({answer.reason}); it was not checked"
            on_failure(Failure(item.path, reason, item.id, item.record or None))
        else:
            yield _told(item, answer, on_failure)


def _told(article: Article, answer: _Answer, on_failure: Callable[[Failure], None]) -> Result:
    guessed, findings, errors = answer
    if _is_undeclared(article):
        article = _in(article, guessed)
    for check, reason in errors:
        on_failure(Failure(article.path, reason, article.id, article.record or None, check))
    return Result(article, findings)


def _is_undeclared(article: Article) -> bool:
    return article.lang is None or not is_known(article.lang)


def _in(article: Article, guessed: str | None) -> Article:
    return replace(article, lang=guessed, meta={**article.meta, "lang_guessed": True})


def _parallel(
    articles: Iterable[Article | Failure],
    catalog: Catalog,
    on_failure: Callable[[Failure], None],
    memory: object,
    jobs: int,
) -> Iterator[Result]:
    waiting: deque[list[Article | Failure]] = deque()

    def chunks() -> Iterator[list[Article]]:
        # A few small ones at first, so that a short run is shared evenly too.
        for chunk in _chunks(articles, small=2 * jobs):
            waiting.append(chunk)
            yield [item for item in chunk if isinstance(item, Article)]

    # Modules of checks cannot be sent.
    start = (_ready, catalog) if FORKED else (_prepare, catalog.origin, tuple(catalog.checks), catalog.digest)
    with Pool[Article, _Answer](jobs, *start, memory) as pool:
        for answers in pool.answers(chunks()):
            yield from _paired(waiting.popleft(), answers, on_failure)


def _chunks(articles: Iterable[Article | Failure], small: int = 0) -> Iterator[list[Article | Failure]]:
    """Articles in chunks, of which the first ``small`` hold only a few."""
    chunk: list[Article | Failure] = []
    length = 0
    for item in articles:
        chunk.append(item)
        length += len(item.text) if isinstance(item, Article) else 0
        if len(chunk) == (_FEW if small > 0 else CHUNK_ARTICLES) or length >= _CHUNK_LENGTH:
            yield chunk
            chunk, length, small = [], 0, small - 1
    if chunk:
        yield chunk


def settle(catalog: Catalog) -> None:
    """Compile the catalog and keep the garbage collector from going through its hundred thousand objects again.

    They live as long as the process does, and each full collection would take as long as thirty articles. What an
    article leaves behind holds no cycles, so the collector is called once in a hundred articles, not ten times in one.
    """
    _ = catalog.phrasebook
    gc.freeze()
    gc.set_threshold(_BETWEEN_COLLECTIONS)


def _ready(catalog: Catalog, memory: object) -> Callable[[list[Article]], list[_Answer]]:
    """In a worker that was forked: the catalog is its parent's."""
    return lambda articles: _answers(articles, catalog, memory)


def _prepare(
    origin: Origin, names: tuple[str, ...], digest: str, memory: object
) -> Callable[[list[Article]], list[_Answer]]:
    """In a worker that was spawned: the same catalog again."""
    catalog = load_catalog(*origin.folders, builtins=origin.builtins).only(names)
    if catalog.digest != digest:
        raise CatalogError("the checks changed while the run began; start it again")
    settle(catalog)
    return _ready(catalog, memory)
