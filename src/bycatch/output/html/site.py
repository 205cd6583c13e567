"""Write the pages: one per article as results come, then the index. Only index rows are kept in memory."""

from __future__ import annotations

import functools
import json
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import jinja2

from bycatch import __version__
from bycatch.article import Failure, Finding
from bycatch.catalog import Catalog
from bycatch.content import builtin, project
from bycatch.output.html import sizes
from bycatch.output.html.glyphs import clip, flat, seen
from bycatch.output.html.listing import Entry, Listing, entry, file_name, listing
from bycatch.output.html.page import Page, article_page
from bycatch.output.html.tally import Tally
from bycatch.output.html.tongue import name
from bycatch.output.html.verdict import Judged
from bycatch.runner import Result, Scope, Signature
from bycatch.wording import first_wording

_ASSETS: Final = ("page.css", "article.css", "page.js", "decide.js", "index.js")
# Held-back pages that run.js lists for "Next held back"; 2,000 names are 40 kB, more would slow every page.
_MOST_HELD: Final = 2_000


def write_site(
    results: Iterable[Result],
    catalog: Catalog,
    output: Path,
    *,
    failures: Sequence[Failure] = (),
    verdicts: Callable[[str], Sequence[Judged] | None] | None = None,
    states: Callable[[Finding], str] | None = None,
    gone: Callable[[str], int] | None = None,
    corpus: Sequence[Judged] = (),
    scope: Scope | None = None,
    trend: Sequence[float] = (),
    all_pages: bool = False,
) -> Path:
    """Write a page for each article that has findings or is held back, and an index, into ``output``; return the index.

    ``failures`` may be filled while ``results`` is consumed. ``verdicts`` gives the gate's rows for an article id;
    without it the verdict is drawn from the findings; ``states`` says of a finding "new", "known" or "waived",
    and ``gone`` of an article id how many that it had are fixed; ``corpus`` is the verdicts on the whole; ``scope`` is
    what the run read, for decisions; ``trend`` is the share held back in earlier runs, oldest first; ``all_pages``
    writes pages of clean articles too. Pages of an earlier run that this one does not write are removed.
    Raises OSError where the folder cannot be written; the index, written last, is then the earlier one.
    """
    theme = _theme()
    template = theme.get_template("article.html")
    output.mkdir(parents=True, exist_ok=True)
    for asset in _ASSETS:
        _write(output / asset, _source(theme, asset))
    if not (output / "run.js").exists():
        _write(output / "run.js", _run([], catalog, "", Scope()))
    entries: list[Entry] = []
    waiting: tuple[Page, Entry] | None = None
    previous: Entry | None = None
    number = 0

    def put(page: Page, row: Entry, following: Entry | None) -> None:
        place = output / row.href
        place.parent.mkdir(parents=True, exist_ok=True)
        html = template.render(
            page=page, number=number, previous=previous, following=following, root="../../", digest=catalog.digest
        )
        _write(place, html)

    signature, tally = Signature(catalog), Tally()
    standing = Counter(dict.fromkeys(("new", "known", "waived", "fixed"), 0))
    for result in results:
        signature.add(result.article)
        tally.add(result.article, result.findings)
        judged = verdicts(result.article.id) if verdicts else None
        fixed = gone(result.article.id) if gone else 0
        page = article_page(result.article, result.findings, catalog, judged, states, fixed)
        standing.update(page.standing)
        has_page = all_pages or bool(result.findings) or page.verdict.state != "clean"
        row = entry(page, file_name(result.article.id) if has_page else "")
        entries.append(row)
        if not has_page:
            continue
        # One page waits for the next one, whose name it links to.
        if waiting is not None:
            put(*waiting, row)
            previous = waiting[1]
        waiting = page, row
        number += 1
    if waiting is not None:
        put(*waiting, None)
    _write(output / "run.js", _run(entries, catalog, signature.digest, scope or Scope()))
    index = output / "index.html"
    standings = standing if states else None
    shown = listing(entries, failures, catalog, tally, trend=trend, standing=standings, corpus=corpus)
    _write(index, index_page(shown, catalog))
    _sweep(output / "articles", {row.file for row in entries})
    return index


def index_page(shown: Listing, catalog: Catalog) -> str:
    """The index as HTML."""
    return _theme().get_template("index.html").render(listing=shown, root="", digest=catalog.digest)


def _theme() -> jinja2.Environment:
    """The templates: the project's own reports/theme, where it has one, before the built-in theme."""
    own = project("reports")
    folders = [folder / "theme" for folder in (own, builtin("reports")) if folder is not None]
    theme = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    theme.filters |= {
        "seen": seen,
        "flat": flat,
        "many": sizes.many,
        "size": sizes.size,
        "share": sizes.share,
        "clip": clip,
        "first_wording": first_wording,
    }
    theme.globals["version"] = __version__
    return theme


def _source(theme: jinja2.Environment, name: str) -> str:
    if theme.loader is None:
        raise jinja2.TemplateNotFound(name)
    return theme.loader.get_source(theme, name)[0]


def _run(entries: Sequence[Entry], catalog: Catalog, digest: str, scope: Scope) -> str:
    """What pages that are already written cannot know: how many there are and which are held back."""
    pages = [row for row in entries if row.file]
    held: list[Any] = [[number, row.file] for number, row in enumerate(pages, 1) if row.state == "held"]
    taught = [check for check in catalog.checks.values() if any(p.kind == "phrases" for p in check.phrases)]
    langs = {lang for check in taught for phrase in check.phrases for lang in phrase.langs} - {"any"}
    run = {
        "run": digest,
        "paths": scope.paths,
        "records": scope.records,
        "pages": len(pages),
        "held": held if len(held) <= _MOST_HELD else [],
        "checks": sorted(([check.id, check.title] for check in taught), key=lambda pair: pair[1]),
        "langs": [["any", "Any language"], *sorted(([c, name(c)] for c in langs), key=lambda pair: pair[1])],
    }
    return f"globalThis.bycatch = {json.dumps(run, separators=(',', ':'))};\n"


def _write(path: Path, text: str) -> None:
    """Write under a temporary name, then rename: a reader sees the old page or the new one. Leave equal pages alone."""
    data = text.encode("utf-8", "replace")
    try:
        if path.stat().st_size == len(data) and path.read_bytes() == data:
            return
    except FileNotFoundError:
        pass
    handle, name = tempfile.mkstemp(prefix=".bycatch-", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        # mkstemp makes files that only their owner may read; a report is for colleagues and web servers.
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@functools.cache
def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sweep(folder: Path, kept: set[str]) -> None:
    """Remove pages of an earlier run; nothing that is not named like a page."""
    for path in folder.glob("[0-9a-f][0-9a-f]/*.html") if folder.is_dir() else ():
        name = path.stem
        if (
            len(name) == 16
            and set(name) <= set("0123456789abcdef")
            and name.startswith(path.parent.name)
            and name not in kept
        ):
            path.unlink()
