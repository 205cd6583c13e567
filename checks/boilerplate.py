"""Furniture that no phrase names: teasers, comments, menus, legal and subscription text in any wording.

A model learned from labelled lines of real pages looks at all lines of the article at once: how each is made and
worded, what stands around it, where the article ends, whether it speaks of what the article speaks of, and what the
other checks found. It says why. docs/model.md tells what it was trained on and how often it is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bycatch.article import Article, Mark, Severity
from bycatch.furniture import GROUPS, Judgement, hits_of, model
from bycatch.inspection import Found

TITLE = "Boilerplate"
SEVERITY = "warning"
FIX = "delete paragraph"
# All whose findings the model looks at; phrases are found before any of these.
AFTER = (
    "stray-punctuation", "leftover-markup", "template-residue", "repeated-caption", "repeated-paragraph", "teaser",
    "language-mismatch", "loose-caption",
)  # fmt: skip

FLAGS = {
    "the tail of a page": (
        "The old mill on the river turns again. Forty people from the village gave their weekends to the new wheel, "
        "and on Sunday everyone who lent a hand is invited to taste the first bread.\n\n"
        "The council had wanted to sell the building two years ago. Then the schoolteacher found the plans of 1788 in "
        "the attic, and the sale was put off, first by a month and then for good.\n\n"
        "The flour is sold at the door on Saturdays. It is dark, it smells of nuts, and there is never enough.\n\n"
        "A mill keeps its own time, the miller says, and it is the water that sets it: in spring there is too much, in "
        "August too little, and in between the stones turn as they did for two hundred years.\n\n"
        "Children from the school come on Fridays to see how the grain goes in at the top and the flour comes out "
        "below. They may each take a small bag home, and most of them come back with their parents.\n\n"
        "The wheel was made of larch from the slope behind the church. Eleven trees were felled for it in January, "
        "when the sap is low, and drawn down to the river by two horses.\n\n"
        "Latest stories\n\nStorm tears roof off sports hall\n\nTwo goals in five minutes: late win for the rowers\n\n"
        "Police look for owner of a runaway goat\n\n⟦Sports results⟧\n\n⟦Jobs⟧\n\n⟦House and garden⟧\n\n⟦Puzzles⟧\n\n"
        "Contact us\n\nPrivacy policy\n\n© 2021 The Valley Gazette. All rights reserved"
    ),
}
PASSES = {
    "a short report": (
        "The mill on the river turns again, and on Sunday everyone who gave a day's work is invited to bread.\n\n"
        "What the restoration cost\n\n"
        "Nobody could say what the work would cost, or who would pay for it in the end, said the mayor.\n\n"
        "The council has promised to keep the bridge in repair."
    ),
    "dates of a tour": (
        "The choir of the valley sings in eight halls this summer. The conductor has chosen songs that were written "
        "down by shepherds two hundred years ago, and a new one of her own.\n\n"
        "It begins in the village where most of the singers live, and ends at the harbour. The dates:\n\n"
        "3 June – Tamsel, parish hall\n\n9 June – Orvik, old school\n\n10 June – Orvik, old school\n\n"
        "17 June – Lundby, town hall\n\n24 June – Harne, boat shed\n\n1 July – Port Ellery, harbour stage\n\n"
        "Tickets are sold at the door. Whoever comes by bicycle pays half, as in every year since the first tour."
    ),
    "steps of a recipe": (
        "My aunt baked this bread every Saturday, and nobody else was allowed near the oven while it was in.\n\n"
        "You need:\n\n500 g rye flour\n\n10 g salt\n\n350 ml water\n\n1 spoon of honey\n\n"
        "Knead everything for ten minutes, cover the bowl with a cloth, and leave it overnight by the stove.\n\n"
        "Bake it for fifty minutes. It is done when it sounds hollow, and it keeps for a week if nobody finds it."
    ),
    "an interview": (
        "The keeper of the lighthouse retires in May, after thirty-one winters on the rock.\n\n"
        "Were you ever lonely?\n\n"
        "Never on the rock. In the city, where I spent my leave, I sometimes was, and then I went back early.\n\n"
        "What will you miss?\n\n"
        "The silence after the foghorn stops. You do not hear that anywhere else, and it cannot be described.\n\n"
        "And what not?\n\nThe stairs."
    ),
}


def find_all(articles: Sequence[Article], found: Sequence[Found]) -> list[list[Mark]]:
    # One line is neither before nor after anything.
    judged = [number for number, article in enumerate(articles) if len(article.paragraphs) > 1]
    marks: list[list[Mark]] = [[] for _ in articles]
    lines = [articles[number].paragraphs for number in judged]
    hits = [_hits(articles[number], found[number]) for number in judged]
    for number, judgement in zip(judged, model().judge(lines, hits), strict=True):
        marks[number] = list(_marks(articles[number], judgement))
    return marks


def _hits(article: Article, found: Found) -> list[int]:
    return hits_of(len(article.paragraphs), {name: found.paragraphs(name) for name in GROUPS if found.marks.get(name)})


def _marks(article: Article, judgement: Judgement) -> Iterator[Mark]:
    for index, reasons in zip(judgement.flagged, judgement.reasons(), strict=True):
        severity: Severity | None = "error" if judgement.is_safe(index) else None
        yield Mark(article.paragraphs[index].span(), f"Not part of the article: {reasons}.", severity=severity)
