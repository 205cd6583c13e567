"""The model of the index: a row per article, and all rows as compact columns for the script."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bycatch.article import SEVERITIES, Failure
from bycatch.catalog import Catalog
from bycatch.output.html.families import Family, family_of
from bycatch.output.html.glyphs import clip, flat
from bycatch.output.html.page import Page
from bycatch.output.html.sources import site
from bycatch.output.html.tally import Found, Line, Tally, as_toml
from bycatch.output.html.tongue import code, name
from bycatch.output.html.verdict import STATES, WORDS, Judged, State, Tile, tile, told

# A title is cut in the list, never on its page; at 100,000 rows each character costs about 70 kB of the index.
_TITLE: Final = 96
_ID: Final = 80
# Rows in the page itself, readable with scripts off. Beyond that the page would be slow to open; the script has all.
STATIC_ROWS: Final = 500
_FIRST_ROWS: Final = 100
# A reason is a line. With more failures than this something is wrong with the whole input, and the first ones say what.
_MOST_FAILURES: Final = 200
_MOST_CHOICES: Final = 400
# Bars of a chart: what one looks at without scrolling.
_BARS: Final = 10
# Earlier runs in the trend.
_RUNS: Final = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """One article in the index; all that is kept of it in memory. ``file`` is empty where it has no page."""

    title: str
    id: str
    file: str
    lang: str
    site: str
    state: State
    errors: int
    warnings: int
    notes: int
    words: int
    checks: tuple[str, ...]
    fresh: int = 0

    @property
    def word(self) -> str:
        """The verdict in words."""
        return WORDS[self.state]

    @property
    def language(self) -> str:
        """The English name of the language."""
        return name(self.lang) or "not known"

    @property
    def href(self) -> str:
        """The page, from the index; empty where there is none."""
        return self.file and f"articles/{self.file[:2]}/{self.file}.html"

    @property
    def families(self) -> tuple[tuple[Family, str], ...]:
        """The first checks that spoke, with their family."""
        return tuple((family_of(check), check) for check in self.checks)


@dataclass(frozen=True, slots=True)
class Choice:
    """A value to filter by, and how many articles have it."""

    value: str
    label: str
    count: int
    key: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A source site: how many articles it gave, and how many of them are held back."""

    value: str
    label: str
    count: int
    held: int

    @property
    def share(self) -> float:
        """The share held back."""
        return self.held / self.count


@dataclass(frozen=True)
class Listing:
    """Everything the index template needs."""

    entries: Sequence[Entry]
    rows: Sequence[Entry]
    states: tuple[Choice, ...]
    checks: tuple[Choice, ...]
    languages: tuple[Choice, ...]
    sites: tuple[Choice, ...]
    totals: dict[str, int]
    failures: Sequence[Failure]
    failures_left_out: int
    data: str
    findings: tuple[Choice, ...] = ()
    groups: tuple[Group, ...] = ()
    phrases: Sequence[Found] = ()
    lines: Sequence[Line] = ()
    toml: str = ""
    trend: Sequence[float] = ()
    told: str | None = None
    tiles: tuple[Tile, ...] = ()
    columns: tuple[tuple[str, str], ...] = (
        ("verdict", "Verdict"),
        ("title", "Article"),
        ("errors", "Errors"),
        ("warnings", "Warnings"),
        ("notes", "Notes"),
        ("checks", "Found"),
        ("lang", "Language"),
        ("source", "Source"),
        ("words", "Words"),
    )


def entry(page: Page, file: str) -> Entry:
    """The index row of a page."""
    article = page.article
    return Entry(
        title=clip(flat(page.heading), _TITLE),
        id=clip(flat(article.id), _ID),
        file=file,
        lang=code(article.lang),
        site=site(article.source),
        state=page.verdict.state,
        errors=page.counts["error"],
        warnings=page.counts["warning"],
        notes=page.counts["note"],
        words=page.mended.words_before,
        checks=tuple(sorted(page.found)),
        fresh=page.standing.get("new", 0),
    )


