"""Quotes and full stops that a translation engine or a cut has left in the wrong place.

A closing quote, one stray word and a second closing mark (». régime.’); quotation marks around nothing; a sentence that
goes on in lower case after its full stop. What the sentence was is for an editor to say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bycatch.article import Article, Mark, Span

TITLE = "Quote debris"
SEVERITY = "warning"
FIX = "none"

FLAGS = {
    "a word after the quote": "Il refuse de livrer la farine « au moulin du village ⟦». ancien.’⟧",
    "English marks": "They went on “grinding the corn of the whole valley⟦”. village.’⟧ Nobody knew.",
    "empty quotes": "Der Müller sagte ⟦„“⟧ und ging.",
    "a sentence broken by a full stop": (
        "Le maire et le meunier ne discuteront pas de la farine. Ils ne parlent plus du pont, et pas du vin non plus. "
        "Ils n’en discuteront ⟦pas. conditions⟧ de la vente sont connues. Les conditions de la vente sont dures."
    ),
}
PASSES = {
    "a quote in a quote": "“He said ‘no’.” She nodded. “And then?” ‘Then he left.’",
    "initials and abbreviations": "The firm of J. p. Weber et al. and others, i.e. millers, vs. bakers, etc. and more.",
    "brand names": "He bought it. iPhone users wrote in. eBay was full of it.",
    "an address after the stop": (
        "The mill is open. The wheel turns. The plans are on the site of the village. https://example.org/mill shows "
        "the mill. On the site you see it turn. The site of the village is old, and the village is old."
    ),
    "French abbreviations": "M. le maire, p. ex. le moulin, av. J.-C., env. cent sacs, etc. sont cités.",
    "German ordinals": "Am 3. und 4. Tag, z. B. im 19. Jahrhundert, bzw. danach, gab es ca. zwei Tonnen usw. und mehr.",
    "verse": "the mill turned. the river fell. no one came. the wheel stood still. the mill turned. the mill.",
    "a British quote and its stop": "He called it ‘the mill of mills’. “It turns.” ‘Good.’",
    "an apostrophe": "The millers’. The Joneses’. rock ’n’ roll.’",
}

# A closing mark, a stop, one word in lower case, a stop and a closing mark. An opening mark before the word would make
# it a quotation; there is no room for one.
_AFTER_MARK = r"[.,] ([^\W\d_]{2,20})[.!?…] ?[»”’\"](?![^\W\d_])"
_STRAY = re.compile(rf"[»”’\"]{_AFTER_MARK}")
# Where an article has no other closing quotes, what stands between straight ones is anyone's guess.
_CLOSED = ("». ", "”. ", "’. ", "», ", "”, ", "’, ")
_EMPTY = re.compile(r"(?<![^\W\d_])(?:«\s?»|“\s?”|„\s?“)(?![^\W_])")
# The same by the mark each begins with: a pattern that begins with a letter of its own is the fastest to search for.
_STRAYS = {mark: re.compile(mark + _AFTER_MARK) for mark in '»”’"'}
_EMPTIES = {pair[0]: re.compile(rf"{pair[0]}\s?{pair[1]}") for pair in ("«»", "“”", "„“")}
# A full stop and a word that does not begin in upper case, nor in a script that has no upper case.
_STOP = re.compile(r"\.(?= [^\W\d_A-ZÀ-ÖØ-ÞΑ-ΩА-ЯЁІЇЄ\u0590-\u109f\u3040-\ua4cf\uac00-\ud7a3][^\W\d_]{3})")
_WORD = re.compile(r"[^\W\d_]+")
_LAST_WORD = re.compile(r"[^\W\d_]{3,20}$")
# A word has a vowel; "tzw." and "bzw." have none.
_VOWEL = re.compile("[aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýÿąęěůűőœăαεηιουωάέήίόύώаеёиоуыэюяіїє]")
# Characters before a stop in which its word is looked for.
_LOOK_BACK = 24
# Times a word stands elsewhere without a stop.
_CERTAIN = 2
# Sentences with a capital for each one in lower case, so that it is an accident and not a manner; and the most of these
# that are an accident.
_SENTENCES = 3
_SENTENCE = re.compile(r"[^\W\d_]{3}[.!?] [A-ZÀ-ÖØ-ÞА-ЯЁΑ-Ω]")


def find(article: Article) -> Iterator[Mark]:
    text = article.text
    if not text.isascii():
        if _holds(text, _STRAYS) and any(marks in text for marks in _CLOSED):
            for match in _STRAY.finditer(text):
                if match.group(1).islower():
                    yield Mark(Span(*match.span()), "A stray word stands between two closing quotation marks.")
        if _holds(text, _EMPTIES):
            for match in _EMPTY.finditer(text):
                yield Mark(Span(*match.span()), "The quotation marks have nothing between them.")
    yield from _broken(text)


def _holds(text: str, patterns: dict[str, re.Pattern[str]]) -> bool:
    """Whether any of the patterns, each under the mark it begins with, is found."""
    return any(mark in text and pattern.search(text) for mark, pattern in patterns.items())


def _broken(text: str) -> Iterator[Mark]:
    """Sentences that go on in lower case after a full stop."""
    hits: list[tuple[int, int, str, str]] = []
    for match in _STOP.finditer(text):
        stop, word = match.start(), match.start() + 2
        if not text[word].islower():
            continue
        before = _LAST_WORD.search(text[max(0, stop - _LOOK_BACK) : stop])
        after = _WORD.match(text, word)
        if before is None or after is None or not before.group().islower() or not after.group().islower():
            continue
        if text[after.end() : after.end() + 1] in (".", ":", "@", "’", "'", "-", "_") or not _VOWEL.search(
            before.group()
        ):
            continue
        hits.append((stop - len(before.group()), after.end(), before.group(), after.group()))
        if len(hits) > _SENTENCES:
            # In a text with many of them it is the author's manner.
            return
    # Where no sentence begins in upper case, lower case is the script's or the author's.
    if not hits or sum(1 for _ in _SENTENCE.finditer(text)) < _SENTENCES * len(hits):
        return
    words = Counter(re.findall(r"[^\W\d_]+(?=[ ,;])", text))
    for start, end, before_stop, after_stop in hits:
        # An abbreviation is always followed by its stop; a word is not. The next word stands elsewhere too, unless the
        # one before is certain.
        if words[before_stop] >= _CERTAIN or (words[before_stop] and words[after_stop]):
            yield Mark(Span(start, end), "The sentence goes on in lower case after a full stop.")
