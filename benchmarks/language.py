"""Foreign lines in articles: langdetect alone, the other votes alone, and bycatch, in one run.

usage: python benchmarks/language.py [DOCUMENTS.jsonl …] [--documents N] [--native] [--markdown]

The file, or the one that BYCATCH_LANGUAGE names, has one document per line: {"main": code, "lines": [{"t": text,
"y": "native", "foreign", "neutral" or "mixed", "sim": true where its language is close to the article's}]}. A
detector alone flags a line when the language it names is not the article's, near languages forgiven. "The vote" is
bycatch's own on single lines, "all checks" its findings in the whole article, furniture phrases of other languages
among them. Positive are foreign lines; mixed lines and those in a near language are not scored.

Last come the native lines by themselves, document by document and without what was put in, and the paragraphs of the
project's own articles: how many are called foreign in each language. `--native` prints this table alone; more files
may follow the first.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from rich.console import Console

from bycatch import read
from bycatch.article import Article, Span
from bycatch.bench import covered
from bycatch.catalog import load_catalog
from bycatch.inspection import inspect
from bycatch.language import foreign, is_known, same_language
from bycatch.output import tables

ARTICLES = Path(__file__).resolve().parents[1] / "corpus" / "articles"
Detect = Callable[[str, str], bool]
ALL_CHECKS = "bycatch, all checks"
# Words, and the name of the row.
LENGTHS = ((3, "1–3 words"), (5, "4–5 words"), (10, "6–10 words"), (20, "11–20 words"), (10**9, "21 words and more"))


@dataclass
class Score:
    """Lines flagged rightly, wrongly, and not."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, *, flagged: bool, is_foreign: bool) -> None:
        """Count one line."""
        self.right += flagged and is_foreign
        self.wrong += flagged and not is_foreign
        self.missed += is_foreign and not flagged

    @property
    def cells(self) -> tuple[float, float]:
        """Precision and recall."""
        return _share(self.right, self.right + self.wrong), _share(self.right, self.right + self.missed)


@dataclass
class Method:
    """One way to tell a foreign line, its time and its scores by row of the table."""

    detect: Detect | None
    seconds: float = 0.0
    strings: int = 0
    rows: dict[str, Score] = field(default_factory=dict)

    def add(self, names: Sequence[str], *, flagged: bool, is_foreign: bool) -> None:
        """Count one line in all its rows."""
        for name in names:
            self.rows.setdefault(name, Score()).add(flagged=flagged, is_foreign=is_foreign)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


def _another(lang: str | None, main: str) -> bool:
    return bool(lang) and not (is_known(str(lang)) and same_language(str(lang), main))


def detectors() -> dict[str, Detect]:
    import pycld2
    from eld import LanguageDetector
    from langdetect import DetectorFactory, detect
    from langdetect.lang_detect_exception import LangDetectException

    DetectorFactory.seed = 0
    eld = LanguageDetector()

    def by_langdetect(text: str, main: str) -> bool:
        try:
            return _another(detect(text), main)
        except LangDetectException:
            return False

    def by_cld2(text: str, main: str) -> bool:
        try:
            code = pycld2.detect(text)[2][0][1]
        except pycld2.error:
            return False
        return _another(None if code == "un" else code, main)

    def by_eld(text: str, main: str) -> bool:
        return _another(eld.detect(text).language, main)

    def by_vote(text: str, main: str) -> bool:
        return foreign(text, main) is not None

    return {
        "langdetect alone": by_langdetect, "pycld2 alone": by_cld2, "eld alone": by_eld, "bycatch, the vote": by_vote,
    }  # fmt: skip


