"""Apply fixes to a text."""

from __future__ import annotations

from collections.abc import Iterable

from bycatch.article import Fix


def apply(text: str, fixes: Iterable[Fix]) -> str:
    """The text with the fixes made; where spans overlap, deletions are merged and a replacement gives way."""
    pieces: list[str] = []
    at = 0
    for fix in sorted(fixes, key=lambda f: (f.span.start, f.action == "replace", -f.span.end)):
        start, end = fix.span
        if start < at:
            if fix.action == "delete":
                at = max(at, end)
            continue
        pieces += [text[at:start], fix.text if fix.action == "replace" else ""]
        at = end
    return "".join((*pieces, text[at:]))
