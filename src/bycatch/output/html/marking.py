"""A stretch of text with its marks as HTML: marks nest where they overlap, so that each keeps its own rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from bycatch.output.html.glyphs import seen


class Stretch(NamedTuple):
    """``text[start:end]`` in an element: ``tag`` with ``classes``; ``finding`` is the number of its note."""

    start: int
    end: int
    classes: str
    tag: str = "mark"
    finding: int = 0
    lang: str | None = None
    insert: str | None = None


def marked(text: str, start: int, end: int, stretches: Sequence[Stretch]) -> Markup:
    """``text[start:end]`` as safe HTML with the stretches that touch it."""
    inside = [
        s._replace(start=max(start, s.start), end=min(end, s.end)) for s in stretches if s.start < end and s.end > start
    ]
    inserts = {s.end: s for s in stretches if s.insert and start < s.end <= end}
    if not inside and not inserts:
        return seen(text[start:end])
    inside.sort(key=lambda s: (s.start, -s.end, s.finding))
    opening: dict[int, list[Stretch]] = {}
    for stretch in inside:
        opening.setdefault(stretch.start, []).append(stretch)
    bounds = sorted({start, end, *(s.start for s in inside), *(s.end for s in inside), *inserts})
    out: list[Markup] = []
    stack: list[Stretch] = []
    for at, following in zip(bounds, (*bounds[1:], None), strict=True):
        stack = _close(out, stack, at)
        if at in inserts:
            out.append(Markup('<ins class="put">{}</ins>').format(seen(inserts[at].insert)))
        for stretch in opening.get(at, ()):
            stack.append(stretch)
            out.append(_open(stretch))
        if following is not None:
            out.append(seen(text[at:following]))
    return Markup("").join(out)


def _close(out: list[Markup], stack: list[Stretch], at: int) -> list[Stretch]:
    """Close what ends here; what was opened inside it and goes on is closed too and opened again."""
    lowest = next((i for i, s in enumerate(stack) if s.end <= at), len(stack))
    out.extend(Markup("</{}>").format(stretch.tag) for stretch in reversed(stack[lowest:]))
    again = [s for s in stack[lowest:] if s.end > at]
    out.extend(_open(s) for s in again)
    return stack[:lowest] + again


def _open(stretch: Stretch) -> Markup:
    number = Markup(' data-f="{}"').format(stretch.finding) if stretch.finding else ""
    lang = Markup(' lang="{}"').format(stretch.lang) if stretch.lang else ""
    return Markup('<{} class="{}"{}{}>').format(stretch.tag, stretch.classes, number, lang)
