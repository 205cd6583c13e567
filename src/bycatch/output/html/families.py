"""Families of checks: what a reader tells apart at a glance. The one table that maps a check to its family."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Family:
    """A group of checks with a word, an icon ``#i-KEY`` and the CSS classes ``t-KEY``, ``m-KEY`` and ``f-KEY``."""

    key: str
    title: str


FAMILIES: Final = (
    Family("ad", "Ad markers"),
    Family("rep", "Repeats"),
    Family("fur", "Site furniture"),
    Family("lang", "Language and quotes"),
    Family("cap", "Captions and credits"),
    Family("enc", "Encoding and markup"),
    Family("all", "The whole text"),
    Family("own", "Other checks"),
)
_BY_KEY: Final = {family.key: family for family in FAMILIES}

# Checks that are not listed, such as those of a project's own, belong to "Other checks".
_CHECKS: Final = {
    "ad": ("ad-marker",),
    "rep": ("repeated-caption", "repeated-paragraph", "near-repeat"),
    "fur": (
        "source-link", "stray-navigation", "teaser", "read-also", "story-link", "comment-form", "share-prompt",
        "newsletter-prompt", "paywall", "cookie-notice", "copyright-line", "script-notice", "error-page",
        "editorial-notice", "boilerplate", "site-template",
    ),
    "lang": (
        "language-mismatch", "foreign-span", "wrong-language", "quote-debris", "mixed-quotes", "stray-punctuation",
        "name-variant",
    ),
    "cap": ("loose-caption", "photo-credit"),
    "enc": ("mojibake", "invisible-character", "leftover-markup", "template-residue"),
    "all": ("truncated-text", "thin-article", "duplicate-article", "near-duplicate-article"),
}  # fmt: skip
_FAMILY_OF: Final = {check: _BY_KEY[key] for key, checks in _CHECKS.items() for check in checks}


def family_of(check: str) -> Family:
    """The family of a check id."""
    return _FAMILY_OF.get(check, _BY_KEY["own"])
