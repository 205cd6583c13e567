"""Where articles come from, and the language that someone who keeps a corpus declares for it."""

from __future__ import annotations

import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field


def host(source: str) -> str:
    """The host of a URL, without ``www.``; empty for a source that is none."""
    try:
        return (urllib.parse.urlsplit(source.strip()).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


@dataclass(frozen=True)
class Declared:
    """Languages of articles that declare none: one for all (``lang``), and of single sources, which comes first.

    A source is a host ("example.org", with all hosts below it), a source as the articles name it, or a folder.
    """

    lang: str | None = None
    of_source: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, source: str | None, path: str) -> str | None:
        """The language for an article of the source and path."""
        if not self.of_source:
            return self.lang
        names = {source or ""}
        above = f".{host(source or '')}"
        names.update(above[at + 1 :] for at, character in enumerate(above) if character == ".")
        names.update(path[:at] for at, character in enumerate(path) if character == "/")
        given = [name for name in self.of_source if name.rstrip("/") in names]
        # The longest name says most: news.example.org before example.org.
        return self.of_source[max(given, key=len)] if given else self.lang
