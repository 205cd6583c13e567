"""The verdict on an article in words, what would change it, and the strip of figures below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from bycatch.article import Article, Finding
from bycatch.catalog import Catalog
from bycatch.output.html.families import family_of
from bycatch.output.html.mend import Mended
from bycatch.output.html.sizes import listed, many, share, words

State = Literal["held", "look", "clean"]
STATES: Final[tuple[State, ...]] = ("held", "look", "clean")
WORDS: Final = {"held": "Held back", "look": "Needs a look", "clean": "Clean"}


@dataclass(frozen=True, slots=True)
class Judged:
    """What a gate says of one article: an expectation, what was observed, what is allowed.

    ``share`` is how full the bar is drawn and ``limit_share`` where the limit stands on it, both 0 to 1.
    ``otherwise`` is what becomes of an article that does not pass.
    """

    title: str
    observed: str
    limit: str
    passed: bool
    share: float = 0.0
    limit_share: float | None = None
    otherwise: State = "held"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state, its word, and a sentence or three that say why and what would change it."""

    state: State
    says: str

    @property
    def word(self) -> str:
        """What the state is called on the page."""
        return WORDS[self.state]


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure of the strip."""

    label: str
    value: str
    detail: str
    state: Literal["fail", "look", "pass", "plain"]
    word: str
    share: float
    limit_share: float | None = None


def state_of(findings: Sequence[Finding], judged: Sequence[Judged] | None = None) -> State:
    """What the gate's rows make of it, where there is a gate; else held back for an error, a look for a warning."""
    if judged is not None:
        return min((row.otherwise for row in judged if not row.passed), key=STATES.index, default="clean")
    severities = {finding.severity for finding in findings}
    return "held" if "error" in severities else "look" if "warning" in severities else "clean"


def judge(
    findings: Sequence[Finding],
    mended: Mended,
    paragraphs: int,
    checks: int,
    judged: Sequence[Judged] | None,
    catalog: Catalog,
    standing: Mapping[str, int] | None = None,
) -> Verdict:
    """The verdict: the gate's where there is one, with its ``standing``, else drawn from the findings' severities."""
    if judged is not None:
        failed = [row.title for row in judged if not row.passed]
        says = f"All of {many(len(judged), 'expectation')} hold."
        if failed:
            says = f"{len(failed)} of {many(len(judged), 'expectation')} fail{_s(failed)}: {listed(failed)}."
        parts = (says, _offer(mended, paragraphs), told(standing or {}))
        return Verdict(state_of(findings, judged), " ".join(filter(None, parts)))
    state = state_of(findings)
    if not findings:
        return Verdict(state, f"{many(checks, 'check')} looked at {many(paragraphs, 'paragraph')} and found nothing.")
    if state == "clean":
        return Verdict(state, "Nothing of severity error or warning; notes are context and ask for nothing.")
    level = "error" if state == "held" else "warning"
    stuck = [f for f in findings if f.severity == level and f.fix is None]
    if stuck:
        titles = dict.fromkeys(
            (catalog.checks[f.check].title if f.check in catalog.checks else f.check).lower() for f in stuck
        )
        has, stays = ("has", "stays") if len(stuck) == 1 else ("have", "stay")
        rest = f"{many(len(stuck), level)} {has} no fix and {stays}: {listed(list(titles)[:4])}."
        return Verdict(state, f"{_offer(mended, paragraphs)} {rest}".strip())
    return Verdict(state, f"{_offer(mended, paragraphs)[:-1]}; nothing of severity {level} is left then.")


def _offer(mended: Mended, paragraphs: int) -> str:
    """What the offered fixes do, as a sentence; empty where none is offered."""
    if not mended.changes:
        return ""
    one = mended.safe + mended.unsafe == 1
    deeds = []
    if mended.gone:
        deeds.append(f"{'deletes' if one else 'delete'} {len(mended.gone):,} of {many(paragraphs, 'paragraph')}")
    if mended.edited:
        deeds.append(f"{'cuts' if one else 'cut'} a part of {many(len(mended.edited), 'paragraph')}")
    lost = many(mended.words_before - mended.words_after, "word")
    if mended.words_before <= mended.words_after:
        lost = many(abs(mended.characters_before - mended.characters_after), "character")
    return f"The offered {'fix' if one else 'fixes'} {' and '.join(deeds)} ({lost})."


def told(standing: Mapping[str, int]) -> str:
    """How many findings are new, known, waived and fixed, in a sentence; empty where there are none."""
    counts = [f"{count:,} {word}" for word, count in standing.items() if count]
    return f"Findings: {listed(counts)}." if counts else ""


def _s(items: Sequence[object]) -> str:
    return "s" if len(items) == 1 else ""


def tiles(
    article: Article, findings: Sequence[Finding], mended: Mended, language: str, judged: Sequence[Judged] | None
) -> tuple[Tile, ...]:
    """The strip: the gate's rows where there is a gate, else five figures drawn from the findings."""
    if judged is not None:
        return tuple(map(tile, judged))
    by_family: dict[str, list[Finding]] = {}
    for finding in findings:
        by_family.setdefault(family_of(finding.check).key, []).append(finding)
    total = mended.words_before
    foreign = [f for f in findings if f.check in ("language-mismatch", "foreign-span", "wrong-language")]
    repeated = _words_in(article, by_family.get("rep", ()))
    wrong = any(f.check == "wrong-language" for f in foreign)
    outside = total if wrong else _words_in(article, foreign)
    return (
        _counted("Ad markers", by_family.get("ad", ())),
        Tile(
            "Repeated words",
            share(repeated, total),
            f"{repeated:,} of {total:,}",
            *_state(by_family.get("rep", ())),
            repeated / total if total else 0.0,
        ),
        _counted("Site furniture", by_family.get("fur", ())),
        Tile(
            f"Words in {language}" if language else "Words in its language",
            share(total - outside, total),
            f"{outside:,} in another" if outside else "no other found",
            *_state(foreign),
            (total - outside) / total if total else 0.0,
        ),
        Tile(
            "Words left with fixes",
            f"{mended.words_after:,}",
            f"of {total:,}",
            "plain",
            "",
            mended.words_after / total if total else 0.0,
        ),
    )


def tile(row: Judged) -> Tile:
    """The figure of one verdict of the gate."""
    state: Literal["fail", "look", "pass"] = "pass" if row.passed else "fail" if row.otherwise == "held" else "look"
    return Tile(row.title, row.observed, row.limit, state, state.capitalize(), row.share, row.limit_share)


def _counted(label: str, findings: Sequence[Finding]) -> Tile:
    # Ten of a kind fill the bar: more is no worse to a reader, it is broken.
    return Tile(
        label,
        f"{len(findings):,}",
        "finding" if len(findings) == 1 else "findings",
        *_state(findings),
        min(1.0, len(findings) / 10),
    )


def _state(findings: Sequence[Finding]) -> tuple[Literal["fail", "look", "pass"], str]:
    state = state_of(findings)
    if state == "held":
        return "fail", "Error"
    return ("look", "Look") if state == "look" else ("pass", "Fine")


def _words_in(article: Article, findings: Sequence[Finding]) -> int:
    """Words in the spans of findings, each word once."""
    count, at = 0, 0
    for start, end in sorted(f.span for f in findings):
        if end > at:
            count += words(article.text[max(start, at) : end])
            at = end
    return count
