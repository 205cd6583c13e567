"""The map of an article: a bar per paragraph, arcs between repeats, a bracket between paired ad markers.

Plain numbers for the template to draw; the map is 1200 units wide, its bars stand from 30 to 56.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bycatch.article import RANK, Finding
from bycatch.output.html.families import family_of
from bycatch.output.html.glyphs import clip, flat
from bycatch.output.html.sizes import many

_WIDTH: Final = 1200.0
_FOOT: Final = 56
# More bars than this are thinner than the gaps between them on a laptop screen; neighbours then share a bar.
_MOST_BARS: Final = 240
# With more arcs the space above the bars is one dark band that tells nothing.
_MOST_ARCS: Final = 150
# A paragraph of one word still needs a bar that can be seen and clicked.
_NARROWEST: Final = 10.0
_HEIGHTS: Final = {"error": 26, "warning": 17, "note": 9}
# [ad_1], {{ad-2}}, <ad 3>: a slot with a number, of which themes print one before and one after the article.
_SLOT: Final = re.compile(r"[\[({<].{0,40}\d.{0,40}[\])}>]")


@dataclass(frozen=True, slots=True)
class Bar:
    """One paragraph, or several neighbours in a long article."""

    x: float
    width: float
    href: str
    title: str
    family: str = ""
    height: int = 0

    @property
    def y(self) -> int:
        """The top of the coloured part."""
        return _FOOT - self.height


@dataclass(frozen=True)
class Atlas:
    """Everything the template draws."""

    bars: tuple[Bar, ...]
    arcs: tuple[str, ...]
    bracket: str
    bracket_text: str
    bracket_at: float
    bracket_width: float
    per_bar: int

    @property
    def low(self) -> bool:
        """Whether nothing is drawn above the bars."""
        return not self.arcs and not self.bracket


def draw(
    lengths: Sequence[int],
    findings_at: Mapping[int, Sequence[Finding]],
    joins: Sequence[tuple[int, int]],
    href: Callable[[int], str],
) -> Atlas:
    """The map for paragraphs of these lengths; ``joins`` are pairs of paragraphs that say the same."""
    per_bar = max(1, -(-len(lengths) // _MOST_BARS))
    groups = [range(at, min(at + per_bar, len(lengths))) for at in range(0, len(lengths), per_bar)]
    places = _places([sum(lengths[i] for i in group) for group in groups])
    bars = []
    for group, (x, width) in zip(groups, places, strict=True):
        found = [(i, finding) for i in group for finding in findings_at.get(i, ())]
        name = f"¶ {group[0] + 1}" if len(group) == 1 else f"¶ {group[0] + 1} to {group[-1] + 1}"
        if not found:
            bars.append(Bar(x, width, href(group[0]), name))
            continue
        at, worst = min(found, key=lambda pair: RANK[pair[1].severity])
        kinds = dict.fromkeys(finding.check.replace("-", " ") for _, finding in found)
        title = f"{name}: {clip(', '.join(kinds), 80)}" + (
            f" ({many(len(found), 'finding')})" if len(found) > 1 else ""
        )
        bars.append(Bar(x, width, href(at), title, family_of(worst.check).key, _HEIGHTS[worst.severity]))
    middles = [x + width / 2 for x, width in places]
    arcs = dict.fromkeys(
        _arc(middles[a // per_bar], middles[b // per_bar]) for a, b in joins if a // per_bar != b // per_bar
    )
    return Atlas(tuple(bars), tuple(arcs)[:_MOST_ARCS], *_bracket(findings_at, middles, per_bar), per_bar)


def _places(lengths: Sequence[int]) -> list[tuple[float, float]]:
    """Position and width of each bar: a least width for all, the rest shared by length."""
    if not lengths:
        return []
    gap = 3.0 if len(lengths) <= _MOST_BARS // 2 else 1.0
    room = _WIDTH - gap * (len(lengths) - 1)
    least = min(_NARROWEST, 0.5 * room / len(lengths))
    rest, total = room - least * len(lengths), sum(lengths) or 1
    places, x = [], 0.0
    for length in lengths:
        width = least + rest * length / total
        places.append((round(x, 1), round(width, 1)))
        x += width + gap
    return places


def _arc(a: float, b: float) -> str:
    left, right = min(a, b), max(a, b)
    # Higher the farther apart, below the bracket in any case.
    top = 28 - min(22.0, 9 + (right - left) / 12)
    return f"M{left:.1f} 29C{left:.1f} {top:.1f} {right:.1f} {top:.1f} {right:.1f} 29"


def _bracket(
    findings_at: Mapping[int, Sequence[Finding]], middles: Sequence[float], per_bar: int
) -> tuple[str, str, float, float]:
    slots = [
        (index, finding)
        for index in sorted(findings_at)
        for finding in findings_at[index]
        if family_of(finding.check).key == "ad" and _SLOT.fullmatch(finding.text.strip())
    ]
    if len(slots) < 2:
        return "", "", 0, 0
    (first, opening), (last, closing) = slots[0], slots[-1]
    left, right = middles[first // per_bar], middles[last // per_bar]
    # Two markers side by side frame nothing.
    if right - left < 60:
        return "", "", 0, 0
    path = f"M{left:.1f} 28V6q0-6 6-6H{right - 6:.1f}q6 0 6 6V28"
    text = f"between {clip(flat(opening.text), 20)} and {clip(flat(closing.text), 20)}: the article"
    # 6.4 units is the advance of the 10.5 px monospaced letter.
    width = 6.4 * len(text) + 16
    return (path, text if right - left > width + 40 else "", round((left + right) / 2, 1), round(width, 1))
