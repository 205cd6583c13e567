"""Admission: what a run found, less what is waived or was there before, judged by the gate; and why, in a sentence.

While articles come, memory keeps the figures that suites judge and nothing else of them: what was found goes to disk,
and is read again, article by article, when the verdicts are known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Literal

from bycatch.article import Article, Failure, Finding
from bycatch.baseline import Baseline, Before, signatures, text_digest
from bycatch.catalog import Catalog
from bycatch.fixing import apply
from bycatch.gate import Judgement, Rule, Suite, Verdict, columns_of, find_suites, load_suites, validate
from bycatch.inspection import InspectionError, inspect
from bycatch.runner import Result
from bycatch.spool import Spool
from bycatch.summary import Summary, Table, own_checks, schema, summarise
from bycatch.waivers import Ledger, Problem

State = Literal["held", "look", "clean"]
Standing = Literal["new", "known", "waived"]

# Figures that do not come from findings: they may have failed before, and count only where they became worse.
SIZES: Final = (
    "characters",
    "paragraphs",
    "words",
    "words_left",
    "words_left_all",
    "paragraphs_left",
    "lang",
    "source",
)
# Mended articles that are inspected again, to say whether the safe fixes would do. More would double a long run.
_MOST_MENDED: Final = 100
# Words that count no pieces.
_MASS: Final = ("navigation", "punctuation", "markup", "residue", "debris", "mojibake")


@dataclass(frozen=True)
class Admission:
    """What becomes of one article: its state, the sentence that says why, and the verdicts it fails.

    ``article`` is the article itself where the run was told to keep texts.
    """

    number: int
    id: str
    path: str
    state: State
    sentence: str
    failed: tuple[Verdict, ...]
    findings: tuple[Finding, ...]
    standing: Mapping[str, Standing]
    summary: Summary
    fixed: int = 0
    article: Article | None = None

    def of(self, standing: Standing) -> tuple[Finding, ...]:
        """The findings that are new, known or waived."""
        return tuple(finding for finding in self.findings if self.standing[finding.key] == standing)


@dataclass(frozen=True)
class _Row:
    """What a run found in one article, and what was there before."""

    summary: Summary
    findings: tuple[Finding, ...]
    standing: Mapping[str, Standing]
    before: Before | None
    fixed: int
    digest: str
    article: Article | None


@dataclass(frozen=True)
class Outcome:
    """A gate run: every article's admission, the verdicts on the whole, what failed and what is wrong with waivers.

    ``tally`` counts findings that are new, known, waived and fixed; ``renamed`` says what articles are called in the
    baseline.
    """

    corpus: tuple[Verdict, ...]
    failures: tuple[Failure, ...]
    problems: tuple[Problem, ...]
    judgement: Judgement | None
    catalog: Catalog
    tally: Mapping[str, int]
    renamed: Mapping[str, str] = field(default_factory=dict)
    _rows: Spool[_Row] = field(default_factory=Spool)
    _cures: Mapping[int, str] = field(default_factory=dict)

    @property
    def articles(self) -> Iterator[Admission]:
        """The articles in the order of the run, read from disk once more."""
        if self.judgement is None:
            return
        broken: dict[str, list[Failure]] = {}
        for failure in self.failures:
            if failure.article is not None:
                broken.setdefault(failure.article, []).append(failure)
        own = own_checks(self.catalog)
        for number, row in enumerate(self._rows):
            yield _admission(
                number, row, self._cures.get(number), broken.get(row.summary.id, ()), self.judgement, self.catalog, own
            )

    @cached_property
    def states(self) -> Mapping[State, int]:
        """How many articles are held back, want a look, or are admitted."""
        return Counter(article.state for article in self.articles)

    @property
    def passed(self) -> bool:
        """Whether nothing is held back, nothing failed and no waiver has expired."""
        return not (
            self.states.get("held")
            or self.failures
            or any(not verdict.passed and verdict.severity == "critical" for verdict in self.corpus)
            or any(problem.level == "error" for problem in self.problems)
        )

    def verdicts(self, admission: Admission) -> tuple[Verdict, ...]:
        """All verdicts on one article, those it fails first; a known failure is not among the failing ones."""
        if self.judgement is None:
            return ()
        failing = {(verdict.suite, verdict.expectation, verdict.metric, verdict.limit) for verdict in admission.failed}
        made = [
            replace(verdict, passed=(verdict.suite, verdict.expectation, verdict.metric, verdict.limit) not in failing)
            for verdict in self.judgement.verdicts(admission.number, admission.summary.row(self.catalog.checks))
        ]
        return tuple(sorted(made, key=lambda verdict: verdict.passed))

    def entries(self) -> Iterator[tuple[str, Before]]:
        """What a baseline keeps of each article."""
        if self.judgement is not None:
            for number, row in enumerate(self._rows):
                yield row.summary.id, _entry(number, row, self.judgement)


def suites_for(catalog: Catalog, given: Sequence[str] = ()) -> tuple[Suite, ...]:
    """The suites of the command line, or of the project and of bycatch, checked against the catalog's columns."""
    titles = {name: check.title for name, check in catalog.checks.items()}
    return load_suites(find_suites(given), schema(catalog.checks), catalog.checks, titles)


