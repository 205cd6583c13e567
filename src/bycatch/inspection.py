"""Inspection: one article and the catalog in, findings out. Pure: no file, no clock, no network."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bycatch.article import RANK, Article, Finding, Fix, Mark, Paragraph, Related, Span
from bycatch.catalog import Catalog, Check, FindAll
from bycatch.phrases import Hit, language_of

# Characters from which on articles are looked at side by side: it saves a tenth of a millisecond for three thousand
# of them, and the tables that it needs take twenty milliseconds to make.
_WORTH_A_GLANCE: Final = 100_000


class InspectionError(Exception):
    """A check raised. ``check`` names it; the cause is the exception it raised."""

    def __init__(self, check: str, article: str, cause: BaseException) -> None:
        """``cause`` is what the check raised on the article."""
        super().__init__(f"check {check} failed on article {article}: {type(cause).__name__}: {cause}")
        self.check = check


@dataclass
class Found:
    """What the checks before this one found, for checks that build on others (see AFTER)."""

    # Of checks that found something.
    marks: dict[str, list[Mark]] = field(default_factory=dict)
    _covered: dict[str, set[int]] = field(default_factory=dict)

    def add(self, check: str, article: Article, marks: Iterable[Mark]) -> None:
        """Note the marks of a check."""
        listed = list(marks)
        if not listed:
            return
        self.marks[check] = listed
        self._covered[check] = {
            paragraph.index
            for mark in listed
            if (paragraph := article.paragraph_at(mark.span.start)) is not None
            and mark.span.end - mark.span.start >= 0.5 * (paragraph.end - paragraph.start)
        }

    def of(self, *checks: str) -> list[Mark]:
        """The marks of the named checks."""
        return [mark for check in checks for mark in self.marks.get(check, ())]

    def paragraphs(self, *checks: str) -> set[int]:
        """The indices of paragraphs of which a mark covers at least half; of all checks when none is named."""
        if not self._covered:
            return set()
        chosen = checks or tuple(self._covered)
        return {index for check in chosen for index in self._covered.get(check, ())}

    def phrased(self, *but: str) -> set[int]:
        """The indices of paragraphs that a phrase covers, whatever its check; those of the checks ``but`` left out."""
        chosen = [name for name in self._covered if name not in but and any(mark.phrase for mark in self.marks[name])]
        return self.paragraphs(*chosen) if chosen else set()

    def on(self, paragraph: Paragraph, *checks: str) -> bool:
        """Whether a mark covers at least half of the paragraph."""
        return paragraph.index in self.paragraphs(*checks)


@dataclass(frozen=True)
class Outcome:
    """The findings of one article in order of place, and the checks that failed on it."""

    findings: tuple[Finding, ...]
    errors: tuple[InspectionError, ...] = ()


def inspect(article: Article, catalog: Catalog, memory: object = None) -> tuple[Finding, ...]:
    """All findings of the catalog's checks in one article, sorted by start.

    Raises InspectionError when a check raised; use `examine` to get the other checks' findings all the same.
    """
    outcome = examine(article, catalog, memory)
    if outcome.errors:
        raise outcome.errors[0]
    return outcome.findings


def examine(article: Article, catalog: Catalog, memory: object = None) -> Outcome:
    """Like `inspect`, but a check that raises is listed and costs only its own findings."""
    return examine_all([article], catalog, memory)[0]


def examine_all(articles: Sequence[Article], catalog: Catalog, memory: object = None) -> list[Outcome]:
    """`examine` for several articles, with the same outcomes: checks that can look at all of them at once do."""
    absent = _absent(articles, catalog)
    readings = catalog.phrasebook.read_all(articles)
    absent = [
        lacks - reading.signs if reading.signs else lacks for lacks, reading in zip(absent, readings, strict=True)
    ]
    works = [_Work(article, memory, reading.hits) for article, reading in zip(articles, readings, strict=True)]
    checks = catalog.checks
    for work in works:
        work.note_phrases(checks)
    algorithms = [check for check in checks.values() if check.find is not None]
    for at_once, group in itertools.groupby(algorithms, key=lambda check: check.find_all is not None):
        if at_once:
            for check in group:
                if check.find_all is not None and not _add_all(check.id, check.find_all, works):
                    for work in works:
                        work.look([check])
            continue
        listed = tuple(group)
        due = {lacks: [check for check in listed if check.id not in lacks] for lacks in set(absent)}
        # One article after the other, for what a check works out (copies, votes) the next one asks for again.
        for work, lacks in zip(works, absent, strict=True):
            work.look(due[lacks])
    return [Outcome(tuple(_findings(work.article, checks, work.found)), tuple(work.errors)) for work in works]


def _absent(articles: Sequence[Article], catalog: Catalog) -> list[frozenset[str]]:
    """For each article the checks that have nothing to look for in it; none where few characters are looked at."""
    if sum([len(article.text) for article in articles]) < _WORTH_A_GLANCE:
        return [frozenset()] * len(articles)
    from bycatch.glance import glance  # with tables of all characters, which take some time to make

    return glance(articles, catalog.absence)


class _Work:
    """What is known of one article while it is examined."""

    def __init__(self, article: Article, memory: object, hits: Sequence[Hit]) -> None:
        self.article = article
        self.memory = memory
        self.hits = hits
        self.found = Found()
        self.errors: list[InspectionError] = []

    def note_phrases(self, checks: Mapping[str, Check]) -> None:
        """Note what the checks that are made of nothing but phrases find."""
        if not self.hits:
            return
        by_check: dict[str, list[Hit]] = {}
        for hit in self.hits:
            by_check.setdefault(hit.check, []).append(hit)
        for name, check in checks.items():
            if check.find is None and name in by_check:
                self.found.add(name, self.article, _marks(self.article, check, by_check[name]))

    def look(self, checks: Iterable[Check]) -> None:
        """Note what each check finds; one that raises costs no other."""
        article, found = self.article, self.found
        given = {"article": article, "found": found, "memory": self.memory}
        for check in checks:
            if check.find is None:
                continue
            try:
                marks = list(check.find(*map(given.__getitem__, check.wants)))
            except Exception as error:  # noqa: BLE001 - a check is anyone's code; one must not cost the others
                self.errors.append(InspectionError(check.id, article.id, error))
            else:
                if marks:
                    found.add(check.id, article, marks)


def _add_all(name: str, find_all: FindAll, works: Sequence[_Work]) -> bool:
    """Whether the check got through all articles at once; if not, each is tried by itself, to cost no other."""
    try:
        marks = [list(found) for found in find_all([w.article for w in works], [w.found for w in works])]
    except Exception:  # noqa: BLE001 - the article it raises on is found next
        return False
    for work, found in zip(works, marks, strict=True):
        work.found.add(name, work.article, found)
    return True


def _marks(article: Article, check: Check, hits: Iterable[Hit]) -> Iterator[Mark]:
    for hit in hits:
        yield Mark(
            hit.span,
            check.message or check.title,
            lang=language_of(hit.phrase, article.lang),
            severity="warning" if hit.phrase.kind == "likely" and check.severity == "error" else None,
            phrase=hit.phrase.text,
        )


def _findings(article: Article, checks: Mapping[str, Check], found: Found) -> Iterator[Finding]:
    rows: list[tuple[Span, Check, Mark]] = [
        (mark.span, checks[name], mark) for name, marks in found.marks.items() for mark in marks
    ]
    if not rows:
        return
    rows.sort(key=lambda row: (row[0].start, -row[0].end, RANK[row[2].severity or row[1].severity], row[1].id))
    ordinals: dict[tuple[str, str], int] = {}
    for span, check, mark in rows:
        text = article.text[span.start : span.end]
        folded = " ".join(article.folded_at(span).split())
        ordinal = ordinals[check.id, folded] = ordinals.get((check.id, folded), 0) + 1
        severity = mark.severity or check.severity
        line, column = article.place(span.start)
        end_line, _ = article.place(max(span.start, span.end - 1))
        yield Finding(
            check=check.id,
            severity=severity,
            article=article.id,
            path=article.path,
            span=span,
            line=line,
            column=column,
            end_line=end_line,
            text=text,
            message=mark.message,
            lang=mark.lang,
            fix=_cure(article, check, mark, severity) if mark.fix == "default" else mark.fix,
            related=tuple(Related(s.start, s.end, article.place(s.start)[0]) for s in mark.related),
            key=finding_key(check.id, article.id, folded, ordinal),
            phrase=mark.phrase,
        )


def finding_key(check: str, article: str, folded: str, ordinal: int) -> str:
    """The name of a finding in waivers and baselines: 12 hexadecimal digits, free of offsets."""
    parts = "\0".join((check, article, folded, str(ordinal)))
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _cure(article: Article, check: Check, mark: Mark, severity: str) -> Fix | None:
    if check.fix == "none" or severity == "note":
        return None
    safe = severity == "error"
    span = mark.span
    if check.fix == "delete paragraph":
        first = article.paragraph_at(span.start)
        last = article.paragraph_at(span.end - 1)
        if first is not None and last is not None:
            # An inline phrase is cut out of its paragraph; only a paragraph that is all artifact goes whole.
            if span.start <= first.start and span.end >= last.end:
                return Fix("delete", article.deletion(first, last), safe=safe)
            return Fix("delete", _with_space(article.text, span), safe=safe)
    return Fix("delete", _with_space(article.text, span), safe=safe)


def _with_space(text: str, span: Span) -> Span:
    """The span and one of the two spaces around it, so that cutting it out leaves one."""
    start, end = span
    if start > 0 and text[start - 1] == " " and (end == len(text) or text[end] in " \n\r.,;:!?)»”"):
        return Span(start - 1, end)
    if end < len(text) and text[end] == " " and (start == 0 or text[start - 1] == "\n"):
        return Span(start, end + 1)
    return span
