"""Admission: what a run found, less what is waived or was there before, judged by the gate; and why, in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Literal

from bycatch.article import Article, Failure, Finding
from bycatch.baseline import Baseline, Before, signatures, text_digest
from bycatch.catalog import Catalog
from bycatch.fixing import apply
from bycatch.gate import Judgement, Rule, Suite, Verdict, find_suites, load_suites, validate
from bycatch.inspection import InspectionError, inspect
from bycatch.runner import Result
from bycatch.summary import Summary, own_checks, schema, summarise
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
    """What becomes of one article: its state, the sentence that says why, and the verdicts it fails."""

    id: str
    path: str
    state: State
    sentence: str
    failed: tuple[Verdict, ...]
    findings: tuple[Finding, ...]
    standing: Mapping[str, Standing]
    summary: Summary
    fixed: int = 0

    def of(self, standing: Standing) -> list[Finding]:
        """The findings that are new, known or waived."""
        return [finding for finding in self.findings if self.standing[finding.key] == standing]


@dataclass(frozen=True)
class Outcome:
    """A gate run: every article's admission, the verdicts on the whole, what failed and what is wrong with waivers."""

    articles: tuple[Admission, ...]
    corpus: tuple[Verdict, ...]
    failures: tuple[Failure, ...]
    problems: tuple[Problem, ...]
    judgement: Judgement | None
    catalog: Catalog
    entries: Mapping[str, Before] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)

    @property
    def held(self) -> list[Admission]:
        """The articles that are held back."""
        return [article for article in self.articles if article.state == "held"]

    @property
    def passed(self) -> bool:
        """Whether nothing is held back, nothing failed and no waiver has expired."""
        return not (
            self.held
            or self.failures
            or any(not verdict.passed and verdict.severity == "critical" for verdict in self.corpus)
            or any(problem.level == "error" for problem in self.problems)
        )

    def tally(self) -> dict[str, int]:
        """How many findings are new, known, waived and fixed."""
        made = {"new": 0, "known": 0, "waived": 0, "fixed": 0}
        for article in self.articles:
            made["fixed"] += article.fixed
            for standing in article.standing.values():
                made[standing] += 1
        return made

    @cached_property
    def _by_id(self) -> dict[str, Admission]:
        return {article.id: article for article in self.articles}

    def state_of(self, finding: Finding) -> Standing:
        """Whether a finding of this run is new, known or waived."""
        return self._by_id[finding.article].standing[finding.key]

    def verdicts(self, article: str) -> tuple[Verdict, ...]:
        """All verdicts on one article, those it fails first; a known failure is not among the failing ones."""
        if self.judgement is None or article not in self._by_id:
            return ()
        admission = self._by_id[article]
        failing = {(verdict.suite, verdict.expectation, verdict.metric, verdict.limit) for verdict in admission.failed}
        made = [
            replace(verdict, passed=(verdict.suite, verdict.expectation, verdict.metric, verdict.limit) not in failing)
            for verdict in self.judgement.verdicts(admission.summary.row(self.catalog.checks))
        ]
        return tuple(sorted(made, key=lambda verdict: verdict.passed))


@dataclass
class _Row:
    summary: Summary
    findings: tuple[Finding, ...]
    standing: dict[str, Standing]
    before: Before | None
    fixed: int
    mended: Summary | None
    digest: str
    signatures: list[str]


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
) -> Outcome:
    """Judge a run. ``failures`` may be filled while ``results`` is consumed.

    ``before`` gives the state of an article that a change started from; ``whole`` is False when only what a change
    touched was read: suites about the corpus are left out then.

    Raises GateError where the suites cannot judge.
    """
    ledger = ledger or Ledger()
    baseline = baseline or Baseline()
    own = own_checks(catalog)
    rows: list[_Row] = []
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
        rows.append(_row(result, catalog, own, ledger, earlier, mend=_few(rows)))
    chosen = [suite for suite in suites if whole or suite.judges == "articles"]
    if not rows:
        if not failures and whole:
            validate([], chosen)
        return Outcome((), (), tuple(failures), tuple(ledger.problems(whole=whole)), None, catalog)
    judgement = validate([row.summary.row(catalog.checks) for row in rows], chosen)
    failing = {row.summary.id: _introduced(judgement, row) for row in rows}
    held = [row for row in rows if row.mended is not None and _critical(failing[row.summary.id])]
    cured: Judgement | None = None
    if held:
        single = [suite for suite in chosen if suite.judges == "articles"]
        cured = validate([row.mended.row(catalog.checks) for row in held if row.mended], single) if single else None
    broken: dict[str, list[Failure]] = {}
    for failure in failures:
        if failure.article is not None:
            broken.setdefault(failure.article, []).append(failure)
    articles = tuple(
        _admission(row, failing[row.summary.id], cured, broken.get(row.summary.id, []), judgement, catalog, own)
        for row in rows
    )
    entries = {row.summary.id: _entry(row, judgement) for row in rows}
    return Outcome(
        articles, judgement.corpus, tuple(failures), tuple(ledger.problems(whole=whole)), judgement, catalog,
        entries, renamed,
    )  # fmt: skip


