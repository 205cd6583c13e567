"""``bycatch explain``: what a check finds and why, from its own file."""

from __future__ import annotations

import re

from rich.table import Table
from rich.text import Text

from bycatch.catalog import Catalog, Check, Example
from bycatch.output.console import STYLES, plural, safe


def table(catalog: Catalog) -> Table:
    """All checks, one row each."""
    shown = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("check", "severity", "finds", "phrases"):
        shown.add_column(heading, justify="right" if heading == "phrases" else "left")
    for check in sorted(catalog.checks.values(), key=lambda c: c.id):
        count = sum(p.kind != "not" for p in check.phrases)
        shown.add_row(
            Text(check.id, "bold"), Text(check.severity, STYLES[check.severity]), Text(check.title),
            f"{count:,}" if count else "",
        )  # fmt: skip
    return shown


def page(check: Check) -> Text:
    """One check: why it matters, its cure, its examples and its languages."""
    text = Text.assemble(
        (check.id, "bold"), "  ", (check.severity, STYLES[check.severity]), f"\n{check.title}\n\n{check.why}\n"
    )
    if check.fix != "none":
        safety = "safe" if check.severity == "error" else "after a look"
        text.append(f"\nFix: {check.fix} ({safety})\n")
    for heading, examples in (("Found", check.flags), ("Left alone", check.passes), ("Known misses", check.misses)):
        if examples:
            text.append(f"\n{heading}\n", "bold")
        for example in examples:
            text.append(f"  {example.name}\n", "dim")
            marked, at = Text("    "), 0
            for start, end in example.spans:
                marked.append(_flat(example.text[at:start]))
                marked.append(_flat(example.text[start:end]), "reverse")
                at = end
            text.append_text(marked.append(_flat(example.text[at:]))).append("\n")
    langs = sorted({lang for phrase in check.phrases for lang in phrase.langs} - {"any"})
    if langs:
        text.append(f"\n{plural(len(check.phrases), 'phrase')} in {', '.join(langs)}\n", "dim")
    return text.append(f"\n{check.path}\n", "dim")


def _flat(text: str) -> str:
    return safe(text.replace("\n\n", " ¶ "))


def markdown(catalog: Catalog) -> str:
    """All checks as one Markdown document: docs/checks.md, held equal to the check files by a test."""
    parts = ["# The checks", "", "Written by `bycatch explain --markdown` from the files in `checks/`.", ""]
    for check in sorted(catalog.checks.values(), key=lambda c: c.id):
        parts += [f"## {check.id}", "", f"*{check.severity}* · {check.title}", "", check.why, ""]
        if check.fix != "none":
            safety = "safe" if check.severity == "error" else "after a look"
            parts += [f"Fix: {check.fix} ({safety}).", ""]
        for heading, examples in (("Found", check.flags), ("Left alone", check.passes), ("Known misses", check.misses)):
            if examples:
                parts += [f"{heading}:", ""]
                parts += [f"- {example.name}: {_code(example)}" for example in examples] + [""]
        langs = sorted({lang for phrase in check.phrases for lang in phrase.langs} - {"any"})
        if langs:
            parts += [f"Languages: {', '.join(langs)}.", ""]
    return "\n".join(parts).rstrip() + "\n"


def _code(example: Example) -> str:
    """The example as inline code, the parts that are found in ⟦ ⟧."""
    pieces, at = [], 0
    for start, end in example.spans:
        pieces += [example.text[at:start], "⟦", example.text[start:end], "⟧"]
        at = end
    flat = safe("".join((*pieces, example.text[at:])).replace("\n\n", " ¶ ")).replace("\n", " ")
    # A fence longer than any run of backticks inside (CommonMark 6.1).
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", flat)), default=0))
    pad = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{fence}{pad}{flat}{pad}{fence}"
