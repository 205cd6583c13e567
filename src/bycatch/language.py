"""Languages: which one an article is written in, and which of its lines are in another.

No detector is right about raw lines: names, scores, captions, capitals and quotations fool all of them. A line in
which the article's own little words or letters speak is acquitted at once, which is most of an article. Any other is
prepared (addresses, hashtags, quotations and names go; what is left in lower case is evidence), and votes are taken in
order of price: pycld2; the little words of both languages; eld; and langdetect, seeded and warmed up, which must agree
before a line is called foreign.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from heapq import nlargest
from typing import Final

from bycatch.language_lines import Prepared, bare, is_prose, prepare
from bycatch.language_names import (
    DEFAULTS,
    NAMES,
    NEVER_FOREIGN,
    SCRIPTS,
    UnknownLanguage,
    direction,
    is_known,
    name_of,
    normal,
    same_language,
    similar,
)
from bycatch.language_scripts import alien_script, is_chinese, is_clause, is_own_script
from bycatch.language_votes import cld2, cld2_codes, eld, langdetect
from bycatch.language_words import JOINTS, LISTED, false_friends, little_words, telling_words

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
# A line in capitals hides its names, so two words prove less there.
_EVIDENCE_IN_CAPITALS: Final = 4
# Little words that acquit a line: so many different ones of the article's own, one in so many of its words, and so many
# times those of other languages alone (of the 1,741 foreign lines found in the development sets, that is none).
_OWN_WORDS: Final = 2
_OWN_WORD_IN: Final = 8
_TIMES_OTHERS: Final = 4

# An article's makeup is read off its two dozen longest paragraphs; shorter ones are captions and furniture.
_SAMPLED: Final = 24
_LONG_PARAGRAPH: Final = 60
# Below both, one quoted passage or a long legal notice would be most of the article.
_PARAGRAPHS_TO_JUDGE: Final = 5
_LETTERS_TO_JUDGE: Final = 400
# Not all: a wrongly declared article may quote the declared language, and short lines escape the vote.
_ALMOST_ALL: Final = 0.75
# An article in two languages gives a third to each, in several paragraphs; less is an insert.
_A_GOOD_PART: Final = 1 / 3
_PARAGRAPHS_OF_EACH: Final = 3


def known() -> tuple[str, ...]:
    """The codes of all languages known by name."""
    return tuple(NAMES)


def supported(code: str) -> bool:
    """Whether lines foreign to an article in this language can be told: at least pycld2 must know it."""
    return normal(code) in cld2_codes()


def identify(text: str) -> str | None:
    """The language of a text as a code, or None where there is too little to tell.

    The longest lines speak for it: menus, captions and notices are short.
    """
    # 12 lines of 300 characters are more than any vote needs and keep a 10 MB article as cheap as a short one.
    # Counted in bytes, for a Chinese line says as much as an English one three times as long.
    lines = nlargest(12, text.splitlines(), key=lambda line: len(line.encode("utf-8", "replace")))
    longest = len(lines[0]) if lines else 0
    sample = "\n".join(line[:300] for line in lines if 4 * len(line) >= min(longest, 300))
    if (script := alien_script(sample, frozenset())) is not None:
        return _named(sample, script)
    # A name or a label has no language; three words in lower case are the least that has one.
    prepared = prepare(sample[: 2 * _ENOUGH])
    if prepared.evidence < _EVIDENCE:
        return None
    first, percent, reliable = cld2(sample)
    # pycld2 alone is right on all 652 development articles of this size; shorter texts need a second vote.
    if first not in NEVER_FOREIGN and reliable and prepared.evidence >= 20 and percent >= 50:
        # Croatian and Bosnian are one to a detector, and far more is published in Croatian.
        return "hr" if first == "bs" else first
    second = eld(prepared.text)
    return second if second == first or second == langdetect(prepared.text[:_ENOUGH]) else None


def foreign(text: str, main: str) -> str | None:
    """The code of the language ``text`` is in where that is certainly another than ``main`` (normal codes), or None."""
    return _foreign(text[:_ENOUGH], main)


# An article's paragraphs are asked about for its makeup, and then one by one.
@lru_cache(maxsize=256)
def _foreign(head: str, main: str) -> str | None:
    if _speaks(head, main):
        return None
    head = bare(head)
    if (script := alien_script(head, SCRIPTS.get(main, frozenset()))) is not None:
        lang = _named(head, script) if is_clause(head, script) else main
        return None if same_language(lang, main) else lang
    if main in ("ja", "ko") and is_chinese(head):
        return "zh"
    if cld2(head)[0] == main:
        return None
    line = prepare(head)
    # Below two words in lower case even the little words are chance, and letters set apart ("A A A") are no words.
    spoken = line.evidence >= 2 and any(len(word) > 2 for word in line.words)
    return _voted(line, main) if spoken and is_prose(head) else None


def _speaks(text: str, main: str) -> bool:
    """Whether a text is plainly in a language, by its little words or its letters: dearer tests are spared."""
    words = text.lower().split()
    own = little_words(main).intersection(words)
    if len(own) >= _OWN_WORDS and _OWN_WORD_IN * len(own) >= len(set(words)):
        others = _words_of_others(main).intersection(words)
        # Spanish is a third French by its little words: one at least must be of no other language.
        if not own <= others:
            return len(own) > _TIMES_OTHERS * len(others - own)
    return is_own_script(text, main)


@cache
def _words_of_others(main: str) -> frozenset[str]:
    """The little words of all languages that are told from one."""
    return frozenset().union(*(little_words(code) for code in LISTED if not same_language(code, main)))


def _voted(line: Prepared, main: str) -> str | None:
    first, _, _ = cld2(line.text)
    if first == main or first in NEVER_FOREIGN or not _may_be_evident(line, first, main):
        return None
    second = eld(line.text)
    if second is None or same_language(second, main):
        return None
    for lang in dict.fromkeys((second, first)):
        if lang is None or not _possible(lang, main) or not _evident(line, first, lang, main):
            continue
        third = langdetect(line.text)
        if third is None or same_language(third, main):
            return None
        # Short English is Danish to one and Tagalog to another: two votes will do where its little words speak.
        together = [first, second, third].count(lang) >= 2
        if (lang == second and same_language(third, lang)) or (together and _speaking(line, lang, main)):
            return lang
    return None


def _named(text: str, script: str) -> str:
    """The language of a text in a script that few languages share."""
    first, _, _ = cld2(text)
    if first is not None and script in SCRIPTS.get(first, frozenset()) and not (first == "ja" and script == "Han"):
        return first
    return DEFAULTS[script]


def _possible(lang: str, main: str) -> bool:
    if not is_known(lang) or lang in NEVER_FOREIGN or same_language(lang, main):
        return False
    # A line in Latin letters is in no language of another script, whatever its letters recall.
    return lang not in SCRIPTS or bool(SCRIPTS[lang] & SCRIPTS.get(main, frozenset()))


def _may_be_evident(line: Prepared, first: str | None, main: str) -> bool:
    """Whether `_evident` can hold for any language at all: these counts take a hundredth of eld's time."""
    words = set(line.words)
    ours, others = words & little_words(main), words & _words_of_others(main)
    sure, most = len(ours - others), len(others - ours - false_friends(main))
    if sure > most or (sure and line.evidence < _EVIDENCE_IN_SIMILAR and most <= 3 * sure) or _is_title(line):
        return False
    if line.shouted and line.evidence < _EVIDENCE_IN_CAPITALS and most < 2:
        return False
    if most or (line.evidence >= _EVIDENCE_IN_SIMILAR and main != "en"):
        return True
    return line.evidence >= _EVIDENCE and first is not None and main != "en" and _possible(first, main)


