"""Similarity: which paragraphs of an article are said again, word for word or nearly so. Linear in the text.

Copies are found by a key that leaves out what two copies of one line differ in on the web (spaces, case, quotes,
dashes, the final full stop). Near copies are looked for among the few paragraphs that share long words, and then
compared by their character trigrams; the number of candidates is bounded, so that fifty thousand look-alikes cost
no more than fifty thousand strangers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, wraps
from typing import Final, NamedTuple, TypeVar, cast

from bycatch.article import Article, Paragraph

_T = TypeVar("_T")

# Below this many letters a copy says nothing: names, dates, "Yes", table cells.
_SHORTEST_KEY: Final = 12
# Long words are rare words. Eight are enough for two texts that share four fifths of their trigrams to have several
# in common, and few enough for a dictionary of a ten-megabyte text.
SKETCH: Final = 8
# Words shorter than the first are common; where there are too few, those shorter than the second are.
LONG_WORD: Final = 7
SHORT_WORD: Final = 5
# A text with fewer words than one in so many characters is not written with spaces between them.
SPARSE: Final = 16
# At least this many words of the sketch must be shared before two texts are compared.
SHARED: Final = 3
# Only the latest holders of a word are remembered: a near copy stands close to its model more often than not.
_HOLDERS: Final = 4
# Exact comparisons per text; the best candidates come first.
_COMPARED: Final = 3
# Trigrams are counted over at most this many characters: a longer paragraph is known by its beginning.
COMPARED_LENGTH: Final = 4000
# What `copy_key` leaves out besides white space, or writes in another way.
LACKED: Final = "\"'-."
# Letters, as `weight` counts them: below this, one changed word is a different statement.
SHORTEST_NEAR: Final = 90
WIDE: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u9fff\U00020000-\U0003ffff]+")
_CHUNK: Final = re.compile(r"\w+")
# The beginnings of items: 1. 2) (3) a) iv)
_NUMBERED: Final = re.compile(r"\d{1,3}[.)]\s")
_LETTERED: Final = re.compile(r"\(?[a-z0-9]{1,3}\)")
# Final marks of all scripts that have one; a text that ends in none is no sentence.
SENTENCE_ENDS: Final = ".!?…:;。！？：；．।॥።؟۔։။៕"
CLOSERS: Final = "\"'»«”“’)]）」』】›‹*_ \u00a0\u202f\u200b"


class Copy(NamedTuple):
    """A paragraph that stands in the text before: its own index, that of the nearest copy and of the first one."""

    this: int
    nearest: int
    first: int


class Near(NamedTuple):
    """A text that resembles an earlier one: both indices and the share of trigrams they have in common."""

    this: int
    other: int
    score: float


def _place(work: Callable[[Article], object]) -> str:
    return f"_{work.__name__}"


def _once(work: Callable[[Article], _T]) -> Callable[[Article], _T]:
    """Keep with an article what several checks ask of it: a cache beside it would hash the whole article each time."""
    name = _place(work)

    @wraps(work)
    def kept(article: Article) -> _T:
        known = article.__dict__
        if name not in known:
            known[name] = work(article)
        return cast(_T, known[name])

    return kept


def ends_sentence(text: str) -> bool:
    """Whether the text ends in a final mark, closing quotes and brackets aside."""
    last = text[-1:]
    if last in CLOSERS:
        last = text.rstrip(CLOSERS)[-1:]
    return last != "" and last in SENTENCE_ENDS


def is_cjk(text: str) -> bool:
    """Whether the text is mostly written without spaces: Chinese, Japanese, Thai, Lao, Khmer, Burmese."""
    if text.isascii():
        return False
    head = text[:200]
    # Such a character takes three bytes or more, and counting bytes is cheaper than looking at characters.
    if 3 * len(head.encode("utf-8", "surrogatepass")) <= 5 * len(head):
        return False
    return 3 * sum(map(len, WIDE.findall(head))) > len(head)


def weight(text: str) -> int:
    """The length of a text in letters of an alphabet: a character of a script without spaces says as much as 2.5."""
    return int(2.5 * len(text)) if is_cjk(text) else len(text)


def weighs(text: str, least: int) -> bool:
    """Whether the `weight` of a text is at least so much."""
    length = len(text)
    return length >= least or (5 * length >= 2 * least and weight(text) >= least)


def copy_key(folded: str) -> str:
    """What two copies of a line have in common: the folded text without spaces, final stop and kinds of quotes."""
    return "".join(folded.split()).replace('"', "'").replace("--", "-").rstrip(".")


@_once
def stopped(article: Article) -> tuple[bool, ...]:
    """Of every paragraph whether it ends a sentence."""
    texts = [paragraph.text for paragraph in article.paragraphs]
    return tuple([text[-1] in SENTENCE_ENDS or ends_sentence(text) for text in texts])


@_once
def copies(article: Article) -> tuple[Copy, ...]:
    """Every paragraph that is a copy of an earlier one, in order. Very short ones are left out."""
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    made = []
    for index, paragraph in enumerate(article.paragraphs):
        key = copy_key(paragraph.folded)
        if len(key) < _SHORTEST_KEY:
            continue
        begun = first.setdefault(key, index)
        if begun != index:
            made.append(Copy(index, last.get(key, begun), begun))
            last[key] = index
    return tuple(made)


def difference(one: str, other: str) -> int:
    """How many characters differ between two copies of a line; 0 where they are word for word the same."""
    if one == other:
        return 0
    ours, theirs = Counter(one.strip()), Counter(other.strip())
    return max((ours - theirs).total(), (theirs - ours).total())


def may_resemble(article: Article) -> bool:
    """Whether a paragraph that weighs `SHORTEST_NEAR` and ends a sentence may be a near copy of another such one.

    False only where `bycatch.resemblance` has looked at the article.
    """
    return bool(vars(article).get(_place(may_resemble), True))


def tell(article: Article, stops: Iterable[bool], *, repeats: bool, resembles: bool) -> None:
    """Keep with an article which paragraphs are `stopped`, and whether two may be copies, or near ones."""
    vars(article)[_place(stopped)] = tuple(stops)
    if not repeats:
        vars(article)[_place(copies)] = ()
    vars(article)[_place(may_resemble)] = resembles


def similarity(one: str, other: str) -> float:
    """The share of character trigrams two texts have in common (Dice), 0 to 1; order of words counts for little."""
    return _dice(_trigrams(one), _trigrams(other))


def near_copies(texts: Sequence[str], least: float) -> Iterator[Near]:
    """Each text that resembles an earlier one by at least ``least``, with the one it resembles most.

    Texts are folded ones; an empty one is passed over. Time is linear in the length of all texts.
    """
    words = {index: long for index, text in enumerate(texts) if text and (long := _long_words(text))}
    if len(words) < 2 or not _any_share([*words.values()]):
        return
    holders: dict[str, list[int]] = {}
    for index, listed in words.items():
        text, sketch = texts[index], _sketch(listed)
        shared = _note(holders, sketch, index)
        needed = min(SHARED, len(sketch))
        if not shared or max(shared.values()) < needed:
            continue
        best = Near(index, -1, 0.0)
        for other, count in Counter(shared).most_common(_COMPARED):
            # Trigrams in common are at most those of the shorter text.
            if count < needed or not _sizes_allow(len(text), len(texts[other]), least):
                continue
            score = similarity(text, texts[other])
            if score > best.score:
                best = Near(index, other, score)
            if score >= 0.95:
                break
        if best.score >= least:
            yield best


def _note(holders: dict[str, list[int]], sketch: Sequence[str], index: int) -> dict[int, int]:
    """Make the text a holder of its words; how many of them each earlier holder shares."""
    shared: dict[int, int] = {}
    for word in sketch:
        listed = holders.get(word)
        if listed is None:
            holders[word] = [index]
            continue
        for other in listed:
            shared[other] = shared.get(other, 0) + 1
        listed.append(index)
        if len(listed) > _HOLDERS:
            del listed[0]
    return shared


def _dice(ours: frozenset[str], theirs: frozenset[str]) -> float:
    total = len(ours) + len(theirs)
    return 2 * len(ours & theirs) / total if total else 0.0


def _sizes_allow(one: int, other: int, least: float) -> bool:
    return 2 * min(one, other) >= least * (one + other)


def _long_words(text: str) -> set[str]:
    """The different long words; clauses between punctuation marks where no spaces part the words."""
    text = text[:COMPARED_LENGTH]
    listed = text.split()
    if SPARSE * len(listed) < len(text):
        listed = _CHUNK.findall(text)
    words = {word for word in listed if len(word) >= LONG_WORD}
    return words if len(words) >= SKETCH else {word for word in listed if len(word) >= SHORT_WORD}


def _any_share(texts: Sequence[set[str]]) -> bool:
    """Whether two texts may have as many words in common as near copies must; each text has one at least."""
    needed = min(SHARED, *map(len, texts))
    # Both of two near copies hold so many words of others; and again, once those that do not are set aside.
    for _ in range(2):
        seen: set[str] = set()
        again: set[str] = set()
        for words in texts:
            again |= words & seen
            seen |= words
        if len(again) < needed:
            return False
        texts = [words for words in texts if len(words & again) >= needed]
    return len(texts) > 1


def _sketch(words: Iterable[str]) -> list[str]:
    """The longest words, as many as are enough."""
    # First in order of the alphabet, for the order of a set differs from run to run.
    return sorted(sorted(words), key=len, reverse=True)[:SKETCH]


@lru_cache(maxsize=64)
def _trigrams(text: str) -> frozenset[str]:
    text = text[:COMPARED_LENGTH]
    return frozenset([text[at : at + 3] for at in range(len(text) - 2)])


def is_row(paragraph: Paragraph) -> bool:
    """Whether a paragraph is a list item, a row of a table or a line of code: honest repeats are common there."""
    text = paragraph.text
    first, head = text[0], text[:5]
    if first in "-*•·–—‣▪●○◦|>+#✓✔►▶→" or "|" in text or "\t" in text or text[-1] in "{};,\\":
        return True
    if first in "/<{$@" and text.startswith(("//", "/*", "<", "{", "$ ", "@")):
        return True
    return (first.isdigit() and _NUMBERED.match(head) is not None) or (
        ")" in head and _LETTERED.match(head) is not None
    )