def admit(
    results: Iterable[Result],
    catalog: Catalog,
    suites: Sequence[Suite],
    *,
    failures: Sequence[Failure] = (),
    ledger: Ledger | None = None,
    baseline: Baseline | None = None,
    before: Callable[[Article], Before | None] | None = None,
    whole: bool = True,
    texts: bool = False,
) -> Outcome:
    """Judge a run. ``failures`` may be filled while ``results`` is consumed.

    ``before`` gives the state of an article that a change started from; ``whole`` is False when only what a change
    touched was read: suites about the corpus are left out then. ``texts`` keeps the articles, for pages of them.

    Raises GateError where the suites cannot judge.
    """
    ledger = ledger or Ledger()
    baseline = baseline or Baseline()
    own = own_checks(catalog)
    chosen = [suite for suite in suites if whole or suite.judges == "articles"]
    table = _table(catalog, chosen)
    rows: Spool[_Row] = Spool()
    mended: dict[int, tuple[_Row, Summary]] = {}
    tally = {"new": 0, "known": 0, "waived": 0, "fixed": 0}
    renamed: dict[str, str] = {}
    claimed: set[str] = set()
    for result in results:
        earlier = before(result.article) if before else None
        found = baseline.find(result.article)
        # Of two copies under new names one is the old article and the other is news.
        if found and found[0] not in claimed:
            if found[0] != result.article.id:
                renamed[result.article.id] = found[0]
                claimed.add(found[0])
            earlier = _joined(earlier, found[1])
        waived = ledger.waived(result.article.id, result.findings)
        row = _row(result, own, waived, earlier, texts=texts)
        if len(mended) < _MOST_MENDED and (after := _mended(result.article, row, waived, catalog, own)):
            mended[len(rows)] = replace(row, article=None), after
        tally["fixed"] += row.fixed
        for standing in row.standing.values():
            tally[standing] += 1
        table.add(row.summary)
        rows.add(row)
    if not rows:
        if not failures and whole:
            validate({}, chosen)
        return Outcome((), tuple(failures), tuple(ledger.problems(whole=whole)), None, catalog, tally)
    judgement = validate(table.columns, chosen)
    return Outcome(
        judgement.corpus, tuple(failures), tuple(ledger.problems(whole=whole)), judgement, catalog, tally, renamed,
        rows, _cures(mended, judgement, catalog, own),
    )  # fmt: skip


def _table(catalog: Catalog, suites: Iterable[Suite]) -> Table:
    """A table of the columns that suites speak of."""
    columns = schema(catalog.checks)
    named = {"id"}.union(*(columns_of(item, columns) for suite in suites for item in suite.raw))
    return Table({name: kind for name, kind in columns.items() if name in named}, catalog.checks)


def _joined(one: Before | None, other: Before) -> Before:
    if one is None:
        return other
    return Before(other.text, one.findings | other.findings, {**other.measures, **one.measures}, other.path)


def _row(result: Result, own: frozenset[str], waived: frozenset[str], before: Before | None, *, texts: bool) -> _Row:
    article, findings = result.article, result.findings
    standing = _standing(findings, waived, before)
    told = list(standing.values())
    known, let = told.count("known"), told.count("waived")
    counting = [finding for finding in findings if standing[finding.key] == "new"]
    summary = summarise(article, counting, own=own, known=known, waived=let)
    fixed = len(before.findings.difference(signatures(findings))) if before else 0
    # A copy, for an article holds its paragraphs once it was asked for them.
    kept = replace(article) if texts else None
    return _Row(summary, findings, standing, before, fixed, text_digest(article.text), kept)


