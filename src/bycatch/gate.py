"""The gate: Great Expectations suites judge the table of figures, one row per article. Numbers only, never text.

Great Expectations is imported when a suite is loaded, not before: that takes two seconds, and in a thread beside the
inspection it takes more than it saves. It is asked for verdicts alone; whatever it would pass over in silence (a type
it does not know, an empty table, a missing column, a missing value, a default nobody wrote down) is refused here, for
a rule that did not load must not let anything pass.
"""

from __future__ import annotations

import contextlib
import difflib
import gc
import json
import logging
import math
import re
import sys
import warnings
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from bycatch.content import builtin, project
from bycatch.errors import UserError
from bycatch.reading import article_name

Level = Literal["critical", "warning", "info"]
LEVELS: Final[tuple[Level, ...]] = ("critical", "warning", "info")
Judges = Literal["articles", "corpus"]
SUITES: Final = ("admission.json", "corpus.json")

# A table of so many rows is judged two rules at a time: Great Expectations copies the columns it is given several
# times over and leaves them behind in cycles, for which it takes half a second to look.
_MANY: Final = 100_000
_AT_ONCE: Final = 2
_UNIQUE: Final = "expect_column_values_to_be_unique"
# Rows by their number, without their values.
_ANSWER: Final = {
    "result_format": "COMPLETE",
    "return_unexpected_index_query": False,
    "exclude_unexpected_values": True,
}

_SUITE_KEYS: Final = {"name", "id", "expectations", "meta", "notes", "suite_parameters"}
_KEYS: Final = {"type", "kwargs", "meta", "severity", "notes", "description", "id", "rendered_content"}
# Columns that hold a share of 1.
SHARES: Final = frozenset({"share_flagged", "share_in_language"})
_NAMES: Final = {
    "errors": "Errors",
    "warnings": "Warnings",
    "notes": "Notes",
    "own_errors": "Errors of your own checks",
    "known": "Known findings",
    "waived": "Waived findings",
    "characters": "Characters",
    "paragraphs": "Paragraphs",
    "words": "Words",
    "flagged_characters": "Characters flagged",
    "share_flagged": "Characters flagged",
    "words_left": "Words left with safe fixes",
    "words_left_all": "Words left with all fixes",
    "paragraphs_left": "Paragraphs left with safe fixes",
    "share_in_language": "Words in its language",
    "lang": "Language",
    "id": "Article id",
}


class GateError(UserError):
    """A suite that cannot be used, or a validation that did not run whole: exit 2, never passed."""


@dataclass(frozen=True)
class Rule:
    """One expectation as its file has it: where it stands, what it asks, how grave a failure is."""

    suite: str
    path: str
    line: int
    type: str
    kwargs: Mapping[str, Any]
    severity: Level
    judges: Judges
    title: str
    check: str | None = None
    number: int = 0

    @property
    def metric(self) -> str:
        """The column that is judged; ``rows`` for an expectation about the table."""
        return str(self.kwargs.get("column", "rows"))

    def __str__(self) -> str:
        """``file:line: type(column)``."""
        column = self.kwargs.get("column")
        return f"{self.path}:{self.line}: {self.type}{f'({column})' if column else ''}"


