"""Findings as GitLab's code quality report."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

from bycatch.article import Failure
from bycatch.output.places import place_of, sentence, short
from bycatch.runner import Result

_SEVERITY: Final = {"error": "major", "warning": "minor", "note": "info"}


def document(results: Iterable[Result], failures: Sequence[Failure]) -> list[dict[str, Any]]:
    """One entry for each finding, then one for each failure (read when the results are through).

    GitLab shows one of two entries with the same fingerprint, so no two are the same.
    """
    rows: list[dict[str, Any]] = []
    seen: Counter[str] = Counter()
    for result in results:
        for finding in result.findings:
            place = place_of(result.article, finding)
            rows.append(
                _row(
                    finding.check, _SEVERITY[finding.severity], sentence(result.article, finding), place.path,
                    place.line, _unlike(finding.key, seen),
                )
            )  # fmt: skip
    for failure in failures:
        text = str(failure)
        key = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        rows.append(
            _row("failed", "critical", short(text), failure.path or "articles", failure.line or 1, _unlike(key, seen))
        )
    return rows


def _row(check: str, severity: str, text: str, path: str, line: int, fingerprint: str) -> dict[str, Any]:
    return {
        "description": text,
        "check_name": check,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": path.encode("utf-8", "replace").decode(), "lines": {"begin": line}},
    }


def _unlike(key: str, seen: Counter[str]) -> str:
    seen[key] += 1
    return key if seen[key] == 1 else f"{key}-{seen[key]}"