def _mended(
    article: Article, row: _Row, waived: frozenset[str], catalog: Catalog, own: frozenset[str]
) -> Summary | None:
    """The figures of the article once its safe fixes are made; None where none is offered for its errors."""
    fixes = [
        finding.fix
        for finding in row.findings
        if row.standing[finding.key] == "new" and finding.fix is not None and finding.fix.safe
    ]
    if not fixes or not row.summary.errors:
        return None
    after = replace(article, text=apply(article.text, fixes))
    try:
        left = inspect(after, catalog)
    except InspectionError:
        return None
    still = _standing(left, waived, row.before)
    return summarise(after, [finding for finding in left if still[finding.key] == "new"], own=own)


def _standing(findings: Sequence[Finding], waived: frozenset[str], before: Before | None) -> dict[str, Standing]:
    made: dict[str, Standing] = {finding.key: "waived" if finding.key in waived else "new" for finding in findings}
    if before is not None:
        for finding, signature in zip(findings, signatures(findings), strict=True):
            if signature in before.findings and made[finding.key] == "new":
                made[finding.key] = "known"
    return made


def _introduced(failed: Iterable[Rule], summary: Summary, before: Before | None) -> tuple[Rule, ...]:
    """The rules that the article fails and did not fail as badly before."""
    measures = before.measures if before else {}
    return tuple(rule for rule in failed if rule.metric not in measures or _worse(rule, summary, measures[rule.metric]))


def _worse(rule: Rule, summary: Summary, before: float | str) -> bool:
    now = getattr(summary, rule.metric, None)
    if not isinstance(now, int | float) or not isinstance(before, int | float):
        return now != before
    high, low = rule.kwargs.get("max_value"), rule.kwargs.get("min_value")
    if high is not None and now > high:
        return now > before
    if low is not None and now < low:
        return now < before
    return now != before


def _critical(rules: Iterable[Rule]) -> list[Rule]:
    return [rule for rule in rules if rule.severity == "critical"]


def _entry(number: int, row: _Row, judgement: Judgement) -> Before:
    """What a baseline keeps of the article."""
    failed = judgement.failed(number)
    measures = {rule.metric: getattr(row.summary, rule.metric) for rule in failed if rule.metric in SIZES}
    # A waived finding is not noted: when the waiver ends, it counts.
    kept = frozenset(
        signature
        for finding, signature in zip(row.findings, signatures(row.findings), strict=True)
        if row.standing[finding.key] != "waived"
    )
    return Before(row.digest, kept, measures, row.summary.path)


def before_of(article: Article, findings: Sequence[Finding]) -> Before:
    """The state of an article that a change started from."""
    summary = summarise(article, ())
    measures = {name: getattr(summary, name) for name in SIZES}
    return Before(text_digest(article.text), frozenset(signatures(findings)), measures, article.path)


# -- Words -----------------------------------------------------------------------------------------------------------


def _admission(
    number: int,
    row: _Row,
    cure: str | None,
    broken: Sequence[Failure],
    judgement: Judgement,
    catalog: Catalog,
    own: frozenset[str],
) -> Admission:
    summary = row.summary
    failing = _introduced(judgement.failed(number), summary, row.before)
    failed: tuple[Verdict, ...] = ()
    if failing:
        told = zip(_about_articles(judgement), judgement.verdicts(number, summary.row(catalog.checks)), strict=True)
        failed = tuple(verdict for rule, verdict in told if rule in failing)
    grave = [verdict for verdict in failed if verdict.severity == "critical"]
    state: State = "held" if grave or broken else "look" if any(v.severity == "warning" for v in failed) else "clean"
    said = "Admitted"
    if state == "held":
        causes = [
            *_causes(grave, summary, catalog, own),
            *(f"not judged whole ({failure.reason})" for failure in broken),
        ]
        said = f"Held back: {listed(causes)}"
        if grave:
            said += f"; {cure or _fixes(summary)}"
    elif state == "look":
        said = f"Needs a look: {listed(_causes([v for v in failed if v.severity == 'warning'], summary, catalog, own))}"
    aside = [f"{count:,} {word}" for count, word in ((summary.known, "known"), (summary.waived, "waived")) if count]
    if aside:
        one = summary.known + summary.waived == 1
        said += f". {listed(aside).capitalize()} finding{'' if one else 's'} {'does' if one else 'do'} not count"
    return Admission(
        number, summary.id, summary.path, state, f"{said}.", failed, row.findings, row.standing, summary, row.fixed,
        row.article,
    )  # fmt: skip


