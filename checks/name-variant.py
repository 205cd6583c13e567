"""One name in several spellings: Ushakov and Ouchakov. Search, counts and links between articles lose one of them.

Names from other scripts are spelled differently by each agency and each language. Only spellings that one way of
transcribing turns into another are listed; whether both are the same person is for an editor to say.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from bycatch.article import Article, Mark, Span
from bycatch.inspection import Found

TITLE = "Name variant"
SEVERITY = "note"
FIX = "none"

FLAGS = {
    "French and English transcription": (
        "Le ministre a rencontré Yuri ⟦Ushakov⟧ mardi. Selon Ouchakov, le moulin est vendu."
    ),
    "endings": "They spoke with Volodymyr ⟦Zelensky⟧ on Sunday, and the aide of Zelenskyy agreed with Zelensky.",
    "an umlaut written out": "Am Montag traf Anna ⟦Kreutzmüller⟧ ein; auch Paul Kreutzmueller war da.",
}
PASSES = {
    "other names": "Anna Anderson met Paul Andersen and Mary Thompson; later Peter Tomlinson joined them.",
    "singular and plural": "Die Väter und der Vater der Müllerin, die Gärten und der Garten von Anna Weber.",
    "the same name": "Le ministre a rencontré Yuri Ushakov. Selon Ushakov, le moulin est vendu.",
    "at the beginning of a sentence": "Chouette! Shuette! Outre cela, Utre rien.",
    "a word and a name": "The Mayor of Mayer Town met Major Meyer and the Maier family.",
}

# A name inside a sentence: after a word or a comma, so that the capital is not the sentence's. Names of fewer than six
# letters fall together by accident (Maier, Meyer).
_NAME = re.compile(r" (?=[A-ZÀ-ÖØ-ÞĀ-Ž])(?<=[^\W_] |, )([^\W\d_]{6,24})(?![^\W_])")
# What transcription systems write for the same sound, longest first.
_SAME = (
    ("chtch", "ʃ"), ("shch", "ʃ"), ("schtsch", "ʃ"), ("tsch", "č"), ("tch", "č"), ("sch", "ʃ"), ("sh", "ʃ"),
    ("ch", "ʃ"),
    ("š", "ʃ"), ("č", "č"), ("ou", "u"), ("ü", "ue"), ("ö", "oe"), ("ä", "ae"), ("zh", "j"), ("ž", "j"), ("kh", "h"),
    ("ğ", "g"), ("ł", "l"), ("ń", "n"), ("ś", "s"), ("ş", "s"), ("ć", "c"), ("ç", "c"),
    ("ï", "i"), ("í", "i"), ("ý", "i"), ("y", "i"), ("w", "v"), ("ii", "i"), ("ff", "v"), ("ʃʃ", "ʃ"),
)  # fmt: skip
_VARIES = re.compile("ou|[uyïíýwüöä]|ch|sh|š|č|zh|ž|kh|ğ|ł|ń|ś|ş|ć|ç|ff|ii|ue|oe|ae|u|j")


def find_all(articles: Sequence[Article], _: Sequence[Found]) -> list[list[Mark]]:
    names = [list(dict.fromkeys(_NAME.findall(article.text))) for article in articles]
    # One a line, for the sounds of all names together take little longer than those of one.
    sounds = iter(_sound("\n".join(itertools.chain.from_iterable(names)).lower()).split("\n"))
    return [
        list(_marks(article.text, own, list(itertools.islice(sounds, len(own)))))
        for article, own in zip(articles, names, strict=True)
    ]


def _marks(text: str, names: list[str], sounds: list[str]) -> Iterator[Mark]:
    if len(set(sounds)) == len(sounds):
        return
    alike: dict[str, list[str]] = {}
    for name, sound in zip(names, sounds, strict=True):
        if name[1:].islower() and name[0].isupper() and _VARIES.search(name):
            alike.setdefault(sound, []).append(name)
    variants = [spellings for spellings in alike.values() if len(spellings) > 1 and not _is_inflection(spellings)]
    if not variants:
        return
    places = {match.group(1): Span(*match.span(1)) for match in reversed(list(_NAME.finditer(text)))}
    for first, *others in variants:
        message = f"The name {first} is also spelled {', '.join(others)}."
        yield Mark(places[first], message, tuple(places[name] for name in others))


def _sound(names: str) -> str:
    for old, new in _SAME:
        names = names.replace(old, new)
    return names


def _is_inflection(spellings: list[str]) -> bool:
    """Whether one spelling only adds an ending to another, as cases and plurals do; ky and kyy are no such ending."""
    one, *others = sorted(spellings, key=len)
    return all(other.startswith(one) and other[len(one) :] not in ("y", "i") for other in others)
