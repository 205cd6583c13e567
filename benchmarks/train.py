"""Train the line model of the check `boilerplate` from labelled lines: ``python benchmarks/train.py LABELLED.parquet``.

The table has one row per line: dataset, doc, domain, renderer, line, text, label (1 content, 0 artifact, -1 unsure) and
perhaps tier, pos and lang. Everything is decided by cross-validation over sites; the figures printed are those of lines
from sites the model has not seen. The result is src/bycatch/furniture.npz. Needs the dependency group ``train``.
"""

from __future__ import annotations

import argparse
import multiprocessing
import zlib
from dataclasses import dataclass, field, replace
from pathlib import Path

import lightgbm
import numpy as np
import pandas as pd
import scipy.optimize
import scipy.sparse
from limits import Judged, chosen_limits

from bycatch import furniture, grams, line_features, load_catalog
from bycatch.article import Article, Paragraph
from bycatch.catalog import Catalog
from bycatch.inspection import examine
from bycatch.language import identify

COLUMNS = ("dataset", "doc", "domain", "renderer", "line", "text", "label")
# Renderings that come near to what people's scrapers give; those of whole pages are nine tenths menu.
RENDERERS = ("traf_recall", "readab", "ptags")
TIERS = ("A", "P")
FOLDS = 5
SEED = 20
PROCESSES = 2
# A page with hundreds of labelled lines must not outvote dozens of pages with a few.
FULL_WEIGHT = 12


@dataclass
class Doc:
    """One rendering of a page, line by line."""

    key: tuple[str, str, str]
    fold: int
    article: Article
    label: np.ndarray
    inside: np.ndarray
    lang: str
    hit: list[int] = field(default_factory=list)
    covered: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))
    safe: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))
    made: bool = False

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The lines."""
        return self.article.paragraphs


# ---- reading


def read(path: Path) -> list[Doc]:
    try:
        table = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise SystemExit(f"{path}: not a Parquet file that can be read: {error}") from error
    missing = [column for column in COLUMNS if column not in table]
    if missing:
        raise SystemExit(f"{path}: no column {', '.join(missing)}; a labelled table has {', '.join(COLUMNS)}")
    if "tier" in table:
        table = table[table.tier.isin(TIERS)]
    table = table[table.renderer.isin(RENDERERS)]
    if not (table.label >= 0).any():
        raise SystemExit(f"{path}: no labelled rows of the renderers {', '.join(RENDERERS)}")
    table = table.sort_values(["dataset", "doc", "renderer", "line"], kind="stable")
    docs = []
    for key, group in table.groupby(["dataset", "doc", "renderer"], observed=True, sort=False):
        texts = [" ".join(str(text).splitlines()) for text in group.text]
        article = Article("/".join(map(str, key)), "\n\n".join(texts))
        starts = np.cumsum([0] + [len(text) + 2 for text in texts])
        rows = np.searchsorted(starts, [p.start for p in article.paragraphs], side="right") - 1
        fold = zlib.crc32(str(group.domain.iloc[0]).encode()) % FOLDS
        inside = (group.pos == "in").to_numpy() if "pos" in group else np.zeros(len(group), bool)
        lang = str(group.lang.iloc[0]) if "lang" in group else "und"
        docs.append(Doc(tuple(map(str, key)), fold, article, group.label.to_numpy()[rows], inside[rows], lang))
    return [doc for doc in docs if doc.paragraphs]


def _find(doc: Doc) -> Doc:
    """The document with what the other checks find in it."""
    article = replace(doc.article, lang=identify(doc.article.text))
    outcome = examine(article, CATALOG)
    paragraphs = article.paragraphs
    found: dict[str, set[int]] = {}
    covered, safe = np.zeros(len(paragraphs), bool), np.zeros(len(paragraphs), bool)
    for finding in outcome.findings:
        paragraph = article.paragraph_at(finding.span.start)
        if paragraph is None or 2 * (finding.span.end - finding.span.start) < paragraph.end - paragraph.start:
            continue
        found.setdefault(finding.check, set()).add(paragraph.index)
        if finding.fix is not None and finding.fix.action == "delete":
            covered[paragraph.index] = True
            safe[paragraph.index] |= finding.fix.safe
    hit = furniture.hits_of(len(paragraphs), found)
    return replace(doc, article=article, hit=hit, covered=covered, safe=safe)


CATALOG: Catalog
# What builds on the model, or looks at the whole article.
LATER = ("boilerplate", "thin-article", "truncated-text")


def _start() -> None:
    global CATALOG  # one catalog per process, for it cannot be pickled
    whole = load_catalog()
    CATALOG = whole.only(ignore=[name for name in LATER if name in whole.checks])


def find(docs: list[Doc]) -> list[Doc]:
    with multiprocessing.Pool(PROCESSES, _start) as pool:
        return pool.map(_find, docs, chunksize=32)


# ---- wording: logistic regression over hashed n-grams

# Longer honest lines are all alike to the wording model; a third of them is enough.
LONG = 160
KEPT = 1 / 3
PENALTY = 3.0
STEPS = 80


def _gram_rows(doc: Doc) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Buckets, rows and labels of the lines to learn from."""
    rng = np.random.default_rng(zlib.crc32(doc.article.id.encode()))
    lengths = np.array([len(p.text) for p in doc.paragraphs])
    chosen = (doc.label == 0) | ((doc.label == 1) & ((lengths <= LONG) | (rng.random(len(lengths)) < KEPT)))
    texts = [p.text for p, use in zip(doc.paragraphs, chosen, strict=True) if use]
    bucket, line = grams.grams(grams.lines_of(texts or [""]))
    return bucket.astype(np.int32), line.astype(np.int32), doc.label[chosen]


