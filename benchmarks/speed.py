"""How fast, against a loop that searches four literals in every line: `tox -e speed`, with peers `tox -e peers`.

Articles are made from the project's own clean articles and specimens by shuffling their paragraphs, 3 kB on average.
Every round times every operation once, in turn, so that a busy machine slows all of them; ratios are taken within a
round and the median over the rounds is shown. Peers that are not installed are left out and named.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from bycatch import Article, Catalog, load_catalog, read
from bycatch.inspection import examine_all
from bycatch.language import identify
from bycatch.runner import CHUNK_ARTICLES, run, settle

ROOT = Path(__file__).resolve().parents[1]
LANGUAGE = ("language-mismatch", "wrong-language", "foreign-span")
LINE_MODEL = ("boilerplate",)
MEAN_BYTES = 3000
LITERALS = ("[ad_1]", "Advertisement", "Source link", "Read more")
# Peers are slow: each sees as many articles as take it about a second or two.
PEER_ARTICLES = {"datatrove FineWeb": 300, "justext": 600, "langdetect per paragraph": 60, "dolma": 300}
PEER_DEFAULT = 100

Operation = Callable[[Sequence[Article]], object]


def made(count: int, seed: int = 7) -> list[Article]:
    """``count`` articles of shuffled paragraphs: most clean, one in ten with paragraphs of the specimens."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    clean: dict[str, list[str]] = {}
    damaged: dict[str, list[str]] = {}
    for folder, pool in (("articles", clean), ("specimens", damaged)):
        for article in read(ROOT / "corpus" / folder, on_failure=lambda _: None):
            lang = article.lang or Path(article.path).name[:2]
            pool.setdefault(lang, []).extend(paragraph.text for paragraph in article.paragraphs)
    languages = sorted(clean)
    articles = []
    for number in range(count):
        lang = languages[number % len(languages)]
        size = chance.uniform(0.3, 2.7) * MEAN_BYTES  # some languages have fewer
        pieces: list[str] = []
        pool = clean[lang][:]
        if number % 10 == 0:
            pool += damaged.get(lang, [])
        chance.shuffle(pool)
        # No paragraph twice, for a copy in the same article is a finding of its own.
        for piece in dict.fromkeys(pool):
            pieces.append(piece)
            size -= len(piece.encode()) + 2
            if size <= 0:
                break
        articles.append(Article(f"{number}", "\n\n".join(pieces), lang))
    return articles


def four_literals(articles: Sequence[Article]) -> int:
    """The reference: a pure Python loop over lines, one search for four literals in each."""
    search = re.compile("|".join(map(re.escape, LITERALS))).search
    return sum(search(line) is not None for article in articles for line in article.text.split("\n"))


def fresh(articles: Iterable[Article]) -> list[Article]:
    """The same articles without what was already worked out for them."""
    return [Article(a.id, a.text, a.lang) for a in articles]


def examined(catalog: Catalog) -> Operation:
    def operation(articles: Sequence[Article]) -> int:
        """In chunks, as a run does."""
        chunks = in_chunks(fresh(articles))
        return sum(len(outcome.findings) for chunk in chunks for outcome in examine_all(chunk, catalog))

    return operation


def in_chunks(articles: Sequence[Article]) -> Iterable[Sequence[Article]]:
    return (articles[at : at + CHUNK_ARTICLES] for at in range(0, len(articles), CHUNK_ARTICLES))


def own_operations(catalog: Catalog) -> dict[str, Operation]:
    absent = [name for name in (*LANGUAGE, *LINE_MODEL) if name in catalog.checks]
    book = catalog.phrasebook
    operations: dict[str, Operation] = {
        "phrases alone": lambda articles: [book.scan_all(chunk) for chunk in in_chunks(fresh(articles))],
        "all but language and line model": examined(catalog.only((), absent)),
        "default catalog": examined(catalog),
        "default catalog, with reports": lambda articles: reported(articles, catalog),
    }
    operations["naming the language"] = lambda articles: [identify(article.text) for article in articles]
    if any(name in catalog.checks for name in LINE_MODEL):
        operations["all but the line model"] = examined(catalog.only((), LINE_MODEL))
    try:
        from bycatch import admission  # noqa: F401
    except ImportError:
        return operations
    operations["default catalog, with gate"] = lambda articles: gated(articles, catalog)
    return operations


def reported(articles: Sequence[Article], catalog: Catalog) -> int:
    from bycatch.output import html

    with tempfile.TemporaryDirectory() as folder:
        html.write_site(run(fresh(articles), catalog, on_failure=print), catalog, Path(folder))
    return len(articles)


def gated(articles: Sequence[Article], catalog: Catalog) -> int:
    from bycatch import admission

    outcome = admission.admit(run(fresh(articles), catalog, on_failure=print), catalog, admission.suites_for(catalog))
    return sum(outcome.states.values())


def peer_operations() -> tuple[dict[str, Operation], list[str]]:
    """The peers that are installed here, and the names of those that are not."""
    from peers import OPERATIONS

    ready, missing = {}, []
    for name, make in OPERATIONS.items():
        try:
            ready[name] = make()
        except Exception as error:  # noqa: BLE001 - a peer that does not start is reported, not fatal
            missing.append(f"{name} ({type(error).__name__}: {error})"[:160])
    return ready, missing


