"""Findings as SARIF 2.1.0, for GitHub code scanning and other viewers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from bycatch import __version__
from bycatch.article import SEVERITIES, Article, Failure, Finding
from bycatch.catalog import Catalog, Check
from bycatch.output.places import place_of, sentence, short, told_apart, uri
from bycatch.runner import Result

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
# GitHub refuses a run of more than 25,000 results and shows the 5,000 most severe.
SHOWN: Final = 5_000
# GitHub keeps 1,000 locations of a result and shows 100.
_RELATED: Final = 100
# What code scanning calls the shares that a severity promises: right 99 times in 100, 9 times in 10, context.
_PRECISION: Final = {"error": "very-high", "warning": "high", "note": "medium"}
_PROBLEM: Final = {"error": "error", "warning": "warning", "note": "recommendation"}


def document(
    results: Iterable[Result],
    catalog: Catalog,
    failures: Sequence[Failure],
    *,
    most: int = SHOWN,
    tally: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """The log of a run: errors first, at most ``most`` results; what was cut is said in a notification.

    ``failures`` is read when the results are through.
    """
    number = {name: index for index, name in enumerate(catalog.checks)}
    kept: dict[str, list[dict[str, Any]]] = {severity: [] for severity in SEVERITIES}
    total = 0
    for result in results:
        for finding in result.findings:
            total += 1
            if len(kept[finding.severity]) < most:
                kept[finding.severity].append(_result(result.article, finding, number[finding.check]))
    listed = [row for severity in SEVERITIES for row in kept[severity]][:most]
    notes = [_notification("error", f"Failed: {short(str(failure))}") for failure in failures[:most]]
    if len(failures) > most:
        notes.append(_notification("error", f"{len(failures) - most:,} more failures are not listed."))
    if total > len(listed):
        cut = f"{total - len(listed):,} of {total:,} findings are not listed: viewers show {most:,}, the most severe."
        notes.append(_notification("warning", cut))
    if tally:
        notes.append(_notification("note", told_apart(tally)))
    run = {
        "tool": {
            "driver": {
                "name": "bycatch",
                "version": __version__,
                "rules": [_rule(check) for check in catalog.checks.values()],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not failures, "toolExecutionNotifications": notes}],
        "results": listed,
        **({"properties": {"findings": dict(tally)}} if tally else {}),
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(check: Check) -> dict[str, Any]:
    why = " ".join(check.why.split())
    examples = "".join(f"\n- {_marked(e.text, e.spans)}" for e in check.flags[:3])
    return {
        "id": check.id,
        "shortDescription": {"text": check.title},
        "fullDescription": {"text": why},
        "help": {
            "text": f"{why}\n\nFound:{examples}" if examples else why,
            "markdown": f"{why}\n\nFound:\n{examples}" if examples else why,
        },
        "defaultConfiguration": {"level": check.severity},
        "properties": {
            "tags": ["corpus", "scraping"],
            "precision": _PRECISION[check.severity],
            "problem.severity": _PROBLEM[check.severity],
        },
    }


def _marked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """An example as inline code with its found parts in ⟦ ⟧."""
    pieces, at = [], 0
    for start, end in spans:
        pieces += [text[at:start], "⟦", text[start:end], "⟧"]
        at = end
    flat = short("".join((*pieces, text[at:])).replace("\n\n", " ¶ "), 200).replace("`", "'")
    return f"`{flat}`"


def _result(article: Article, finding: Finding, rule: int) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": place_of(article, finding).line}
    if not article.record:
        end_line, end_column = article.place(finding.span.end)
        region |= {"startColumn": finding.column, "endLine": end_line, "endColumn": end_column}
    region["snippet"] = {"text": short(finding.text, 200)}
    made: dict[str, Any] = {
        "ruleId": finding.check,
        "ruleIndex": rule,
        "level": finding.severity,
        "message": {"text": sentence(article, finding)},
        "locations": [_location(finding.path or finding.article, region)],
        "partialFingerprints": {"bycatchKey/v1": finding.key},
    }
    if finding.related and not article.record:
        made["relatedLocations"] = [
            _location(finding.path or finding.article, {"startLine": related.line})
            | {"id": index, "message": {"text": "See also"}}
            for index, related in enumerate(finding.related[:_RELATED])
        ]
    return made


def _location(path: str, region: dict[str, Any]) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": {"uri": uri(path)}, "region": region}}


def _notification(level: str, text: str) -> dict[str, Any]:
    return {"level": level, "message": {"text": text}}