def gram_matrix(docs: list[Doc]) -> tuple[scipy.sparse.csr_matrix, np.ndarray, np.ndarray, np.ndarray]:
    """One row for each line to learn from, and the label, fold and weight of each."""
    buckets, rows, labels, folds, weights, count = [], [], [], [], [], 0
    with multiprocessing.Pool(PROCESSES) as pool:
        for doc, (bucket, row, label) in zip(docs, pool.imap(_gram_rows, docs, chunksize=64), strict=True):
            if len(label):
                buckets.append(bucket)
                rows.append(row + count)
                labels.append(label)
                folds.append(np.full(len(label), doc.fold))
                weights.append(np.full(len(label), min(1, np.sqrt(FULL_WEIGHT / len(label))), np.float32))
                count += len(label)
    row, column = np.concatenate(rows), np.concatenate(buckets)
    order = np.argsort(row, kind="stable")
    column = column[order]
    number = np.bincount(row, minlength=count)
    data = np.repeat(1 / np.sqrt(np.maximum(number, 1)), number).astype(np.float32)
    pointer = np.concatenate(([0], np.cumsum(number)))
    matrix = scipy.sparse.csr_matrix((data, column, pointer), shape=(count, 1 << grams.BUCKETS))
    weight = np.concatenate(weights)
    return matrix, np.concatenate(labels), np.concatenate(folds), weight / weight.mean()


def fit_words(matrix: scipy.sparse.csr_matrix, label: np.ndarray, weight: np.ndarray) -> grams.Words:
    """L2-penalised logistic regression, its weights rounded to eight bits."""
    sign = np.where(label == 0, 1.0, -1.0).astype(np.float32)
    transposed = matrix.T.tocsr()

    def loss(point: np.ndarray) -> tuple[float, np.ndarray]:
        weights = point[:-1].astype(np.float32)
        margin = sign * (matrix @ weights + np.float32(point[-1]))
        slope = -weight * sign / (1 + np.exp(np.minimum(margin, 60)))
        gradient = np.append(transposed @ slope + PENALTY * weights, slope.sum())
        total = float((weight * np.logaddexp(0, -margin)).sum() + PENALTY / 2 * (weights @ weights))
        return total, gradient.astype(np.float64)

    start = np.zeros(matrix.shape[1] + 1)
    point = scipy.optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
    weights = point[:-1]
    # A few extreme weights must not cost the others their digits.
    scale = float(np.quantile(np.abs(weights[weights != 0]), 0.9995)) / 127
    return grams.Words(np.clip(np.rint(weights / scale), -127, 127).astype(np.int8), scale, float(point[-1]))


# ---- features


def measured(docs: list[Doc], words: dict[int, grams.Words]) -> list[np.ndarray]:
    """The features of all lines, their wording judged by a model that has not seen the document's site."""
    with multiprocessing.Pool(PROCESSES) as pool:
        queues = {
            fold: iter(pool.map(_Measure(scored), [doc for doc in docs if doc.fold == fold], chunksize=64))
            for fold, scored in words.items()
        }
    return [next(queues[doc.fold]) for doc in docs]


@dataclass
class _Measure:
    words: grams.Words

    def __call__(self, doc: Doc) -> np.ndarray:
        return line_features.measure([doc.paragraphs], [doc.hit], self.words)


