"""Plain tables, for a terminal, for Markdown and for JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rich import box
from rich.table import Table
from rich.text import Text

from bycatch.output.console import safe

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its title, its columns, its rows, and a sentence below. Shares are floats and shown in per cent."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""


def for_terminal(sheet: Sheet) -> Table:
    """The sheet with aligned columns."""
    made = Table(
        title=Text(sheet.title, "bold"), title_justify="left", caption=Text(sheet.note, "dim") if sheet.note else None,
        caption_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim",
    )  # fmt: skip
    for number, column in enumerate(sheet.columns):
        numeric = _is_numeric(sheet, number)
        made.add_column(column, justify="right" if numeric else "left", no_wrap=numeric, overflow="fold")
    for row in sheet.rows:
        made.add_row(*(Text("\n".join(map(safe, written(cell).split("\n")))) for cell in row))
    return made


def markdown(sheet: Sheet) -> str:
    """The sheet as a Markdown table under its title."""
    rules = ["--:" if _is_numeric(sheet, number) else "---" for number in range(len(sheet.columns))]
    rows = [[_escaped(written(cell)) for cell in row] for row in sheet.rows]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in (list(sheet.columns), rules, *rows))
    return f"### {sheet.title}\n\n{table}\n" + (f"\n{sheet.note}\n" if sheet.note else "")


def written(cell: Cell) -> str:
    """A cell as it is read: shares in per cent with two digits, whole numbers with separators."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return "–"
    if isinstance(cell, float):
        return f"{100 * cell:.2f}"
    return f"{cell:,}" if isinstance(cell, int) else cell


def _is_numeric(sheet: Sheet, number: int) -> bool:
    cells = [row[number] for row in sheet.rows]
    return any(isinstance(cell, int | float) for cell in cells)


def _escaped(text: str) -> str:
    return safe(text).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