def documents(path: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    with path.open(encoding="utf-8") as rows:
        for number, row in enumerate(rows, 1):
            try:
                document = json.loads(row)
                yield (
                    document["main"],
                    [line | {"t": " ".join(line["t"].splitlines())} for line in document["lines"] if line["y"]],
                )
            except (ValueError, KeyError, TypeError) as error:
                sys.exit(f"{path}:{number}: not a document with main and lines: {error!r}")


def found_by_all(lines: Sequence[dict[str, Any]], main: str, catalog: Any) -> Collection[int]:
    spans, at = [], 0
    for line in lines:
        spans.append(Span(at, at + len(line["t"])))
        at += len(line["t"]) + 2
    findings = inspect(Article("0", "\n\n".join(line["t"] for line in lines), main), catalog)
    return covered(
        spans,
        (
            f.span for f in findings
            if f.check == "language-mismatch" or (f.check != "foreign-span" and _another(f.lang, main))
        ),
    )  # fmt: skip


def measure(path: Path, most: int | None) -> dict[str, Method]:
    catalog = load_catalog()
    methods = {name: Method(detect) for name, detect in detectors().items()}
    # The first call of each loads its profiles, which is no part of its speed.
    for method in methods.values():
        if method.detect:
            method.detect("The first call loads the profiles of every language.", "fr")
    methods[ALL_CHECKS] = Method(None)
    for number, (main, lines) in enumerate(documents(path)):
        if most is not None and number >= most:
            break
        ours = found_by_all(lines, main, catalog)
        for at, line in enumerate(lines):
            is_foreign = line["y"] == "foreign"
            scored = line["y"] in ("native", "neutral") or (is_foreign and not line.get("sim"))
            words = len(line["t"].split())
            names = ("all", next(name for top, name in LENGTHS if words <= top), main)
            for method in methods.values():
                if method.detect is None:
                    flagged = at in ours
                else:
                    began = time.perf_counter()
                    flagged = method.detect(line["t"], main)
                    method.seconds += time.perf_counter() - began
                    method.strings += 1
                if scored:
                    method.add(names, flagged=flagged, is_foreign=is_foreign)
    return methods


def sheets(methods: dict[str, Method]) -> Iterator[tables.Sheet]:
    columns = ["", "foreign", *(f"{name}: {letter}" for name in methods for letter in "PR")]
    first = next(iter(methods.values())).rows
    lengths = [name for _, name in LENGTHS if name in first]
    rows: list[list[tables.Cell]] = []
    for name in ("all", *lengths, *sorted(set(first) - {"all", *lengths})):
        scores = [method.rows[name] for method in methods.values()]
        rows.append([name, scores[0].right + scores[0].missed, *(cell for score in scores for cell in score.cells)])
    yield tables.Sheet("Foreign lines: precision and recall in per cent", columns, rows)
    slowest = methods["langdetect alone"]
    speeds: list[list[tables.Cell]] = [
        [name, f"{method.strings / method.seconds:,.0f}", f"{slowest.seconds / method.seconds:.1f}"]
        for name, method in methods.items()
        if method.strings
    ]
    yield tables.Sheet(
        "Speed", ("", "strings a second", "times langdetect's"), speeds,
        "One core, the machine as busy as it is: compare the last column.",
    )  # fmt: skip


def natives(paths: Sequence[Path], most: int | None) -> tables.Sheet:
    """Honest text: its lines, and those of them that any check calls foreign."""
    catalog = load_catalog()
    lines: Counter[str] = Counter()
    flagged: Counter[str] = Counter()
    for lang, texts in chain(
        (pair for path in paths for pair in islice(native_lines(path), most)),
        (
            (article.lang or Path(article.path).name[:2], [paragraph.text for paragraph in article.paragraphs])
            for article in read(ARTICLES, on_failure=lambda failure: sys.exit(str(failure)))
        ),
    ):
        lines[lang] += len(texts)
        flagged[lang] += len(found_by_all([{"t": text} for text in texts], lang, catalog))
    rows: list[list[tables.Cell]] = [
        [lang, lines[lang], flagged[lang], f"{2000 * flagged[lang] / lines[lang]:.2f}"] for lang in sorted(lines)
    ]
    rows.append(["together", lines.total(), flagged.total(), f"{2000 * flagged.total() / lines.total():.2f}"])
    return tables.Sheet("Native lines called foreign", ("", "lines", "called foreign", "of 2,000"), rows)


def native_lines(path: Path) -> Iterator[tuple[str, list[str]]]:
    for lang, lines in documents(path):
        if texts := [line["t"] for line in lines if line["y"] == "native" and not line.get("span")]:
            yield lang, texts


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("documents", nargs="*", type=Path, default=[Path(os.environ.get("BYCATCH_LANGUAGE", ""))])
    ap.add_argument("--documents", dest="most", type=int, metavar="N", help="the first N documents of each file")
    ap.add_argument("--native", action="store_true", help="native lines called foreign, and nothing else")
    ap.add_argument("--markdown", action="store_true")
    given = ap.parse_args()
    if given.documents == [Path()]:
        print("nothing to score: name a file of documents, or set BYCATCH_LANGUAGE to its path")
        return
    for path in given.documents:
        if not path.is_file():
            sys.exit(f"{path}: no such file")
    printed: list[tables.Sheet] = []
    if not given.native:
        methods = measure(given.documents[0], given.most)
        if not methods[ALL_CHECKS].rows:
            sys.exit(f"{given.documents[0]}: no document in it")
        printed += sheets(methods)
    for sheet in (*printed, natives(given.documents, given.most)):
        if given.markdown:
            print(tables.markdown(sheet))
        else:
            Console(width=None if sys.stdout.isatty() else 190).print(tables.for_terminal(sheet))


if __name__ == "__main__":
    main()
