"""Labelled lines: a Parquet file of pages whose every line is known to be article or artifact.

One row is one line of one rendering of one page: ``doc``, ``line`` (its place), ``text`` and ``label`` (1 article,
0 artifact, -1 unsure) must be there. ``dataset``, ``renderer``, ``lang``, ``tier`` and ``pos`` ("pre", "in" or
"post" the article) are read where they are; any other column is left alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bycatch.article import Article, Span
from bycatch.reading import ReadingError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

ARTIFACT: Final = 0
CONTENT: Final = 1
UNSURE: Final = -1
REQUIRED: Final = ("doc", "line", "text", "label")
_KEY: Final = ("dataset", "doc", "renderer")
# Rows held at a time while reading; a page of 10,000 lines is rare.
_BATCH: Final = 8192


@dataclass(frozen=True, slots=True)
class Page:
    """One page in one rendering, its lines in order; ``places`` holds the values of ``pos``."""

    dataset: str
    doc: str
    renderer: str
    lang: str
    texts: Sequence[str]
    labels: Sequence[int]
    places: Sequence[str]

    def article(self, name: str) -> tuple[Article, list[Span]]:
        """The page as an article, a blank line between two lines; and where each line stands in it."""
        spans, parts, at = [], [], 0
        for text in self.texts:
            line = " ".join(text.splitlines())
            spans.append(Span(at, at + len(line)))
            parts.append(line)
            at += len(line) + 2
        return Article(name, "\n\n".join(parts)), spans


def read_labelled(
    path: Path, *, renderers: Iterable[str] = (), tiers: Iterable[str] = (), sample: int | None = None
) -> Iterator[Page]:
    """The pages of a labelled file, one rendering at a time, in the order in which they end in the file.

    ``renderers`` and ``tiers`` choose rows, ``sample`` the first pages of each data set. Memory holds the keys of all
    rows and the lines of renderings begun and not ended. Raises ReadingError for a file that is no labelled one.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
    except pa.ArrowInvalid as error:
        raise ReadingError(f"{path} is not a Parquet file: {error}") from error
    names = file.schema_arrow.names
    if missing := [name for name in REQUIRED if name not in names]:
        raise ReadingError(
            f"{path} has no column {', '.join(map(repr, missing))}; a labelled file has {', '.join(REQUIRED)}"
        )
    if not file.metadata.num_rows:
        raise ReadingError(f"{path} has no rows; a labelled file has one for each line")
    chosen, group = _chosen(path, names, list(renderers), list(tiers), sample)
    sizes = np.bincount(group[chosen])
    wanted = [name for name in (*_KEY, "lang", "line", "text", "label", "pos") if name in names]
    begun: dict[int, list[dict[str, Any]]] = {}
    at = 0
    for batch in file.iter_batches(batch_size=_BATCH, columns=wanted):
        mask = chosen[at : at + len(batch)]
        numbers = group[at : at + len(batch)][mask]
        at += len(batch)
        for number, row in zip(numbers.tolist(), batch.filter(pa.array(mask)).to_pylist(), strict=True):
            rows = begun.setdefault(number, [])
            rows.append(row)
            if len(rows) == sizes[number]:
                yield _page(path, begun.pop(number))


def _chosen(
    path: Path, names: Sequence[str], renderers: list[str], tiers: list[str], sample: int | None
) -> tuple[np.ndarray, np.ndarray]:
    """Which rows are wanted, and the number of the rendering that each row belongs to."""
    import pandas as pd
    import pyarrow.parquet as pq

    keys = [name for name in (*_KEY, "tier") if name in names]
    frame = pq.read_table(path, columns=keys).to_pandas(strings_to_categorical=True)
    for name in _KEY:
        frame[name] = frame[name].astype("category") if name in frame else pd.Series("", frame.index, dtype="category")
    chosen = pd.Series(data=True, index=frame.index)
    for column, option, values in (("tier", "--tiers", tiers), ("renderer", "--renderers", renderers)):
        if not values or column not in names:
            continue
        given = frame[column].astype("category")
        known = list(given.cat.categories)
        chosen &= given.isin([value for value in known if str(value) in values])
        if not chosen.any():
            listed = ", ".join(sorted(map(str, known))) or "empty"
            raise ReadingError(f"{path} has no rows with {option} {','.join(values)}; its {column}s are {listed}")
    if sample is not None:
        pages = frame.loc[chosen, ["dataset", "doc"]].drop_duplicates()
        first = pages[pages.groupby("dataset", observed=True).cumcount() < sample]
        chosen &= _pairs(frame).isin(_pairs(first))
    group = frame.groupby(list(_KEY), observed=True, sort=False).ngroup()
    # A row that names no document belongs to none.
    chosen &= group >= 0
    if not chosen.any():
        raise ReadingError(f"{path} has no rows left to score; every row needs a doc")
    return chosen.to_numpy(), group.to_numpy()


def _pairs(frame: pd.DataFrame) -> pd.Series[Any]:
    return frame["dataset"].cat.codes.astype("int64") * (1 << 32) + frame["doc"].cat.codes.astype("int64")


def _page(path: Path, rows: list[dict[str, Any]]) -> Page:
    first = rows[0]
    doc = str(first["doc"])
    for row in rows:
        if not isinstance(row["line"], int):
            raise ReadingError(f"{path}: document {doc}: line is {row['line']!r}, not a whole number")
        if row["label"] not in (ARTIFACT, CONTENT, UNSURE, None):
            raise ReadingError(
                f"{path}: document {doc}, line {row['line']}: label is {row['label']!r}; 1 is article, 0 artifact, "
                "-1 unsure"
            )
    rows.sort(key=lambda row: row["line"])
    for row, following in itertools.pairwise(rows):
        if row["line"] == following["line"]:
            raise ReadingError(
                f"{path}: document {doc}: line {row['line']} stands twice; renderings of one page need a column "
                "'renderer'"
            )
    return Page(
        str(first.get("dataset") or ""),
        doc,
        str(first.get("renderer") or ""),
        str(first.get("lang") or ""),
        [str(row["text"] or "") for row in rows],
        [UNSURE if row["label"] is None else int(row["label"]) for row in rows],
        [str(row.get("pos") or "") for row in rows],
    )
