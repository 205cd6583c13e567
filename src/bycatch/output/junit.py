"""Findings as JUnit XML: a test case for each article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from bycatch.article import RANK, Failure, Finding
from bycatch.output.console import concise, plural
from bycatch.output.places import short
from bycatch.runner import Result

# What XML 1.0 has no way to write, not even as a reference.
_UNWRITABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARKUP: Final = {ord(c): f"&#{ord(c)};" for c in "<>&\"'\t\n\r"}
# An article of a million findings must not make a report that nothing opens.
_MOST: Final = 200


def document(
    results: Iterable[Result],
    failures: Sequence[Failure],
    *,
    fail_on: str = "error",
    tally: Mapping[str, int] | None = None,
) -> str:
    """The report: an article with a finding at ``fail_on`` or worse has failed, milder ones are its output.

    ``tally`` becomes properties of the suite. ``failures``, read when the results are through, are test cases in error.
    """
    cases: list[str] = []
    failed = 0
    for result in results:
        severe = [f for f in result.findings if RANK[f.severity] <= RANK[fail_on]]
        mild = [f for f in result.findings if RANK[f.severity] > RANK[fail_on]]
        failed += bool(severe)
        body = ""
        if severe:
            body += f'<failure message="{_text(_counted(severe))}" type="bycatch">{_lines(severe)}</failure>'
        if mild:
            body += f"<system-out>{_lines(mild)}</system-out>"
        cases.append(_case(result.article.path or "articles", result.article.id, body))
    cases += [
        _case(f.path or "articles", f.article or f.path or "articles",
              f'<error message="{_text(short(str(f)))}" type="failure"/>')
        for f in failures
    ]  # fmt: skip
    counts = f'tests="{len(cases)}" failures="{failed}" errors="{len(failures)}"'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites><testsuite name="bycatch" {counts} skipped="0" time="0">\n'
        + _properties(tally or {})
        + "".join(cases)
        + "</testsuite></testsuites>"
    )


def _properties(tally: Mapping[str, int]) -> str:
    rows = "".join(f'<property name="{name}" value="{count}"/>' for name, count in tally.items())
    return f"<properties>{rows}</properties>\n" if rows else ""


def _case(path: str, name: str, body: str) -> str:
    return f'<testcase classname="{_text(short(path))}" name="{_text(short(name))}" time="0">{body}</testcase>\n'


def _counted(findings: Sequence[Finding]) -> str:
    checks = sorted({finding.check for finding in findings})
    return f"{plural(len(findings), 'finding')}: {', '.join(checks)}"


def _lines(findings: Sequence[Finding]) -> str:
    lines = [concise(finding).plain for finding in findings[:_MOST]]
    if len(findings) > _MOST:
        lines.append(f"{len(findings) - _MOST:,} more")
    return "\n".join(_text(line) for line in lines)


def _text(text: str) -> str:
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text).translate(_MARKUP)