def _few(rows: Sequence[_Row]) -> bool:
    return sum(row.mended is not None for row in rows) < _MOST_MENDED


def _joined(one: Before | None, other: Before) -> Before:
    if one is None:
        return other
    return Before(other.text, one.findings | other.findings, {**other.measures, **one.measures}, other.path)


def _row(
    result: Result, catalog: Catalog, own: frozenset[str], ledger: Ledger, before: Before | None, *, mend: bool
) -> _Row:
    article, findings = result.article, result.findings
    signed = signatures(findings)
    waived = ledger.waived(article.id, findings)
    standing = _standing(findings, signed, waived, before)
    counting = [finding for finding in findings if standing[finding.key] == "new"]
    told = list(standing.values())
    known, let = told.count("known"), told.count("waived")
    summary = summarise(article, counting, own=own, known=known, waived=let)
    fixes = [finding.fix for finding in counting if finding.fix is not None and finding.fix.safe]
    mended = None
    if fixes and summary.errors and mend:
        after = replace(article, text=apply(article.text, fixes))
        try:
            left = inspect(after, catalog)
        except InspectionError:
            left = None
        if left is not None:
            still = _standing(left, signatures(left), waived, before)
            mended = summarise(after, [finding for finding in left if still[finding.key] == "new"], own=own)
    fixed = len(before.findings - set(signed)) if before else 0
    return _Row(summary, findings, standing, before, fixed, mended, text_digest(article.text), signed)


def _standing(
    findings: Sequence[Finding], signed: Sequence[str], waived: frozenset[str], before: Before | None
) -> dict[str, Standing]:
    made: dict[str, Standing] = {}
    for finding, signature in zip(findings, signed, strict=True):
        known = before is not None and signature in before.findings
        made[finding.key] = "waived" if finding.key in waived else "known" if known else "new"
    return made


def _introduced(judgement: Judgement, row: _Row) -> tuple[Rule, ...]:
    """The rules that the article fails and did not fail as badly before."""
    failed = judgement.failed.get(row.summary.id, ())
    measures = row.before.measures if row.before else {}
    return tuple(rule for rule in failed if rule.metric not in measures or _worse(rule, row, measures[rule.metric]))


def _worse(rule: Rule, row: _Row, before: float | str) -> bool:
    now = getattr(row.summary, rule.metric, None)
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


def _entry(row: _Row, judgement: Judgement) -> Before:
    """What a baseline keeps of the article."""
    failed = judgement.failed.get(row.summary.id, ())
    measures = {rule.metric: getattr(row.summary, rule.metric) for rule in failed if rule.metric in SIZES}
    # A waived finding is not noted: when the waiver ends, it counts.
    kept = frozenset(
        signature
        for finding, signature in zip(row.findings, row.signatures, strict=True)
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
    row: _Row,
    failing: Sequence[Rule],
    cured: Judgement | None,
    broken: Sequence[Failure],
    judgement: Judgement,
    catalog: Catalog,
    own: frozenset[str],
) -> Admission:
    summary = row.summary
    failed: tuple[Verdict, ...] = ()
    if failing:
        told = zip(_about_articles(judgement), judgement.verdicts(summary.row(catalog.checks)), strict=True)
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
            said += f"; {_cure(row, cured, catalog, own)}"
    elif state == "look":
        said = f"Needs a look: {listed(_causes([v for v in failed if v.severity == 'warning'], summary, catalog, own))}"
    aside = [f"{count:,} {word}" for count, word in ((summary.known, "known"), (summary.waived, "waived")) if count]
    if aside:
        one = summary.known + summary.waived == 1
        said += f". {listed(aside).capitalize()} finding{'' if one else 's'} {'does' if one else 'do'} not count"
    return Admission(
        summary.id, summary.path, state, f"{said}.", failed, row.findings, row.standing, summary, row.fixed
    )


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


def _cure(row: _Row, cured: Judgement | None, catalog: Catalog, own: frozenset[str]) -> str:
    """What the safe fixes do, and whether they would do."""
    summary, after = row.summary, row.mended
    gone = summary.paragraphs - summary.paragraphs_left
    if after is None and summary.words_left == summary.words and not gone:
        return "no safe fix is offered"
    deeds = f"delete {gone:,} of {pieces(summary.paragraphs, 'paragraph')}" if gone else "cut parts of paragraphs"
    said = f"the safe fixes {deeds}"
    if after is None or cured is None:
        return said
    left = _critical(_introduced(cured, replace(row, summary=after)))
    if not left:
        return f"{said} and then it passes"
    numbers = dict(_zipped(cured, after, catalog))
    stays = list(_causes([numbers[_name(rule)] for rule in left], after, catalog, own))
    return f"{said}, and {listed(stays)} {'stays' if len(stays) == 1 else 'stay'}"


def _zipped(judgement: Judgement, summary: Summary, catalog: Catalog) -> Iterator[tuple[tuple[str, int], Verdict]]:
    verdicts = judgement.verdicts(summary.row(catalog.checks))
    for rule, verdict in zip(_about_articles(judgement), verdicts, strict=True):
        yield _name(rule), verdict


def _name(rule: Rule) -> tuple[str, int]:
    return rule.path, rule.number


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
