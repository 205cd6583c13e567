"""What was there before: of each article the digest of its text and the signatures of its findings.

A signature is a finding without its place: check, folded text, ordinal among equals; not even the article's id. So
edits elsewhere, new line ends, a new name and a new folder are no news, and one ad marker more is.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from bycatch.article import Article, Finding
from bycatch.errors import UserError
from bycatch.folding import fold
from bycatch.inspection import finding_key

_VERSION: Final = 1


class BaselineError(UserError):
    """A baseline that cannot be used."""


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier state of an article; ``measures`` are the figures that already failed then."""

    text: str
    findings: frozenset[str]
    measures: Mapping[str, float | str] = field(default_factory=dict)
    path: str = ""


@dataclass(frozen=True)
class Baseline:
    """The earlier states of articles by id."""

    entries: Mapping[str, Before] = field(default_factory=dict)

    def find(self, article: Article) -> tuple[str, Before] | None:
        """The earlier state of an article, also where its file was renamed or moved; with the id it had.

        Only an article named by its path is looked up by its text, and only where the earlier path is gone: a copy
        of a bad article is news.
        """
        if article.id in self.entries:
            return article.id, self.entries[article.id]
        if not named_by_path(article):
            return None
        for name in self._by_text.get(text_digest(article.text), ()):
            before = self.entries[name]
            if article.record or not Path(before.path).exists():
                return name, before
        return None

    @cached_property
    def _by_text(self) -> dict[str, list[str]]:
        made: dict[str, list[str]] = {}
        for name, before in self.entries.items():
            made.setdefault(before.text, []).append(name)
        return made


def named_by_path(article: Article) -> bool:
    """Whether the article has no id of its own."""
    return article.id == (f"{article.path}:{article.record}" if article.record else article.path)


def text_digest(text: str) -> str:
    """A hash of the text that byte order marks, line ends and composition leave alone."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    return hashlib.sha256(unicodedata.normalize("NFC", plain).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def signatures(findings: Sequence[Finding]) -> list[str]:
    """The signature of each of an article's findings, which must be all of them and in order."""
    ordinals: dict[tuple[str, str], int] = {}
    made = []
    for finding in findings:
        folded = " ".join(fold(unicodedata.normalize("NFC", finding.text)).split())
        ordinal = ordinals[finding.check, folded] = ordinals.get((finding.check, folded), 0) + 1
        made.append(finding_key(finding.check, "", folded, ordinal))
    return made


def load(path: Path) -> Baseline:
    """Read a baseline. Raises BaselineError, naming the file and the line, for one that is damaged."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BaselineError(f"{path}: no such baseline; restore it, or make one with `bycatch baseline`") from error
    except UnicodeDecodeError as error:
        raise BaselineError(f"{path}: byte {error.start} is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise BaselineError(f"{path}:{error.lineno}: not JSON: {error.msg}; restore it from version control") from error
    if not isinstance(data, dict) or data.get("version") != _VERSION or not isinstance(data.get("articles"), dict):
        raise BaselineError(f'{path}:1: not a baseline; it has "version": {_VERSION} and "articles"')
    return Baseline({name: _before(path, name, entry) for name, entry in data["articles"].items()})


def _before(path: Path, name: str, entry: Any) -> Before:
    try:
        text, findings, measures = entry["text"], entry["findings"], entry.get("measures", {})
        where = entry.get("path", name)
        fine = isinstance(text, str) and isinstance(where, str) and isinstance(measures, dict)
        fine = fine and isinstance(findings, list) and all(isinstance(key, str) for key in findings)
    except (KeyError, TypeError, AttributeError):
        fine = False
    if not fine:
        raise BaselineError(f"{path}: the entry of article {name!r} is damaged; restore it from version control")
    return Before(text, frozenset(findings), measures, where)


def dump(baseline: Baseline) -> str:
    """The baseline as a file: one article a line, in order of name, so that its changes are readable."""
    rows = []
    for name, before in sorted(baseline.entries.items()):
        entry: dict[str, Any] = {"text": before.text, "findings": sorted(before.findings)}
        if before.measures:
            entry["measures"] = dict(sorted(before.measures.items()))
        if before.path != name:
            entry["path"] = before.path
        rows.append(f"    {json.dumps(name)}: {json.dumps(entry)}")
    body = "\n" + ",\n".join(rows) + "\n  " if rows else ""
    return f'{{\n  "version": {_VERSION},\n  "articles": {{{body}}}\n}}\n'


def grown(old: Baseline, new: Baseline, renamed: Mapping[str, str]) -> list[str]:
    """The ids of articles whose entry in ``new`` holds more than in ``old``; ``renamed`` says what they were called."""
    made = []
    for name, before in new.entries.items():
        earlier = old.entries.get(renamed.get(name, name))
        if earlier is None or before.findings - earlier.findings or set(before.measures) - set(earlier.measures):
            made.append(name)
    return made


def count(baseline: Iterable[Before]) -> int:
    """How many findings are noted."""
    return sum(len(before.findings) for before in baseline)
