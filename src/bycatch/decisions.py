"""Decisions of reviewers: the file they export, and what carrying it out changes in a project.

A decision names the finding by its key and the text it was taken on by a hash. A text that has changed since is a
different text: its decisions are refused one by one, never guessed. A decision for a phrase, a check or a source speaks
of a whole run and holds for that run only.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from bycatch import waivers
from bycatch.article import Article, Failure, Finding
from bycatch.catalog import Catalog
from bycatch.errors import UserError
from bycatch.fixing import Change, changed, settled
from bycatch.output.html.glyphs import clip, flat
from bycatch.output.html.sources import site
from bycatch.reading import Fields, article_name, find_files, read
from bycatch.rewriting import Rewrite
from bycatch.runner import Result, Scope, Signature, run
from bycatch.sources import Declared
from bycatch.teaching import TeachingError, teach
from bycatch.waivers import Waiver

DOES: Final = ("fix", "waive", "skip", "teach")
SCOPES: Final = ("finding", "phrase", "check", "source")
_NEEDED: Final = {
    "finding": ("key", "check", "path", "text"),
    "phrase": ("check", "phrase"),
    "check": ("check",),
    "source": ("source",),
    "teach": ("check", "lang", "phrase"),
}
# A quote in a message.
_QUOTE: Final = 90
# Paragraphs that are compared with a quote that is gone; the work is quadratic in their length.
_COMPARED: Final = 400


class DecisionsError(UserError):
    """A decisions file that cannot be used; the message names file and entry."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What one person decided on one finding or on all of a kind; ``scope`` is called ``for`` in the file."""

    do: str
    scope: str = "finding"
    key: str = ""
    check: str = ""
    phrase: str = ""
    source: str = ""
    lang: str = ""
    article: str = ""
    path: str = ""
    record: int = 0
    text: str = ""
    quote: str = ""
    reason: str = ""
    by: str = ""
    until: str = ""

    @property
    def about(self) -> str:
        """What it is about, for a message."""
        if self.do == "teach":
            return f"teach {self.check}: {self.lang} “{clip(flat(self.phrase), _QUOTE)}”"
        if self.scope == "finding":
            return f"{self.path or self.article}: {self.do} {self.check} “{clip(flat(self.quote), _QUOTE)}”"
        what = {"phrase": f"phrase “{self.phrase}” of {self.check}", "check": f"check {self.check}"}
        return f"{self.do} every finding of {what.get(self.scope, f'source {self.source}')}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One decisions file: the run it was taken on, what that run read, and its decisions in the order of taking."""

    name: str
    run: str = ""
    scope: Scope = field(default_factory=Scope)
    decisions: tuple[Decision, ...] = ()

    @property
    def is_wide(self) -> bool:
        """Whether any of its decisions speaks of all findings of a kind."""
        return any(_is_wide(decision) for decision in self.decisions)


def _is_wide(decision: Decision) -> bool:
    return decision.scope != "finding" and decision.do not in ("teach", "skip")


@dataclass
class Outcome:
    """What was done and what was not, as lines to read."""

    done: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    disagreed: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        """All of it."""
        return [
            *self.done,
            *(f"failed: {failure}" for failure in self.failures),
            *(f"disagree: {line}" for line in self.disagreed),
            *(f"refused: {line}" for line in self.refused),
        ]


