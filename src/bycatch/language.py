"""Languages: which one an article is written in, and which of its lines are in another.

No detector is right about raw lines: names, scores, captions, capitals and quotations fool all of them. So a line is
prepared first (addresses, hashtags, quotations and names go; what is left in lower case is evidence), and votes are
taken in order of price: pycld2, which acquits nineteen lines in twenty; the little words of both languages; eld; and
langdetect, seeded and warmed up, which must agree before a line is called foreign. The detectors are imported where
they are first used.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from heapq import nlargest
from typing import Final

from bycatch.language_names import (
    DEFAULTS,
    NAMES,
    NEVER_FOREIGN,
    SCRIPTS,
    UnknownLanguage,
    direction,
    name_of,
    normal,
    same_language,
    similar,
)
from bycatch.language_words import JOINTS, little_words, telling_words

__all__ = [
    "Makeup", "UnknownLanguage", "described", "direction", "foreign", "identify", "is_known", "known", "main_language",
    "makeup", "name_of", "normal", "same_language", "supported",
]  # fmt: skip

# What the votes see of a text: more adds time, not certainty (each is at its best from about 100 characters on).
_ENOUGH: Final = 400
# Evidence: lower-case words left after preparation. Two are a title's "of the"; three hold (measured: at two,
# precision falls from .99 to .96 unless the little words speak clearly).
_EVIDENCE: Final = 3
# Spanish and Italian, Polish and Czech: short stretches are the same in both.
_EVIDENCE_IN_SIMILAR: Final = 6

# An article's makeup is read off its two dozen longest paragraphs; shorter ones are captions and furniture.
_SAMPLED: Final = 24
_LONG_PARAGRAPH: Final = 60
# Below both, one quoted passage or a long legal notice would be most of the article.
_PARAGRAPHS_TO_JUDGE: Final = 5
_LETTERS_TO_JUDGE: Final = 400
# pycld2's percentage of the article's own language above which there is no second one worth looking for.
_ALL_BUT_ALL: Final = 70
# Not all: a wrongly declared article may quote the declared language, and short lines escape the vote.
_ALMOST_ALL: Final = 0.75
# An article in two languages gives a third to each, in several paragraphs; less is an insert.
_A_GOOD_PART: Final = 1 / 3
_PARAGRAPHS_OF_EACH: Final = 3

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
_UNSPACED: Final = frozenset({"Thai", "Lao", "Tibetan", "Myanmar", "Khmer", "Kana", "Han"})
# A name in its own script ("习近平", "Владимир Путин") belongs into many an article. A clause is longer.
_LETTERS_OF_A_CLAUSE: Final = 8
_WORDS_OF_A_CLAUSE: Final = 4
_GRAMMAR_IN_HAN: Final = re.compile("[\u3041-\u3096、。，]")
# Headlines and names of committees do without kana or hangul; no Japanese or Korean sentence of this length does.
_HAN_WITHOUT_KANA: Final = 30

_NOISE: Final = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+|[#@]\w+|\b[\w-]+(?:\.[\w-]+)+(?:/\S*)?|\b\w*\d\w*")
_ASIDES: Final = re.compile(
    r"\[[^\[\]]{1,2000}\]|\([^()]{1,2000}\)|«[^«»]{1,2000}»|“[^“”]{1,2000}”|„[^„“”]{1,2000}[“”]|\"[^\"]{1,2000}\"|”[^”]{1,2000}”|‘[^‘’]{1,2000}’|「[^「」]{1,2000}」"
)
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’ʼ`][^\W\d_]+)*['’]?")
_CODE: Final = re.compile(r"[{}=;<>\\|$_~^]|\(\)|::|//|->")
# Three such marks are more than a sentence holds; one of these is enough.
_CODE_MARKS: Final = 3
_SURELY_CODE: Final = re.compile(
    r"\w\(\)|\w_\w|\w=[\w\"“']| [-+*]?=+ |#!|`[^`]{1,80}`|[$%][a-z]|\(\[|[(\[][\"']|[{}]|(?:^| )/\w+/\w"
    r"|\bSELECT [\w*]|^(?:\$|>>>|#) |(?:^|\s)--[a-z]+(?:-[a-z]+)+"
)
_REFERENCE: Final = re.compile(
    r"\((?:19|20)\d\d[a-z]?\)|\b(?:pp?|[Vv]ol|[Nn]r|[Nn]o|[Ee]ds?|Hrsg|Hg)\. ?\d?|\b(?:doi|DOI|ISBN|ISSN|arXiv)\b"
    r"|\bet al\b|\b[A-Z]\.(?:[ -]?[A-Z]\.)*(?=,|;| &)|\b\d+ ?\(\d+\)[,:]|\b\d+[-–]\d+\b|\b[A-Z][a-z]+, [A-Z]\."
    r"|[;.:] (?:19|20)\d\d[.,;)]|[.,] [A-Z]\w+: [A-Z]|\b[A-Z]\w+, [A-Z]\w+[.:] (?=[A-Z\d])"
    r"|\b(?:University Press|Verlag|Publishers?|Journal of|Proceedings of|Routledge|Springer|Elsevier)\b"
)
_SURELY_REFERENCE: Final = re.compile(
    r"\((?:19|20)\d\d[a-z]?\)(?:: |\. (?=[A-Z]))|\b(?:doi|DOI):|\b(?:19|20)\d\d; ?\d+[(:]"
    r"|\b(?:ISBN|ISSN)\b|\bet al\.|^\W*\d{1,3}[\].]? [A-Z]\w+, [A-Z]"
)
# One is a year or a page in any sentence; two are a reference.
_REFERENCE_MARKS: Final = 2
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A line as the votes see it: ``text`` without names and asides, its words in lower case, and how many speak.

    ``framed``: its first and last words are capitalised, as a title's are.
    """

    text: str
    words: tuple[str, ...]
    evidence: int
    capitals: int
    numbers: bool
    framed: bool


