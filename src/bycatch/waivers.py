"""Waivers: findings that somebody decided to live with, with the reason, in a file that people edit.

A waiver names its finding by key, which holds no offset: edits elsewhere in the article leave it in force. One that
has expired is an error, one that covers nothing a warning, one whose finding changed says both texts.
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Literal

from bycatch.article import Finding
from bycatch.errors import UserError

_KEYS: Final = ("key", "check", "article", "quote", "reason", "by", "until")
_REQUIRED: Final = ("key", "check", "quote", "reason")
_HEADER: Final = re.compile(r"^[ \t]*\[\[[ \t]*waiver[ \t]*\]\]", re.MULTILINE)
_TABLE: Final = re.compile(r"^[ \t]*\[")
# Enough of a finding to know it again; a paragraph of a thousand words is no quotation.
_QUOTED: Final = 200
# Below this two texts have little more than letters in common.
_ALIKE: Final = 0.6


class WaiverError(UserError):
    """A waiver file that cannot be used; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """One decision: this finding stays, for this reason, until that day."""

    key: str
    check: str
    quote: str
    reason: str
    article: str = ""
    by: str = ""
    until: date | None = None
    line: int = 0

    def expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return self.until is not None and self.until < today


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a waiver that people must know; errors fail the gate."""

    level: Literal["error", "warning"]
    message: str
    waiver: Waiver


@dataclass
class Ledger:
    """The waivers of a run, and which of them covered something."""

    waivers: Sequence[Waiver] = ()
    path: str = ""
    day: date = field(default_factory=lambda: today())
    _matched: set[str] = field(default_factory=set)
    _read: set[str] = field(default_factory=set)
    _loose: dict[str, list[Finding]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sort the waivers by what they are looked up by."""
        self._by_key = {waiver.key: waiver for waiver in self.waivers}
        self._articles = {waiver.article for waiver in self.waivers}
        self._moved: dict[tuple[str, str], list[Waiver]] = {}
        for waiver in self.waivers:
            if waiver.article and not _exists(waiver.article):
                self._moved.setdefault((waiver.check, waiver.quote), []).append(waiver)

    def waived(self, article: str, findings: Sequence[Finding]) -> frozenset[str]:
        """The keys of an article's findings that a waiver in force covers."""
        if not self.waivers:
            return frozenset()
        if article in self._articles:
            self._read.add(article)
        covered = set()
        for finding in findings:
            waiver = self._by_key.get(finding.key) or self._followed(finding)
            if waiver is None:
                if article in self._articles:
                    self._loose.setdefault(article, []).append(finding)
                continue
            self._matched.add(waiver.key)
            if not waiver.expired(self.day):
                covered.add(finding.key)
        return frozenset(covered)

    def _followed(self, finding: Finding) -> Waiver | None:
        """The waiver of a finding whose file has moved: same check, same text, and the old file is gone."""
        for waiver in self._moved.get((finding.check, quoted(finding.text)), ()):
            if waiver.key not in self._matched and finding.article == finding.path:
                return waiver
        return None

    def problems(self, *, whole: bool) -> list[Problem]:
        """What is wrong with the waivers; ``whole`` when the whole corpus was read and not a change alone."""
        made = []
        for waiver in self.waivers:
            place = f"{self.path}:{waiver.line}: waiver {waiver.key}"
            seen = waiver.key in self._matched
            if waiver.expired(self.day) and (seen or waiver.article in self._read):
                made.append(
                    Problem(
                        "error", f"{place} expired on {waiver.until}: decide again, or mend “{waiver.quote}”", waiver
                    )
                )
            elif not seen and (
                waiver.article in self._read or (whole and (not waiver.article or not _exists(waiver.article)))
            ):
                made.append(Problem("warning", f"{place} {self._unused(waiver)}", waiver))
        return made

    def unused(self, *, whole: bool) -> list[Waiver]:
        """The waivers that cover nothing any more."""
        return [problem.waiver for problem in self.problems(whole=whole) if problem.waiver.key not in self._matched]

    def _unused(self, waiver: Waiver) -> str:
        near = [
            (difflib.SequenceMatcher(None, waiver.quote, quoted(f.text), autojunk=False).ratio(), f)
            for f in self._loose.get(waiver.article, ())
            if f.check == waiver.check
        ]
        if near:
            ratio, finding = max(near, key=lambda pair: pair[0])
            if ratio >= _ALIKE:
                return (
                    f"was for “{waiver.quote}”; the text is now “{quoted(finding.text)}”: waive {finding.key} in its "
                    "place, or mend it"
                )
        return f"covers nothing: “{waiver.quote}” is gone; remove it, or let --prune"


def today() -> date:
    """The day that decides what has expired."""
    return date.today()  # noqa: DTZ011 - a waiver ends with the day of whoever runs the gate


