"""What a change brings in: the files of a git repository that differ from where a branch left another, by content.

A file that was moved, or saved with other line ends, is no change. In JSON Lines and tables, records are compared
one by one with those of the same file at the merge base, by id and text. A text that is gone from where it stood and
stands elsewhere now was moved, be it a file's or a record's.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from bycatch.article import Article
from bycatch.baseline import named_by_path, text_digest
from bycatch.errors import UserError
from bycatch.reading import RECORD_SUFFIXES, TEXT_SUFFIXES, Fields, read

# Tables of the merge base that are kept in memory: the next is read while articles of the last are judged.
_TABLES: Final = 2
_FETCH: Final = "in GitHub Actions set fetch-depth: 0 at actions/checkout, in GitLab GIT_DEPTH: 0"


class ChangeError(UserError):
    """Git cannot say what has changed; the message says what to do."""


@dataclass(frozen=True, slots=True)
class _Changed:
    """A file as it was at the merge base: its blob, None for a new file, and the name it had."""

    blob: str | None
    name: str


@dataclass(frozen=True)
class Changes:
    """The files of the work tree that differ from the merge base, and what they were."""

    root: Path
    base: str
    fields: Fields
    _files: dict[Path, _Changed] = field(repr=False)
    _gone: dict[str, str] = field(repr=False)
    _bases: dict[Path, dict[str, Article]] = field(default_factory=dict, repr=False)
    _left: dict[Path, Counter[str]] = field(default_factory=dict, repr=False)

    def touches(self, file: Path) -> bool:
        """Whether the bytes of a file differ from the merge base's."""
        return file.resolve() in self._files

    def had(self, name: str) -> bool:
        """Whether the merge base had a file of that name, relative to the current directory."""
        try:
            inside = Path(name).resolve().relative_to(self.root)
        except ValueError:
            return False
        return bool(_git(self.root, "ls-tree", "--name-only", self.base, "--", inside.as_posix()).strip())

    def introduces(self, article: Article) -> bool:
        """Whether the text of an article is new or changed; to be asked once of each, for of two copies one is new."""
        earlier = self.earlier(article)
        digest = text_digest(article.text)
        if earlier is not None:
            return text_digest(earlier.text) != digest
        if article.record and named_by_path(article):
            file = Path(article.path).resolve()
            if file not in self._left:
                stood = self._base(file).values() if self._files[file].blob else ()
                self._left[file] = Counter(text_digest(base.text) for base in stood)
            if _taken(self._left[file], digest):
                return False
        return not _taken(self._moved, digest)

    def earlier(self, article: Article) -> Article | None:
        """The article as it was at the merge base, or None for a new one."""
        if article.record and named_by_path(article):
            return None
        return self._base(Path(article.path).resolve()).get(article.id if article.record else "")

    def _base(self, file: Path) -> dict[str, Article]:
        """The articles of a file at the merge base by id; a text file's under the empty id."""
        if file not in self._bases:
            while len(self._bases) >= _TABLES:
                del self._bases[next(iter(self._bases))]
            self._bases[file] = dict(self._read(file))
        return self._bases[file]

    def _read(self, file: Path) -> Iterator[tuple[str, Article]]:
        changed = self._files.get(file)
        records = file.name.lower().endswith(RECORD_SUFFIXES)
        blobs = {changed.name: changed.blob} if changed and changed.blob else {}
        if records and not blobs:
            # A new file may hold the records of one that is gone.
            blobs = {name: blob for name, blob in self._gone.items() if name.lower().endswith(RECORD_SUFFIXES)}
        for name, blob in blobs.items():
            for article in self._articles(name, str(blob)):
                yield ("" if not records else article.id), article

    def _articles(self, name: str, blob: str) -> Iterator[Article]:
        """The articles of a file of the merge base."""
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / Path(name).name
            copy.write_bytes(_blob(self.root, blob))
            yield from read(copy, fields=self.fields, on_failure=lambda _: None)

    @cached_property
    def _moved(self) -> Counter[str]:
        """The digests of the texts that are gone from where they stood."""
        made: Counter[str] = Counter()
        for name, blob in self._gone.items():
            if name.lower().endswith(TEXT_SUFFIXES + RECORD_SUFFIXES):
                made.update(text_digest(article.text) for article in self._articles(name, blob))
        for file, changed in self._files.items():
            if changed.blob and file.name.lower().endswith(RECORD_SUFFIXES):
                stay: Counter[str] = Counter()
                for article in read(file, fields=self.fields, on_failure=lambda _: None):
                    stay[text_digest(article.text)] += 1
                stood = Counter(text_digest(article.text) for article in self._articles(changed.name, changed.blob))
                made += stood - stay
        return made


