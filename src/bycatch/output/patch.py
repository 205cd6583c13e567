"""Edits as a unified patch, the way git writes and reads it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final

from bycatch.rewriting import Edit

_CONTEXT: Final = 3
_BARE: Final = b"\\ No newline at end of file\n"
_Row = tuple[bytes, bytes]


def patch(name: str, lines: Iterable[bytes], edits: Iterable[Edit], note: str = "") -> Iterator[bytes]:
    """The patch of one file: its lines as they are and the edits of its bytes, in order of place.

    ``git apply`` takes it. ``note`` goes before it, where git expects prose.
    """
    old, new = _quoted(f"a/{name.lstrip('/')}"), _quoted(f"b/{name.lstrip('/')}")
    # Git ends a name that holds a space with a tab, to tell where it ends.
    tab = "\t" if " " in name and not old.startswith('"') else ""
    head = f"{note}diff --git {old} {new}\n--- {old}{tab}\n+++ {new}{tab}\n".encode()
    for hunk in _hunks(_rows(lines, edits)):
        yield head + hunk
        head = b""


def _quoted(name: str) -> str:
    """A name as git writes it: in quotes, C style, where it holds more than plain characters."""
    data = name.encode("utf-8", "surrogateescape")
    if all(32 <= byte < 127 and byte not in b'"\\' for byte in data):
        return name
    known = {9: "\\t", 10: "\\n", 34: '\\"', 92: "\\\\"}
    return '"' + "".join(known.get(b, chr(b) if 32 <= b < 127 else f"\\{b:03o}") for b in data) + '"'


def _rows(lines: Iterable[bytes], edits: Iterable[Edit]) -> Iterator[_Row]:
    """Every line with its sign: blank for one that stays, - for one that goes, + for one that comes."""
    source, queue = iter(lines), deque(edits)
    at = 0
    for line in source:
        end = at + len(line)
        if not queue or queue[0].start >= end:
            yield b" ", line
            at = end
            continue
        block, made = line, b""
        done = at
        while True:
            while queue and queue[0].start < end and queue[0].end <= end:
                edit = queue.popleft()
                made += block[done - at : edit.start - at] + edit.data
                done = edit.end
            whole = made + block[done - at :]
            open_end = bool(whole) and not whole.endswith(b"\n")
            if not (queue and queue[0].start < end) and not open_end:
                break
            following = next(source, b"")
            if not following:
                break
            block, end = block + following, end + len(following)
        while queue and not block.endswith(b"\n"):
            # Only the last line has no line feed: what is left comes at the very end.
            whole += queue.popleft().data
        yield from _exchanged(_split(block), _split(whole))
        at = end
    for edit in queue:
        yield from ((b"+", line) for line in _split(edit.data))


def _split(data: bytes) -> list[bytes]:
    """Lines as git counts them: a line feed ends one, nothing else does."""
    pieces = data.split(b"\n")
    return [piece + b"\n" for piece in pieces[:-1]] + ([pieces[-1]] if pieces[-1] else [])


def _exchanged(old: list[bytes], new: list[bytes]) -> Iterator[_Row]:
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    yield from ((b" ", line) for line in old[:head])
    yield from ((b"-", line) for line in old[head : len(old) - tail])
    yield from ((b"+", line) for line in new[head : len(new) - tail])
    yield from ((b" ", line) for line in old[len(old) - tail :])


def _hunks(rows: Iterable[_Row]) -> Iterator[bytes]:
    before: deque[_Row] = deque(maxlen=_CONTEXT)
    hunk: list[_Row] = []
    quiet = 0
    old = new = 1
    start = (1, 1)
    for sign, line in rows:
        if hunk:
            hunk.append((sign, line))
            quiet = quiet + 1 if sign == b" " else 0
            if quiet > 2 * _CONTEXT:
                yield _hunk(hunk[: len(hunk) - quiet + _CONTEXT], start)
                before.extend(hunk[-_CONTEXT:])
                hunk, quiet = [], 0
        elif sign == b" ":
            before.append((sign, line))
        else:
            start = (old - len(before), new - len(before))
            hunk = [*before, (sign, line)]
            before.clear()
        old += sign != b"+"
        new += sign != b"-"
    if hunk:
        yield _hunk(hunk[: len(hunk) - max(0, quiet - _CONTEXT)], start)


def _hunk(rows: list[_Row], start: tuple[int, int]) -> bytes:
    taken, given = sum(sign != b"+" for sign, _ in rows), sum(sign != b"-" for sign, _ in rows)
    old, new = start[0] - (not taken), start[1] - (not given)
    head = f"@@ -{old},{taken} +{new},{given} @@\n".encode()
    return head + b"".join(sign + line + (b"" if line.endswith(b"\n") else b"\n" + _BARE) for sign, line in rows)