def _evident(line: Prepared, first: str | None, second: str, main: str) -> bool:
    """Whether the line holds enough evidence for its language to be asked for at all."""
    theirs, ours = _little(line, second, main)
    # A short line in both languages is in neither.
    if ours > theirs or (ours and line.evidence < _EVIDENCE_IN_SIMILAR and theirs <= 3 * ours):
        return False
    if line.shouted and line.evidence < _EVIDENCE_IN_CAPITALS and theirs < 2:
        return False
    if similar(second, main) or not little_words(second):
        return line.evidence >= _EVIDENCE_IN_SIMILAR or (line.evidence >= _EVIDENCE and theirs >= 2 and not ours)
    # English nouns without a little word ("turquoise boxer briefs") are French to every vote.
    if main == "en" and not theirs:
        return False
    if line.evidence >= _EVIDENCE_IN_SIMILAR:
        return True
    # Measures and prices leave abbreviations behind ("1/2 tsp vanilla"), which recall any language.
    sure = first == second or not line.numbers
    if line.evidence >= _EVIDENCE:
        return sure and (theirs >= 1 or first == second)
    # "The Lord of the Rings" and "Game of Thrones" are names: more words in capitals than not. German writes every
    # noun with one.
    names = line.capitals > (2 if second == "de" else 1) * line.evidence
    return sure and theirs >= 1 and not ours and not names


def _is_title(line: Prepared) -> bool:
    """Whether all but articles and prepositions is capitalised, as in the names of works, laws and institutions."""
    return line.framed and line.capitals >= max(2, line.evidence) and all(word in JOINTS for word in line.words[1:])


def _speaking(line: Prepared, second: str, main: str) -> bool:
    """Whether the little words alone would settle it: langdetect takes short English for Danish or Catalan."""
    theirs, ours = _little(line, second, main)
    return theirs >= 2 and not ours and line.evidence >= _EVIDENCE


def _little(line: Prepared, second: str, main: str) -> tuple[int, int]:
    """How many different little words of two languages the line holds."""
    words = set(line.words)
    theirs = words & telling_words(second, main)
    return len(theirs - false_friends(main)), len(words & telling_words(main, second))


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
    votes: dict[int, str | None] = {}
    left = total
    for index, part in parts.items():
        votes[index] = foreign(part, main)
        left -= len(part) if votes[index] is None else 0
        # Too little for a second language.
        if left < _A_GOOD_PART * total:
            return None
    others = [lang for lang in votes.values() if lang is not None]
    other = max(sorted(set(others)), key=others.count)
    theirs = [index for index, lang in votes.items() if lang == other]
    share = sum(len(parts[index]) for index in theirs) / total
    whole = "\n".join(part[: _ENOUGH // 2] for part in parts.values())
    if share >= _ALMOST_ALL and langdetect(prepare(whole[: 4 * _ENOUGH]).text) == other:
        return Makeup(other, wrong=True, first=theirs[0])
    ours = [index for index, text in parts.items() if votes[index] is None and cld2(text)[0] == main]
    own = sum(len(parts[index]) for index in ours)
    if min(share, own / total) >= _A_GOOD_PART and min(len(theirs), len(ours)) >= _PARAGRAPHS_OF_EACH:
        return Makeup(other, wrong=False, first=theirs[0])
    return None


def main_language(code: str | None) -> str | None:
    """The normal code of an article's language; None where none is declared, or one that no vote knows."""
    return normal(code) if code is not None and is_known(code) and supported(code) else None


def described(lang: str, main: str) -> str:
    """Both languages in words: "English in a French article"."""
    name = name_of(main)
    return f"{name_of(lang)} in {'an' if name[0] in 'AEIO' else 'a'} {name} article"
