"""What a run found, kept on disk until the verdicts are known: memory holds none of it."""

from __future__ import annotations

import pickle
import tempfile
import weakref
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Spool(Generic[T]):
    """Things in a temporary file, which can be read from the first one on as often as one likes."""

    def __init__(self) -> None:
        """The file has no name, and goes with the spool."""
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the spool
        self._count = 0
        weakref.finalize(self, self._file.close)

    def __len__(self) -> int:
        """How many there are."""
        return self._count

    def add(self, item: T) -> None:
        """Write one more, after all others. Raises OSError where the disk is full."""
        self._file.seek(0, 2)
        pickle.dump(item, self._file, protocol=pickle.HIGHEST_PROTOCOL)
        self._count += 1

    def __iter__(self) -> Iterator[T]:
        """All of them in order. Two loops do not disturb each other."""
        at = 0
        for _ in range(self._count):
            self._file.seek(at)
            item: T = pickle.load(self._file)  # noqa: S301 - written by this process a moment ago
            at = self._file.tell()
            yield item
