"""How long one article takes from a cold start, beside the libraries of the command line alone: `tox -e start`.

Prints the median of the processor's time of both, byte code and catalog cached, and their ratio.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROUNDS = 15
# Enough for a first vote to name its language; a text that needs a second loads another detector.
TEXT = """The ferry across the bay has carried mail, cattle and schoolchildren since the spring of the great flood.

The council voted on Monday to keep it running for another winter, although the engine is older than the captain.

Most of the islanders say that they would rather pay a higher fare than take the long road around the bay.
"""
LIBRARIES = ("-c", "import click, rich.console")


def spent(arguments: tuple[str, ...], folder: Path) -> float:
    """Seconds of the processor."""
    environment = {
        name: value for name, value in os.environ.items() if name not in ("PYTHONDONTWRITEBYTECODE", "BYCATCH_CACHE")
    }
    environment |= {"PYTHONPYCACHEPREFIX": str(folder / "code"), "BYCATCH_CACHE": str(folder / "cache")}
    before = _children()
    subprocess.run(
        [sys.executable, *arguments],
        cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    return _children() - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "one.txt").write_text(TEXT, encoding="utf-8")
        check = ("-m", "bycatch", "check", "one.txt")
        for arguments in (LIBRARIES, check, check):
            spent(arguments, folder)
        rounds = [(spent(LIBRARIES, folder), spent(check, folder)) for _ in range(ROUNDS)]
    libraries, whole = (statistics.median(times) for times in zip(*rounds, strict=True))
    print(f"click and rich {libraries:.3f} s, bycatch check {whole:.3f} s: {whole / libraries:.1f} times")


if __name__ == "__main__":
    main()
