"""Apply fixes to a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from bycatch.article import Fix

_LINE_END: Final = re.compile(r"\r\n|\n|\r")


class Change(NamedTuple):
    """``text[start:end]`` goes and ``insert`` comes in its place."""

    start: int
    end: int
    insert: str = ""


def apply(text: str, fixes: Iterable[Fix]) -> str:
    """The text with the fixes made; where spans overlap, deletions are merged and a replacement gives way."""
    return changed(text, settled(text, fixes))


def settled(text: str, fixes: Iterable[Fix]) -> tuple[Change, ...]:
    """What the fixes of the text come to: changes in order of place, none overlapping another.

    Where the last paragraphs go, the blank lines before them go too, and the last line that stays keeps its end.
    """
    changes: list[Change] = []
    for fix in sorted(fixes, key=lambda f: (f.span.start, f.action == "replace", -f.span.end)):
        start, end = fix.span
        if changes and start < changes[-1].end:
            if fix.action == "delete" and end > changes[-1].end:
                changes[-1] = changes[-1]._replace(end=end)
            continue
        if start < end or fix.action == "replace":
            changes.append(Change(start, end, fix.text if fix.action == "replace" else ""))
    if changes and not changes[-1].insert and not text[changes[-1].end :].strip():
        start, end, _ = changes.pop()
        start = len(text[:start].rstrip()) or start
        if end == len(text) and (line_end := _LINE_END.match(text, start)):
            start = min(line_end.end(), end)
        while changes and changes[-1].end >= start and not changes[-1].insert:
            start = min(start, changes.pop().start)
        changes.append(Change(max(start, changes[-1].end if changes else 0), end))
    return tuple(changes)


def changed(text: str, changes: Iterable[Change]) -> str:
    """The text with the changes made; they are in order and do not overlap."""
    pieces: list[str] = []
    at = 0
    for start, end, insert in changes:
        pieces += [text[at:start], insert]
        at = end
    return "".join((*pieces, text[at:]))


class _Piece(NamedTuple):
    """A stretch of the first text that is kept, or a text that came in at ``start`` (then ``start == end``)."""

    start: int
    end: int
    insert: str | None = None

    @property
    def length(self) -> int:
        return self.end - self.start if self.insert is None else len(self.insert)

    def part(self, start: int, end: int) -> _Piece:
        if self.insert is None:
            return _Piece(self.start + start, self.start + end)
        return _Piece(self.start, self.end, self.insert[start:end])


def compose(length: int, first: Sequence[Change], second: Sequence[Change]) -> tuple[Change, ...]:
    """Both in one: ``second`` speaks of the text that ``first`` made of one of ``length`` characters."""
    changes: list[Change] = []
    at, inserts = 0, ""
    pieces = _edited(_edited([_Piece(0, length)], first), second)
    for piece in (*pieces, _Piece(length, length)):
        if piece.insert is not None:
            inserts += piece.insert
            continue
        if at < piece.start or inserts:
            changes.append(Change(at, piece.start, inserts))
        at, inserts = piece.end, ""
    return tuple(changes)


def _edited(pieces: Iterable[_Piece], changes: Sequence[Change]) -> list[_Piece]:
    return [piece for piece in _cut(pieces, changes) if piece.length]


def _cut(pieces: Iterable[_Piece], changes: Sequence[Change]) -> Iterator[_Piece]:
    begin, number = 0, 0
    for piece in pieces:
        end = begin + piece.length
        at = begin
        while number < len(changes) and changes[number].start < end:
            change = changes[number]
            if change.start >= begin:
                yield piece.part(at - begin, change.start - begin)
                yield _Piece(piece.start, piece.start, change.insert)
            at = min(change.end, end)
            if change.end > end:
                break
            number += 1
        yield piece.part(at - begin, end - begin)
        begin = end
    for change in changes[number:]:
        if change.start >= begin:
            yield _Piece(begin, begin, change.insert)
