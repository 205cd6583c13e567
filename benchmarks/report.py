"""A large report: how fast its pages are written, and its index in a real browser.

    python benchmarks/report.py [--rows 100000] [--pages 1000]

Prints one line a figure: the median of all searches, sorts and filters, the slowest of them by its own median, and the
longest time that was measured. Each counts from the event to the end of the layout that shows its rows. Pages are
written by one process, counted in seconds of its core, from results that are there; a page that has not changed is
compared and left alone. Needs Chromium, its driver and selenium.
"""

from __future__ import annotations

import argparse
import itertools
import random
import shutil
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from bycatch.catalog import Catalog, load_catalog
from bycatch.output.html import file_name, write_site
from bycatch.output.html.listing import Entry, listing
from bycatch.output.html.site import index_page
from bycatch.reading import read
from bycatch.runner import Result, run

SPECIMENS = Path(__file__).parents[1] / "corpus/specimens"
SYLLABLES = [
    a + b
    for a in ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w", "br", "st", "tr", "pl"]
    for b in ["a", "e", "i", "o", "u", "an", "er", "on", "il"]
]
LANGUAGES = ["en", "fr", "de", "es", "it", "pl", "ru", "ar", "tr", "pt"]
SEARCHES = ["the", "k", "zzzz", "trane", "site12", "an er", "s"]
CYRILLIC = str.maketrans("abdefgiklmnoprstuvwBDFGKLMNPRSTVW", "абдефгиклмнопрстувшБДФГКЛМНПРСТВШ")
COLUMNS = ["title", "errors", "warnings", "checks", "lang", "source", "words", "verdict"]
# Of five repetitions a busy machine may spoil two.
ROUNDS = 5
MEASURE = """
const [work, done] = arguments, start = performance.now();
const act = new Function(work);
act();
document.body.getBoundingClientRect();
done(performance.now() - start);
"""


def made(count: int) -> list[Entry]:
    """Rows like those of a crawl: two thousand sites, titles of six to twelve words, every row with a page.

    A third of the titles is in Cyrillic, so that the browser keeps all of them in two bytes a letter.
    """
    chance = random.Random(6)  # noqa: S311 - the same rows each time
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(20_000)]
    checks = sorted(load_catalog().checks)
    kinds = [tuple(sorted(chance.sample(checks, chance.randint(1, 5)))) for _ in range(400)]

    def row(number: int) -> Entry:
        common = (words[int(20_000 * chance.random() ** 3)] for _ in range(chance.randint(6, 12)))
        errors = chance.choice((0, 0, 0, 1, 2, 5))
        warnings = chance.choice((0, 0, 1, 3))
        title = " ".join(common).capitalize()
        return Entry(
            title=title if number % 3 else title.translate(CYRILLIC),
            id=f"{number:07}.txt",
            file=file_name(f"{number:07}.txt"),
            lang=chance.choice(LANGUAGES),
            site=f"site{int(2000 * chance.random() ** 2)}.example",
            state="held" if errors else "look" if warnings else "clean",
            errors=errors,
            warnings=warnings,
            notes=chance.randint(0, 3),
            words=int(chance.lognormvariate(6, 0.8)),
            checks=chance.choice(kinds) if errors or warnings else (),
        )

    return [row(number) for number in range(count)]


def results(count: int, catalog: Catalog) -> list[Result]:
    """The specimens with their findings, over and over under other names."""
    checked = list(run(read(SPECIMENS), catalog, on_failure=print))
    some = itertools.islice(itertools.cycle(checked), count)
    return [replace(result, article=replace(result.article, id=f"{n:07}.txt")) for n, result in enumerate(some)]


def written(count: int, catalog: Catalog, folder: Path) -> None:
    """Print how many pages a second are written, and how many are left alone where nothing has changed."""
    given = results(count, catalog)
    for what in ("written", "unchanged"):
        started = time.process_time()
        write_site(given, catalog, folder)
        seconds = time.process_time() - started
        sizes = [path.stat().st_size for path in folder.glob("articles/*/*.html")]
        minutes = 100_000 * seconds / len(sizes) / 60
        print(f"pages {what:11} {len(sizes) / seconds:.0f} a second: 100,000 in {minutes:.0f} minutes")
    found = sum(len(result.findings) for result in given) / count
    print(f"a page            {statistics.mean(sizes) / 1000:.0f} kB, {found:.1f} findings")


def opened(folder: Path) -> Any:
    options = webdriver.ChromeOptions()
    options.binary_location = next(p for p in map(shutil.which, ("chromium", "google-chrome")) if p)
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1440,1000"):
        options.add_argument(argument)
    browser = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    browser.set_script_timeout(60)
    browser.get((folder / "index.html").as_uri())
    return browser


def waited(browser: Any, flag: str) -> None:
    while browser.execute_script(f"return document.documentElement.dataset.{flag}") != "yes":
        time.sleep(0.05)


def timed(browser: Any, work: str) -> float:
    # The rows that are shown when scrolled to are made between two measurements, not in one.
    time.sleep(0.1)
    return float(browser.execute_async_script(MEASURE, work))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--pages", type=int, default=1_000)
    arguments = parser.parse_args()
    count = arguments.rows
    with tempfile.TemporaryDirectory() as name:
        folder, catalog = Path(name), load_catalog()
        if arguments.pages:
            written(arguments.pages, catalog, folder / "pages")
        write_site((), catalog, folder)
        html = index_page(listing(made(count), (), catalog), catalog).encode("utf-8", "replace")
        (folder / "index.html").write_bytes(html)
        print(f"rows              {count:,}")
        print(f"index             {len(html) / 1e6:.2f} MB")
        browser = opened(folder)
        try:
            waited(browser, "ready")
            first = browser.execute_script(
                "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
            )
            print(f"first picture     {first:.0f} ms" if first else "first picture     not reported by this browser")
            waited(browser, "idle")
            query = "const q = document.getElementById('q'); q.value = '{}'; q.dispatchEvent(new Event('input'));"
            kinds: dict[str, dict[str, list[float]]] = {"search": {}, "sort": {}, "filter": {}}

            def act(kind: str, what: str, work: str) -> None:
                kinds[kind].setdefault(what, []).append(timed(browser, work))

            for _ in range(ROUNDS):
                for text in SEARCHES:
                    act("search", text, query.format(text))
                timed(browser, query.format(""))
                for column in COLUMNS:
                    click = f"document.querySelector('th[data-key={column}] button').click()"
                    act("sort", column, click)
                    act("sort", f"{column}, turned round", click)
                    timed(browser, click)
                for control, value in (("check", "ad-marker"), ("lang", "fr"), ("source", "site1.example")):
                    change = f"const s = document.getElementById('{control}'); s.value = '{{}}';"
                    change += "s.dispatchEvent(new Event('change'));"
                    act("filter", control, change.format(value))
                    timed(browser, change.format(""))
            for name, actions in kinds.items():
                medians = {statistics.median(figures): what for what, figures in actions.items()}
                all_of_them = [figure for figures in actions.values() for figure in figures]
                slowest = f"slowest: {medians[max(medians)]!r} with {max(medians):.0f} ms"
                print(
                    f"{name:17} {statistics.median(all_of_them):.0f} ms; {slowest}; at worst {max(all_of_them):.0f} ms"
                )
        finally:
            browser.quit()


if __name__ == "__main__":
    main()
