"""How long a text is, and how that is said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

# Chinese and Japanese are written without spaces: each character counts as a word, as word processors count.
_UNSPACED: Final = re.compile(
    "[\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


def words(text: str) -> int:
    """Words of a text: what spaces part, and each Chinese or Japanese character for itself."""
    if text.isascii() or not _UNSPACED.search(text):
        return len(text.split())
    return len(_UNSPACED.sub(" ", text).split()) + len(_UNSPACED.findall(text))


def size(count: int) -> str:
    """Bytes in the unit a person would use."""
    if count < 1000:
        return many(count, "byte")
    return f"{count / 1e3:.1f} kB" if count < 1e6 else f"{count / 1e6:,.1f} MB"


def many(count: int, noun: str, plural: str = "") -> str:
    """``1 word``, ``1,234 words``, ``no words``."""
    if count == 1:
        return f"1 {noun}"
    return f"{count:,} {plural or noun + 's'}" if count else f"no {plural or noun + 's'}"


def listed(items: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def share(part: float, whole: float) -> str:
    """A percentage that says 100 % and 0 % only where that is exact."""
    if not part or not whole:
        return "0%"
    if part == whole:
        return "100%"
    percent = 100 * part / whole
    if percent < 0.1:
        return "under 0.1%"
    if percent > 99.9:
        return "99.9%"
    return f"{percent:.1f}%" if percent < 10 or percent > 90 else f"{percent:.0f}%"