def _taken(counts: Counter[str], digest: str) -> bool:
    """Whether one of these is left; it is not left a second time."""
    if counts[digest] <= 0:
        return False
    counts[digest] -= 1
    return True


def changes_since(revision: str, paths: Sequence[str], fields: Fields) -> Changes:
    """What the work tree changed since its branch left ``revision``, committed or not.

    Raises ChangeError outside git, for an unknown revision, and in a clone too shallow to tell.
    """
    here = Path.cwd()
    top = _ask(here, "rev-parse", "--show-toplevel")
    if top is None:
        raise ChangeError(f"--since {revision}: {here} is not inside a git repository; leave --since out to judge all")
    root = Path(top).resolve()
    for path in paths:
        if not Path(path).resolve().is_relative_to(root):
            raise ChangeError(f"--since {revision}: {path} is outside the git repository {root}")
    shallow = _ask(root, "rev-parse", "--is-shallow-repository") == "true"
    commit = _ask(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        remote, _, branch = revision.partition("/")
        fetch = f"`git fetch {remote} {branch}`" if branch else "`git fetch`"
        raise ChangeError(f"--since {revision}: git knows no such revision here; {fetch} may bring it; {_FETCH}")
    base = _ask(root, "merge-base", commit, "HEAD")
    if base is None:
        if shallow:
            raise ChangeError(
                f"--since {revision}: this clone is too shallow to hold the commit where the branches part; "
                f"`git fetch --unshallow`; {_FETCH}"
            )
        raise ChangeError(f"--since {revision}: it has no commit in common with HEAD")
    files: dict[Path, _Changed] = {}
    gone: dict[str, str] = {}
    for status, old, new, blob in _raw(root, base):
        if status == "D":
            gone[old] = blob
        else:
            files[root / new] = _Changed(None if status == "A" else blob, old)
    for name in (
        _git(root, "ls-files", "--others", "--exclude-standard", "-z").decode("utf-8", "surrogateescape").split("\0")
    ):
        if name:
            files[root / name] = _Changed(None, name)
    return Changes(root, base, fields, files, gone)


def _raw(root: Path, base: str) -> Iterator[tuple[str, str, str, str]]:
    """Status letter, old name, new name and old blob of each file that differs from the base."""
    listed = _git(root, "diff", "--raw", "-z", "-M", "--no-abbrev", "--no-ext-diff", "--no-color", base, "--")
    parts = iter(listed.decode("utf-8", "surrogateescape").split("\0"))
    for head in parts:
        if not head.startswith(":"):
            continue
        _, _, blob, _, status = head.split(" ")
        old = next(parts)
        yield status[0], old, next(parts) if status[0] in "RC" else old, blob


def _blob(root: Path, blob: str) -> bytes:
    return _git(root, "cat-file", "blob", blob)


def _ask(folder: Path, *arguments: str) -> str | None:
    """The answer of a git command, None where it fails."""
    run = subprocess.run([_program(), *arguments], cwd=folder, capture_output=True, check=False)  # noqa: S603
    return run.stdout.decode("utf-8", "surrogateescape").strip() if run.returncode == 0 else None


def _git(folder: Path, *arguments: str) -> bytes:
    run = subprocess.run([_program(), *arguments], cwd=folder, capture_output=True, check=False)  # noqa: S603
    if run.returncode:
        why = " ".join(run.stderr.decode("utf-8", "replace").split())
        raise ChangeError(f"git {arguments[0]} failed: {why}")
    return run.stdout


def _program() -> str:
    found = shutil.which("git")
    if found is None:
        raise ChangeError("--since needs git, which is not installed")
    return found
