"""Writing systems: which one a text is in, and whether it says anything in it or is a name in its own letters."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from bycatch.language_names import SCRIPTS

_RANGES: Final = (
    ("Greek", "\u0370-\u03ff\u1f00-\u1fff"),
    ("Cyrillic", "\u0400-\u052f\u1c80-\u1c8f\ua640-\ua69f"),
    ("Armenian", "\u0530-\u058f"),
    ("Hebrew", "\u05d0-\u05f4\ufb1d-\ufb4f"),
    ("Arabic", "\u0620-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc"),
    ("Devanagari", "\u0900-\u097f"),
    ("Bengali", "\u0980-\u09ff"),
    ("Gurmukhi", "\u0a00-\u0a7f"),
    ("Gujarati", "\u0a80-\u0aff"),
    ("Oriya", "\u0b00-\u0b7f"),
    ("Tamil", "\u0b80-\u0bff"),
    ("Telugu", "\u0c00-\u0c7f"),
    ("Kannada", "\u0c80-\u0cff"),
    ("Malayalam", "\u0d00-\u0d7f"),
    ("Sinhala", "\u0d80-\u0dff"),
    ("Thai", "\u0e00-\u0e7f"),
    ("Lao", "\u0e80-\u0eff"),
    ("Tibetan", "\u0f00-\u0fff"),
    ("Myanmar", "\u1000-\u109f"),
    ("Georgian", "\u10a0-\u10ff\u1c90-\u1cbf\u2d00-\u2d2f"),
    ("Ethiopic", "\u1200-\u137f"),
    ("Khmer", "\u1780-\u17ff"),
    ("Hangul", "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"),
    ("Kana", "\u3041-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"),
    ("Han", "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"),
)
# A name in its own script ("习近平", "Владимир Путин") belongs into many an article, and menus name each language in
# its own letters. A clause is longer; where words have no spaces between them, its letters are counted.
_LETTERS_OF_A_CLAUSE: Final = {"Han": 8, "Kana": 8} | dict.fromkeys(("Thai", "Lao", "Tibetan", "Myanmar", "Khmer"), 20)
_WORDS_OF_A_CLAUSE: Final = 4
_GRAMMAR_IN_HAN: Final = re.compile("[\u3041-\u3096、。，]")
_BRACKETED: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|（[^（）]*）")
# Headlines and names of committees do without kana or hangul; no Japanese or Korean sentence of this length does.
_HAN_WITHOUT_KANA: Final = 30
# One language to a script, or languages that are too near to tell or that no two votes know (Yiddish, Kazakh); Chinese
# and Japanese are told by kana.
_TOLD_BY_SCRIPT: Final = frozenset(
    {"am", "ar", "be", "bo", "el", "fa", "gu", "he", "hi", "hy", "ja", "ka", "km", "kn", "ko", "lo", "ml", "mr", "my"}
    | {"ne", "ru", "si", "ta", "te", "th", "ur", "zh"}
)


def is_told_by_script(main: str) -> bool:
    """Whether `is_own_script` can say anything of texts in a language."""
    return main in _TOLD_BY_SCRIPT


def is_own_script(text: str, main: str) -> bool:
    """Whether the letters alone say that a text is in a language, or in one never told from it."""
    if main not in _TOLD_BY_SCRIPT or text.isascii():
        return False
    # Korean may hold Han, but what is all Han is Chinese.
    scripts = SCRIPTS[main] - {"Han"} if main == "ko" else SCRIPTS[main]
    # A space belongs to a run, for one find a line is cheaper than one a word; only the letters count.
    own = "".join(_runs(scripts).findall(text))
    if 2 * (len(own) - own.count(" ")) <= len(text):
        return False
    if main == "ja":
        # A tenth and more of Japanese is kana; a single の adorns many a Chinese sign.
        return 10 * _count("Kana", text) >= len(text)
    return main != "zh" or _letters_of("Kana").search(text) is None


def alien_script(text: str, scripts: frozenset[str]) -> str | None:
    """The script, neither Latin nor one of ``scripts``, that most of the text's letters are in."""
    if text.isascii():
        return None
    alien = "".join(_outside(scripts).findall(text))
    # Letters are counted one by one only where they may decide.
    if not alien or (2 * len(alien) < len(text) and 2 * len(alien) < sum(map(str.isalpha, text))):
        return None
    counts: dict[str, int] = {}
    for script, _ in _RANGES:
        if script not in scripts and (count := _count(script, alien)):
            counts[script] = count
            if count == len(alien):
                break
    script = max(counts, key=lambda name: counts[name])
    # Japanese is kana among Han, and only Japanese is.
    if script == "Han" and 10 * counts.get("Kana", 0) >= counts["Han"]:
        script = "Kana"
    return script


def is_clause(text: str, script: str) -> bool:
    """Whether a line in a script is long enough to be no name in its own letters, and no name of a language."""
    text = _BRACKETED.sub(" ", text)
    if script in _LETTERS_OF_A_CLAUSE:
        letters = sum(_count(kind, text) for kind in {script, *({"Han"} if script == "Kana" else ())})
        # Hiragana and commas are grammar: names in Han or katakana do without.
        spoken = script in ("Han", "Kana") and (len(_GRAMMAR_IN_HAN.findall(text)) >= 2 or "，" in text)
        return letters >= _LETTERS_OF_A_CLAUSE[script] - (3 if spoken else 0)
    letters_of = _letters_of(script)
    words = [word for word in text.split() if letters_of.search(word)]
    if script in ("Cyrillic", "Greek"):
        return sum(len(word) > 1 and word.islower() for word in words) >= 2
    return len(words) >= _WORDS_OF_A_CLAUSE


def is_chinese(text: str) -> bool:
    """Whether a line with Han in it is no Japanese or Korean one."""
    if _letters_of("Kana").search(text) or _letters_of("Hangul").search(text):
        return False
    # The full-width comma is Chinese, too.
    return _count("Han", text) >= (_HAN_WITHOUT_KANA * 2 // 3 if "，" in text else _HAN_WITHOUT_KANA)


@cache
def _runs(scripts: frozenset[str]) -> re.Pattern[str]:
    return re.compile("[" + "".join(letters for script, letters in _RANGES if script in scripts) + " ]+")


@cache
def _outside(scripts: frozenset[str]) -> re.Pattern[str]:
    return re.compile("[" + "".join(letters for script, letters in _RANGES if script not in scripts) + "]+")


def _count(script: str, text: str) -> int:
    """How many letters of a script there are in a text."""
    return len("".join(_letters_of(script).findall(text)))


# Runs of letters, for one find a word is cheaper than one a letter.
@cache
def _letters_of(script: str) -> re.Pattern[str]:
    return re.compile("[" + dict(_RANGES)[script] + "]+")