def load(path: Path) -> Sheet:
    """Read a decisions file; raises DecisionsError."""
    try:
        table = tomllib.loads(path.read_bytes().decode("utf-8"))
    except FileNotFoundError as error:
        raise DecisionsError(f"{path}: no such file; download it from a page of the report") from error
    except UnicodeDecodeError as error:
        raise DecisionsError(f"{path}: byte {error.start} is not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise DecisionsError(f"{path}: not valid TOML: {error}") from error
    if table.get("version") != 1:
        raise DecisionsError(f"{path}: version = {table.get('version')!r}; this bycatch reads decisions of version 1")
    return Sheet(
        str(path),
        str(table.get("run", "")),
        _scope(table, path),
        checked(table.get("decision", []), str(path)),
    )


def _scope(table: Mapping[str, Any], path: Path) -> Scope:
    paths, records = table.get("paths", []), table.get("records", {})
    if not isinstance(paths, list) or not all(isinstance(item, str) for item in paths):
        raise DecisionsError(f"{path}: paths must be a list of texts")
    if not isinstance(records, dict) or not all(
        isinstance(numbers, list) and all(isinstance(number, int) for number in numbers) for numbers in records.values()
    ):
        raise DecisionsError(f"{path}: records must name lists of numbers")
    return Scope(tuple(paths), {name: tuple(numbers) for name, numbers in records.items()})


def checked(given: object, name: str) -> tuple[Decision, ...]:
    """Decisions from plain data, as a file or a browser holds them; raises DecisionsError naming the entry."""
    if not isinstance(given, list):
        raise DecisionsError(f"{name}: decisions must be a list")
    return tuple(_decision(item, f"{name}: decision {number}") for number, item in enumerate(given, 1))


def _decision(item: object, place: str) -> Decision:
    if not isinstance(item, dict):
        raise DecisionsError(f"{place}: must be a table")
    known = {f.name: f.type for f in fields(Decision)} | {"for": "str"}
    values: dict[str, Any] = {}
    for key, value in item.items():
        if key not in known or key == "scope":
            raise DecisionsError(f"{place}: unknown key {key!r}")
        if not isinstance(value, int if key == "record" else str):
            raise DecisionsError(f"{place}: {key} must be {'a number' if key == 'record' else 'a text'}")
        values["scope" if key == "for" else key] = value
    decision = Decision(**{"do": ""} | values)
    if decision.do not in DOES or decision.scope not in SCOPES:
        raise DecisionsError(f"{place}: do must be one of {', '.join(DOES)}, for one of {', '.join(SCOPES)}")
    for key in _NEEDED["teach" if decision.do == "teach" else decision.scope]:
        if not getattr(decision, key):
            raise DecisionsError(f"{place}: no {key}")
    if decision.do == "waive" and not decision.reason.strip():
        raise DecisionsError(f"{place}: a waiver without a reason; say why the finding may stay")
    if decision.until and not _is_day(decision.until):
        raise DecisionsError(f"{place}: until must be a date such as 2027-06-30")
    return decision


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2027-06-30")


def plain(decision: Decision) -> dict[str, Any]:
    """The decision as a table without empty values, for a file or a browser."""
    table = {f.name: getattr(decision, f.name) for f in fields(Decision)}
    if decision.do == "teach":
        del table["scope"]
    return {"for" if key == "scope" else key: value for key, value in table.items() if value or key == "do"}


def dumped(run_digest: str, scope: Scope, decisions: Iterable[Decision]) -> str:
    """The decisions file as the page exports it."""
    lines = [
        "# Decisions taken on a bycatch report. `bycatch apply decisions.toml` carries them out.",
        "version = 1",
        f"run = {quoted(run_digest)}",
        f"paths = [{', '.join(map(quoted, scope.paths))}]",
    ]
    if scope.records:
        parts = (f"{quoted(path)} = {list(numbers)}" for path, numbers in scope.records.items())
        lines.append(f"records = {{ {', '.join(parts)} }}")
    for decision in decisions:
        lines += ["", "[[decision]]"]
        lines += [f"{k} = {v if isinstance(v, int) else quoted(v)}" for k, v in plain(decision).items()]
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """A TOML basic string."""
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(clean, ensure_ascii=False).replace("\x7f", "\\u007f")


def carry_out(
    sheets: Sequence[Sheet],
    catalog: Catalog,
    project: Path,
    *,
    names: Fields | None = None,
    lang: Declared | None = None,
) -> Outcome:
    """Do what the sheets say below ``project``, the folder in which the run was made; write nothing outside it."""
    names = names or Fields()
    outcome = Outcome()
    results = list(_results(sheets, catalog, project, names, lang, outcome))
    signed = [_signed(sheet, results, catalog, project) for sheet in sheets]
    sheets = [_of_this_run(sheet, digest, outcome) for sheet, (digest, _) in zip(sheets, signed, strict=True)]
    covered = [covers for _, covers in signed]
    _refuse_strangers(sheets, results, project, outcome)
    files: dict[str, dict[int, tuple[int, tuple[Change, ...]]]] = {}
    tallies: dict[str, Counter[str]] = {}
    wanted: list[Waiver] = []
    for result in results:
        fixes, waived = _chosen(list(zip(sheets, covered, strict=True)), result, outcome)
        changes = settled(result.article.text, (f.fix for f in fixes if f.fix))
        article = result.article
        if changes:
            files.setdefault(article.path, {})[article.record] = (len(article.text), changes)
            tallies.setdefault(article.path, Counter()).update(f.check for f in fixes)
        if waived:
            wanted += _waivers(article, changes, waived, catalog, outcome)
    _rewrite(files, tallies, names, outcome)
    if wanted:
        _waive(project / "corpus" / "waivers.toml", wanted, outcome)
    for sheet in sheets:
        for decision in _distinct(d for d in sheet.decisions if d.do == "teach"):
            try:
                where = teach(project / "checks", catalog, decision.check, decision.lang, decision.phrase)
            except TeachingError as error:
                outcome.refused.append(f"{decision.about}: {error}")
            else:
                outcome.done.append(
                    f"taught {decision.check}: {decision.lang} “{decision.phrase}”, in checks/{where.name}"
                )
    return outcome


def _waive(place: Path, entries: Sequence[Waiver], outcome: Outcome) -> None:
    """Add the waivers that are not there yet to the project's file."""
    there = {waiver.key for waiver in waivers.load(place)}
    new = [entry for entry in entries if entry.key not in there]
    if new:
        text = place.read_bytes().decode("utf-8-sig") if place.exists() else ""
        for entry in new:
            text = waivers.add(text, entry)
        replace_file(place, text)
    known = f", {len(entries) - len(new)} were there already" if len(new) < len(entries) else ""
    outcome.done.append(f"waived {len(new)} in corpus/waivers.toml{known}")


def replace_file(place: Path, text: str) -> None:
    """Write a file of the project in one step: a reader sees the old text or the new one."""
    place.parent.mkdir(parents=True, exist_ok=True)
    made = place.with_name(f".{place.name}.new")
    try:
        made.write_text(text, encoding="utf-8", newline="")
        made.replace(place)
    except BaseException:
        made.unlink(missing_ok=True)
        raise


def _distinct(decisions: Iterable[Decision]) -> list[Decision]:
    return list({(d.check, d.lang, d.phrase): d for d in decisions}.values())


def inside(path: Path, project: Path) -> bool:
    """Whether the path lies in the project, links followed."""
    try:
        return path.resolve().is_relative_to(project.resolve())
    except (OSError, ValueError):
        return False


def _results(
    sheets: Sequence[Sheet], catalog: Catalog, project: Path, names: Fields, lang: Declared | None, outcome: Outcome
) -> Iterator[Result]:
    """The articles that the decisions may be about, checked anew."""
    wanted: dict[str, None] = {}
    for sheet in sheets:
        wanted |= dict.fromkeys(sheet.scope.paths if sheet.is_wide else ())
        wanted |= dict.fromkeys(d.path for d in sheet.decisions if d.path)
    paths = _there(wanted, project)
    if not paths:
        return
    articles = read(*find_files(paths), fields=names, lang=lang, on_failure=outcome.failures.append)
    yield from run(articles, catalog, on_failure=outcome.failures.append)


def _there(places: Iterable[str], project: Path) -> list[str]:
    """The paths that lead to something in the project; articles elsewhere are not there, and refused."""
    # A null character in a path is no path.
    return [
        place
        for place in places
        if place and "\0" not in place and inside(project / place, project) and (project / place).exists()
    ]


# An article in a run: its file, and its record there.
_Place = tuple[str, int]


def _signed(sheet: Sheet, results: Sequence[Result], catalog: Catalog, project: Path) -> tuple[str, frozenset[_Place]]:
    """The digest that the run of a sheet has today, and its articles; nothing where no decision speaks of them all."""
    if not sheet.is_wide:
        return "", frozenset()
    order = {article_name(file): at for at, file in enumerate(find_files(_there(sheet.scope.paths, project)))}
    articles = [r.article for r in results if r.article.path in order and sheet.scope.holds(r.article)]
    signature = Signature(catalog)
    for article in sorted(articles, key=lambda article: order[article.path]):
        signature.add(article)
    return signature.digest, frozenset((article.path, article.record) for article in articles)


def _of_this_run(sheet: Sheet, digest: str, outcome: Outcome) -> Sheet:
    """The sheet less the decisions for many findings, where they were taken on another run."""
    if not sheet.is_wide or sheet.run == digest:
        return sheet
    outcome.refused += [
        f"{d.about}: taken on run {sheet.run or 'without a name'}, this is {digest}: articles, checks or options "
        "are others now; make the report anew and decide there"
        for d in sheet.decisions
        if _is_wide(d)
    ]
    return replace(sheet, decisions=tuple(d for d in sheet.decisions if not _is_wide(d)))


def text_hash(article: Article) -> str:
    """The hash by which a decision names a text: twelve hex digits of SHA-256."""
    return hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _refuse_strangers(sheets: Sequence[Sheet], results: Sequence[Result], project: Path, outcome: Outcome) -> None:
    """Refuse, one by one, decisions on texts that are not there or have changed, and on what is no longer found."""
    at = {(r.article.path, r.article.record): r for r in results}
    for sheet in sheets:
        for decision in sheet.decisions:
            if decision.scope != "finding" or decision.do in ("teach", "skip"):
                continue
            result = at.get((decision.path, decision.record))
            if result is None:
                outside = "\0" not in decision.path and not inside(project / decision.path, project)
                why = "lies outside the project; run apply in the folder of the report" if outside else "is not there"
                outcome.refused.append(f"{decision.about}: the article {why}")
            elif text_hash(result.article) != decision.text:
                outcome.refused.append(
                    f"{decision.about}: the text has changed since; {_now(result.article, decision)}"
                )
            elif not any(f.key == decision.key for f in result.findings):
                outcome.refused.append(f"{decision.about}: the checks of today do not find it")


def _now(article: Article, decision: Decision) -> str:
    """What stands today where the quote stood."""
    quote = decision.quote.removesuffix("…")
    at = article.text.find(quote) if quote else -1
    if at >= 0:
        paragraph = article.paragraph_at(at)
        now = paragraph.text if paragraph else quote
        then, line = clip(flat(decision.quote), _QUOTE), article.place(at)[0]
        return f"then “{then}”, now in line {line} “{clip(flat(now), _QUOTE)}”"
    texts = [p.text[:500] for p in article.paragraphs[:_COMPARED]]
    near = difflib.get_close_matches(decision.quote, texts, n=1)
    now = f"now “{clip(flat(near[0]), _QUOTE)}”" if near else "now nothing like it"
    return f"then “{clip(flat(decision.quote), _QUOTE)}”, {now}"


def _chosen(
    sheets: Sequence[tuple[Sheet, frozenset[_Place]]], result: Result, outcome: Outcome
) -> tuple[list[Finding], list[tuple[Finding, Decision]]]:
    """What is to be fixed and what to be waived in one article; where people disagree, neither."""
    fixes: list[Finding] = []
    waived: list[tuple[Finding, Decision]] = []
    digest = text_hash(result.article)
    source = site(result.article.source)
    here = result.article.path, result.article.record
    for finding in result.findings:
        votes = [
            (sheet.name, decision)
            for sheet, covers in sheets
            if (decision := _vote(sheet, finding, digest, source, covered=here in covers)) and decision.do != "skip"
        ]
        if len({d.do for _, d in votes}) > 1:
            said = "; ".join(f"{d.by or name} says {d.do}{f' ({d.reason})' if d.reason else ''}" for name, d in votes)
            outcome.disagreed.append(
                f"{finding.path}:{finding.line}: {finding.check} “{clip(flat(finding.text), _QUOTE)}”: {said}"
            )
        elif votes and votes[0][1].do == "waive":
            waived.append((finding, votes[0][1]))
        elif votes and finding.fix is None:
            if votes[0][1].scope == "finding":
                outcome.refused.append(f"{votes[0][1].about}: there is no fix to make")
        elif votes:
            fixes.append(finding)
    return fixes, waived


def _vote(sheet: Sheet, finding: Finding, digest: str, source: str, *, covered: bool) -> Decision | None:
    """The last decision of a sheet that speaks of the finding; of all of a kind only where its run had the article."""
    for decision in reversed(sheet.decisions):
        if (
            decision.do == "teach"
            or (_is_wide(decision) and not covered)
            or (decision.do == "fix" and decision.scope != "finding" and finding.fix is None)
        ):
            continue
        if {
            "finding": decision.key == finding.key and decision.text == digest,
            "phrase": decision.check == finding.check and decision.phrase == (finding.phrase or ""),
            "check": decision.check == finding.check,
            "source": bool(source) and decision.source == source,
        }[decision.scope]:
            return decision
    return None


def _waivers(
    article: Article,
    changes: Sequence[Change],
    waived: Sequence[tuple[Finding, Decision]],
    catalog: Catalog,
    outcome: Outcome,
) -> Iterator[Waiver]:
    """Waivers with the keys that the findings have once the fixes are made.

    A key counts equal texts of an article: when the first of two goes, the second becomes the first.
    """
    after: dict[tuple[str, int], Finding] = {}
    if changes:
        mended = replace(article, text=changed(article.text, changes))
        (again,) = run([mended], catalog, on_failure=outcome.failures.append)
        after = {(f.check, f.span.start): f for f in again.findings}
    for finding, decision in waived:
        kept: Finding | None = finding
        if changes:
            shift = sum(len(c.insert) - (c.end - c.start) for c in changes if c.end <= finding.span.start)
            kept = after.get((finding.check, finding.span.start + shift))
        if kept is None:
            outcome.done.append(f"{decision.about}: no waiver needed, the fixes beside it mend it too")
            continue
        until = date.fromisoformat(decision.until) if decision.until else None
        quote = waivers.quoted(kept.text)
        yield Waiver(kept.key, kept.check, quote, decision.reason, kept.article, decision.by, until)


def _rewrite(
    files: Mapping[str, Mapping[int, tuple[int, tuple[Change, ...]]]],
    tallies: Mapping[str, Counter[str]],
    names: Fields,
    outcome: Outcome,
) -> None:
    """All new files are written and proven before the first takes its place."""
    made: list[Rewrite] = []
    try:
        for path, changes in files.items():
            made.append(Rewrite(Path(path), changes, names))
    except BaseException:
        for rewrite in made:
            rewrite.discard()
        raise
    for rewrite, (path, tally) in zip(made, tallies.items(), strict=True):
        rewrite.commit()
        outcome.done.append(f"fixed {path}: {', '.join(f'{n} {check}' for check, n in tally.most_common())}")
