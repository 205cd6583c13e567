"""The run of ``bycatch gate --since``: only what a change brings in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bycatch.admission import before_of
from bycatch.article import Article, Failure
from bycatch.baseline import Before
from bycatch.catalog import Catalog
from bycatch.changes import ChangeError, changes_since
from bycatch.commands.common import Run
from bycatch.inspection import examine
from bycatch.runner import Scope


class ChangedRun(Run):
    """The articles of a command line that were added or changed, and what they were before."""

    def __init__(
        self, paths: Sequence[str], options: dict[str, Any], since: str, catalog: Catalog, kept: Sequence[str]
    ) -> None:
        """``since`` is the revision; ``kept`` names files that must not vanish, such as the baseline."""
        super().__init__(paths, options)
        self._catalog = catalog
        self._changes = changes_since(since, paths, self._fields)
        for name in kept:
            if not Path(name).exists() and self._changes.had(name):
                raise ChangeError(f"{name} was there at the merge base and is gone; restore it")
        self._files = [file for file in self._files if self._changes.touches(file)]
        self._kept: dict[str, list[int]] = {}
        self._left_out: set[str] = set()

    def results(self, catalog: Catalog) -> Iterator[Any]:
        """Each article that is new or changed, with its findings; none where nothing changed."""
        if self._files:
            yield from super().results(catalog)

    def _articles(self) -> Iterator[Article | Failure]:
        for item in super()._articles():
            if isinstance(item, Failure):
                yield item
                continue
            kept = self._kept.setdefault(item.path, [])
            if self._changes.introduces(item):
                kept.append(item.record)
                yield item
            else:
                self._left_out.add(item.path)

    @property
    def scope(self) -> Scope:
        """The files that the change touches, and which of their records are new; known once the run is through."""
        paths = tuple(file.as_posix() for file in self._files)
        return Scope(paths, {path: tuple(self._kept[path]) for path in sorted(self._left_out)})

    def _none(self) -> None:
        """Moved files hold nothing to judge, and that is fine."""

    def before(self, article: Article) -> Before | None:
        """The state of an article at the merge base, None for a new one."""
        earlier = self._changes.earlier(article)
        if earlier is None:
            return None
        earlier = replace(earlier, id=article.id, path=article.path, lang=earlier.lang or article.lang)
        return before_of(earlier, examine(earlier, self._catalog).findings)
