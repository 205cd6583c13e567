"""Findings for people at a terminal. Article text can neither move the cursor nor colour nor reverse anything."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from bycatch.article import Finding

if TYPE_CHECKING:
    # A run without findings prints nothing in colour: rich is imported where it is used.
    from rich.text import Text

STYLES: Final = {"error": "bold red", "warning": "bold yellow", "note": "bold blue"}
# Directional marks and everything a terminal acts on: C0, C1, zero-width and line separators.
_UNSAFE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_CONTEXT: Final = 36
_LONGEST: Final = 88


def safe(text: str) -> str:
    """Text with every character a terminal would act on shown as its code point, right-to-left runs isolated."""
    shown = _UNSAFE.sub(lambda m: _named(m.group()), text)
    if any(unicodedata.bidirectional(c) in ("R", "AL") for c in shown):
        return f"\N{FIRST STRONG ISOLATE}{shown}\N{POP DIRECTIONAL ISOLATE}"
    return shown


def _named(character: str) -> str:
    if character in "\n\r\t":
        return " "
    return f"<U+{ord(character):04X}>"


def concise(finding: Finding) -> Text:
    """``path:line:column: severity check: message``, on one line."""
    from rich.text import Text

    place = f"{safe(finding.path or finding.article)}:{finding.line}:{finding.column}"
    return Text.assemble(
        (place, "bold"),
        ": ",
        (finding.severity, STYLES[finding.severity]),
        f" {finding.check}: {safe(finding.message)}",
    )


def full(finding: Finding, text: str) -> Text:
    """The finding with the text it points at, underlined, and its cure."""
    from rich.text import Text

    start, end = finding.span
    line_start = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    cut = max(line_start, start - _CONTEXT)
    before = ("…" if cut > line_start else "") + text[cut:start]
    marked = text[start:end]
    shortened = marked if len(marked) <= _LONGEST else f"{marked[: _LONGEST - 1]}…"
    line_end = min((p for p in (text.find("\n", end), text.find("\r", end)) if p >= 0), default=len(text))
    room = max(0, min(_CONTEXT, _LONGEST - len(before) - len(shortened)))
    after = (
        text[end : min(line_end, end + room)] + ("…" if line_end > end + room else "") if shortened == marked else ""
    )
    shown = safe(before), safe(shortened), safe(after)
    lines = Text.assemble(
        "  ", (f"{finding.severity:8}", STYLES[finding.severity]), (f"{finding.check:20}", "bold"),
        f" line {finding.line}, column {finding.column}", (f"   {finding.key}\n", "dim"),
        ("    | ", "dim"), (shown[0], "dim"), shown[1], (shown[2], "dim"), "\n",
        ("    | ", "dim"), " " * width(shown[0]), ("^" * max(1, width(shown[1])), STYLES[finding.severity]),
        f" {safe(finding.message)}",
    )  # fmt: skip
    if finding.related:
        lines.append("\n    = see line " + ", ".join(str(r.line) for r in finding.related[:5]), "dim")
    if finding.fix:
        lines.append(f"\n    = fix: {cure(finding)}", "dim")
    return lines


def cure(finding: Finding) -> str:
    """The fix in words."""
    fix = finding.fix
    if fix is None:
        return ""
    what = "delete the paragraph" if fix.span.end - fix.span.start >= len(finding.text) else "delete the marked part"
    if fix.action == "replace":
        what = f"replace by “{safe(fix.text)}”"
    return what if fix.safe else f"{what}, after a look"


def width(text: str) -> int:
    """Columns a terminal gives the text."""
    from rich.cells import cell_len

    return cell_len(text.replace("\N{FIRST STRONG ISOLATE}", "").replace("\N{POP DIRECTIONAL ISOLATE}", ""))


def tally(findings: Sequence[Finding] | dict[str, int]) -> str:
    """``2 errors, 1 warning, no notes`` in words."""
    counts = findings if isinstance(findings, dict) else {}
    if not isinstance(findings, dict):
        for finding in findings:
            counts[finding.severity] = counts.get(finding.severity, 0) + 1
    return ", ".join(plural(counts.get(s, 0), s) for s in ("error", "warning", "note"))


def plural(count: int, noun: str) -> str:
    """``no errors``, ``1 error``, ``1,234 errors``."""
    return f"{count:,} {noun}" if count == 1 else f"{f'{count:,}' if count else 'no'} {noun}s"
