"""What stands beside each specimen, and a script to write it: ``python tests/expected.py corpus/specimens/NAME.txt``.

The script prints what bycatch finds now. It saves typing and decides nothing: read every finding as an editor would,
take out what is a false alarm, add what was missed, and mend the check until it agrees.

Format, one table per finding in any order; ``article`` only where the file holds several records::

    [[finding]]
    check = "ad-marker"
    line = 3
    text = "[ad_1]"
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from bycatch import Catalog, Failure, load_catalog, read
from bycatch.runner import run

ROOT: Final = Path(__file__).resolve().parents[1]
# They judge an article against others or by a model, so no single specimen can show them.
BY_COMPARISON: Final = ("boilerplate", "site-template", "duplicate-article", "near-duplicate-article")
SUFFIX: Final = ".expected.toml"


class Expected(NamedTuple):
    """One finding as it is written beside a specimen; ``article`` is empty for a file that is one article."""

    check: str
    line: int
    text: str
    article: str = ""


def catalog() -> Catalog:
    """The checks of this checkout, without those no single article can show."""
    checks = load_catalog(ROOT / "checks", builtins=False)
    return checks.only(ignore=[name for name in BY_COMPARISON if name in checks.checks])


def beside(specimen: Path) -> Path:
    """The file that holds what a specimen must show."""
    return specimen.with_suffix(SUFFIX)


def written(specimen: Path) -> list[Expected]:
    """The findings written beside a specimen."""
    table = tomllib.loads(beside(specimen).read_text(encoding="utf-8"))
    return sorted(Expected(**finding) for finding in table["finding"])


def found(path: Path, checks: Catalog, *, severities: Iterable[str] = ("error", "warning", "note")) -> list[Expected]:
    """The findings of one file, of the given severities."""
    return sorted(
        Expected(finding.check, finding.line, finding.text, result.article.id if result.article.record else "")
        for result in run(read(path), checks, on_failure=_refuse)
        for finding in result.findings
        if finding.severity in severities
    )


def _refuse(failure: Failure) -> None:
    raise AssertionError(str(failure))


def as_toml(findings: Iterable[Expected]) -> str:
    """Findings as they are written beside a specimen, in order of place."""
    pieces = []
    for finding in sorted(findings, key=lambda f: (f.article, f.line, f.check, f.text)):
        rows = [f"check = {_quoted(finding.check)}", f"line = {finding.line}", f"text = {_quoted(finding.text)}"]
        if finding.article:
            rows.insert(0, f"article = {_quoted(finding.article)}")
        pieces.append("\n".join(("[[finding]]", *rows)) + "\n")
    return "\n".join(pieces)


def _quoted(text: str) -> str:
    """A TOML string in which every character shows: quotes, controls and what has no ink are escaped."""
    pieces = []
    for character in text:
        if character in '"\\':
            pieces.append("\\" + character)
        elif character == " " or character.isprintable():
            pieces.append(character)
        else:
            code = ord(character)
            pieces.append(f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")
    return '"' + "".join(pieces) + '"'


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(as_toml(found(Path(name), catalog())), end="")
