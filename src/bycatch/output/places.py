"""Where a finding lies, for formats that know files and lines alone; and text made fit for them."""

from __future__ import annotations

import urllib.parse
from collections.abc import Mapping
from pathlib import PurePath
from typing import Final, NamedTuple

from bycatch.article import Article, Finding
from bycatch.output.console import safe

# Interfaces show a sentence or two; an article can put megabytes into a message.
_LONGEST: Final = 500


class Place(NamedTuple):
    """A line of a file; ``column`` is 0 where the line is not the finding's own."""

    path: str
    line: int
    column: int = 0


def place_of(article: Article, finding: Finding) -> Place:
    """A text file's own line and column; for a record the record's line (in Parquet: its row)."""
    if article.record:
        return Place(finding.path, article.record)
    return Place(finding.path or finding.article, finding.line, finding.column)


def sentence(article: Article, finding: Finding) -> str:
    """The message with what was seen; for a record also which article and which line of its text."""
    seen = short(finding.text, 80)
    where = f"{short(article.id, 100)}, line {finding.line}: " if article.record else ""
    return f"{where}{short(finding.message) or finding.check}" + (f" “{seen}”" if seen else "")


def short(text: str, longest: int = _LONGEST) -> str:
    """One line of harmless text, cut where it is too long."""
    flat = " ".join(text[: 4 * longest].split())
    return safe(flat if len(flat) <= longest else f"{flat[: longest - 1]}…")


def told_apart(tally: Mapping[str, int]) -> str:
    """What a gate counted, in words."""
    counted = ", ".join(f"{count:,} {standing}" for standing, count in tally.items())
    return f"Findings: {counted}; those that are new are listed."


def uri(path: str) -> str:
    """A path as a relative URI reference, or a file URI where it is absolute."""
    quoted = urllib.parse.quote(PurePath(path).as_posix().encode("utf-8", "replace"), safe="/")
    return f"file://{quoted}" if quoted.startswith("/") else quoted
