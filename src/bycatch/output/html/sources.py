"""Where an article comes from, as the report groups it."""

from __future__ import annotations

from typing import Final

from bycatch.output.html.glyphs import clip, flat
from bycatch.sources import host

_LONGEST: Final = 80


def site(source: str | None) -> str:
    """The host of a URL; any other source as it is."""
    tidy = flat(source or "")
    return clip((host(tidy) if "://" in tidy else "") or tidy, _LONGEST)