def file_name(article: str) -> str:
    """The name of an article's page: from a hash of its id, so that no id can choose a path.

    64 bits: among a million articles a clash has odds of one in thirty million.
    """
    return hashlib.sha256(article.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def listing(
    entries: Iterable[Entry],
    failures: Sequence[Failure],
    catalog: Catalog,
    tally: Tally | None = None,
    *,
    trend: Sequence[float] = (),
    standing: Mapping[str, int] | None = None,
    corpus: Sequence[Judged] = (),
) -> Listing:
    """The index of all articles: held back first, most errors first, else in the order they were read.

    ``trend`` is the share held back in earlier runs; ``standing`` is how many findings are new, known, waived and
    fixed, and ``corpus`` the verdicts on the whole, where there is a gate.
    """
    rank = {state: at for at, state in enumerate(STATES)}
    rows = sorted(entries, key=lambda e: (rank[e.state], -e.errors, -e.warnings))
    titles = {check.id: check.title for check in catalog.checks.values()}
    tally = tally or Tally()
    lines = tally.lines()
    held = sum(row.state == "held" for row in rows)
    return Listing(
        entries=rows,
        rows=rows if len(rows) <= STATIC_ROWS else rows[:_FIRST_ROWS],
        states=tuple(Choice(state, WORDS[state], sum(r.state == state for r in rows)) for state in STATES),
        checks=tuple(
            Choice(check, titles.get(check, check), count, family_of(check).key)
            for check, count in Counter(check for row in rows for check in row.checks).most_common()
        ),
        languages=_choices(Counter(row.lang for row in rows), lambda value: name(value) or "not known"),
        sites=_choices(Counter(row.site for row in rows), lambda value: value or "no source"),
        totals={severity: sum(getattr(row, f"{severity}s") for row in rows) for severity in SEVERITIES},
        failures=failures[:_MOST_FAILURES],
        failures_left_out=max(0, len(failures) - _MOST_FAILURES),
        data=_packed(rows, titles, told_apart=standing is not None),
        findings=tuple(
            Choice(check, titles.get(check, check), count, family_of(check).key)
            for check, count in tally.checks.most_common(_BARS)
        ),
        groups=tuple(_groups(rows)),
        phrases=tally.phrases(),
        lines=lines,
        toml=as_toml(lines) if lines else "",
        trend=(*trend[-_RUNS:], held / len(rows)) if trend and rows else (),
        told=None if standing is None else told(standing),
        tiles=tuple(map(tile, corpus)),
    )


def _groups(rows: Sequence[Entry]) -> Iterator[Group]:
    """The sources that hold back most articles; none where no article names its source."""
    counts = Counter(row.site for row in rows)
    held = Counter(row.site for row in rows if row.state == "held")
    if set(counts) <= {""}:
        return
    for value in sorted(counts, key=lambda site: (-held[site], -counts[site], site))[:_BARS]:
        yield Group(value, value or "no source", counts[value], held[value])


def _choices(counts: Counter[str], label: Any) -> tuple[Choice, ...]:
    return tuple(Choice(value, label(value), count) for value, count in counts.most_common(_MOST_CHOICES))


def _packed(rows: Sequence[Entry], titles: dict[str, str], *, told_apart: bool = False) -> str:
    """All rows as columns, gzip and base 85: about 56 bytes a row with titles of 60 characters.

    Base 85 as Python writes it, but for the three signs that HTML gives a meaning.
    """
    langs, lang = _coded([row.lang for row in rows])
    sites, source = _coded([row.site for row in rows])
    kinds, checks = _coded([row.checks for row in rows])
    columns = {
        "title": [row.title for row in rows],
        # Most ids of files are their names; where the title is the id it is not sent twice.
        "id": ["" if row.id == row.title else row.id for row in rows],
        # The script works out the name of a page from the id, but where the id here is not all of it.
        "page": "".join("1" if row.file else "0" for row in rows),
        "files": {at: row.file for at, row in enumerate(rows) if row.file and row.file != file_name(row.id)},
        "lang": lang,
        "langs": [[value, name(value) or "not known"] for value in langs],
        "source": source,
        "sources": sites,
        "verdict": [STATES.index(row.state) for row in rows],
        "states": [[state, WORDS[state]] for state in STATES],
        "errors": [row.errors for row in rows],
        "warnings": [row.warnings for row in rows],
        "notes": [row.notes for row in rows],
        "words": [row.words for row in rows],
        "checks": checks,
        "sets": kinds,
        "kinds": {
            check: [titles.get(check, check), family_of(check).key]
            for check in sorted({c for row in rows for c in row.checks})
        },
    }
    if told_apart:
        columns["fresh"] = [row.fresh for row in rows]
    plain = json.dumps(columns, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    # No time stamp: the same run writes the same bytes.
    packed = base64.b85encode(gzip.compress(plain, compresslevel=9, mtime=0)).decode("ascii")
    return packed.translate(str.maketrans("<>&", ",./"))


def _coded(values: Sequence[Any]) -> tuple[list[Any], list[int]]:
    """The distinct values in order of frequency, and each value's place among them."""
    order = {value: at for at, (value, _) in enumerate(Counter(values).most_common())}
    return list(order), [order[value] for value in values]
