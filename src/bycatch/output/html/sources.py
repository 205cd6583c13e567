"""Where an article comes from, as the report groups it."""

from __future__ import annotations

import urllib.parse
from typing import Final

from bycatch.output.html.glyphs import clip, flat

_LONGEST: Final = 80


def site(source: str | None) -> str:
    """The host of a URL; any other source as it is."""
    tidy = flat(source or "")
    if "://" not in tidy:
        return clip(tidy, _LONGEST)
    try:
        host = urllib.parse.urlsplit(tidy).hostname or tidy
    except ValueError:
        host = tidy
    return clip(host.removeprefix("www."), _LONGEST)
