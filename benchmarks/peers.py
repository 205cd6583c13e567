"""Other tools' filters with their defaults, as operations for `speed.py`; each is made only where it is installed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bycatch import Article

Operation = Callable[[Sequence[Article]], object]


def _datatrove(*names: str) -> Operation:
    from datatrove.data import Document
    from datatrove.pipeline import filters

    languages = {"de": "deu", "es": "spa", "fr": "fra", "it": "ita", "nl": "nld", "pl": "pol", "pt": "por", "sv": "swe"}
    made: dict[tuple[str, str], Any] = {}

    def one(name: str, lang: str) -> Any:
        if (name, lang) not in made:
            # Its C4 and quality filters split sentences and words in a language that is named when they are made.
            made[name, lang] = getattr(filters, name)(language=languages.get(lang, "eng"))
        return made[name, lang]

    def operation(articles: Sequence[Article]) -> int:
        kept = 0
        for article in articles:
            document = Document(text=article.text, id=article.id)
            # All of them see every article, as bycatch's checks do.
            verdicts = [one(name, article.lang or "en").filter(document) is True for name in names]
            kept += all(verdicts)
        return kept

    return operation


def _dolma(module: str, name: str) -> Operation:
    import importlib

    from dolma.core.data_types import Document

    tagger = getattr(importlib.import_module(module), name)()
    return lambda articles: [tagger.predict(Document(source="", id=a.id, text=a.text)) for a in articles]


def _justext() -> Operation:
    import html

    import justext

    stop = frozenset().union(*(justext.get_stoplist(name) for name in ("English", "German", "French", "Spanish")))

    def operation(articles: Sequence[Article]) -> int:
        kept = 0
        for article in articles:
            page = "".join(f"<p>{html.escape(p)}</p>" for p in article.text.split("\n\n"))
            kept += sum(not p.is_boilerplate for p in justext.justext(page.encode(), stop))
        return kept

    return operation


def _langdetect() -> Operation:
    from langdetect import LangDetectException, detect

    def operation(articles: Sequence[Article]) -> int:
        told = 0
        for article in articles:
            for paragraph in article.text.split("\n\n"):
                try:
                    told += detect(paragraph) == article.lang
                except LangDetectException:
                    continue
        return told

    return operation


_FOUR = ("C4QualityFilter", "GopherQualityFilter", "GopherRepetitionFilter", "FineWebQualityFilter")
OPERATIONS: dict[str, Callable[[], Operation]] = {
    "datatrove C4": lambda: _datatrove(_FOUR[0]),
    "datatrove Gopher quality": lambda: _datatrove(_FOUR[1]),
    "datatrove Gopher repetition": lambda: _datatrove(_FOUR[2]),
    "datatrove FineWeb": lambda: _datatrove(_FOUR[3]),
    "datatrove, all four": lambda: _datatrove(*_FOUR),
    "dolma c4_v2": lambda: _dolma("dolma.taggers.c4", "FasterC4Tagger"),
    "dolma gopher_v2": lambda: _dolma("dolma.taggers.gopher", "GopherTaggerV2"),
    "justext": _justext,
    "langdetect per paragraph": _langdetect,
}