def quoted(text: str) -> str:
    """The text of a finding as a waiver quotes it: on one line, its beginning if it is long."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _QUOTED else f"{flat[: _QUOTED - 1]}…"


def load(path: Path) -> list[Waiver]:
    """Read a waiver file; none is there, none is waived.

    Raises WaiverError, naming file and line, for a waiver without a reason or any other that is malformed.
    """
    try:
        source = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return []
    except UnicodeDecodeError as error:
        raise WaiverError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    return parse(source, str(path))


def parse(source: str, path: str) -> list[Waiver]:
    """The waivers of a file's text; ``path`` is what errors call it."""
    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        line = at.group(1) if at else len(source.splitlines())
        raise WaiverError(f"{path}:{line}: not valid TOML: {error}") from error
    for key in data:
        if key != "waiver":
            raise WaiverError(f"{path}:{_line_of(source, key)}: unknown table {key!r}; a waiver is [[waiver]]")
    listed = data.get("waiver", [])
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        raise WaiverError(f"{path}:{_line_of(source, 'waiver')}: write [[waiver]] above each waiver")
    lines = [source.count("\n", 0, m.start()) + 1 for m in _HEADER.finditer(source)]
    if len(lines) != len(listed):
        lines = [1] * len(listed)
    made: dict[str, Waiver] = {}
    for line, item in zip(lines, listed, strict=True):
        waiver = _waiver(f"{path}:{line}", item, line)
        if waiver.key in made:
            raise WaiverError(
                f"{path}:{line}: {waiver.key} is waived at line {made[waiver.key].line} already; keep one"
            )
        made[waiver.key] = waiver
    return list(made.values())


def _waiver(place: str, item: Mapping[str, Any], line: int) -> Waiver:
    for key in item:
        if key not in _KEYS:
            raise WaiverError(f"{place}: unknown key {key!r} in a waiver; known are {', '.join(_KEYS)}")
    for key in _REQUIRED:
        if not isinstance(item.get(key), str) or not item[key].strip():
            raise WaiverError(f"{place}: the waiver has no {key}; say it as a text")
    for key in ("article", "by"):
        if not isinstance(item.get(key, ""), str):
            raise WaiverError(f"{place}: {key} must be a text")
    return Waiver(
        item["key"].strip(), item["check"], item["quote"], item["reason"], item.get("article", ""), item.get("by", ""),
        _date(place, item.get("until")), line,
    )  # fmt: skip


def _date(place: str, given: object) -> date | None:
    if given is None:
        return None
    if isinstance(given, datetime):
        return given.date()
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError as error:
        raise WaiverError(f"{place}: until is {given!r}; write a day as 2027-01-31") from error


def add(source: str, waiver: Waiver) -> str:
    """The text of a waiver file with one more at its end, written as those before it are; comments stay.

    Raises WaiverError where the file would not read back as meant.
    """
    end = "\r\n" if "\r\n" in source else "\n"
    headers = list(_HEADER.finditer(source))
    last = source[headers[-1].end() :] if headers else ""
    written = re.findall(r"^[ \t]*([a-z]+)[ \t]*=", last, re.MULTILINE)
    order = [key for key in written if key in _KEYS]
    order += [key for key in _KEYS if key not in order]
    spaced = re.search(r"^[ \t]*[a-z]+([ \t]*=[ \t]*)", last, re.MULTILINE)
    sign = spaced.group(1) if spaced and not re.search(r"[ \t]{2,}=", last) else " = "
    quotes_day = re.search(r"^[ \t]*until[ \t]*=[ \t]*[\"']", last, re.MULTILINE) is not None
    rows = ["[[waiver]]"]
    for key in order:
        value = getattr(waiver, key)
        if value is None or value == "":
            continue
        rows.append(f"{key}{sign}{value if isinstance(value, date) and not quotes_day else _string(str(value))}")
    before = source.rstrip()
    made = (before + end * 2 if before else "") + end.join(rows) + end
    meant = [*parse(source, "the waiver file"), waiver]
    if [replace(back, line=0) for back in parse(made, "the new waiver")] != [replace(one, line=0) for one in meant]:
        raise WaiverError("the waiver file would not read back as written; add the waiver by hand")
    return made


def remove(source: str, keys: Iterable[str]) -> str:
    """The text of a waiver file without the waivers of these keys; every other byte stays.

    Comments directly above a waiver go with it, except at the head of the file.
    """
    gone = set(keys)
    rows = source.splitlines(keepends=True)
    starts = [number for number, row in enumerate(rows) if _HEADER.match(row)]
    drop: set[int] = set()
    for begin in starts:
        stop = next((n for n in range(begin + 1, len(rows)) if _TABLE.match(rows[n])), len(rows))
        # Comments and blank lines before the next table are that table's.
        while (
            stop < len(rows) and stop > begin + 1 and (not rows[stop - 1].strip() or rows[stop - 1].lstrip()[:1] == "#")
        ):
            stop -= 1
        (item,) = tomllib.loads("".join(rows[begin:stop])).get("waiver", [{}])
        if str(item.get("key", "")).strip() not in gone:
            continue
        top = begin
        while top and rows[top - 1].lstrip().startswith("#"):
            top -= 1
        top = begin if top == 0 else top
        while stop < len(rows) and not rows[stop].strip():
            stop += 1
        drop |= set(range(top, stop))
    return "".join(row for number, row in enumerate(rows) if number not in drop)


def _string(text: str) -> str:
    """A TOML string: JSON's, but for DEL, which TOML wants escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _line_of(source: str, key: str) -> int:
    at = re.search(rf"^[ \t]*\[*[ \t]*[\"']?{re.escape(key)}", source, re.MULTILINE)
    return source.count("\n", 0, at.start()) + 1 if at else 1


def _exists(article: str) -> bool:
    """Whether the file of an article that is named by its path is still there; True for ids that are no paths."""
    path = Path(re.sub(r":\d+$", "", article))
    return path.suffix == "" or path.exists()
