"""Straight and curly apostrophes side by side, or the quotation marks of another language.

Mixed marks show where a text was put together: a caption from another field, a translated passage. They split one word
into two for everything that counts words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bycatch.article import Article, Mark, Span

TITLE = "Mixed quotes"
SEVERITY = "note"
FIX = "none"

FLAGS = {
    "two apostrophes": (
        "L’eau du moulin n’a pas de prix, dit l’homme qui l’a vendu. Il n’y a plus d⟦'⟧ouvriers, et c'est dommage."
    ),
    "English quotes in French": {
        "text": "Le maire parle d’une ⟦“erreur colossale”⟧ et d’un “moulin sans eau”, sans nommer personne.",
        "lang": "fr",
    },
    "English quotes in Polish": {"text": "Burmistrz mówi o ⟦“wielkim błędzie”⟧ i o młynie.", "lang": "pl"},
}
PASSES = {
    "one apostrophe throughout": "L’eau du moulin n’a pas de prix, dit l’homme qui l’a vendu.",
    "straight throughout": "It's the miller's daughter who set the mill's wheel.",
    "feet and minutes": "It’s 5' 11\" tall, isn’t it, and lies at 48° 12' north; the ’60s mill’s rock 'n' roll.",
    "French quotes": {"text": "Le maire parle d’une « erreur “colossale” » et d’un moulin.", "lang": "fr"},
    "Swedish quotes": {"text": "Borgmästaren talar om ett ”stort fel” och om kvarnen.", "lang": "sv"},
    "English": {"text": "The mayor speaks of a “great mistake” and of the mill.", "lang": "en"},
}

# The mark stands before what looks behind it, for a search that begins with a letter of its own is ten times as fast.
_STRAIGHT = re.compile(r"'(?<=[^\W\d_]')(?=[^\W\d_])")
_CURLY = re.compile(r"’(?<=[^\W\d_]’)(?=[^\W\d_])")
# Languages whose printed quotation marks are not “ ”, and what they use.
_OWN = {
    "fr": "« »", "ru": "« »", "uk": "« »", "el": "« »", "be": "« »", "hy": "« »",
    "de": "„ “", "cs": "„ “", "sk": "„ “", "bg": "„ “", "sl": "„ “", "lt": "„ “", "is": "„ “",
    "pl": "„ ”", "hu": "„ ”", "ro": "„ ”", "hr": "„ ”",
}  # fmt: skip
_ENGLISH = re.compile(r"“(?<!\w“)[^“”„«»\n]{1,300}”")
# Other places that a finding lists; more would be noise.
_LISTED = 20


def find(article: Article) -> Iterator[Mark]:
    text = article.text
    if "'" in text and "’" in text:
        straight = [Span(*m.span()) for m in _STRAIGHT.finditer(text)]
        curly = [Span(*m.span()) for m in _CURLY.finditer(text)] if straight else []
        if straight and curly:
            fewer, sign, more = (straight, "'", "’") if len(straight) <= len(curly) else (curly, "’", "'")
            most = max(len(straight), len(curly))
            message = f"The apostrophe is {sign} in {_places(len(fewer))} and {more} in {_places(most)}."
            yield Mark(fewer[0], message, tuple(fewer[1 : _LISTED + 1]))
    if "“" in text and "”" in text and (own := _OWN.get((article.lang or "").split("-")[0].lower())):
        # A quotation inside one of the language's own marks takes the inner ones.
        inner = own == "« »" and "«" in text
        foreign = [] if inner else [Span(*m.span()) for m in _ENGLISH.finditer(text)]
        if foreign:
            yield Mark(
                foreign[0],
                f"The quotation marks are English; this language uses {own}.",
                tuple(foreign[1 : _LISTED + 1]),
            )


def _places(count: int) -> str:
    return f"{count} places" if count > 1 else "1 place"
