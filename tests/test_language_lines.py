"""What is said of languages: by phrases, of languages no detector knows, and of honest sentences in bulk."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from bycatch.article import Article
from bycatch.catalog import load_catalog
from bycatch.inspection import inspect

Run = Callable[..., Result]
# Documents as JSON lines, {"main": code, "lines": [{"t": text, "y": "native" …}]}; not part of the project.
SENTENCES = os.environ.get("BYCATCH_LANGUAGE")


def _langs(text: str, lang: str) -> list[str | None]:
    return [finding.lang for finding in inspect(Article("a", text, lang), load_catalog()) if finding.phrase]


@pytest.mark.parametrize("lang", ["da", "de", "es", "nl", "no", "sv", "tr"])
def test_a_phrase_of_many_languages_is_in_the_one_of_its_article(lang: str) -> None:
    assert _langs("Foto: Anna Weber", lang) == [lang]


def test_a_phrase_of_few_letters_says_nothing_of_the_rest() -> None:
    assert _langs("© Der Bote, Lyon 2015", "fr") == [None]


def test_furniture_in_another_language_says_which() -> None:
    assert _langs("Leave a Comment", "fr") == ["en"]


def test_a_language_without_a_detector_is_said_to_have_none(bycatch: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("L'alcalde dimitió'l martes y naide sabe quién va ocupar el so puestu.\n", encoding="utf-8")
    run = bycatch("check", file, "--lang", "ast")
    assert "foreign lines not looked for in 1 article: no detector for ast" in run.stderr
    assert "no detector" not in bycatch("check", file, "--lang", "es").stderr


@pytest.mark.skipif(not SENTENCES, reason="BYCATCH_LANGUAGE names no file of sentences")
def test_of_two_thousand_honest_sentences_one_at_most_is_called_foreign() -> None:
    catalog = load_catalog()
    sentences = flagged = 0
    for article, native in _documents(Path(str(SENTENCES))):
        sentences += len(native)
        foreign = [
            finding.span
            for finding in inspect(article, catalog)
            if finding.check == "language-mismatch" or finding.lang not in (None, article.lang)
        ]
        flagged += sum(any(start <= at < end for start, end in foreign) for at in native)
    assert sentences
    assert flagged <= max(1, sentences / 2000), f"{flagged} of {sentences}"


def _documents(path: Path) -> Iterator[tuple[Article, list[int]]]:
    """Each document as an article, and where its sentences in the article's own language begin."""
    for number, row in enumerate(path.read_text(encoding="utf-8").strip().split("\n")):
        document: dict[str, Any] = json.loads(row)
        at, native = 0, []
        for line in document["lines"]:
            if line["y"] == "native" and not line.get("span"):
                native.append(at)
            at += len(line["t"]) + 2
        text = "\n\n".join(" ".join(line["t"].splitlines()) for line in document["lines"])
        yield Article(str(number), text, document["main"]), native
