"""What the line model's certainty must reach: figures of a set of judged lines, and limits that keep the bounds.

Everything here is about lines judged out of fold: no line was judged by trees or words that have seen its site.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bycatch import furniture
from bycatch.grams import Flags, Floats, Ints

LANGUAGES = ("en", "de", "fr", "es", "pl", "el", "ru", "zh")
# What may be lost of the honest text, all checks together: about a tenth below what the project allows, which is 1 % of
# lines, 0.2 % of characters, 0.6 % over documents, 0.5 % of documents and 2 % of a language's lines.
LINES = 0.0090
CHARACTERS = 0.0019
OVER_DOCUMENTS = 0.0053
DOCUMENTS = 0.0045
A_LANGUAGE = 0.0175
# A document loses much of its text when it loses a tenth.
MUCH = 0.1
# Lines that may go without a look: right 99 times in 100.
SAFE_PRECISION = 0.995
# What an artifact between the article's lines counts for: they are few, and what a reader stumbles over.
INSIDE = 5
# What is asked besides (see `furniture.Limits`), tried in coarse steps: three numbers for a hundred thousand lines.
ASKED = {"long": (0.5, 0.8, 1.1), "brief": (0.6, 1.0, 1.5, 2.0), "listed": (1.5, 2.5, 3.5)}


@dataclass(frozen=True)
class Judged:
    """Labelled lines: what the trees say (``odds``), what the other checks delete, and whose line each is."""

    rows: Floats
    odds: Floats
    label: Ints
    covered: Flags
    safe: Flags
    doc: Ints
    length: Floats
    inside: Flags
    language: np.ndarray

    @cached_property
    def honest(self) -> Flags:
        """The lines of the article."""
        return self.label == 1

    @cached_property
    def artifact(self) -> Flags:
        """The lines that are none."""
        return self.label == 0

    @cached_property
    def lines(self) -> Floats:
        """How many honest lines each document has."""
        return np.bincount(self.doc, self.honest, self.doc.max() + 1)

    @cached_property
    def text(self) -> Floats:
        """How long the honest lines of each document are."""
        return np.bincount(self.doc, self.honest * self.length, self.doc.max() + 1)

    def of(self, chosen: Flags) -> Judged:
        """The chosen lines alone."""
        return Judged(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    def certainty(self, limits: furniture.Limits) -> Floats:
        """The log odds less what is asked."""
        return self.odds - furniture.asked(self.rows, limits)

    def offered(self, limits: furniture.Limits) -> Flags:
        """The lines that would go."""
        return (self.certainty(limits) > limits.offered) | self.covered

    def without_look(self, limits: furniture.Limits) -> Flags:
        """The lines that would go without a look."""
        return ((self.certainty(limits) > limits.safe) & ~self.covered) | self.safe

    def figures(self, flag: Flags) -> dict[str, float]:
        """In per cent: what the benchmark asks for."""
        bad, good, count = self.artifact, self.honest, len(self.lines)
        right, wrong = (bad & flag).sum(), (good & flag).sum()
        hit = np.bincount(self.doc, good & flag, count)
        lost = np.bincount(self.doc, (good & flag) * self.length, count)
        has = self.text > 0
        table = {
            "precision": right / max(right + wrong, 1),
            "recall": right / max(bad.sum(), 1),
            "F1": 2 * right / max(right + wrong + bad.sum(), 1),
            "honest lines flagged": wrong / max(good.sum(), 1),
            "of their characters": lost.sum() / max(self.text.sum(), 1),
            "mean over documents": (hit[has] / self.lines[has]).mean(),
            "documents losing over 10 %": (lost[has] > MUCH * self.text[has]).mean(),
            "recall inside the article": flag[bad & self.inside].mean() if (bad & self.inside).any() else float("nan"),
        }
        for lang in LANGUAGES:
            if (of := good & (self.language == lang)).any():
                table[f"honest lines flagged, {lang}"] = flag[of].mean()
        return {name: round(100 * float(value), 2) for name, value in table.items()}


def chosen_limits(judged: Judged) -> furniture.Limits:
    """The limits that find most and keep the bounds, over the coarse steps of what is asked besides."""
    tried = []
    for asked in itertools.product(*ASKED.values()):
        limits = furniture.Limits(0, 0, *asked)
        limits = replace(limits, offered=round(_lowest(judged, judged.certainty(limits)) + 0.005, 2))
        found = judged.offered(limits) & judged.artifact
        tried.append((found.sum() + (INSIDE - 1) * (found & judged.inside).sum(), limits))
    _, best = max(tried, key=lambda pair: pair[0])
    return replace(best, safe=round(max(_safe(judged, judged.certainty(best)), best.offered), 2))


def _safe(judged: Judged, certainty: Floats) -> float:
    free = (judged.label >= 0) & ~judged.covered
    order = np.argsort(-certainty[free], kind="stable")
    right = np.cumsum(judged.artifact[free][order]) / np.arange(1, free.sum() + 1)
    enough = np.flatnonzero(right >= SAFE_PRECISION)
    return float(certainty[free][order][enough[-1]]) if len(enough) else float("inf")


def _lowest(judged: Judged, certainty: Floats) -> float:
    """The lowest limit that keeps all bounds: what honest lines cost, from the most certain down."""
    lost = np.flatnonzero(judged.honest & judged.covered)
    free = np.flatnonzero(judged.honest & ~judged.covered)
    free = free[np.argsort(-certainty[free], kind="stable")]
    order = np.concatenate((lost, free))

    def limit(share: float, whole: float, cost: Floats) -> float:
        """Where the cost of what other checks delete and of the lines so far passes a share of the whole."""
        passed = np.flatnonzero(np.cumsum(cost)[len(lost) :] > share * whole)
        return float(certainty[free[passed[0]]]) if len(passed) else -np.inf

    has = int((judged.text > 0).sum())
    per_document = 1 / np.maximum(judged.lines, 1)
    languages = [judged.language == lang for lang in LANGUAGES]
    return max(
        limit(LINES, judged.honest.sum(), np.ones(len(order))),
        limit(CHARACTERS, judged.text.sum(), judged.length[order]),
        limit(OVER_DOCUMENTS, has, per_document[judged.doc[order]]),
        limit(DOCUMENTS, has, _crossing(judged, order)),
        *(limit(A_LANGUAGE, (judged.honest & of).sum(), of[order].astype(float)) for of in languages),
    )


def _crossing(judged: Judged, at: Ints) -> Floats:
    """1 for each line with which a document has lost a tenth of its text, in the order of ``at``."""
    order = np.argsort(judged.doc[at], kind="stable")
    doc, length = judged.doc[at][order], judged.length[at][order]
    sums = np.cumsum(length)
    opens = np.diff(doc, prepend=-1) != 0
    before = np.maximum.accumulate(np.where(opens, sums - length, 0))
    much = MUCH * judged.text[doc]
    crossing = np.zeros(len(at))
    crossing[order] = (sums - before > much) & (sums - before - length <= much)
    return crossing
