"""Monstrous articles at 1x, 2x and 4x: time must grow in step with size. `tox -e corners`.

Exit code 1 where a doubling takes more than 2.5 times as long, or an article longer than its bound.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections.abc import Callable

from bycatch import Article, Catalog, load_catalog
from bycatch.inspection import examine
from bycatch.runner import settle

# 2 is linear; the rest is what a busy machine adds.
GREATEST_RATIO = 2.5
# Seconds for the article of full size, which is 2 to 5 MB; a usual one takes a thousandth.
BOUND = 60.0
SENTENCE = "The council voted on Tuesday to keep the ferry, and nobody could say what the repairs would cost. "

INSERTS = (
    "Le conseil a voté mardi la rénovation du vieux moulin, et personne ne sait encore ce que cela coûtera. "
    "[the council voted on it] « nobody could say what the repairs of the old mill would cost the village » "
)


def phrases_of(catalog: Catalog, count: int) -> str:
    texts = [phrase.literal or phrase.text for check in catalog.checks.values() for phrase in check.phrases]
    return "\n\n".join(texts[n * 7919 % len(texts)] for n in range(count))


def corners(catalog: Catalog) -> dict[str, Callable[[int], str]]:
    """Each makes an article for a size in characters, more or less."""
    return {
        "one line of prose": lambda size: SENTENCE * (size // len(SENTENCE)),
        "short lines": lambda size: "\n".join(f"line {n % 977}" for n in range(size // 9)),
        "one word": lambda size: "ferry " * (size // 6),
        "one word, no spaces": lambda size: "a" * size,
        "all quotes": lambda size: "«»“”„“" * (size // 6),
        "all straight quotes": lambda size: "\"'" * (size // 2),
        "all brackets": lambda size: "[" * size,
        "nested brackets": lambda size: "(" * (size // 2) + ")" * (size // 2),
        "empty brackets": lambda size: "[](){}" * (size // 6),
        "phrases": lambda size: phrases_of(catalog, size // 30),
        "phrases in one line": lambda size: phrases_of(catalog, size // 30).replace("\n\n", " "),
        "deep markup": lambda size: "<div>" * (size // 11) + "</div>" * (size // 11),
        "markup that never closes": lambda size: "<a <a " * (size // 6),
        "entities": lambda size: "&amp;" * (size // 5),
        "near-identical paragraphs": lambda size: "\n\n".join(
            f"{SENTENCE}It was meeting number {n}, and the ferry left {n % 7} times." for n in range(size // 160)
        ),
        "identical paragraphs": lambda size: "\n\n".join([SENTENCE.strip()] * (size // 100)),
        "controls": lambda size: "\x92" * size,
        "controls in words": lambda size: "l\x92eau " * (size // 6),
        "mojibake": lambda size: "Ã© " * (size // 3),
        "zero-width": lambda size: "a\u200b" * (size // 2),
        "combining marks": lambda size: "e\u0301" * (size // 2),
        "one letter, many marks": lambda size: "e" + "\u0301" * size,
        "numbers": lambda size: "1 2 " * (size // 4),
        "separators": lambda size: "a | " * (size // 4),
        "spaces": lambda size: "a" + " " * size + "b",
        "full stops": lambda size: "word. word " * (size // 11),
        "names": lambda size: "".join(
            f" and Ush{chr(97 + n % 26)}k{chr(97 + n // 26 % 26)}ov" for n in range(size // 12)
        ),
        "addresses": lambda size: "https://example.org/a " * (size // 22),
        "shortcodes": lambda size: "[ad_1] " * (size // 7),
        "hyphens": lambda size: "- " * (size // 2),
        "inserts": lambda size: INSERTS * (size // len(INSERTS)),
        "Chinese": lambda size: "河边的磨坊星期天再次转动，" * (size // 13),
    }


def seconds(text: str, catalog: Catalog) -> float:
    article = Article("corner", text, "fr")
    begun = time.process_time()
    examine(article, catalog)
    return time.process_time() - begun


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--size", type=int, default=1_000_000, help="characters at 4x")
    options.add_argument("--only", default="", help="corners whose name holds this")
    options.add_argument("--select", default="", help="checks, with commas")
    given = options.parse_args()
    catalog = load_catalog().only(given.select.split(",") if given.select else ())
    seconds(SENTENCE * 2000, catalog)
    settle(catalog)
    bad = 0
    print(f"{'article':28} {'1x':>7} {'2x':>7} {'4x':>7}   ratios")
    for name, make in corners(catalog).items():
        if given.only not in name or ("phrases" in name and not catalog.phrasebook.rules):
            continue
        # Phrases are compiled when they are first met.
        seconds(make(given.size), catalog)
        times = [min(seconds(make(given.size // part), catalog) for _ in range(2)) for part in (4, 2, 1)]
        # Below a twentieth of a second the clock's noise is larger than the ratio.
        ratios = [after / max(before, 0.05) for before, after in itertools.pairwise(times)]
        wrong = max(ratios) > GREATEST_RATIO or times[-1] > BOUND
        bad += wrong
        shown = " ".join(f"{seconds_:7.2f}" for seconds_ in times)
        print(f"{name:28} {shown}   {ratios[0]:.2f} {ratios[1]:.2f}{'   TOO MUCH' if wrong else ''}", flush=True)
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