def known() -> tuple[str, ...]:
    """The codes of all languages known by name."""
    return tuple(NAMES)


def is_known(code: str) -> bool:
    """Whether a code names a language, in any of its spellings."""
    try:
        normal(code)
    except UnknownLanguage:
        return False
    return True


def supported(code: str) -> bool:
    """Whether lines foreign to an article in this language can be told: at least pycld2 must know it."""
    return normal(code) in _cld2_codes()


def identify(text: str) -> str | None:
    """The language of a text as a code, or None where there is too little to tell.

    The longest lines speak for it: menus, captions and notices are short.
    """
    # 12 lines of 300 characters are more than any vote needs and keep a 10 MB article as cheap as a short one.
    # Counted in bytes, for a Chinese line says as much as an English one three times as long.
    lines = nlargest(12, text.splitlines(), key=lambda line: len(line.encode("utf-8", "replace")))
    longest = len(lines[0]) if lines else 0
    sample = "\n".join(line[:300] for line in lines if 4 * len(line) >= min(longest, 300))
    if (script := _alien_script(sample, frozenset())) is not None:
        return _named(sample, script)
    # A name or a label has no language; three words in lower case are the least that has one.
    prepared = prepare(sample[: 2 * _ENOUGH])
    if prepared.evidence < _EVIDENCE:
        return None
    first, percent, reliable = _cld2(sample)
    # pycld2 alone is right on all 652 development articles of this size; shorter texts need a second vote.
    if first not in NEVER_FOREIGN and reliable and prepared.evidence >= 20 and percent >= 50:
        # Croatian and Bosnian are one to a detector, and far more is published in Croatian.
        return "hr" if first == "bs" else first
    second = _eld(prepared.text)
    return second if second == first or second == _langdetect(prepared.text[:_ENOUGH]) else None


def foreign(text: str, main: str) -> str | None:
    """The code of the language ``text`` is in where that is certainly another than ``main`` (normal codes), or None."""
    head = text[:_ENOUGH]
    if (script := _alien_script(head, SCRIPTS.get(main, frozenset()))) is not None:
        return _alien(head, script, main)
    if main in ("ja", "ko") and _is_chinese(head):
        return "zh"
    if _cld2(head)[0] == main or _is_code(head) or _is_reference(head):
        return None
    line = prepare(head)
    # Below two words in lower case even the little words are chance, and letters set apart ("A A A") are no words.
    spoken = line.evidence >= 2 and any(len(word) > 1 for word in line.words)
    return _voted(line, main) if spoken else None


