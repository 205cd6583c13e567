"""``bycatch init``: the folders of a corpus project, with a check to start from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bycatch.content import builtin

_CHECK: Final = '''title    = "House furniture"
severity = "error"
message  = "A line of the site's own furniture."
fix      = "delete paragraph"
why      = """
Lines that your sources put around every article. Replace the phrase below by one of yours; `pytest checks` tests it."""

[phrases]                # one line a language; {n} stands for a number, … for other words
en = ["This is an example line of site furniture"]

[flags]                  # must be found, exactly the part in brackets
"at the end" = "The council met on Monday.\\n\\n⟦This is an example line of site furniture⟧"

[passes]                 # must stay silent
"in a sentence" = "She said that this is an example line of site furniture and laughed."
'''
_IGNORE: Final = "site/\n"


def lay_out(folder: Path) -> Iterator[str]:
    """Create what is missing, touch nothing that is there; yield a line for each step.

    Raises OSError where the folder cannot be written.
    """
    for name in ("checks", "corpus/articles", "expectations", "reports"):
        place = folder / name
        existed = place.is_dir()
        place.mkdir(parents=True, exist_ok=True)
        yield f"{'kept   ' if existed else 'created'} {place}/"
    for name, text in (("checks/house-furniture.toml", _CHECK), ("reports/.gitignore", _IGNORE)):
        file = folder / name
        if file.exists():
            yield f"kept    {file}"
            continue
        file.write_text(text, encoding="utf-8")
        yield f"created {file}"
    for suite in sorted(builtin("expectations").glob("*.json")):
        file = folder / "expectations" / suite.name
        existed = file.exists()
        if not existed:
            file.write_bytes(suite.read_bytes())
        yield f"{'kept   ' if existed else 'created'} {file}"
    yield "Put articles into corpus/articles and run: bycatch gate corpus"
