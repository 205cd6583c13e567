"""How much memory a run takes, and how it grows with the corpus: one JSONL file of 1 kB articles, streamed.

Prints the peak of the parent and of its largest worker for two sizes, and the bytes that each article more adds.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from speed import made

SIZE = 1000
# Resident memory is read from the system's own account of a process and its children, when they have ended.
MEASURED = """
import json, resource, sys
from bycatch.cli import main
try:
    main()
finally:
    own, others = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(json.dumps([own, others]), file=sys.stderr)
"""


def write(path: Path, count: int) -> None:
    """So many articles of about 1 kB, no two the same."""
    texts = [(article.text[:SIZE], article.lang) for article in made(500)]
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            beginning, lang = texts[number % len(texts)]
            text = f"{beginning}\n\n{number}, {lang}"
            file.write(json.dumps({"id": str(number), "text": text, "lang": lang}) + "\n")


def peaks(arguments: list[str]) -> tuple[float, float, float]:
    """Seconds, and the peak memory in megabytes of the parent and of its largest child."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    if done.returncode == 2:
        sys.exit(done.stderr)
    own, others = json.loads(done.stderr.strip().splitlines()[-1])
    # macOS counts in bytes, Linux in kilobytes.
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return time.perf_counter() - begun, own / unit, others / unit


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=int, nargs=2, default=(10_000, 100_000))
    options.add_argument("command", nargs="*", default=["check", "--jobs", "2", "--format", "jsonl"])
    given = options.parse_args()
    measured = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "articles.jsonl"
        for count in given.articles:
            write(path, count)
            seconds, own, others = peaks([*given.command, str(path)])
            print(f"{count:9,} articles {seconds:8.1f} s   parent {own:6.0f} MB   largest worker {others:6.0f} MB")
            measured.append((count, seconds, own, others))
    (few, quick, small, _), (many, slow, large, _) = measured
    print(f"{(large - small) * 1e6 / (many - few):,.0f} bytes an article more; {slow / quick:.1f} times the time")


if __name__ == "__main__":
    main()
