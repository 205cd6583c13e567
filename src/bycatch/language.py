"""Languages: which one an article is written in, and which of its lines are in another.

No detector is right about raw lines: names, scores, captions, capitals and quotations fool all of them. A line in
which the article's own little words or letters speak is acquitted at once, which is most of an article. Any other is
prepared (addresses, hashtags, quotations and names go; what is left in lower case is evidence), and every vote must be
against it before it is called foreign. They are taken in order of price: pycld2; the little words of both languages;
eld; and langdetect, seeded and warmed up.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final, NamedTuple

from bycatch.article import Paragraph
from bycatch.folding import fold
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
from bycatch.language_scripts import alien_script, is_chinese, is_clause, is_own_script, is_told_by_script
from bycatch.language_votes import cld2, cld2_codes, eld, langdetect
from bycatch.language_words import JOINTS, LISTED, false_friends, little_words, telling_words

__all__ = [
    "ENOUGH", "UnknownLanguage", "described", "direction", "foreign", "identify", "is_known", "judged", "known",
    "main_language", "name_of", "normal", "same_language", "silent", "supported",
]  # fmt: skip

# What the votes see of a text: more adds time, not certainty (each is at its best from about 100 characters on).
ENOUGH: Final = 400
# Evidence: lower-case words left after preparation. Two are a title's "of the"; three hold (measured: at two,
# precision falls from .99 to .96 unless the little words speak clearly).
_LEAST_EVIDENCE: Final = 2
_EVIDENCE: Final = 3
# Spanish and Italian, Polish and Czech: short stretches are the same in both.
_EVIDENCE_IN_SIMILAR: Final = 6
# A line in capitals hides its names, so two words prove less there.
_EVIDENCE_IN_CAPITALS: Final = 4
# Little words that acquit a line: one in so many of its words must be the article's own, and so many times those of
# other languages alone (of the 633 foreign lines found in the development set, that is none). The beginning of a long
# paragraph says it.
_HEARD: Final = 120
_OWN_WORD_IN: Final = 8
_TIMES_OTHERS: Final = 4


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
    lines = sorted(text.splitlines(), key=lambda line: len(line.encode("utf-8", "replace")), reverse=True)[:12]
    longest = len(lines[0]) if lines else 0
    sample = "\n".join(line[:300] for line in lines if 4 * len(line) >= min(longest, 300))
    if (script := alien_script(sample, frozenset())) is not None:
        return _named(sample, script)
    # A name or a label has no language; three words in lower case are the least that has one.
    prepared = prepare(sample[: 2 * ENOUGH])
    if prepared.evidence < _EVIDENCE:
        return None
    first, percent, reliable = cld2(sample)
    # pycld2 alone is right on all 652 development articles of this size; shorter texts need a second vote.
    if first not in NEVER_FOREIGN and reliable and prepared.evidence >= 20 and percent >= 50:
        # Croatian and Bosnian are one to a detector, and far more is published in Croatian.
        return "hr" if first == "bs" else first
    second = eld(prepared.text)
    return second if second == first or second == langdetect(prepared.text[:ENOUGH]) else None


def foreign(text: str, main: str) -> str | None:
    """The code of the language ``text`` is in where that is certainly another than ``main`` (normal codes), or None."""
    head = text[:ENOUGH]
    # Quotes and accents that are not folded cost a few little words, and folding takes longer than their absence.
    alone = Paragraph(0, 0, len(head), head, head.lower())
    return judged(head, main) if silent([alone], main) else None


def silent(paragraphs: Iterable[Paragraph], main: str) -> list[int]:
    """The indices of paragraphs in which a language does not plainly speak, by its letters or its little words.

    The others are acquitted: dearer tests are spared.
    """
    if is_told_by_script(main):
        return [paragraph.index for paragraph in paragraphs if not is_own_script(paragraph.text[:_HEARD], main)]
    own_words, alone, others, of_each_other = _little_words_for(main)
    indices = []
    for index, _, _, _, folded, _ in paragraphs:
        words = folded[:_HEARD].split()
        heard = _ALL_LITTLE_WORDS.intersection(words)
        own = heard & own_words
        rare = len(own) <= _TIMES_OTHERS * len(heard & others) or _OWN_WORD_IN * len(own) < len(words)
        # Spanish is a third French by its little words: no one language may have all of those that were heard.
        if rare or (own.isdisjoint(alone) and any(map(own.issubset, of_each_other))):
            indices.append(index)
    return indices


def judged(text: str, main: str) -> str | None:
    """What `foreign` says of a text in which ``main`` is silent. Only its first `ENOUGH` characters count."""
    return _judged(text[:ENOUGH], main)


# Captions, links and notices, which are most of what is asked about, say the same on page after page of a site.
@lru_cache(maxsize=256)
def _judged(head: str, main: str) -> str | None:
    head = bare(head)
    if (script := alien_script(head, SCRIPTS.get(main, frozenset()))) is not None:
        lang = _named(head, script) if is_clause(head, script) else main
        return None if same_language(lang, main) else lang
    if main in ("ja", "ko") and is_chinese(head):
        return "zh"
    # Captions, names and scores are spared the votes. A line in capitals hides how many words are none.
    if sum(map(str.islower, head.split())) < _LEAST_EVIDENCE and not head.isupper():
        return None
    if cld2(head)[0] == main:
        return None
    line = prepare(head)
    return _voted(line, main) if _may_be_evident(line, main) else None


class _LittleWords(NamedTuple):
    """Little words, folded, as one language hears them: its own, those that no language told from it has, their own."""

    own: frozenset[str]
    alone: frozenset[str]
    others: frozenset[str]
    of_each_other: tuple[frozenset[str], ...]


@cache
def _little_words_for(main: str) -> _LittleWords:
    own = _folded(main)
    each = tuple(_folded(code) for code in LISTED if not same_language(code, main))
    others = frozenset().union(*each)
    return _LittleWords(own, own - others, others - own, each)


@cache
def _folded(code: str) -> frozenset[str]:
    return frozenset(map(fold, little_words(code)))


# One set for all: of a table for each language little would be left in the processor's cache.
_ALL_LITTLE_WORDS: Final = frozenset().union(*map(_folded, LISTED))


@cache
def _words_of_others(main: str) -> frozenset[str]:
    """The little words of all languages that are told from one."""
    return frozenset().union(*(little_words(code) for code in LISTED if not same_language(code, main)))


@cache
def _own_words(main: str) -> frozenset[str]:
    """The little words that prove a language."""
    return little_words(main) - _words_of_others(main)


@cache
def _strange_words(main: str) -> frozenset[str]:
    """The little words that prove another language than one."""
    return _words_of_others(main) - little_words(main) - false_friends(main)


def _voted(line: Prepared, main: str) -> str | None:
    first, _, _ = cld2(line.text)
    if first == main or first in NEVER_FOREIGN:
        return None
    # Of so few words none of which is telling, pycld2 must have named the language.
    few = line.evidence < _EVIDENCE_IN_SIMILAR and _strange_words(main).isdisjoint(line.words)
    if (few and not (first is not None and _possible(first, main))) or not is_prose(line.given):
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


def _may_be_evident(line: Prepared, main: str) -> bool:
    """Whether `_evident` can hold for any language at all: these counts take a hundredth of eld's time."""
    # Below two words even the little words are chance, and letters set apart ("A A A") are no words.
    if line.evidence < _LEAST_EVIDENCE or not any(len(word) > 2 for word in line.words):
        return False
    sure, most = len(_own_words(main).intersection(line.words)), len(_strange_words(main).intersection(line.words))
    if sure > most or (sure and line.evidence < _EVIDENCE_IN_SIMILAR and most <= 3 * sure) or _is_title(line):
        return False
    if line.shouted and line.evidence < _EVIDENCE_IN_CAPITALS and most < 2:
        return False
    return bool(most) or (line.evidence >= _EVIDENCE and main != "en")


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


@lru_cache(maxsize=256)
def main_language(code: str | None) -> str | None:
    """The normal code of an article's language; None where none is declared, or one that no vote knows."""
    return normal(code) if code is not None and is_known(code) and supported(code) else None


def described(lang: str, main: str) -> str:
    """Both languages in words: "English in a French article"."""
    name = name_of(main)
    return f"{name_of(lang)} in {'an' if name[0] in 'AEIO' else 'a'} {name} article"