# ---- constructed situations

# Sentences before the last line, as in a short article that ends in a sub-heading, a signature or a line of verse.
BODY = 5
PROSE = 80
SHORT = 120


def situation(doc: Doc, label: int) -> Doc | None:
    """Five paragraphs of the document's prose and one of its short lines: being short and last is no evidence."""
    rng = np.random.default_rng(zlib.crc32(f"{doc.article.id} {label}".encode()))
    lengths = np.array([len(p.text) for p in doc.paragraphs])
    prose = np.flatnonzero((doc.label != 0) & (lengths >= PROSE) & ~doc.covered)
    short = np.flatnonzero((doc.label == label) & (lengths < SHORT) & ~doc.covered)
    if len(prose) < BODY or not len(short):
        return None
    last = int(rng.choice(short))
    begin = int(rng.integers(len(prose) - BODY + 1))
    chosen = [int(at) for at in prose[begin : begin + BODY] if at != last] + [last]
    article = replace(doc.article, text="\n\n".join(doc.paragraphs[at].text for at in chosen))
    if len(article.paragraphs) != len(chosen):
        return None
    labels = np.full(len(chosen), -1)
    labels[-1] = label
    return replace(
        doc, article=article, label=labels, inside=np.zeros(len(chosen), bool), hit=[doc.hit[at] for at in chosen],
        covered=doc.covered[chosen], safe=doc.safe[chosen], made=True,
    )  # fmt: skip


# ---- trees

ROUNDS = 160
PARAMETERS = {
    "objective": "binary", "num_leaves": 63, "max_depth": 9, "learning_rate": 0.075, "min_data_in_leaf": 20,
    "feature_fraction": 0.3, "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 5, "max_bin": 63, "verbose": -1,
    "num_threads": PROCESSES, "seed": SEED, "deterministic": True, "force_col_wise": True,
}  # fmt: skip
# Artifacts between the article's first and last line are few, and harder to see than those around it.
INSIDE_WEIGHT = 2.0
SITUATION_WEIGHT = 0.5
# After so many trees a line is given up if they say less than of all but this share of the lines flagged out of fold.
STOPS = (12, 40, 90)
LOST = 0.001


@dataclass
class Lines:
    """All lines of all documents, and those of the constructed situations that count."""

    rows: np.ndarray
    label: np.ndarray
    weight: np.ndarray
    fold: np.ndarray
    doc: np.ndarray
    learn: np.ndarray

    @classmethod
    def of(cls, docs: list[Doc], rows: list[np.ndarray]) -> Lines:
        """The lines of all documents, one below the other."""
        count = np.array([len(doc.label) for doc in docs])
        number = np.repeat(np.arange(len(docs)), count)
        label = np.concatenate([doc.label for doc in docs])
        covered = np.concatenate([doc.covered for doc in docs])
        labelled = np.bincount(number, label >= 0, len(docs))
        made = np.array([doc.made for doc in docs])[number]
        weight = np.minimum(1, np.sqrt(FULL_WEIGHT / np.maximum(labelled, 1)))[number]
        weight /= weight[(label >= 0) & ~made].mean()
        weight[(label == 0) & np.concatenate([doc.inside for doc in docs])] *= INSIDE_WEIGHT
        weight[made] = SITUATION_WEIGHT
        fold = np.array([doc.fold for doc in docs])[number]
        return cls(np.concatenate(rows), label, weight, fold, number, (label >= 0) & ~covered)


def fit_trees(lines: Lines, chosen: np.ndarray) -> lightgbm.Booster:
    data = lightgbm.Dataset(lines.rows[chosen], (lines.label[chosen] == 0).astype(int), weight=lines.weight[chosen])
    return lightgbm.train(PARAMETERS, data, ROUNDS)


def out_of_fold(lines: Lines) -> tuple[np.ndarray, list[np.ndarray]]:
    """The log odds of every line by trees that have not seen its site, and what the first of them say at each stop."""
    odds, early = np.zeros(len(lines.rows), np.float32), [np.zeros(len(lines.rows), np.float32) for _ in STOPS]
    for fold in range(FOLDS):
        forest = exported(fit_trees(lines, lines.learn & (lines.fold != fold)))
        chosen = lines.fold == fold
        odds[chosen] = forest.said(lines.rows[chosen], 0, ROUNDS)
        for count, said in zip(STOPS, early, strict=True):
            said[chosen] = forest.said(lines.rows[chosen], 0, count)
    return odds, early


