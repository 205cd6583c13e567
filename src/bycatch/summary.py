"""The findings of one article as one row of numbers: what a gate judges. No text leaves through here."""

from __future__ import annotations

import contextlib
import re
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Final, cast

from bycatch.article import Article, Finding, Span
from bycatch.catalog import Catalog
from bycatch.content import builtin
from bycatch.fixing import apply

# Chinese and Japanese are written without spaces: each character counts as a word, as word processors count.
_UNSPACED: Final = re.compile(
    "[\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
# The language of an article that declares none and is too short to guess: the code ISO 639-2 has for it.
UNDETERMINED: Final = "und"
# Whole numbers of 1, 2, 4 and 8 bytes, as `array` calls them.
_CODES: Final = "bhiq"
_FOREIGN: Final = ("language-mismatch", "foreign-span")
_WRONG: Final = "wrong-language"


@dataclass(frozen=True, slots=True)
class Summary:
    """One article in figures. ``counts`` and ``grave`` hold findings and errors by check; docs/metrics.md explains."""

    id: str
    path: str
    source: str
    lang: str
    errors: int
    warnings: int
    notes: int
    own_errors: int
    known: int
    waived: int
    characters: int
    paragraphs: int
    words: int
    flagged_characters: int
    share_flagged: float
    words_left: int
    words_left_all: int
    paragraphs_left: int
    share_in_language: float
    counts: Mapping[str, int]
    grave: Mapping[str, int]

    def row(self, checks: Iterable[str]) -> dict[str, Any]:
        """The row of the table: the figures in order, then two columns per check; nothing is ever missing."""
        made: dict[str, Any] = {
            f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("counts", "grave")
        }
        for check in checks:
            made[column(check)] = self.counts.get(check, 0)
            made[error_column(check)] = self.grave.get(check, 0)
        return made


class Table:
    """Summaries as columns: what memory keeps of an article is a number in each column that is asked for.

    A figure takes as many bytes as the greatest of its column needs, one for most; a share is as exact as computed.
    """

    def __init__(self, columns: Mapping[str, type], checks: Iterable[str]) -> None:
        """``columns`` are those wanted of the `schema`; ``checks`` are the catalog's."""
        self.columns: dict[str, list[str] | array[int] | array[float]] = {
            name: [] if kind is str else array("b" if kind is int else "d") for name, kind in columns.items()
        }
        self._checks = tuple(checks)
        self._texts: dict[str, str] = {}

    def add(self, summary: Summary) -> None:
        """One row more."""
        row = summary.row(self._checks)
        for name, column in self.columns.items():
            value = row[name]
            if name != "id" and isinstance(value, str):
                # Of a language or a file there are few, and of each article another copy.
                value = self._texts.setdefault(value, value)
            try:
                column.append(value)
            except OverflowError:
                self.columns[name] = _widened(cast("array[int]", column), value)


def _widened(column: array[int], value: int) -> array[int]:
    """The column with one value more than its type can hold."""
    for code in _CODES[_CODES.index(column.typecode) + 1 :]:
        with contextlib.suppress(OverflowError):
            wider = array(code, column)
            wider.append(value)
            return wider
    raise OverflowError(f"{value} is no figure of an article")


def column(check: str) -> str:
    """The column that counts a check's findings."""
    return check.replace("-", "_")


def error_column(check: str) -> str:
    """The column that counts those of a check's findings that are errors."""
    return f"{column(check)}_errors"


def schema(checks: Iterable[str]) -> dict[str, type]:
    """The columns of the table in order, with the type of each: str, int or float."""
    kinds: dict[str, type] = {"str": str, "int": int, "float": float}
    made = {f.name: kinds[str(f.type)] for f in fields(Summary) if f.name not in ("counts", "grave")}
    for check in checks:
        made |= {column(check): int, error_column(check): int}
    return made


def summarise(
    article: Article,
    findings: Sequence[Finding],
    *,
    own: frozenset[str] = frozenset(),
    known: int = 0,
    waived: int = 0,
) -> Summary:
    """The row of an article for the findings that count; ``known`` and ``waived`` say how many do not.

    ``own`` names the checks that did not come with bycatch (see `own_checks`).
    """
    text = article.text
    severities = {"error": 0, "warning": 0, "note": 0}
    counts: dict[str, int] = {}
    grave: dict[str, int] = {}
    for finding in findings:
        severities[finding.severity] += 1
        counts[finding.check] = counts.get(finding.check, 0) + 1
        if finding.severity == "error":
            grave[finding.check] = grave.get(finding.check, 0) + 1
    flagged = covered(finding.span for finding in findings if finding.severity != "note")
    total = words(text)
    fixes = [finding.fix for finding in findings if finding.fix is not None]
    safe = [fix for fix in fixes if fix.safe]
    after = apply(text, safe) if safe else text
    foreign = covered(finding.span for finding in findings if finding.check in _FOREIGN)
    outside = total if _WRONG in counts else sum(words(text[start:end]) for start, end in foreign)
    paragraphs = len(article.paragraphs)
    characters = sum(end - start for start, end in flagged)
    return Summary(
        id=article.id,
        path=article.path,
        source=article.source or "",
        lang=article.lang or UNDETERMINED,
        errors=severities["error"],
        warnings=severities["warning"],
        notes=severities["note"],
        own_errors=sum(count for check, count in grave.items() if check in own),
        known=known,
        waived=waived,
        characters=len(text),
        paragraphs=paragraphs,
        words=total,
        flagged_characters=characters,
        share_flagged=characters / len(text) if text else 0.0,
        words_left=words(after) if safe else total,
        words_left_all=words(apply(text, fixes)) if fixes else total,
        paragraphs_left=len(Article(article.id, after).paragraphs) if safe else paragraphs,
        share_in_language=max(0.0, 1 - outside / total) if total else 1.0,
        counts=counts,
        grave=grave,
    )


def words(text: str) -> int:
    """Words of a text: what spaces part, and each Chinese or Japanese character for itself."""
    if text.isascii() or not _UNSPACED.search(text):
        return len(text.split())
    return len(_UNSPACED.sub(" ", text).split()) + len(_UNSPACED.findall(text))


def covered(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, those that overlap made one: each character once."""
    made: list[Span] = []
    for start, end in sorted(spans):
        if made and start <= made[-1].end:
            made[-1] = Span(made[-1].start, max(end, made[-1].end))
        elif end > start:
            made.append(Span(start, end))
    return made


def own_checks(catalog: Catalog) -> frozenset[str]:
    """The checks of the catalog that did not come with bycatch."""
    return frozenset(catalog.checks) - _builtin_names()


@cache
def _builtin_names() -> frozenset[str]:
    return frozenset(path.stem for path in builtin("checks").iterdir() if path.suffix in (".toml", ".py"))
