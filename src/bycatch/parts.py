"""A long run in parts: what is finished stays, what was under way when the run was killed is done again.

A part is two files, written whole and moved into place: ``findings-00007.jsonl`` first, then ``articles-00007.jsonl``,
which makes the part count. ``run.json`` says what the run is, so that no other is mixed in; ``done.json``, with the
totals, is written last. A part holds a fixed number of inputs: where a run was killed leaves no trace.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from bycatch.errors import UserError

# Articles of a part: a few seconds of work to lose, and a thousand files for a million articles.
SIZE: Final = 1000
_RUN: Final = "run.json"
_DONE: Final = "done.json"
_PART: Final = re.compile(r"(findings|articles)-\d{5,}\.jsonl|run\.json|done\.json")
_TEMPORARY: Final = ".part"


class PartsError(UserError):
    """A folder that cannot take the parts of this run."""


class Parts:
    """The folder of a run in parts."""

    def __init__(self, folder: Path, run: Mapping[str, Any]) -> None:
        """Begin in an empty folder or go on in one of the same ``run``, which is plain data.

        Raises PartsError, and changes nothing, where the folder holds another run or other files.
        """
        self.folder = folder
        self.run = json.loads(json.dumps(run))
        if folder.exists() and not folder.is_dir():
            raise PartsError(f"{folder} is a file; --output names a folder")
        here = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
        kept = [name for name in here if not name.endswith(_TEMPORARY)]
        if kept:
            self._is_ours(kept)
        folder.mkdir(parents=True, exist_ok=True)
        for name in here:
            if name.endswith(_TEMPORARY):
                (folder / name).unlink()
        if not kept:
            self._write(_RUN, [self.run])
        self.finished = 0
        while (folder / f"articles-{self.finished:05}.jsonl").is_file():
            self.finished += 1

    def _is_ours(self, kept: list[str]) -> None:
        strange = [name for name in kept if not _PART.fullmatch(name)]
        if strange or _RUN not in kept:
            raise PartsError(
                f"{self.folder} holds {(strange or kept)[0]}, which is no part of a run; give --output a new folder"
            )
        try:
            there = json.loads((self.folder / _RUN).read_text(encoding="utf-8"))
        except ValueError as error:
            raise PartsError(f"{self.folder / _RUN}: damaged ({error}); give --output a new folder") from error
        there = there if isinstance(there, dict) else {}
        for key in {**self.run, **there}:
            if there.get(key) != self.run.get(key):
                raise PartsError(
                    f"{self.folder} holds another run: {key} was {_shown(there.get(key))} and is now "
                    f"{_shown(self.run.get(key))}; give --output a new folder, or delete this one"
                )

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return (self.folder / _DONE).is_file()

    def add(self, findings: Iterable[Mapping[str, Any]], articles: Iterable[Mapping[str, Any]]) -> None:
        """Write the next part."""
        self._write(f"findings-{self.finished:05}.jsonl", findings)
        self._write(f"articles-{self.finished:05}.jsonl", articles)
        self.finished += 1

    def finish(self, totals: Mapping[str, Any]) -> None:
        """Write the totals: the run is complete."""
        self._write(_DONE, [totals])

    def articles(self) -> Iterator[dict[str, Any]]:
        """The rows of all finished parts, in order."""
        for number in range(self.finished):
            with (self.folder / f"articles-{number:05}.jsonl").open(encoding="utf-8") as rows:
                yield from map(json.loads, rows)

    def _write(self, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
        temporary = self.folder / (name + _TEMPORARY)
        try:
            with temporary.open("w", encoding="utf-8", newline="\n") as file:
                # Escaped, for text may hold lone surrogates.
                file.writelines(json.dumps(row) + "\n" for row in rows)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self.folder / name)
        except OSError as error:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise PartsError(
                f"{self.folder / name} cannot be written: {error.strerror}; what is finished is kept, "
                "start again when there is room"
            ) from error


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:79] + "…"
