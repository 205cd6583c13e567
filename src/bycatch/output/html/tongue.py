"""Language codes for a page: a safe ``lang`` attribute, a name to read, a direction."""

from __future__ import annotations

import re
from typing import Final

from bycatch import language_names

_CODE: Final = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,5}")


def code(lang: str | None) -> str:
    """The code as BCP 47 writes it, or an empty string for what is no code."""
    tidy = (lang or "").strip().replace("_", "-")
    return tidy if _CODE.fullmatch(tidy) else ""


def name(lang: str | None) -> str:
    """The English name of a language, its code where none is known, empty for what is no code."""
    return language_names.name_of(code(lang)) if code(lang) else ""


def direction(lang: str | None) -> str:
    """``rtl`` or ``ltr``, the side from which the language is read."""
    return language_names.direction(code(lang)) if code(lang) else "ltr"