def _about_articles(judgement: Judgement) -> list[Rule]:
    return [rule for suite in judgement.suites for rule in suite.rules if rule.judges == "articles"]


def _causes(verdicts: Sequence[Verdict], summary: Summary, catalog: Catalog, own: frozenset[str]) -> Iterator[str]:
    """Each failed verdict as "2 ad markers (none allowed)"; sums of several checks by the names of those."""
    named = {verdict.check for verdict in verdicts if verdict.check}
    for verdict in verdicts:
        parts = _parts(verdict.metric, summary, own, named)
        count = 0 if isinstance(verdict.value, str) or verdict.value is None else int(verdict.value)
        if verdict.check:
            yield f"{pieces(count, verdict.title)} ({verdict.limit})"
        elif parts:
            for check, some in parts.items():
                yield f"{pieces(some, catalog.checks[check].title)} ({verdict.limit})"
        elif verdict.metric in ("errors", "warnings", "notes"):
            if verdict.metric != "errors" or not named:  # else those named are all of them
                yield f"{pieces(count, verdict.metric[:-1])} ({verdict.limit})"
        else:
            yield f"{verdict.title[:1].lower()}{verdict.title[1:]}: {verdict.observed} ({verdict.limit})"


def _parts(metric: str, summary: Summary, own: frozenset[str], named: set[str]) -> dict[str, int]:
    if metric == "own_errors":
        return {check: count for check, count in summary.grave.items() if check in own}
    if metric == "errors":
        return {check: count for check, count in summary.grave.items() if check not in named}
    return {}


def _fixes(summary: Summary) -> str:
    """What the safe fixes do."""
    gone = summary.paragraphs - summary.paragraphs_left
    if summary.words_left == summary.words and not gone:
        return "no safe fix is offered"
    return f"the safe fixes {_deeds(summary)}"


def _deeds(summary: Summary) -> str:
    gone = summary.paragraphs - summary.paragraphs_left
    return f"delete {gone:,} of {pieces(summary.paragraphs, 'paragraph')}" if gone else "cut parts of paragraphs"


def _cures(
    mended: Mapping[int, tuple[_Row, Summary]], judgement: Judgement, catalog: Catalog, own: frozenset[str]
) -> dict[int, str]:
    """Of articles that are held back and were mended to see: what the safe fixes do, and whether they would do."""
    held = [
        (number, row, after)
        for number, (row, after) in mended.items()
        if _critical(_introduced(judgement.failed(number), row.summary, row.before))
    ]
    suites = [suite for suite in judgement.suites if suite.judges == "articles"]
    if not held or not suites:
        return {}
    table = _table(catalog, suites)
    for _, _, after in held:
        table.add(after)
    cured = validate(table.columns, suites)
    made = {}
    for place, (number, row, after) in enumerate(held):
        left = _critical(_introduced(cured.failed(place), after, row.before))
        said = f"the safe fixes {_deeds(row.summary)}"
        if left:
            told = zip(_about_articles(cured), cured.verdicts(place, after.row(catalog.checks)), strict=True)
            stays = list(_causes([verdict for rule, verdict in told if rule in left], after, catalog, own))
            made[number] = f"{said}, and {listed(stays)} {'stays' if len(stays) == 1 else 'stay'}"
        else:
            made[number] = f"{said} and then it passes"
    return made


def pieces(count: int, noun: str) -> str:
    """``1 ad marker``, ``2 ad markers``, ``2 pieces of stray navigation``."""
    noun = noun if noun[:2].isupper() else noun[:1].lower() + noun[1:]
    if noun.endswith(_MASS):
        return f"{count:,} piece{'' if count == 1 else 's'} of {noun}"
    if noun.startswith(("article in", "paragraph in")):
        head, rest = noun.split(" ", 1)
        return f"{count:,} {head}{'' if count == 1 else 's'} {rest}"
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def listed(items: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    made = list(items)
    return f"{', '.join(made[:-1])} and {made[-1]}" if len(made) > 1 else "".join(made)