def timed(operation: Operation, articles: Sequence[Article]) -> float:
    begun = time.process_time()
    operation(articles)
    return time.process_time() - begun


def gained(articles: Sequence[Article], jobs: int, rounds: int) -> float:
    """How many times as fast `bycatch check` of one file is with so many processes as with one; the median."""
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "articles.jsonl"
        with path.open("w", encoding="utf-8") as file:
            for article in articles:
                file.write(json.dumps({"id": article.id, "text": article.text, "lang": article.lang}) + "\n")
        for _ in range(rounds):
            seconds = []
            for processes in (1, jobs):
                command = [sys.executable, "-m", "bycatch", "check", "--format", "jsonl", "--jobs", str(processes)]
                begun = time.perf_counter()
                subprocess.run([*command, str(path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                seconds.append(time.perf_counter() - begun)
            ratios.append(seconds[0] / seconds[1])
    return statistics.median(ratios)


def shares(catalog: Catalog, articles: Sequence[Article]) -> dict[str, float]:
    """Seconds per check, each timed around its own `find`, and what the engine takes besides."""
    spent: dict[str, float] = {}

    def clocked(name: str, find: Callable[..., Iterable[object]]) -> Callable[..., Iterable[object]]:
        def timed_find(*given: object, **arguments: object) -> list[object]:
            begun = time.perf_counter()
            try:
                return list(find(*given, **arguments))
            finally:
                spent[name] = spent.get(name, 0.0) + time.perf_counter() - begun

        return timed_find

    from dataclasses import replace

    checks = {}
    for name, check in catalog.checks.items():
        clone = check
        if check.find:
            at_once = clocked(name, check.find_all) if check.find_all else None
            clone = replace(check, find=clocked(name, check.find), find_all=at_once)
        clone.__dict__["wants"] = check.wants
        checks[name] = clone
    clocked_catalog = Catalog(checks, catalog.digest)
    clocked_catalog.__dict__["phrasebook"] = catalog.phrasebook
    copies = fresh(articles)
    begun = time.perf_counter()
    for article in copies:
        _ = article.paragraphs
    spent["(folding and paragraphs)"] = time.perf_counter() - begun
    begun = time.perf_counter()
    for chunk in in_chunks(copies):
        catalog.phrasebook.scan_all(chunk)
    spent["(all phrases)"] = time.perf_counter() - begun
    for chunk in in_chunks(copies):
        examine_all(chunk, clocked_catalog)
    return dict(sorted(spent.items(), key=lambda pair: -pair[1]))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=int, default=2000, help="how many to make (the full run: 20000)")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--peers", action="store_true", help="time the peers installed in this environment as well")
    options.add_argument("--jobs", type=int, help="how much faster so many processes are, and nothing else")
    options.add_argument("--only", help="only operations whose name holds this")
    given = options.parse_args()
    articles = made(given.articles)
    size = sum(len(article.text.encode()) for article in articles)
    print(
        f"{len(articles):,} articles, {size / 1e6:.1f} MB, {size / len(articles):,.0f} bytes each, "
        f"{given.rounds} rounds"
    )
    catalog = load_catalog()
    settle(catalog)
    if given.jobs:
        print(f"{given.jobs} processes: {gained(articles, given.jobs, given.rounds):.2f} times as fast as one")
        return
    operations = own_operations(catalog)
    few: dict[str, int] = {}
    if given.peers:
        peers, missing = peer_operations()
        few = {name: next((n for key, n in PEER_ARTICLES.items() if key in name), PEER_DEFAULT) for name in peers}
        operations |= peers
        if missing:
            print("not installed:", *missing, sep="\n  ")
    if given.only:
        operations = {name: operation for name, operation in operations.items() if given.only in name}
    for name, operation in operations.items():
        operation(articles[: 30 if name in few else CHUNK_ARTICLES])
    ratios: dict[str, list[float]] = {name: [] for name in operations}
    rates: dict[str, list[float]] = {name: [] for name in operations}
    bare: list[float] = []
    for _ in range(given.rounds):
        for name, operation in operations.items():
            chosen = articles[: few.get(name, len(articles))]
            before = timed(four_literals, articles)
            taken = max(timed(operation, chosen), 1e-9)
            reference = len(articles) / statistics.mean((before, timed(four_literals, articles)))
            bare.append(reference)
            rates[name].append(len(chosen) / taken)
            ratios[name].append(len(chosen) / taken / reference)
    print(f"\n{'operation':38} {'ratio':>8} {'articles/s':>11} {'MB/s':>7}")
    print(f"{'four literals in every line':38} {1:8.4f} {statistics.median(bare):11,.0f} {'':7}")
    for name in operations:
        rate = statistics.median(rates[name])
        print(
            f"{name:38} {statistics.median(ratios[name]):8.4f} {rate:11,.0f} {rate * size / len(articles) / 1e6:7.2f}"
        )
    print(f"\npeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
    spent = shares(catalog, articles[:1000])
    total = sum(spent.values())
    print("\nshare of the time of the default catalog")
    for name, seconds in spent.items():
        if seconds / total >= 0.001:
            print(f"  {name:28} {seconds / total:6.1%}")
    print(
        "\n"
        + ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("bycatch", "ahocorasick-rs", "pycld2"))
    )


if __name__ == "__main__":
    main()
