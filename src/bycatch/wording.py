"""One phrase as it is written in a check file, and the texts it stands for.

``{n}`` stands for a number, ``…`` for other words of the same paragraph, ``(a|your|)`` for any one of the
alternatives or nothing; all else is literal.
"""

from __future__ import annotations

import itertools
import math
import re
import sys
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, NamedTuple, cast

from bycatch.folding import fold, spellings

Kind = Literal["phrases", "likely", "parts", "inline", "cues", "not"]
KINDS: Final[tuple[Kind, ...]] = ("phrases", "likely", "parts", "inline", "cues", "not")
# Kinds of which a phrase is a whole line: a paragraph, or a part of one that is a row of several.
WHOLE: Final = ("phrases", "likely", "parts")

# What may stand around a whole phrase without changing what it is. Not ©, @, #, % and digits: they carry meaning.
DECORATION: Final = (
    " \t\n.,;:!?|*~_=+<>\"'()[]{}/\\^-"
    "¡¿·•◦‣⁃∙⋅●○◆◇■□▪▫★☆✓✔✕✖✗✘×→←↑↓↗↘⇒⇐➔➜➤➡⬅▶►▷◀◄◁▲▼△▽⌃⌄›‹«»…。、，：；！？「」『』（）【】〈〉《》［］｜／～・‥"
    "\u200b\u200c\u200d\u200e\u200f\ufeff\ufe0f\u00ad"
)
_DECORATIVE: Final = frozenset(DECORATION)
# Text that the scripts below write without spaces has no word ends to respect.
_UNSPACED: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f"
# A number may touch a word ("3comments"), a letter may not.
_LETTER: Final = rf"[^\W\d_{_UNSPACED}]"
# Zero width: not between two letters of a spaced script.
_WORD_END: Final = f"(?:(?<!{_LETTER})|(?!{_LETTER}))"
# "1,204", "12:30", "(3)".
_NUMBER: Final = r"[(\[]?\d+(?:[ .,'/:]\d+)*[)\]]?"
# "…" stands for a title, a name, a list of links; 200 characters is a long headline twice over.
_LONGEST_WORDS: Final = 200
_WORDS: Final = rf".{{1,{_LONGEST_WORDS}}}?"
# Characters at the beginning or end of a line by which a dictionary looks it up: what a phrase is sure to begin or end
# with is cut to one of these. Fewer say too little, more make a dictionary that is slow to load.
EDGES: Final = (8, 6, 5, 4, 3, 2, 1)
# Two characters of a script without spaces say as much as four letters; two letters say too little.
_LEAST_EDGE: Final = 3
# Characters at either end of a line by which most phrases are turned down.
_FEW: Final = 3
# Beginnings of one phrase, or endings: beyond this its alternatives are no longer spelled out.
_MOST_EDGES: Final = 64
_ALTERNATIVES: Final = re.compile(r"\(([^()|]*(?:\|[^()|]*)+)\)")
# What parts phrases in the cache, and the fields of one; no phrase holds them.
RECORD: Final = "\x1e"
UNIT: Final = "\x1f"
NUMBER: Final = "\ue000"
WORDS: Final = "\ue001"
_ATOM: Final = re.compile(r"\s+|[\ue000\ue001]|[^\s\ue000\ue001]+")
_AROUND_HOLES: Final = re.compile(r"[\ue000\ue001]")
_HOLES: Final = {NUMBER: _NUMBER, WORDS: _WORDS}
_NUMBER_AT: Final = re.compile(_NUMBER)
_IS_UNSPACED: Final = re.compile(f"[{_UNSPACED}]").match
_COLON: Final = re.compile(r"([:;!?])")


# Of a phrase, one after the other: the alternatives of an element, each in steps (see `_atoms`).
_Steps = tuple[tuple[tuple[str, ...], ...], ...]


