"""The learned line model: how likely each line of an article is furniture that no phrase names.

Three steps, each over all lines of a batch of articles at once: `grams` scores the wording by hashed character and
word n-grams, `line_features` turns lines into numbers, and a small forest of decision trees judges. The numbers of all
stand in one file, ``furniture.npz``, made by ``benchmarks/train.py``; numpy is all it takes to read them. See
docs/model.md.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from bycatch.article import Paragraph
from bycatch.errors import UserError
from bycatch.grams import Flags, Floats, Ints, Words
from bycatch.line_features import INDEX, digest, measure
from bycatch.line_reasons import reasons

MODEL: Final = Path(__file__).with_name("furniture.npz")

# Lines times trees judged in one go: what the arrays of a step hold fits into the processor's cache.
_CELLS: Final = 20_000

# The families of checks whose findings the model looks at, by what they mean for the lines around; negative those that
# offer no deletion and leave it to the model.
GROUPS: Final[Mapping[str, int]] = {
    "stray-navigation": 1, "read-also": 2, "teaser": 2, "comment-form": 3, "share-prompt": 4, "newsletter-prompt": 5,
    "paywall": 5, "cookie-notice": 6, "copyright-line": 6, "script-notice": 6, "error-page": 6, "ad-marker": 7,
    "source-link": 7, "template-residue": 7, "leftover-markup": 7, "stray-punctuation": 7, "repeated-caption": 8,
    "repeated-paragraph": 8, "language-mismatch": 9, "photo-credit": -1, "editorial-notice": -1, "loose-caption": -2,
    "story-link": -3,
}  # fmt: skip


@dataclass(frozen=True)
class Forest:
    """Decision trees as flat arrays: node ``i`` asks whether feature ``feature[i]`` is at most ``threshold[i]``.

    If so, ``left[i]`` is next, and the node after that if not. Leaves ask for no more than infinity and are their own
    next, so that ``depth`` steps from ``roots`` end in a leaf for every line. ``value`` is what a node says, in whole
    1024ths, which floats add up exactly; for inner nodes the mean of what is below. ``stops`` are numbers of trees,
    each with what these together must have said of a line, that the others are asked: most lines of most articles are
    given up early.
    """

    feature: Ints
    threshold: Floats
    left: Ints
    value: Floats
    roots: Ints
    depth: int
    stops: tuple[tuple[int, float], ...] = ()

    def __call__(self, rows: Floats, asked: Floats) -> Floats:
        """The sum of the trees for each row, in log odds; of the first alone where that, less ``asked``, is low."""
        total = np.zeros(len(rows), np.float32)
        open_rows = np.arange(len(rows))
        begin = 0
        for end, least in (*self.stops, (len(self.roots), np.inf)):
            total[open_rows] += self.said(rows[open_rows], begin, end)
            open_rows = open_rows[total[open_rows] - asked[open_rows] >= least]
            begin = end
        return total

    def said(self, rows: Floats, begin: int, end: int) -> Floats:
        """The sum of the trees from ``begin`` to ``end`` for each row."""
        roots = self.roots[begin:end]
        total = np.zeros(len(rows), np.float32)
        step = max(1, _CELLS // max(1, len(roots)))
        for first in range(0, len(rows), step):
            part = rows[first : first + step]
            for _, at in self._walk(part, roots):
                leaf = at
            total[first : first + step] = self.value.take(leaf).sum(axis=1)
        return total

    def _walk(self, rows: Floats, roots: Ints) -> Iterator[tuple[Ints, Ints]]:
        """Node and next node of each row in each tree, step by step."""
        flat = rows.ravel()
        offset = (np.arange(len(rows)) * rows.shape[1])[:, None]
        at = np.broadcast_to(roots, (len(rows), len(roots)))
        for _ in range(self.depth):
            above = flat.take(self.feature.take(at) + offset) > self.threshold.take(at)
            below = self.left.take(at)
            below += above
            yield at, below
            at = below

    def shares(self, rows: Floats) -> Floats:
        """How much each feature of each row adds to the sum: what its questions change on the way down."""
        count, width = rows.shape
        shares = np.zeros(rows.size)
        line = (np.arange(count) * width)[:, None]
        for at, below in self._walk(rows, self.roots):
            change = self.value.take(below) - self.value.take(at)
            shares += np.bincount((self.feature.take(at) + line).ravel(), change.ravel(), rows.size)
        return shares.reshape(rows.shape).astype(np.float32)


@dataclass(frozen=True)
class Limits:
    """From which log odds on a line is called furniture (``offered``), and may go without a look (``safe``).

    ``long`` is asked for each e-fold of a line's length, ``brief`` for each by which the article is shorter than
    usual: there a wrong call costs more of the text. ``listed`` is asked in a row of short lines that holds figures or
    follows a colon, and in which no other check found anything: a list of the article's own.
    """

    offered: float
    safe: float
    long: float
    brief: float
    listed: float


# Where lines and articles ask for nothing more: a line of 40 letters, an article of 4,000 in 20 lines.
_LINE: Final = 40
_TEXT: Final = 4000
_LINES: Final = 20
# So many short lines in a row may be a list, if one character in 25 is a digit: dates, scores, prices.
_LIST: Final = 6
_FIGURES: Final = 0.04


def asked(rows: Floats, limits: Limits) -> Floats:
    """What the length of each line and of its article ask for, and being part of a list, in log odds."""
    line = np.log(np.maximum(rows[:, INDEX["length"]], _LINE / 2) / _LINE)
    text = np.log(np.maximum(1, _TEXT / rows[:, INDEX["text"]]))
    lines = np.log(np.maximum(1, _LINES / rows[:, INDEX["lines"]]))
    telling = (rows[:, INDEX["run digits"]] > _FIGURES) | (rows[:, INDEX["colon before run"]] > 0)
    listed = (rows[:, INDEX["run"]] >= _LIST) & (rows[:, INDEX["run hits"]] == 0) & telling
    needed: Floats = limits.long * line + limits.brief * (text + lines) + limits.listed * listed
    return needed.astype(np.float32)


def chosen(rows: Floats, certainty: Floats, limits: Limits) -> Flags:
    """Which lines are called furniture: those above the limit that no other check has found."""
    return (rows[:, INDEX["hit"]] <= 0) & (certainty > limits.offered)


def hits_of(count: int, found: Mapping[str, set[int]]) -> list[int]:
    """The group of checks that found each line, from the lines each check found; 0 for none, negative for notes."""
    hits = [0] * count
    for check, group in GROUPS.items():
        for index in found.get(check, ()):
            if hits[index] == 0 or group > hits[index]:
                hits[index] = group
    return hits


@dataclass(frozen=True)
class Judgement:
    """What the model says of an article: ``flagged`` lines in order, each with its certainty.

    ``shares`` says how much each feature added for each of them.
    """

    rows: Floats
    certainty: Floats
    flagged: list[int]
    shares: Floats
    model: Model

    def is_safe(self, line: int) -> bool:
        """Whether the line may go without a look."""
        return bool(self.certainty[line] > self.model.limits.safe)

    def reasons(self) -> list[str]:
        """For each flagged line the two or three strongest reasons, in words."""
        return reasons(self.rows, self.flagged, self.shares) if self.flagged else []


@dataclass(frozen=True)
class Model:
    """Words, forest and limits: all that the file holds."""

    words: Words
    forest: Forest
    limits: Limits

    def judge(self, articles: Sequence[Sequence[Paragraph]], hits: Sequence[Sequence[int]]) -> list[Judgement]:
        """For each article the lines that are furniture and were not found before; no article is without lines."""
        if not articles:
            return []
        rows = measure(articles, hits, self.words)
        needed = asked(rows, self.limits)
        certainty = self.forest(rows, needed) - needed
        flagged = chosen(rows, certainty, self.limits).nonzero()[0]
        shares = self.forest.shares(rows[flagged])
        judgements, begin, told = [], 0, 0
        for paragraphs in articles:
            end = begin + len(paragraphs)
            after = told + int(np.searchsorted(flagged[told:], end))
            lines = (flagged[told:after] - begin).tolist()
            judgements.append(Judgement(rows[begin:end], certainty[begin:end], lines, shares[told:after], self))
            begin, told = end, after
        return judgements


# ---- the file

VERSION: Final = 4
_PARTS: Final = (
    "words", "scales", "feature", "threshold", "left", "value", "roots", "stops", "numbers", "digest", "version",
)  # fmt: skip


def save(model: Model, path: Path) -> None:
    """Write the model; the same model gives the same bytes."""
    forest, words = model.forest, model.words
    arrays: dict[str, npt.NDArray[Any]] = {
        "words": words.weights,
        "scales": np.array([words.scale, words.bias]),
        "feature": forest.feature.astype(np.int16),
        "threshold": forest.threshold,
        "left": forest.left.astype(np.int32),
        "value": forest.value.astype(np.float16),
        "roots": forest.roots.astype(np.int32),
        "stops": np.array(forest.stops, np.float64).reshape(-1, 2),
        "numbers": np.array([forest.depth, *astuple(model.limits)], np.float64),
        "digest": np.array(digest()),
        "version": np.array(VERSION),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name, array in arrays.items():
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, array, allow_pickle=False)
            file.writestr(
                zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), buffer.getvalue(), zipfile.ZIP_DEFLATED
            )


def load(path: Path = MODEL) -> Model:
    """Read a model.

    Raises UserError for a file that is none, or was made for another version of bycatch.
    """
    again = "install bycatch again, or train a model with benchmarks/train.py"
    try:
        # Opened here: numpy leaves a damaged archive open.
        with path.open("rb") as data, np.load(data, allow_pickle=False) as file:
            parts = {name: file[name] for name in _PARTS if name in file.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise UserError(f"{path}: no line model that can be read; {again}") from error
    if "version" not in parts or int(parts["version"]) != VERSION or len(parts) != len(_PARTS):
        raise UserError(f"{path}: a line model of another version of bycatch; {again}")
    if str(parts["digest"]) != digest():
        raise UserError(f"{path}: a line model made for other features than this version of bycatch has; {again}")
    depth, *limits = parts["numbers"].tolist()
    return Model(
        Words(parts["words"], float(parts["scales"][0]), float(parts["scales"][1])),
        Forest(
            parts["feature"].astype(np.int64), parts["threshold"], parts["left"].astype(np.int64),
            parts["value"].astype(np.float32), parts["roots"].astype(np.int64), int(depth),
            tuple((int(end), least) for end, least in parts["stops"].tolist()),
        ),
        Limits(*limits),
    )  # fmt: skip


@cache
def model() -> Model:
    """The model that comes with bycatch, read once."""
    return load()
