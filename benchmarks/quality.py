"""Bycatch and its peers on the same labelled lines, in one run and one table.

usage: python benchmarks/quality.py [LABELLED.parquet] [--renderers NAME,…] [--tiers A,P] [--sample N] [--markdown]

The file, or the one that BYCATCH_BENCH names, has one row per line of a page (see `bycatch bench --help`). Of every
rendering each tool says which lines it would take out; the figures are those of `bycatch bench`. The peers come from
their published packages (`tox -e peers` installs them) and run with their defaults, arranged in their favour where
they expect a page and get its lines:

- datatrove: the line rules of its C4 filter; its rules that drop a whole page for one line are off.
- jusText: each line one paragraph without links; its stop words where it has a list of the language, else its
  language-independent mode; both passes.
- boilerpy3: each line one <p>; the extractor for articles, and the one that counts words.
"""

from __future__ import annotations

import argparse
import html
import os
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

from rich.console import Console

from bycatch.article import Article, Failure, Span
from bycatch.bench import Tally, deleted, tally
from bycatch.catalog import load_catalog
from bycatch.errors import UserError
from bycatch.labelled import Page, read_labelled
from bycatch.language import is_known, name_of
from bycatch.output import scorecard, tables
from bycatch.runner import run

Rule = Callable[[Page], Collection[int]]


def datatrove() -> dict[str, Rule]:
    from datatrove.data import Document
    from datatrove.pipeline.filters import C4QualityFilter

    rules = C4QualityFilter(min_num_sentences=-1, filter_lorem_ipsum=False, filter_curly_bracket=False)

    def taken_out(page: Page) -> set[int]:
        hits = set()
        for number, text in enumerate(page.texts):
            line = Document(text=" ".join(text.split()), id="")
            if not rules.filter(line) or not line.text:
                hits.add(number)
        return hits

    return {f"datatrove {version('datatrove')}, C4 line rules": taken_out}


def justext() -> dict[str, Rule]:
    from justext import core, get_stoplist, get_stoplists
    from justext.paragraph import Paragraph

    listed = get_stoplists()
    place = core.PathInfo().append("html").append("body").append("p")

    def words_of(lang: str) -> frozenset[str]:
        name = name_of(lang) if lang and is_known(lang) else ""
        # The one language whose list has another name.
        name = "Norwegian_Bokmal" if name == "Norwegian" else name
        return get_stoplist(name) if name in listed else frozenset()

    def taken_out(page: Page) -> set[int]:
        paragraphs = []
        for text in page.texts:
            paragraphs.append(Paragraph(place))
            paragraphs[-1].append_text(text)
        words = words_of(page.lang)
        thresholds = {} if words else {"stopwords_low": 0, "stopwords_high": 0}
        core.classify_paragraphs(paragraphs, words, **thresholds)
        core.revise_paragraph_classification(paragraphs)
        return {number for number, paragraph in enumerate(paragraphs) if paragraph.is_boilerplate}

    return {f"jusText {version('justext')}": taken_out}


def boilerpy3() -> dict[str, Rule]:
    from boilerpy3 import extractors

    def rule(extractor: extractors.Extractor) -> Rule:
        def taken_out(page: Page) -> set[int]:
            lines = [" ".join(text.split()) for text in page.texts]
            body = "".join(f"<p>{html.escape(line)}</p>\n" for line in lines)
            document = extractor.get_doc(f"<html><body>{body}</body></html>")
            hits, number = set(range(len(lines))), 0
            # Blocks that it joins keep a line end between their lines; lines without a word are in no block.
            for block in document.text_blocks:
                for piece in filter(None, (" ".join(part.split()) for part in block.text.split("\n"))):
                    at = next((n for n in range(number, len(lines)) if lines[n] == piece), None)
                    if at is not None:
                        number = at + 1
                        hits -= {at} if block.is_content else set()
            return hits

        return taken_out

    name = f"boilerpy3 {version('boilerpy3')}"
    return {
        f"{name}, ArticleExtractor": rule(extractors.ArticleExtractor(raise_on_failure=False)),
        f"{name}, NumWordsRulesExtractor": rule(extractors.NumWordsRulesExtractor(raise_on_failure=False)),
    }


def peers() -> dict[str, Rule]:
    """The rules of every peer that is installed; the others are named on standard error."""
    rules: dict[str, Rule] = {}
    for make in (datatrove, justext, boilerpy3):
        try:
            rules |= make()
        except ImportError as error:
            print(
                f"{make.__name__} is not installed and left out ({error}); `tox -e peers` installs it", file=sys.stderr
            )
    return rules


def scored(pages: Iterator[Page], rules: Mapping[str, Rule]) -> dict[str, list[Tally]]:
    """What each tool comes to, page by page: bycatch first."""
    pending: dict[str, tuple[Page, list[Span]]] = {}
    failures: list[Failure] = []

    def articles() -> Iterator[Article]:
        for number, page in enumerate(pages):
            article, spans = page.article(str(number))
            pending[article.id] = page, spans
            yield article

    found: dict[str, list[Tally]] = {}
    ours = f"bycatch {version('bycatch')}"
    for result in run(articles(), load_catalog(), on_failure=failures.append):
        page, spans = pending.pop(result.article.id)
        hits = {
            f"{ours}, safe deletions": deleted(spans, result.findings, safe=True),
            f"{ours}, all deletions offered": deleted(spans, result.findings),
            "every line": range(len(page.texts)),
        }
        for name, lines in (hits | {name: rule(page) for name, rule in rules.items()}).items():
            found.setdefault(name, []).append(tally(page, lines))
    for failure in failures:
        print(f"failed: {failure}", file=sys.stderr)
    return found


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("labelled", nargs="?", default=os.environ.get("BYCATCH_BENCH"))
    ap.add_argument("--renderers", default="traf_recall,readab,ptags")
    ap.add_argument("--tiers", default="A,P")
    ap.add_argument("--sample", type=int, help="the first N pages of each data set")
    ap.add_argument("--markdown", action="store_true")
    given = ap.parse_args()
    if not given.labelled:
        print("nothing to score: name a labelled Parquet file, or set BYCATCH_BENCH to its path")
        return
    if not Path(given.labelled).is_file():
        sys.exit(f"{given.labelled}: no such file")
    try:
        pages = read_labelled(
            Path(given.labelled),
            renderers=filter(None, given.renderers.split(",")),
            tiers=filter(None, given.tiers.split(",")),
            sample=given.sample,
        )
        found = scored(pages, peers())
    except UserError as error:
        sys.exit(str(error))
    rows = [[name, *row[1:]] for name, tallies in found.items() for row in [next(scorecard.figure_rows(tallies))]]
    sheet = tables.Sheet("Lines taken out", ("", *scorecard.COLUMNS), rows, scorecard.LEGEND)
    if given.markdown:
        print(tables.markdown(sheet), end="")
    else:
        Console(width=None if sys.stdout.isatty() else 190).print(tables.for_terminal(sheet))


if __name__ == "__main__":
    main()
