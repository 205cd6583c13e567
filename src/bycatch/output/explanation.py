"""``bycatch explain``: what a check finds and why, from its own file."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from bycatch.catalog import Catalog, Check
from bycatch.output.console import _STYLES, plural, safe


def table(catalog: Catalog) -> Table:
    """All checks, one row each."""
    shown = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("check", "severity", "finds", "phrases"):
        shown.add_column(heading, justify="right" if heading == "phrases" else "left")
    for check in sorted(catalog.checks.values(), key=lambda c: c.id):
        count = sum(p.kind != "not" for p in check.phrases)
        shown.add_row(
            Text(check.id, "bold"), Text(check.severity, _STYLES[check.severity]), Text(check.title),
            f"{count:,}" if count else "",
        )  # fmt: skip
    return shown


def page(check: Check) -> Text:
    """One check: why it matters, its cure, its examples and its languages."""
    text = Text.assemble(
        (check.id, "bold"), "  ", (check.severity, _STYLES[check.severity]), f"\n{check.title}\n\n{check.why}\n"
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
