"""Mend articles: make the fixes their findings offer until none is left to make, and weigh what that takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Final

from bycatch.article import Article, Failure, Finding
from bycatch.catalog import Catalog
from bycatch.fixing import Change, changed, compose, settled
from bycatch.reading import text_article
from bycatch.runner import Result, run
from bycatch.sources import host

# Two passes settle nearly every article: what one fix uncovers, the next takes. Ten means that two checks disagree.
_PASSES: Final = 10


@dataclass(frozen=True, slots=True)
class Mended:
    """An article's fixes as changes of its text as it was read, and how many findings of each check they mend."""

    article: Article
    changes: tuple[Change, ...]
    checks: Mapping[str, int]

    @property
    def text(self) -> str:
        """The mended text."""
        return changed(self.article.text, self.changes)

    @property
    def taken(self) -> int:
        """How many characters of the text go."""
        return sum(end - start for start, end, _ in self.changes)


def mend(
    result: Result,
    catalog: Catalog,
    *,
    unsafe: bool = False,
    spare: Callable[[Finding], bool] | None = None,
) -> Mended | Failure:
    """Make the safe fixes (with ``unsafe`` all) of an article until a further run would find none to make.

    Findings for which ``spare`` is true are left alone. An article on which a check fails on the way, or whose fixes
    never settle, is a Failure: it must stay as it is.
    """
    article = result.article
    changes: tuple[Change, ...] = ()
    checks: Counter[str] = Counter()
    findings: Iterable[Finding] = result.findings
    text = article.text
    for _ in range(_PASSES):
        offered = [f for f in findings if f.fix and (unsafe or f.fix.safe) and not (spare and spare(f))]
        step = settled(text, (f.fix for f in offered if f.fix))
        after = changed(text, step)
        if after == text:
            return Mended(article, changes, dict(checks))
        checks.update(f.check for f in offered)
        changes, text = compose(len(article.text), changes, step), after
        failures: list[Failure] = []
        (again,) = run([_with_text(article, text)], catalog, on_failure=failures.append)
        if failures:
            return replace(failures[0], reason=f"after its fixes {failures[0].reason}; the article stays as it is")
        findings = again.findings
    return Failure(
        article.path,
        f"its fixes do not settle in {_PASSES} rounds: {', '.join(sorted({f.check for f in findings if f.fix}))}; "
        "the article stays as it is",
        article.id,
        article.record or None,
    )


def _with_text(article: Article, text: str) -> Article:
    """The article as reading would make it from the new text."""
    lang = None if article.meta.get("lang_guessed") else article.lang
    if article.meta.get("format") == "markdown":
        return text_article(text, article.path, lang, markdown=True)
    meta = {key: value for key, value in article.meta.items() if key != "lang_guessed"}
    return replace(article, text=text, lang=lang, meta=meta)


@dataclass(slots=True)
class Toll:
    """What the fixes take of one source."""

    characters: int = 0
    taken: int = 0
    articles: int = 0
    checks: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        """The share of the source's characters that goes."""
        return self.taken / self.characters if self.characters else 0.0


class Tolls:
    """The toll of each source; a source is the host or name the article gives, else its folder or file."""

    def __init__(self) -> None:
        """No article yet."""
        self._of: dict[str, Toll] = {}

    def add(self, article: Article, mended: Mended | None) -> None:
        """Count an article and what its fixes take."""
        toll = self._of.setdefault(source_of(article), Toll())
        toll.articles += 1
        toll.characters += len(article.text)
        if mended is not None:
            toll.taken += mended.taken
            toll.checks.update(mended.checks)

    def above(self, share: float) -> Iterator[tuple[str, Toll]]:
        """The sources of which more than the share would go, the worst first."""
        over = [(name, toll) for name, toll in self._of.items() if toll.share > share]
        yield from sorted(over, key=lambda row: (-row[1].share, row[0]))


def source_of(article: Article) -> str:
    """The host or name of the article's source; else the folder of a text file, or the file of a record."""
    if article.source:
        return host(article.source) or article.source
    return article.path if article.record else PurePath(article.path).parent.as_posix()
