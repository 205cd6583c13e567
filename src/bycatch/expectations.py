"""Expectations with names of their own, for people who write Great Expectations suites in Python.

Each is a built-in expectation over a column of bycatch's table (docs/metrics.md) with its usual limit. Importing
this module imports Great Expectations and registers the classes, so that suites that name them load.

>>> from bycatch.expectations import ExpectArticlesToHaveNoAdMarkers
>>> ExpectArticlesToHaveNoAdMarkers().configuration.type
'expect_articles_to_have_no_ad_markers'
"""

from __future__ import annotations

import json
import os
from typing import Any, Final, cast

# Releases before 1.7 report their use unless told not to before they are imported.
os.environ["GX_ANALYTICS_ENABLED"] = "False"

import great_expectations as gx
from great_expectations.core.suite_parameters import SuiteParameterDict
from great_expectations.core.types import Comparable
from great_expectations.expectations.core.expect_column_values_to_be_between import ExpectColumnValuesToBeBetween

# What Great Expectations' own model takes for a limit.
Limit = Comparable | SuiteParameterDict[str, Any] | None


class ExpectArticlesToHaveNoErrors(ExpectColumnValuesToBeBetween):
    """No finding of severity error, whatever its check."""

    column: str = "errors"
    min_value: Limit = 0
    max_value: Limit = 0
    description: str = "Articles hold no finding of severity error."


class ExpectArticlesToHaveNoAdMarkers(ExpectColumnValuesToBeBetween):
    """No ad marker, such as "[ad_1]" or "Advertisement"."""

    column: str = "ad_marker_errors"
    min_value: Limit = 0
    max_value: Limit = 0
    description: str = "Articles hold no ad markers (check ad-marker)."


class ExpectArticlesToHaveNoStrayNavigation(ExpectColumnValuesToBeBetween):
    """No navigation of the source site, such as "Previous" and "Next"."""

    column: str = "stray_navigation_errors"
    min_value: Limit = 0
    max_value: Limit = 0
    description: str = "Articles hold no navigation of their source site (check stray-navigation)."


class ExpectArticlesToHaveNoRepeatedCaptions(ExpectColumnValuesToBeBetween):
    """No caption that stands twice."""

    column: str = "repeated_caption_errors"
    min_value: Limit = 0
    max_value: Limit = 0
    description: str = "Articles repeat no caption (check repeated-caption)."


class ExpectArticlesToHaveNoCommentForms(ExpectColumnValuesToBeBetween):
    """No part of a comment form."""

    column: str = "comment_form_errors"
    min_value: Limit = 0
    max_value: Limit = 0
    description: str = "Articles hold no part of a comment form (check comment-form)."


class ExpectArticlesToHaveNoSourceLinks(ExpectColumnValuesToBeBetween):
    """No "Source link" left by an aggregator."""

    column: str = "source_link_errors"
    min_value: Limit = 0
    max_value: Limit = 0
    description: str = "Articles hold no link back to their source (check source-link)."


class ExpectArticlesToBeInOneLanguage(ExpectColumnValuesToBeBetween):
    """Nearly all words in the language of the article."""

    column: str = "share_in_language"
    # A quotation or a refrain in another language belongs to many an article; a tenth is more than a quotation.
    min_value: Limit = 0.9
    max_value: Limit = 1
    description: str = "Articles are written in one language (checks language-mismatch, foreign-span, wrong-language)."


class ExpectArticlesToKeepWordsAfterFixes(ExpectColumnValuesToBeBetween):
    """Enough words left once the safe fixes are made."""

    column: str = "words_left"
    # The least that a sentence or two needs.
    min_value: Limit = 25
    max_value: Limit = None
    description: str = "Articles keep enough words after the safe fixes."


NAMED: Final = (
    ExpectArticlesToHaveNoErrors,
    ExpectArticlesToHaveNoAdMarkers,
    ExpectArticlesToHaveNoStrayNavigation,
    ExpectArticlesToHaveNoRepeatedCaptions,
    ExpectArticlesToHaveNoCommentForms,
    ExpectArticlesToHaveNoSourceLinks,
    ExpectArticlesToBeInOneLanguage,
    ExpectArticlesToKeepWordsAfterFixes,
)


def suite_as_json(suite: gx.ExpectationSuite, judges: str = "articles") -> str:
    """A suite as a file for people and for `bycatch gate`: defaults written out, no ids.

    Great Expectations leaves out arguments that equal a class's defaults; a later default would change the suite.
    """
    rows = []
    for expectation in suite.expectations:
        config = expectation.configuration
        kwargs: dict[str, Any] = dict(cast("dict[str, Any]", config.to_json_dict()["kwargs"]))
        for name in ("column", "min_value", "max_value", "mostly"):
            value = getattr(expectation, name, None)
            if value is not None and not (name == "mostly" and value == 1):
                kwargs.setdefault(name, value)
        severity = getattr(config.severity, "value", config.severity)
        rows.append({"type": config.type, "kwargs": kwargs, "severity": severity, "meta": config.meta or {}})
    made = {"name": suite.name, "meta": {"judges": judges}, "expectations": rows}
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"