@dataclass(frozen=True)
class Suite:
    """A suite that loaded whole."""

    name: str
    path: str
    judges: Judges
    rules: tuple[Rule, ...]
    raw: tuple[Mapping[str, Any], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one expectation says of one article, or with ``article`` None of the whole.

    ``share`` is how full a bar would be drawn, and ``limit_share`` where the limit stands on it, both 0 to 1.
    """

    article: str | None
    expectation: str
    metric: str
    limit: str
    observed: str
    passed: bool
    title: str
    severity: Level
    suite: str
    check: str | None = None
    value: float | str | None = None
    share: float = 0.0
    limit_share: float | None = None


@dataclass(frozen=True)
class Judgement:
    """What the suites say of a table: the rules that articles fail, with a byte for each row, and of the whole."""

    suites: tuple[Suite, ...]
    failing: tuple[tuple[Rule, bytes], ...]
    corpus: tuple[Verdict, ...]

    def failed(self, number: int) -> tuple[Rule, ...]:
        """The rules that the article of a row fails; rows count from 0."""
        return tuple(rule for rule, rows in self.failing if rows[number])

    def verdicts(self, number: int, row: Mapping[str, Any]) -> tuple[Verdict, ...]:
        """The verdict of each rule about single articles on the article of a row, in the order of the suites."""
        failed = self.failed(number)
        return tuple(
            _verdict(rule, row, rule not in failed)
            for suite in self.suites
            for rule in suite.rules
            if rule.judges == "articles"
        )


def find_suites(given: Sequence[str] = ()) -> list[Path]:
    """The suites to load: those given, else every suite of the project and the built-in ones it has none of that name.

    Raises GateError for a file that is not there.
    """
    if given:
        for name in given:
            if not Path(name).is_file():
                raise GateError(f"{name}: no such suite")
        return [Path(name) for name in given]
    own = project("expectations")
    found = {path.name: path for path in sorted(own.glob("*.json"))} if own else {}
    return [found.pop(name, builtin("expectations") / name) for name in SUITES] + list(found.values())


def load_suites(
    paths: Iterable[Path], columns: Mapping[str, type], checks: Collection[str], titles: Mapping[str, str] | None = None
) -> tuple[Suite, ...]:
    """Load suites for a table of these columns; ``checks`` are those that an expectation may name in ``meta.check``.

    Raises GateError, naming file, line and expectation, for anything that would not be judged exactly as written.
    """
    suites = tuple(_read(path, columns, checks, titles or {}) for path in paths)
    _prove(suites)
    return suites


def _read(path: Path, columns: Mapping[str, type], checks: Collection[str], titles: Mapping[str, str]) -> Suite:
    shown = article_name(path)
    try:
        source = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise GateError(f"{shown}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    data = _parsed(shown, source)
    name, given, meta = data.get("name"), data.get("expectations"), data.get("meta") or {}
    if not isinstance(name, str) or not name:
        raise GateError(f'{shown}:1: a suite needs a "name"')
    if not isinstance(given, list) or not given:
        raise GateError(f'{shown}:1: no "expectations"; a suite without any lets everything pass')
    for key in data:
        if key not in _SUITE_KEYS:
            raise GateError(f"{shown}:{_line(source, key)}: unknown key {key!r}{_near(key, _SUITE_KEYS)}")
    judges = meta.get("judges", "articles") if isinstance(meta, dict) else None
    if judges not in ("articles", "corpus"):
        raise GateError(f'{shown}:{_line(source, "judges")}: meta.judges must be "articles" or "corpus"')
    lines = _lines(source, len(given))
    rules: list[Rule] = []
    for number, item in enumerate(given):
        place = f"{shown}:{lines[number]}: expectation {number + 1}"
        _shape(place, item, checks)
        _limits(f"{place} ({item['type']})", item["type"], item["kwargs"], columns)
        about = item.get("meta") or {}
        column = str(item["kwargs"].get("column", ""))
        check = about.get("check")
        title = about.get("title") or titles.get(check or "") or _NAMES.get(column) or column or "Articles"
        rules.append(
            Rule(name, shown, lines[number], item["type"], item["kwargs"], item.get("severity", "critical"),
                 judges, title, check, number)
        )  # fmt: skip
    return Suite(name, shown, judges, tuple(rules), tuple(given))


def _parsed(path: str, source: str) -> dict[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, value in pairs:
            if key in made:
                raise GateError(f"{path}:{_line(source, key)}: {key!r} stands twice in one object; the first is lost")
            made[key] = value
        return made

    def constant(name: str) -> float:
        raise GateError(f"{path}:{source[: source.find(name)].count(chr(10)) + 1}: {name} is no limit; write a number")

    try:
        data = json.loads(source, object_pairs_hook=once, parse_constant=constant)
    except json.JSONDecodeError as error:
        raise GateError(f"{path}:{error.lineno}: not JSON: {error.msg}") from error
    except RecursionError as error:
        raise GateError(f"{path}:1: nested too deeply") from error
    if not isinstance(data, dict):
        raise GateError(f'{path}:1: a suite is an object with "name" and "expectations"')
    return data


def _shape(place: str, item: object, checks: Collection[str]) -> None:
    """Whether an expectation has the parts it must have, and no others."""
    if not isinstance(item, dict) or not isinstance(item.get("type"), str):
        raise GateError(f'{place} has no "type"')
    place = f"{place} ({item['type']})"
    for key in item:
        if key not in _KEYS:
            raise GateError(f"{place}: unknown key {key!r}{_near(key, _KEYS)}")
    if not isinstance(item.get("kwargs"), dict):
        raise GateError(f'{place}: no "kwargs"; write column and limit out')
    if item.get("severity", "critical") not in LEVELS:
        raise GateError(f"{place}: severity {item['severity']!r} must be one of {', '.join(LEVELS)}")
    meta = item.get("meta") or {}
    if not isinstance(meta, dict):
        raise GateError(f"{place}: meta must be an object")
    check = meta.get("check")
    if check is not None and check not in checks:
        raise GateError(f"{place}: meta.check names {check!r}, which is no check{_near(str(check), checks)}")


def _limits(place: str, kind: str, kwargs: Mapping[str, Any], columns: Mapping[str, type]) -> None:
    """Whether the columns exist and the limits are of their type; what is wrong would fail late or be converted."""
    named = [kwargs[key] for key in ("column", "column_A", "column_B") if key in kwargs]
    for key in ("column_list", "column_set"):
        named += kwargs[key] if isinstance(kwargs.get(key), list) else []
    named += _conditioned(kwargs.get("row_condition"))
    for column in named:
        if column not in columns:
            raise GateError(f"{place}: there is no column {column!r}{_near(str(column), columns)} (docs/metrics.md)")
    about_column = kind.startswith("expect_column_") and not kind.startswith(("expect_column_pair", "expect_column_to"))
    if (about_column or kind.startswith("expect_articles_")) and "column" not in kwargs:
        raise GateError(f'{place}: no "column"; a default may change, write it out')
    expected = columns.get(str(kwargs.get("column")), int)
    if any(part in kind for part in ("_mean_", "_proportion_", "_stdev_", "_length", "_count_")):
        expected = float
    _range(place, kind, kwargs, expected)
    mostly = kwargs.get("mostly", 1)
    if isinstance(mostly, bool) or not isinstance(mostly, int | float) or not 0 < mostly <= 1:
        raise GateError(f"{place}: mostly is {json.dumps(mostly)}; it is a share above 0 and up to 1")
    members = kwargs.get("value_set")
    if "value_set" in kwargs and (
        not isinstance(members, list)
        or not members
        or any(isinstance(m, str) != (expected is str) or isinstance(m, bool) for m in members)
    ):
        kinds = "texts" if expected is str else "numbers"
        raise GateError(f"{place}: value_set is {json.dumps(members)}; it must list {kinds}")


def _range(place: str, kind: str, kwargs: Mapping[str, Any], expected: type) -> None:
    """Whether a range is written out, in numbers, the smaller one first."""
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    if ("_between" in kind or kind.startswith("expect_articles_")) and low is None and high is None:
        raise GateError(f"{place}: neither min_value nor max_value; a default may change, write the limit out")
    for key, limit in (("min_value", low), ("max_value", high)):
        if limit is None:
            continue
        if expected is str or isinstance(limit, bool) or not isinstance(limit, int | float) or not math.isfinite(limit):
            what = "text has no order here" if expected is str else f"{key} must be a number"
            raise GateError(f"{place}: {key} is {json.dumps(limit)}; {what}")
    if low is not None and high is not None and low > high:
        raise GateError(f"{place}: min_value is greater than max_value; nothing could pass")


def _conditioned(condition: object) -> list[Any]:
    """The columns that a row condition in its object form names."""
    if isinstance(condition, dict):
        column = condition.get("column")
        own = [column["name"]] if isinstance(column, dict) and "name" in column else []
        return own + [name for key, part in condition.items() if key != "column" for name in _conditioned(part)]
    if isinstance(condition, list):
        return [name for part in condition for name in _conditioned(part)]
    return []


def _line(source: str, key: str) -> int:
    at = source.rfind(f'"{key}"')
    return source[: max(at, 0)].count("\n") + 1


def _lines(source: str, count: int) -> list[int]:
    """The line of each expectation's type; 1 for all where they cannot be told apart."""
    at = [source[: m.start()].count("\n") + 1 for m in re.finditer(r'"type"\s*:\s*"expect_', source)]
    return at if len(at) == count else [1] * count


def _near(name: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(names), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


# -- Great Expectations ----------------------------------------------------------------------------------------------


@contextlib.contextmanager
def quiet() -> Iterator[Any]:
    """Great Expectations, imported; it neither calls home nor logs nor warns within."""
    logger = logging.getLogger("great_expectations")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield _import_it()
    finally:
        logger.setLevel(before)


def _import_it() -> Any:
    if "bycatch.expectations" not in sys.modules:
        # Modules stay; to look for garbage among them takes a fifth of the import.
        collects = gc.isenabled()
        gc.disable()
        try:
            # It tells Great Expectations not to call home before it imports it, and its classes register themselves.
            import bycatch.expectations  # noqa: F401
        finally:
            if collects:
                gc.enable()
    return sys.modules["great_expectations"]


def _context(gx: Any) -> Any:
    """A context in memory. The default one leaves a folder for Data Docs behind, one a run."""
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
    )
    return gx.get_context(project_config=config, mode="ephemeral")


def _prove(suites: Iterable[Suite]) -> None:
    """Whether Great Expectations takes each expectation, and keeps all of them."""
    with quiet() as gx:
        from great_expectations.exceptions.exceptions import GreatExpectationsError
        from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
        from great_expectations.expectations.registry import list_registered_expectation_implementations

        known = list_registered_expectation_implementations()
        _context(gx)
        for suite in suites:
            for rule, item in zip(suite.rules, suite.raw, strict=True):
                place = f"{rule.path}:{rule.line}: expectation {rule.number + 1} ({rule.type})"
                if rule.type not in known:
                    raise GateError(f"{place}: Great Expectations knows no such type{_near(rule.type, known)}")
                try:
                    ExpectationConfiguration(**item).to_domain_obj()
                except (GreatExpectationsError, TypeError, ValueError) as error:
                    raise GateError(f"{place}: {' '.join(str(error).split())}") from error
            kept = gx.ExpectationSuite(name="whole", expectations=[dict(item) for item in suite.raw]).expectations
            if len(kept) != len(suite.raw):
                raise GateError(f"{suite.path}: {len(suite.raw)} expectations are written and {len(kept)} loaded")


def columns_of(item: Mapping[str, Any], columns: Iterable[str]) -> set[str]:
    """The columns that an expectation speaks of, in a condition too; every one where it is about the columns."""
    if item["type"].startswith("expect_table_column"):
        return set(columns)
    return set(re.findall(r"\w+", json.dumps(item["kwargs"]))) & set(columns)


def validate(table: Mapping[str, Sequence[Any]], suites: Sequence[Suite]) -> Judgement:
    """Judge a table, given by its columns, with a value for each article: ``id``, and those that suites speak of.

    Raises GateError where an expectation could not be judged: an empty table, a column or value that is missing.
    """
    ids = table.get("id", ())
    if not ids:
        raise GateError("there is no article to judge; on an empty table every expectation would pass")
    if len(set(ids)) != len(ids):
        raise GateError("two articles have the same id; a verdict would not say which is meant")
    failing: list[tuple[Rule, bytes]] = []
    whole: list[Verdict] = []
    for rule, result in _answers(table, suites):
        if result is None:
            raise GateError(f"{rule}: Great Expectations gave no verdict on it")
        _whole(rule, result, len(ids))
        seen = result["result"].get("unexpected_index_list")
        if rule.judges == "corpus" or seen is None:
            whole.append(_on_the_whole(rule, result))
        elif not result["success"]:
            rows = bytearray(len(ids))
            for number in seen:
                rows[number] = 1
            failing.append((rule, bytes(rows)))
    return Judgement(tuple(suites), tuple(failing), tuple(whole))


def _answers(
    table: Mapping[str, Sequence[Any]], suites: Iterable[Suite]
) -> Iterator[tuple[Rule, Mapping[str, Any] | None]]:
    """Each rule with what Great Expectations says of it."""
    with quiet() as gx:
        context = _context(gx)
        many = len(table["id"]) >= _MANY
        for suite in suites:
            step = _AT_ONCE if many else len(suite.rules)
            for at in range(0, len(suite.rules), step):
                # Great Expectations answers in an order of its own: broken ones first.
                numbered = [
                    {**item, "meta": {"number": at + index}} for index, item in enumerate(suite.raw[at : at + step])
                ]
                # A new source each time, for a source keeps all that it was ever given.
                source = context.data_sources.add_or_update_pandas("bycatch")
                definition = source.add_dataframe_asset("articles").add_batch_definition_whole_dataframe("all")
                frame = _frame(table, numbered)
                answer = definition.get_batch(batch_parameters={"dataframe": frame}).validate(
                    gx.ExpectationSuite(name=suite.name, expectations=numbered), result_format=dict(_ANSWER)
                )
                told = {
                    result["expectation_config"]["meta"]["number"]: result
                    for result in answer.to_json_dict()["results"]
                }
                del source, definition, frame, answer
                if many:
                    gc.collect()
                for index, rule in enumerate(suite.rules[at : at + step], at):
                    yield rule, told.get(index)


def _frame(table: Mapping[str, Sequence[Any]], items: Sequence[Mapping[str, Any]]) -> Any:
    """The columns that expectations speak of, with one at least, which says how many rows there are.

    Numbers get 64 bits: Great Expectations compares other kinds of number one by one. Texts of which it is asked
    nothing but whether two are alike are numbered, equal ones alike: it takes 280 bytes a row to compare texts.
    """
    import numpy as np
    import pandas as pd

    asked: dict[str, set[str]] = {}
    for item in items:
        for name in columns_of(item, table):
            asked.setdefault(name, set()).add(item["type"])
    columns = {
        name: np.asarray(column, dtype="float64" if column.typecode == "d" else "int64")
        if isinstance(column, array)
        else pd.factorize(np.asarray(column, dtype=object))[0]
        if asked[name] == {_UNIQUE} and None not in column
        else column
        for name, column in table.items()
        if name in asked
    }
    return pd.DataFrame(columns, index=range(len(table["id"])), copy=False)


def _whole(rule: Rule, result: Mapping[str, Any], count: int) -> None:
    """Whether the verdict speaks of every row: broken is not bad, and a missing value is not a good one."""
    trouble = result["exception_info"]
    parts = [trouble] if "raised_exception" in trouble else list(trouble.values())
    for part in parts:
        if part.get("raised_exception"):
            raise GateError(f"{rule}: could not be judged: {' '.join(str(part.get('exception_message')).split())}")
    figures = result["result"]
    if not figures:
        raise GateError(f"{rule}: could not be judged: Great Expectations gave no figures")
    if figures.get("missing_count"):
        raise GateError(f"{rule}: {figures['missing_count']} values are missing, which the expectation passes over")
    if "row_condition" not in rule.kwargs and figures.get("element_count", count) != count:
        raise GateError(f"{rule}: {figures['element_count']} of {count} rows were judged")
    bad = figures.get("unexpected_count")
    if bad is None:  # an expectation about the whole, which names no rows
        return
    listed = figures.get("unexpected_index_list") or ()
    named = {number for number in listed if number in range(count)}
    if not len(named) == len(listed) == bad or (not result["success"] and not bad):
        raise GateError(f"{rule}: {bad} rows fail and {len(named)} articles are named")


# -- Words -----------------------------------------------------------------------------------------------------------


def _verdict(rule: Rule, row: Mapping[str, Any], passed: bool) -> Verdict:
    value = row.get(rule.metric)
    top = _top(rule)
    return Verdict(
        row["id"], rule.type, rule.metric, limit_of(rule), figure(rule.metric, value), passed, rule.title,
        rule.severity, rule.suite, rule.check, value, *_bar(rule, value, top),
    )  # fmt: skip


def _on_the_whole(rule: Rule, result: Mapping[str, Any]) -> Verdict:
    figures = result["result"]
    mean = "observed_value" in figures
    value = figures["observed_value"] if mean else 1 - figures["unexpected_count"] / max(1, figures["element_count"])
    if mean:
        metric = rule.metric
        observed, limit = figure(metric, value), limit_of(rule)
        observed += " on average" if "_mean_" in rule.type else ""
        bar = _bar(rule, value, _top(rule)) if isinstance(value, int | float) else (0.0, None)
    else:
        good = figures["element_count"] - figures["unexpected_count"]
        mostly = rule.kwargs.get("mostly", 1)
        count = figures["element_count"]
        observed = f"{good:,} of {count:,} article{'' if count == 1 else 's'} ({percent(value)})"
        limit = f"{limit_of(rule)}, in {'every article' if mostly == 1 else f'at least {percent(mostly)} of articles'}"
        bar = (value, mostly)
    return Verdict(
        None, rule.type, rule.metric, limit, observed, bool(result["success"]), rule.title, rule.severity, rule.suite,
        rule.check, value if isinstance(value, int | float | str) else None, *bar,
    )  # fmt: skip


def limit_of(rule: Rule) -> str:
    """What a rule allows, in words: "none allowed", "at least 50%"."""
    kwargs = rule.kwargs
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    if rule.type.endswith("_unique"):
        limit = "no two alike"
    elif rule.type.endswith("_not_be_in_set"):
        limit = f"none of {', '.join(map(str, kwargs['value_set']))}"
    elif rule.type.endswith("_be_in_set"):
        limit = f"one of {', '.join(map(str, kwargs['value_set']))}"
    elif high == 0:
        limit = "none allowed"
    elif low is not None and high is not None and low > 0 and not (high == 1 and rule.metric in SHARES):
        limit = f"{figure(rule.metric, low)} to {figure(rule.metric, high)}"
    elif low is not None and (high is None or low > 0):
        limit = f"at least {figure(rule.metric, low)}"
    elif high is not None:
        limit = f"at most {figure(rule.metric, high)}"
    else:
        limit = rule.type.removeprefix("expect_").replace("_", " ")
    condition = kwargs.get("row_condition")
    return f"{limit}, {_condition(condition)}" if condition else limit


def _condition(condition: object) -> str:
    if isinstance(condition, dict) and isinstance(condition.get("column"), dict):
        return (
            f"where {condition['column'].get('name')} {condition.get('operator', '')} {condition.get('parameter', '')}"
        )
    return f"where {condition}" if isinstance(condition, str) else "where a condition holds"


def figure(metric: str, value: object) -> str:
    """A figure as it is shown: shares in percent."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value)
    return percent(value) if metric in SHARES else f"{value:,.2f}".rstrip("0").rstrip(".")


def percent(share: float) -> str:
    """A percentage that says 0% and 100% only where that is exact."""
    if share in (0, 1):
        return f"{share:.0%}"
    return f"{min(99.9, max(0.1, 100 * share)):.1f}".removesuffix(".0") + "%"


def _top(rule: Rule) -> float:
    """What a full bar stands for: 1 for shares, ten of a kind for counts, or twice the limit."""
    if rule.metric in SHARES:
        return 1.0
    limits = [rule.kwargs[key] for key in ("min_value", "max_value") if rule.kwargs.get(key)]
    return max(10.0, *(2.0 * limit for limit in limits)) if limits else 10.0


def _bar(rule: Rule, value: object, top: float) -> tuple[float, float | None]:
    if not isinstance(value, int | float):
        return 0.0, None
    limits = [rule.kwargs[key] for key in ("max_value", "min_value") if rule.kwargs.get(key)]
    if rule.metric in SHARES and len(limits) == 2 and limits[0] == 1:
        limits = limits[1:]
    return min(1.0, max(0.0, value / top)), (min(1.0, limits[0] / top) if limits else None)