def _voted(line: Prepared, main: str) -> str | None:
    first, _, _ = _cld2(line.text)
    if first == main or first in NEVER_FOREIGN:
        return None
    second = _eld(line.text)
    if second is None or same_language(second, main):
        return None
    for lang in dict.fromkeys((second, first)):
        if lang is None or not _possible(lang, main) or not _evident(line, first, lang, main):
            continue
        third = _langdetect(line.text)
        if third is None or same_language(third, main):
            return None
        # Short English is Danish to one and Tagalog to another: two votes will do where its little words speak.
        together = [first, second, third].count(lang) >= 2
        if (lang == second and same_language(third, lang)) or (together and _speaking(line, lang, main)):
            return lang
    return None


def _possible(lang: str, main: str) -> bool:
    if not is_known(lang) or lang in NEVER_FOREIGN or same_language(lang, main):
        return False
    # A line in Latin letters is in no language of another script, whatever its letters recall.
    return lang not in SCRIPTS or bool(SCRIPTS[lang] & SCRIPTS.get(main, frozenset()))


@dataclass(frozen=True, slots=True)
class Makeup:
    """An article that is not simply in its language: all of it in ``lang`` (``wrong``), or a good part of it."""

    lang: str
    wrong: bool
    first: int


def makeup(paragraphs: Sequence[str], main: str) -> Makeup | None:
    """Whether an article is in another language than ``main``, or honestly in two; None for all others.

    ``first`` of the answer is the index of the first long paragraph in the other language.
    """
    longest = sorted(nlargest(_SAMPLED, range(len(paragraphs)), key=lambda i: len(paragraphs[i])))
    parts = {index: part for index in longest if len(part := paragraphs[index][:_ENOUGH]) >= _LONG_PARAGRAPH}
    total = sum(map(len, parts.values()))
    if len(parts) < _PARAGRAPHS_TO_JUDGE and total < _LETTERS_TO_JUDGE:
        return None
    whole = "\n".join(part[: _ENOUGH // 2] for part in parts.values())
    top, percent, _ = _cld2(whole)
    if top == main and percent > _ALL_BUT_ALL:
        return None
    votes = {index: foreign(part, main) for index, part in parts.items()}
    others = [lang for lang in votes.values() if lang is not None]
    if not others:
        return None
    other = max(sorted(set(others)), key=others.count)
    theirs = [index for index, lang in votes.items() if lang == other]
    share = sum(len(parts[index]) for index in theirs) / total
    if share >= _ALMOST_ALL and _langdetect(prepare(whole[: 4 * _ENOUGH]).text) == other:
        return Makeup(other, wrong=True, first=theirs[0])
    ours = [index for index, text in parts.items() if votes[index] is None and _cld2(text)[0] == main]
    own = sum(len(parts[index]) for index in ours) / total
    if min(share, own) >= _A_GOOD_PART and min(len(theirs), len(ours)) >= _PARAGRAPHS_OF_EACH:
        return Makeup(other, wrong=False, first=theirs[0])
    return None


def main_language(code: str | None) -> str | None:
    """The normal code of an article's language; None where none is declared, or one that no vote knows."""
    return normal(code) if code is not None and is_known(code) and supported(code) else None


def described(lang: str, main: str) -> str:
    """Both languages in words: "English in a French article"."""
    name = name_of(main)
    return f"{name_of(lang)} in {'an' if name[0] in 'AEIO' else 'a'} {name} article"


def _evident(line: Prepared, first: str | None, second: str, main: str) -> bool:
    """Whether the line holds enough evidence for its language to be asked for at all."""
    theirs, ours = _little(line, second, main)
    # A short line in both languages is in neither.
    if ours > theirs or (ours and line.evidence < _EVIDENCE_IN_SIMILAR and theirs <= 3 * ours):
        return False
    # German writes every noun with a capital.
    names = line.capitals > (2 if second == "de" else 1) * line.evidence
    if _is_title(line):
        return False
    if similar(second, main) or not little_words(second):
        return line.evidence >= _EVIDENCE_IN_SIMILAR or (line.evidence >= _EVIDENCE and theirs >= 2 and not ours)
    if line.evidence >= _EVIDENCE_IN_SIMILAR:
        return True
    # Measures and prices leave abbreviations behind ("1/2 tsp vanilla"), which recall any language.
    sure = first == second or not line.numbers
    if line.evidence >= _EVIDENCE:
        return sure and (theirs >= 1 or first == second)
    # "The Lord of the Rings" and "Game of Thrones" are names: more words in capitals than not.
    return sure and theirs >= 1 and not ours and not names


def _is_title(line: Prepared) -> bool:
    """Whether all but articles and prepositions is capitalised, as in the names of works, laws and institutions."""
    return line.framed and line.capitals >= max(2, line.evidence) and all(word in JOINTS for word in line.words[1:])


def _speaking(line: Prepared, second: str, main: str) -> bool:
    """Whether the little words alone would settle it: langdetect takes short English for Danish or Catalan."""
    theirs, ours = _little(line, second, main)
    return theirs >= 2 and not ours and line.evidence >= _EVIDENCE


def _little(line: Prepared, second: str, main: str) -> tuple[int, int]:
    theirs, ours = telling_words(second, main), telling_words(main, second)
    return sum(word in theirs for word in line.words), sum(word in ours for word in line.words)


def prepare(text: str) -> Prepared:
    """Take out what has no language: addresses, hashtags, quotations, brackets, and the capitalised words of names."""
    numbers = any(map(str.isdigit, text))
    text = _NOISE.sub(" ", text)
    outside = _ASIDES.sub(" ", text)
    # A line that is all quotation is judged by it, but not by the song title after a singer's name.
    around = _WORD.findall(outside)
    if len(around) >= _EVIDENCE or (around and all(word[0].isupper() for word in around)):
        text = outside
    words = _WORD.findall(text.replace("ʼ", "'").replace("’", "'"))
    if text.isupper():
        words = [word.lower() for word in words]
    framed = bool(words) and words[0][0].isupper() and words[-1][0].isupper()
    kept: list[str] = []
    evidence = capitals = 0
    for index, word in enumerate(words):
        if word[0].isupper() or word[-1].isupper():
            capitals += 1
            if index:
                continue
        elif len(word) > 1 or word in "aàieèéoòóuyàåöіввскяоуи":
            evidence += 1
        kept.append(word.lower())
    return Prepared(" ".join(kept), tuple(kept), evidence, capitals, numbers, framed)


def _is_chinese(text: str) -> bool:
    if _letters_of("Kana").search(text) or _letters_of("Hangul").search(text):
        return False
    # The full-width comma is Chinese, too.
    return len(_letters_of("Han").findall(text)) >= (_HAN_WITHOUT_KANA * 2 // 3 if "，" in text else _HAN_WITHOUT_KANA)


def _is_code(text: str) -> bool:
    return _SURELY_CODE.search(text) is not None or len(_CODE.findall(text)) >= _CODE_MARKS


def _is_reference(text: str) -> bool:
    return _SURELY_REFERENCE.search(text) is not None or len(_REFERENCE.findall(text)) >= _REFERENCE_MARKS


@cache
def _outside(scripts: frozenset[str]) -> re.Pattern[str]:
    return re.compile("[" + "".join(letters for script, letters in _RANGES if script not in scripts) + "]")


@cache
def _letters_of(script: str) -> re.Pattern[str]:
    return re.compile("[" + dict(_RANGES)[script] + "]")


def _alien_script(text: str, scripts: frozenset[str]) -> str | None:
    """The script, neither Latin nor one of ``scripts``, that most of the text's letters are in."""
    if text.isascii():
        return None
    pattern = _outside(scripts)
    alien = pattern.findall(text)
    if not alien or 2 * len(alien) < sum(map(str.isalpha, text)):
        return None
    counts = {script: len(_letters_of(script).findall(text)) for script, _ in _RANGES if script not in scripts}
    script = max(counts, key=lambda name: counts[name])
    # Japanese is kana among Han, and only Japanese is.
    if script == "Han" and 10 * counts.get("Kana", 0) >= counts["Han"]:
        script = "Kana"
    return script


def _named(text: str, script: str) -> str:
    """The language of a text in a script that few languages share."""
    first, _, _ = _cld2(text)
    if first is not None and script in SCRIPTS.get(first, frozenset()) and not (first == "ja" and script == "Han"):
        return first
    return DEFAULTS[script]


def _alien(text: str, script: str, main: str) -> str | None:
    """The language of a line in another script, if the line is a clause and no name in its own letters."""
    if script in _UNSPACED:
        letters = sum(len(_letters_of(kind).findall(text)) for kind in {script, *({"Han"} if script == "Kana" else ())})
        # Hiragana and commas are grammar: names in Han or katakana do without.
        spoken = len(_GRAMMAR_IN_HAN.findall(text)) >= 2 or "，" in text
        if letters < (_LETTERS_OF_A_CLAUSE - 3 if spoken else _LETTERS_OF_A_CLAUSE):
            return None
    elif script in ("Cyrillic", "Greek"):
        letters_of = _letters_of(script)
        if sum(len(letters_of.findall(word)) > 1 and word.islower() for word in _WORD.findall(text)) < 2:
            return None
    elif len(_WORD.findall(text)) < _WORDS_OF_A_CLAUSE:
        return None
    lang = _named(text, script)
    return None if same_language(lang, main) else lang


# -- the votes -------------------------------------------------------------------------------------------------------


def _code(given: str | None) -> str | None:
    if given is None or given == "un":
        return None
    return normal(given) if is_known(given) else given


@cache
def _cld2_codes() -> frozenset[str]:
    import pycld2

    codes = dict(pycld2.LANGUAGES)
    return frozenset(code for name in pycld2.DETECTED_LANGUAGES if (code := _code(codes.get(name))) is not None)


def _cld2(text: str) -> tuple[str | None, int, bool]:
    """pycld2's first language, its share of the text in percent, and whether it calls itself reliable."""
    import pycld2

    try:
        reliable, _, details = pycld2.detect(text.encode("utf-8", "replace"), isPlainText=True)
    except pycld2.error:
        # Control characters and non-characters, which it takes for broken UTF-8.
        try:
            reliable, _, details = pycld2.detect(_UNPRINTABLE.sub(" ", text).encode(), isPlainText=True)
        except pycld2.error:
            return None, 0, False
    return _code(details[0][1]), details[0][2], bool(reliable)


_LOADING: Final = threading.Lock()
_LOADED: Final[dict[str, Callable[[str], str | None]]] = {}


def _vote(name: str, load: Callable[[], Callable[[str], str | None]], text: str) -> str | None:
    """A vote of a detector that is loaded once, by one thread: half loaded, langdetect answers wrongly and silently."""
    if name not in _LOADED:
        with _LOADING:
            if name not in _LOADED:
                _LOADED[name] = load()
    return _LOADED[name](text)


def _load_eld() -> Callable[[str], str | None]:
    from eld import LanguageDetector

    detector = LanguageDetector()

    def vote(text: str) -> str | None:
        lang = _code(detector.detect(text).language)
        # It knows Malay for both, the other votes Indonesian.
        return "id" if lang == "ms" else lang

    return vote


def _load_langdetect() -> Callable[[str], str | None]:
    """langdetect, seeded, for unseeded its answer varies from call to call.

    A factory of our own leaves the caller's seed alone. langdetect-rs, where it is installed, gives the same answers
    sooner.
    """
    try:
        import langdetect_rs as langdetect
        from langdetect_rs import LangDetectException
    except ImportError:
        import langdetect
        from langdetect import LangDetectException

    factory = langdetect.DetectorFactory()
    factory.load_profile(langdetect.PROFILES_DIRECTORY)
    factory.seed = 0

    def vote(text: str) -> str | None:
        detector = factory.create()
        detector.append(text)
        try:
            return _code(detector.detect())
        except LangDetectException:
            return None

    return vote


def _eld(text: str) -> str | None:
    return _vote("eld", _load_eld, text)


# Furniture says the same on every page of a site, and this is the dearest vote: 2 ms.
@lru_cache(maxsize=4096)
def _langdetect(text: str) -> str | None:
    return _vote("langdetect", _load_langdetect, text)
