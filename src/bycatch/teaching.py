"""Teach a check one more phrase: an edit of its TOML file that keeps the file's own style, proven by loading it."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Final

from bycatch.catalog import Catalog, Check, load_catalog
from bycatch.errors import UserError

_LANG: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*|any")
_INDENT: Final = "    "


class TeachingError(UserError):
    """A phrase that cannot be added; every file is as it was."""


def teach(folder: Path, catalog: Catalog, check: str, lang: str, phrase: str) -> Path:
    """Add a phrase to the project's own file of the check; return the file.

    A built-in check that the project has no file of is left as it is: the phrase goes into a check of the project's
    own beside it, with the same severity and fix. Raises TeachingError where the check, the language or the phrase
    cannot be used.
    """
    known = catalog.checks.get(check)
    phrase = " ".join(phrase.split())
    if known is None or known.find is not None:
        raise TeachingError(f"there is no check of phrases named {check!r}")
    if not _LANG.fullmatch(lang):
        raise TeachingError(f"{lang!r} is no language code")
    own = folder / f"{check}.toml"
    place = own if own.is_file() else folder / f"{check}-taught.toml"
    before = place.read_text(encoding="utf-8") if place.is_file() else None
    after = _new(known, lang, phrase) if before is None else added(before, lang, phrase)
    folder.mkdir(parents=True, exist_ok=True)
    _write(place, after)
    try:
        load_catalog(folder)
    except BaseException as error:
        if before is None:
            place.unlink()
        else:
            _write(place, before)
        if isinstance(error, UserError):
            raise TeachingError(str(error)) from error
        raise
    return place


def _write(place: Path, text: str) -> None:
    made = place.with_name(f".{place.name}.new")
    made.write_text(text, encoding="utf-8", newline="")
    made.replace(place)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _new(check: Check, lang: str, phrase: str) -> str:
    """A check of the project's own, for phrases that a built-in one lacks."""
    marked = _quoted(f"⟦{phrase.replace('{n}', '2').replace('…', 'these words')}⟧")
    passes = check.passes[0].text
    why = f"Phrases that reviewers of this corpus taught, beside those of {check.id}. {check.why}"
    return "\n".join(
        (
            f"title    = {_quoted(f'{check.title}, taught here')}",
            f"severity = {_quoted(check.severity)}",
            f"message  = {_quoted(check.message)}",
            f"fix      = {_quoted(check.fix)}",
            f"why      = {_quoted(why)}",
            "",
            "[phrases]",
            f"{lang} = [",
            f"{_INDENT}{_quoted(phrase)},",
            "]",
            "",
            "[flags]",
            f'"taught" = {{ text = {marked}{"" if lang == "any" else f", lang = {_quoted(lang)}"} }}',
            "",
            "[passes]",
            f'"an honest text" = {_quoted(passes)}',
            "",
        )
    )


def added(text: str, lang: str, phrase: str) -> str:
    """The TOML text with the phrase at the end of the list of its language; all else stays byte for byte."""
    header = re.search(r"(?m)^\[phrases\][^\n]*\n", text)
    if header is None:
        raise TeachingError("the check has no table [phrases]")
    end = re.compile(r"(?m)^\[").search(text, header.end())
    section_end = end.start() if end else len(text)
    listed = re.compile(rf"(?m)^(?:{re.escape(lang)}|\"{re.escape(lang)}\")[ \t]*=[ \t]*\[").search(
        text, header.end(), section_end
    )
    newline = "\r\n" if "\r\n" in text else "\n"
    if listed is None:
        body = text[header.end() : section_end]
        at = header.end() + len(body.rstrip())
        gap = newline if body.strip() else ""
        made = f"{gap}{lang} = [{newline}{_INDENT}{_quoted(phrase)},{newline}]"
        made += "" if body.strip() else newline
        return _proven(text[:at] + made + text[at:], lang, phrase)
    close, last = _closing(text, listed.end())
    if newline not in text[listed.end() : close]:
        comma = ", " if last > listed.end() and text[last - 1] != "," else " " if last > listed.end() else ""
        return _proven(text[:last] + comma + _quoted(phrase) + text[last:], lang, phrase)
    indents = re.findall(r"\n([ \t]+)\S", text[listed.end() : close])
    comma = "" if last == listed.end() or text[last - 1] == "," else ","
    made = f"{comma}{newline}{indents[-1] if indents else _INDENT}{_quoted(phrase)},"
    return _proven(text[:last] + made + text[last:], lang, phrase)


def _closing(text: str, at: int) -> tuple[int, int]:
    """Where the list that was opened before ``at`` closes, and where its last item or comma ends."""
    last = at
    while at < len(text):
        sign = text[at]
        if sign in "\"'":
            item = re.compile(r'"(?:[^"\\\n]|\\.)*"' if sign == '"' else r"'[^'\n]*'").match(text, at)
            if item is None:
                break
            at = last = item.end()
            continue
        if sign == "#":
            at = text.find("\n", at)
            if at < 0:
                break
            continue
        if sign == "]":
            return at, last
        at += 1
        if sign == ",":
            last = at
    raise TeachingError("the list of phrases does not close")


def _proven(text: str, lang: str, phrase: str) -> str:
    try:
        listed = tomllib.loads(text)["phrases"][lang]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise TeachingError(f"the file cannot be edited: {error}") from error
    if listed.count(phrase) != 1:
        raise TeachingError(f"{phrase!r} is already in the list" if phrase in listed else "the file cannot be edited")
    return text
