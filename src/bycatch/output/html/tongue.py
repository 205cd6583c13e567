"""Language codes for a page: a safe ``lang`` attribute, a name to read, a direction."""

from __future__ import annotations

import re
from typing import Final

_CODE: Final = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,5}")
_RIGHT_TO_LEFT: Final = {
    "ar",
    "arc",
    "ckb",
    "dv",
    "fa",
    "he",
    "iw",
    "ks",
    "ku-arab",
    "ps",
    "sd",
    "syr",
    "ug",
    "ur",
    "yi",
}
_NAMES: Final = {"en": "English", "fr": "French", "de": "German", "ar": "Arabic", "he": "Hebrew", "fa": "Persian"}


def code(lang: str | None) -> str:
    """The code as BCP 47 writes it, or an empty string for what is no code."""
    tidy = (lang or "").strip().replace("_", "-")
    return tidy if _CODE.fullmatch(tidy) else ""


def name(lang: str | None) -> str:
    """The English name of a language, its code where it has none here."""
    tidy = code(lang)
    return _NAMES.get(tidy.split("-")[0].lower(), tidy) or "unknown language"


def direction(lang: str | None) -> str:
    """``rtl`` or ``ltr``, the side from which the language is read."""
    return "rtl" if code(lang).split("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"