@dataclass(frozen=True)
class Phrase:
    """One phrase of a check, ``text`` as it stands in the file, with the languages that list it."""

    text: str
    check: str
    kind: Kind
    langs: tuple[str, ...]

    def __hash__(self) -> int:
        """By the text alone: phrases are looked up in every article, and a string knows its own hash."""
        return hash(self.text)

    @property
    def written(self) -> str:
        """The phrase as plain text, for the cache."""
        return UNIT.join((self.text, self.kind, *self.langs))

    @classmethod
    def read(cls, check: str, written: str) -> Phrase:
        """A phrase of a check from how it was `written`."""
        text, kind, *langs = written.split(UNIT)
        return cls(text, check, cast("Kind", kind), tuple(langs))

    @cached_property
    def needles(self) -> tuple[str, ...]:
        """What is looked for, one of which stands in every text of the phrase; a line end is the paragraph's own.

        The whole line where the phrase is a literal one; else how the line begins or ends, if that is telling, for a
        dictionary finds it; else the `anchors`, for an automaton.
        """
        if self.kind not in WHOLE:
            return self.anchors
        if self.literal is not None:
            return tuple(dict.fromkeys(f"\n{text}\n" for text in spellings(self.literal)))
        heads, tails = (
            {cut(edge) for steps in self._steps for edge in _edges_of(steps, backwards=backwards)}
            for backwards in (False, True)
        )
        told_by_heads, told_by_tails = (min(map(_weight, edges)) for edges in (heads, tails))
        if max(told_by_heads, told_by_tails) < _LEAST_EDGE:
            return self.anchors
        # Of two equals the fewer.
        if (told_by_heads, -len(heads)) >= (told_by_tails, -len(tails)):
            return tuple(f"\n{head}" for head in sorted(heads))
        return tuple(f"{tail[::-1]}\n" for tail in sorted(tails))

    @cached_property
    def elements(self) -> tuple[tuple[str, ...], ...]:
        """The folded phrase in order: each element one run of text and holes, or the alternatives that may stand there.

        Holes are single characters here, `NUMBER` and `WORDS`, which no text holds (private use).
        """
        written = self.text.replace("{n}", NUMBER).replace("…", WORDS)
        folded = fold(written)
        found: list[tuple[str, ...]] = []
        at = 0
        # Looked for before folding, which makes full-width brackets plain ones, and cut after it at the same places.
        for group in _ALTERNATIVES.finditer(written):
            if group.start() > at:
                found.append((folded[at : group.start()],))
            found.append(tuple(folded[group.start(1) : group.end(1)].split("|")))
            at = group.end()
        if at < len(folded):
            found.append((folded[at:],))
        if self.kind in WHOLE and found:
            found[0] = tuple(choice.lstrip(DECORATION) for choice in found[0])
            found[-1] = tuple(choice.rstrip(DECORATION) for choice in found[-1])
        return tuple(found)

    @cached_property
    def known_length(self) -> int:
        """How many characters of a text the phrase accounts for at most, itself without what stands for other words."""
        if "…" not in self.text:
            return sys.maxsize
        return sum(max(len(choice) - choice.count(WORDS) for choice in choices) for choices in self.elements)

    @cached_property
    def literal(self) -> str | None:
        """The folded phrase where it has neither hole nor alternatives, else None."""
        if len(self.elements) != 1 or len(self.elements[0]) != 1:
            return None
        text = self.elements[0][0]
        return None if NUMBER in text or WORDS in text else " ".join(text.split())

    @cached_property
    def is_positional(self) -> bool:
        """Whether it counts where its needle stands, if no word goes on there."""
        return self.kind not in WHOLE and (self.literal is not None or self.kind == "inline")

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The phrase as a pattern to search a folded paragraph with, for phrases found inside one.

        White space may be missing where no two letters meet, so "3comments" and "3 comments" are both "{n} comments".
        """
        body = "".join(
            _choice(choices[0]) if len(choices) == 1 else f"(?:{'|'.join(map(_choice, choices))})"
            for choices in self.elements
        )
        return re.compile(f"{_WORD_END}(?:{'|'.join(dict.fromkeys(spellings(body)))}){_WORD_END}", re.DOTALL)

    def is_text(self, line: str) -> bool:
        """Whether a bare folded line that holds a needle of the phrase is one of the texts it stands for."""
        return self.literal is not None or self.is_whole(line)

    def is_whole(self, line: str) -> bool:
        """Whether a bare folded line is one of the texts that the phrase stands for.

        Matched step by step and not by `pattern`: a family of forty wordings takes twenty milliseconds to compile.
        """
        # Nearly every line is turned down here.
        (first, heads), (last, tails) = self.edges
        if (first and line[:first] not in heads) or (last and line[-last:] not in tails):
            return False
        if not all(any(map(line.__contains__, words)) for words in self._musts):
            return False
        return any(len(line) in _ends(elements, line) for elements in self._elements)

    @cached_property
    def longest(self) -> float:
        """No line longer than this is one of the texts the phrase stands for; nearly all prose is."""
        if self.kind not in WHOLE:
            return math.inf
        return sum(max(map(_longest, choices)) for choices in self.elements)

    @cached_property
    def edges(self) -> tuple[tuple[int, frozenset[str]], tuple[int, frozenset[str]]]:
        """The first few characters of every text of the phrase and how many, then the last; 0 where they are not sure.

        A family may begin in hundreds of ways: these are looked up, not tried.
        """
        return self._edge(0), self._edge(-1)

    def _edge(self, at: Literal[0, -1]) -> tuple[int, frozenset[str]]:
        words = [choice[at] if choice else "" for steps in self._steps for choice in steps[at]]
        sure = all(word.strip() and word not in _HOLES for word in words)
        size = min(_FEW, *map(len, words)) if sure else 0
        return size, frozenset(word[-size:] if at else word[:size] for word in words)

    @cached_property
    def _elements(self) -> tuple[tuple[_Element, ...], ...]:
        """The steps with the alternatives of each element by their first letter."""
        return tuple(tuple(map(_Element.of, steps)) for steps in self._steps)

    @cached_property
    def _musts(self) -> tuple[tuple[str, ...], ...]:
        """Words of which one of each tuple stands in every text of the phrase: the longest of each alternative."""
        musts = []
        for number in range(len(self.elements)):
            words = [
                max((atom for atom in choice if atom not in _HOLES), key=len, default="").strip()
                for steps in self._steps
                for choice in steps[number]
            ]
            if all(words):
                musts.append(tuple(dict.fromkeys(words)))
        # Few words are soon looked for.
        return tuple(sorted(musts, key=len))

    @cached_property
    def _steps(self) -> tuple[_Steps, ...]:
        written = tuple(tuple(_atoms(choice) for choice in choices) for choices in self.elements)
        spelled = (
            tuple(tuple(tuple(_spelling(atom, way) for atom in choice) for choice in choices) for choices in written)
            for way in range(3)
        )
        return tuple(dict.fromkeys(spelled))

    @cached_property
    def anchors(self) -> tuple[str, ...]:
        """Literals of which one stands in every text the phrase stands for; none where the phrase has no such word.

        A line end before or after one means that it must begin or end its paragraph. These are what the automaton
        looks for, so the element with the longest shortest literal is taken: it is seen least often by chance.
        """
        best: tuple[int, tuple[str, ...]] = (0, ())
        last = len(self.elements) - 1
        whole = self.kind in WHOLE
        for number, choices in enumerate(self.elements):
            literals = tuple(
                _anchor(choice, first=whole and number == 0, last=whole and number == last, bare=self.kind != "inline")
                for choice in choices
            )
            best = max(best, (min(map(len, literals)), literals), key=lambda pair: pair[0])
        return tuple(dict.fromkeys(spelling for anchor in best[1] for spelling in spellings(anchor)))


class _Element(NamedTuple):
    """The alternatives of one place in a phrase: by their first letter, and those that begin with a hole or a space."""

    by_letter: dict[str, list[tuple[str, ...]]]
    others: list[tuple[str, ...]]

    @classmethod
    def of(cls, choices: tuple[tuple[str, ...], ...]) -> _Element:
        """The alternatives in order."""
        element = cls({}, [])
        for choice in choices:
            first = choice[0].strip() if choice else ""
            if first and first not in _HOLES:
                element.by_letter.setdefault(first[0], []).append(choice)
            else:
                element.others.append(choice)
        return element


def _edges_of(steps: _Steps, *, backwards: bool) -> set[str]:
    """What the texts of the phrase begin with, as far as it is sure; what they end with, reversed, when ``backwards``.

    A space is sure between two letters alone, see `_after`.
    """
    whole: set[str] = {""}
    broken: set[str] = set()
    for choices in reversed(steps) if backwards else steps:
        grown: set[str] = set()
        stopped: set[str] = set()
        for choice, edge in itertools.product(choices, whole):
            longer, ended = _lengthened(edge, choice, backwards=backwards)
            (stopped if ended else grown).add(longer)
        if len(grown) + len(stopped) + len(broken) > _MOST_EDGES:
            break
        broken |= stopped
        whole = grown
        if not whole or min(map(len, whole)) >= EDGES[0]:
            break
    return {edge.rstrip(" ") for edge in whole | broken}


def _lengthened(edge: str, choice: tuple[str, ...], *, backwards: bool) -> tuple[str, bool]:
    """The edge with what one alternative adds, and whether nothing sure can follow."""
    for atom in reversed(choice) if backwards else choice:
        if atom in _HOLES or not atom:
            return edge, True
        if atom == " ":
            if edge and edge[-1] != " ":
                edge += " "
            continue
        text = atom[::-1] if backwards else atom
        if edge[-1:] == " " and not (is_letter(edge[-2]) and is_letter(text[0])):
            return edge, True
        edge += text
    return edge, False


def bare(folded: str) -> str:
    """A folded line without what may stand around a phrase; most have a full stop, and nothing else of it."""
    stripped = folded.strip(" .")
    if stripped and (stripped[0] in _DECORATIVE or stripped[-1] in _DECORATIVE):
        # For all of these a table is made at every call.
        return stripped.strip(DECORATION)
    return stripped


def cut(edge: str) -> str:
    """As much of the beginning of a line as a dictionary of them is asked for."""
    return edge[: next((length for length in EDGES if length <= len(edge)), 0)]


def _weight(edge: str) -> int:
    """How much a few characters say, in letters of an alphabet."""
    return len(edge) * (2 if any(map(_IS_UNSPACED, edge)) else 1)


def _atoms(text: str) -> tuple[str, ...]:
    """One literal run in steps: folded words, holes, and two that may skip a space.

    " " stands where words meet, "" before a colon, where French sets a space and others do not.
    """
    found: list[str] = []
    for atom in _ATOM.findall(text):
        if atom.isspace():
            found.append(" ")
        elif atom in _HOLES:
            found.append(atom)
        else:
            for number, piece in enumerate(_COLON.split(atom)):
                found += ["", piece] if number % 2 else [piece] if piece else []
    return tuple(found)


def _longest(choice: str) -> float:
    """The most characters one literal run takes; a number has no bound."""
    if NUMBER in choice:
        return math.inf
    # In capitals ß is two letters, and French sets a space before these marks.
    return len(choice) + _LONGEST_WORDS * choice.count(WORDS) + sum(map(choice.count, "ß:;!?"))


def _spelling(atom: str, way: int) -> str:
    return atom if atom in _HOLES else spellings(atom)[way]


def _ends(elements: tuple[_Element, ...], line: str) -> set[int]:
    """The positions at which the phrase, begun at the start of the line, may end."""
    places = {0}
    for element in elements:
        reached: set[int] = set()
        for place in places:
            for choice in element.by_letter.get(line[place : place + 1], ()):
                reached |= _through(choice, line, {place})
        for choice in element.others:
            reached |= _through(choice, line, places)
        places = reached
        if not places:
            break
    return places


def _through(choice: tuple[str, ...], line: str, places: set[int]) -> set[int]:
    """Where one alternative may end that begins at one of the places."""
    for atom in choice:
        places = _after(atom, line, places)
        if not places:
            break
    return places


def _after(atom: str, line: str, places: set[int]) -> set[int]:
    if atom == WORDS:
        return {end for start in places for end in range(start + 1, min(len(line), start + _LONGEST_WORDS) + 1)}
    if atom == NUMBER:
        return {match.end() for start in places if (match := _NUMBER_AT.match(line, start))}
    if atom in ("", " "):
        skipped = {start + 1 if line[start : start + 1] == " " else start for start in places}
        return skipped if not atom else {at for at in skipped if not _in_word(line, at)}
    return {start + len(atom) for start in places if line.startswith(atom, start)}


def _in_word(line: str, at: int) -> bool:
    return 0 < at < len(line) and is_letter(line[at - 1]) and is_letter(line[at])


def _choice(text: str) -> str:
    """One literal run as a pattern."""
    body = []
    for atom in _ATOM.findall(text):
        if atom.isspace():
            body.append(rf"\s*{_WORD_END}")
        elif atom in _HOLES:
            body.append(_HOLES[atom])
        else:
            # French sets a space before these; others do not.
            body.append(re.sub(r"([:;!?])", r"\\s*\1", re.escape(atom)))
    return "".join(body)


def _anchor(text: str, *, first: bool, last: bool, bare: bool) -> str:
    """The longest literal of one run, with a line end at each side that must be the paragraph's own."""
    runs = [" ".join(run.split()) for run in _AROUND_HOLES.split(text)]
    # An inline phrase is looked for with its brackets: "[ad_" is rare, "ad" stands in every other line.
    stripped = [run.strip(DECORATION) if bare else run for run in runs]
    # The space in "a (b|) c" may be missing with b; only what stands between spaces is sure.
    at = max(range(len(stripped)), key=lambda number: len(stripped[number]))
    if not stripped[at]:
        return ""
    before = "\n" if first and at == 0 and runs[0].startswith(stripped[0]) else ""
    after = "\n" if last and at == len(runs) - 1 and runs[-1].endswith(stripped[-1]) else ""
    # A colon may have a space before it in the text that it has not in the phrase.
    if _COLON.search(stripped[at]) is None:
        return before + stripped[at] + after
    longest = max(_COLON.split(stripped[at]), key=len).strip()
    if longest != stripped[at]:
        return (
            (before if stripped[at].startswith(longest) else "")
            + longest
            + (after if stripped[at].endswith(longest) else "")
        )
    return before + stripped[at] + after


def spelled_out(written: str) -> list[str]:
    """All phrases that a phrase with alternatives stands for: "(a|b|) c" for "a c", "b c" and "c"."""
    pieces = _ALTERNATIVES.split(written)
    choices = [piece.split("|") if number % 2 else [piece] for number, piece in enumerate(pieces)]
    return list(dict.fromkeys(" ".join("".join(chosen).split()) for chosen in itertools.product(*choices)))


def each_alternative(written: str) -> list[str]:
    """As few phrases as show every alternative of every place once."""
    pieces = _ALTERNATIVES.split(written)
    choices = [piece.split("|") if number % 2 else [piece] for number, piece in enumerate(pieces)]
    most = max(map(len, choices))
    shown = ("".join(choice[number % len(choice)] for choice in choices) for number in range(most))
    return list(dict.fromkeys(" ".join(text.split()) for text in shown))


def first_wording(written: str) -> str:
    """The first phrase that a phrase with alternatives stands for: what to call a family in a list."""
    return each_alternative(written)[0]


def is_letter(character: str) -> bool:
    """Whether the character is a letter of a script that sets spaces between words."""
    return character.isalpha() and (character < "\u0e00" or _IS_UNSPACED(character) is None)
