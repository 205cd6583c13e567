"""Findings as JSON: one object per line, or one array."""

from __future__ import annotations

import json
from typing import Any, Final

from bycatch.article import Finding

# json.dumps makes a new encoder at every call.
_readable: Final = json.JSONEncoder(ensure_ascii=False).encode


def as_dict(finding: Finding) -> dict[str, Any]:
    """The finding in the fields and order of the output contract (docs/output.md)."""
    fix = finding.fix
    return {
        "check": finding.check,
        "severity": finding.severity,
        "article": finding.article,
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end_line,
        "start": finding.span.start,
        "end": finding.span.end,
        "text": finding.text,
        "message": finding.message,
        "lang": finding.lang,
        "fix": None
        if fix is None
        else {"action": fix.action, "start": fix.span.start, "end": fix.span.end, "text": fix.text, "safe": fix.safe},
        "related": [{"start": r.start, "end": r.end, "line": r.line} for r in finding.related],
        "key": finding.key,
    }


def as_line(finding: Finding) -> str:
    """One finding as one line of JSON, without the line end."""
    return dumps(as_dict(finding))


def dumps(value: object) -> str:
    """JSON in readable Unicode; escaped where the text holds lone surrogates, which no encoder takes."""
    line = _readable(value)
    try:
        line.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value)
    return line
