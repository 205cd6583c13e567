"""A folder for what can be worked out again: plain JSON under the digest of what it was made from.

Nothing here is trusted: a file carries the digest of its own content, and one that is missing, damaged or made from
something else is as good as none. A folder that cannot be written is no error, for everything works without it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

# Old entries go when a new one is written; a handful serves several projects and versions side by side.
_KEPT: Final = 8


def folder() -> Path:
    """The user's cache folder for bycatch; BYCATCH_CACHE names another."""
    if chosen := os.environ.get("BYCATCH_CACHE"):
        return Path(chosen)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "bycatch"


def load(name: str, key: str) -> list[Any] | None:
    """The parts that were stored under the name and key, or None."""
    try:
        head, _, body = _path(name, key).read_bytes().partition(b"\n")
        if head != _seal(key, body):
            return None
        return [json.loads(part.decode("utf-8", "surrogatepass")) for part in body.split(b"\n")]
    except (OSError, ValueError, RuntimeError):
        return None


def store(name: str, key: str, parts: Iterable[object]) -> None:
    """Keep parts of plain data; nothing happens where the folder cannot be written.

    Each is read by itself, for one rare character makes a whole text four times as wide and as slow to read.
    """
    import tempfile  # only here, and seldom

    lines = (json.dumps(part, ensure_ascii=False, separators=(",", ":")) for part in parts)
    body = "\n".join(lines).encode("utf-8", "surrogatepass")
    with contextlib.suppress(OSError, RuntimeError):
        path = _path(name, key)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{name}-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_seal(key, body) + b"\n" + body)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        others = sorted(path.parent.glob(f"{name}-*.json"), key=lambda other: other.stat().st_mtime, reverse=True)
        for old in others[_KEPT:]:
            old.unlink(missing_ok=True)


def _path(name: str, key: str) -> Path:
    return folder() / f"{name}-{key[:32]}.json"


def _seal(key: str, body: bytes) -> bytes:
    return hashlib.sha256(key.encode() + b"\0" + body).hexdigest().encode()