def exported(trees: lightgbm.Booster, stops: tuple[tuple[int, float], ...] = ()) -> furniture.Forest:
    """The trees as flat arrays, what they say in whole 1024ths."""
    feature: list[int] = []
    threshold: list[float] = []
    left: list[int] = []
    value: list[float] = []
    deepest = 0

    def room(count: int) -> int:
        """The first of so many new nodes, which are leaves until they are filled."""
        at = len(feature)
        feature.extend([0] * count)
        threshold.extend([np.inf] * count)
        left.extend(range(at, at + count))
        value.extend([0.0] * count)
        return at

    def fill(at: int, node: dict, depth: int) -> None:  # type: ignore[type-arg]
        nonlocal deepest
        deepest = max(deepest, depth)
        if "leaf_value" in node:
            value[at] = node["leaf_value"]
            return
        feature[at], threshold[at], value[at] = node["split_feature"], node["threshold"], node["internal_value"]
        left[at] = room(2)
        fill(left[at], node["left_child"], depth + 1)
        fill(left[at] + 1, node["right_child"], depth + 1)

    roots = []
    for tree in trees.dump_model()["tree_info"]:
        roots.append(room(1))
        fill(roots[-1], tree["tree_structure"], 0)
    return furniture.Forest(
        np.array(feature), np.array(threshold, np.float32), np.array(left),
        (np.rint(np.array(value) * 1024) / 1024).astype(np.float16).astype(np.float32), np.array(roots),
        deepest, stops,
    )  # fmt: skip


# ---- all together


def judged(docs: list[Doc], lines: Lines, odds: np.ndarray) -> Judged:
    """The lines of the documents themselves, without the constructed situations."""
    count = sum(len(doc.label) for doc in docs)
    return Judged(
        lines.rows[:count], odds[:count], lines.label[:count], np.concatenate([doc.covered for doc in docs]),
        np.concatenate([doc.safe for doc in docs]), lines.doc[:count],
        np.concatenate([[len(p.text) for p in doc.paragraphs] for doc in docs]).astype(np.float64),
        np.concatenate([doc.inside for doc in docs]),
        np.repeat([doc.lang for doc in docs], [len(doc.label) for doc in docs]),
    )  # fmt: skip


def show(title: str, figures: dict[str, float]) -> None:
    print(f"\n{title}, of sites not seen in training (%)")
    for name, value in figures.items():
        print(f"  {name:28s}{value:8.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labelled", type=Path)
    parser.add_argument("--out", type=Path, default=furniture.MODEL)
    given = parser.parse_args()
    docs = find(read(given.labelled))
    print(f"{len(docs)} documents, {sum((doc.label >= 0).sum() for doc in docs)} labelled lines", flush=True)
    matrix, label, fold, weight = gram_matrix(docs)
    folds = range(FOLDS)
    words = {
        number: fit_words(matrix[fold != number], label[fold != number], weight[fold != number]) for number in folds
    }
    final_words = fit_words(matrix, label, weight)
    print("wording learned", flush=True)
    made = [built for doc in docs for kind in (1, 0) if (built := situation(doc, kind))]
    lines = Lines.of([*docs, *made], measured([*docs, *made], words))
    odds, early = out_of_fold(lines)
    real = judged(docs, lines, odds)
    limits = chosen_limits(real)
    print(limits)
    offered = real.offered(limits)
    show("safe deletions", real.figures(real.without_look(limits)))
    show("all offered deletions", real.figures(offered))
    nested = np.zeros(len(offered), bool)
    of_fold = lines.fold[: len(offered)]
    for number in folds:
        others = chosen_limits(real.of(of_fold != number))
        nested[of_fold == number] = real.of(of_fold == number).offered(others)
    show("all offered deletions, each fold with the limits chosen on the others", real.figures(nested))
    asked = furniture.asked(real.rows, limits)
    stops = []
    for trees_asked, said in zip(STOPS, early, strict=True):
        so_far = said[: len(offered)] - asked
        least = round(float(np.quantile(so_far[real.certainty(limits) > limits.offered], LOST)), 2)
        stops.append((trees_asked, least))
        print(f"{(so_far < least).mean():.1%} of all lines are given up after {trees_asked} trees")
    trees = exported(fit_trees(lines, lines.learn), tuple(stops))
    furniture.save(furniture.Model(final_words, trees, limits), given.out)
    print(f"\n{given.out}: {given.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
