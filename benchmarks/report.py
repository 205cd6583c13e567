"""The index of a large report in a real browser: its size, and how long opening, searching and sorting take.

    python benchmarks/report.py [--rows 100000]

Prints one line a figure: the median of the repetitions and, in brackets, the slowest. A search or a sort counts from
the event to the end of the layout that shows its rows. Needs Chromium, its driver and selenium.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from bycatch.catalog import load_catalog
from bycatch.output.html import file_name, write_site
from bycatch.output.html.listing import Entry, listing
from bycatch.output.html.site import index_page

SYLLABLES = [
    a + b
    for a in ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w", "br", "st", "tr", "pl"]
    for b in ["a", "e", "i", "o", "u", "an", "er", "on", "il"]
]
LANGUAGES = ["en", "fr", "de", "es", "it", "pl", "ru", "ar", "tr", "pt"]
SEARCHES = ["the", "k", "zzzz", "trane", "site12", "an er", "s"]
COLUMNS = ["title", "errors", "warnings", "checks", "lang", "source", "words", "verdict"]
MEASURE = """
const [work, done] = arguments, start = performance.now();
const act = new Function(work);
act();
document.body.getBoundingClientRect();
done(performance.now() - start);
"""


def made(count: int) -> list[Entry]:
    """Rows like those of a crawl: two thousand sites, titles of six to twelve words from a vocabulary of 20,000."""
    chance = random.Random(6)  # noqa: S311 - the same rows each time
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(20_000)]
    checks = sorted(load_catalog().checks)
    kinds = [tuple(sorted(chance.sample(checks, chance.randint(1, 5)))) for _ in range(400)]

    def row(number: int) -> Entry:
        common = (words[int(20_000 * chance.random() ** 3)] for _ in range(chance.randint(6, 12)))
        errors = chance.choice((0, 0, 0, 1, 2, 5))
        warnings = chance.choice((0, 0, 1, 3))
        return Entry(
            title=" ".join(common).capitalize(),
            id=f"{number:07}.txt",
            file=file_name(f"{number}"),
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
    count = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as name:
        folder, catalog = Path(name), load_catalog()
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
            searches, sorts, filters = [], [], []
            for _ in range(3):
                searches += [timed(browser, query.format(text)) for text in SEARCHES]
                timed(browser, query.format(""))
                for column in COLUMNS:
                    click = f"document.querySelector('th[data-key={column}] button').click()"
                    sorts += [timed(browser, click), timed(browser, click)]
                    timed(browser, click)
                for control, value in (("check", "ad-marker"), ("lang", "fr"), ("source", "site1.example")):
                    change = f"const s = document.getElementById('{control}'); s.value = '{{}}';"
                    change += "s.dispatchEvent(new Event('change'));"
                    filters.append(timed(browser, change.format(value)))
                    timed(browser, change.format(""))
            for name, figures in (("search", searches), ("sort", sorts), ("filter", filters)):
                print(f"{name:17} {statistics.median(figures):.0f} ms ({max(figures):.0f} ms)")
        finally:
            browser.quit()


if __name__ == "__main__":
    main()
