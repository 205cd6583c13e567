"""The run: every article through the catalog, in order; a failure is listed and stops nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from bycatch.article import Article, Failure, Finding
from bycatch.catalog import Catalog
from bycatch.inspection import examine
from bycatch.language import identify, is_known


@dataclass(frozen=True)
class Result:
    """One article with its findings."""

    article: Article
    findings: tuple[Finding, ...]


def run(
    articles: Iterable[Article],
    catalog: Catalog,
    *,
    on_failure: Callable[[Failure], None],
    memory: object = None,
) -> Iterator[Result]:
    """Inspect each article; checks that raise become failures of their article.

    The language of an article that declares none, or none that is known ("und", "xx", "default"), is guessed.
    """
    for article in articles:
        if article.lang is None or not is_known(article.lang):
            article = replace(article, lang=identify(article.text), meta={**article.meta, "lang_guessed": True})
        outcome = examine(article, catalog, memory)
        for error in outcome.errors:
            on_failure(Failure(article.path, str(error), article.id, article.record or None, error.check))
        yield Result(article, outcome.findings)
