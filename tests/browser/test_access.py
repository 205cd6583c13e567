"""axe-core finds nothing on any page, light or dark, wide or narrow, with findings and without."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bycatch.article import Article, Failure
from bycatch.catalog import Catalog
from bycatch.output.html import Judged, file_name, write_site
from bycatch.runner import run
from tests.browser.driving import ARABIC, BRIDGE, CLEAN, needed, press, settled, shown_at

PLACES = (os.environ.get("BYCATCH_AXE", ""), "node_modules/axe-core/axe.min.js")
AXE = next((path for place in PLACES if place and (path := Path(place)).is_file()), None)
pytestmark = [
    *needed,
    pytest.mark.skipif(
        AXE is None,
        reason="no axe-core; npm install --prefix DIR axe-core, then BYCATCH_AXE=DIR/node_modules/axe-core/axe.min.js",
    ),
]
RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ["violations"], preload: false}).then((found) =>
  done(found.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 160)} ${n.failureSummary}`))));
"""


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory, catalog: Catalog) -> tuple[Path, Path]:
    """A report with findings, failures and a trend, and one of a single clean article."""
    found, clean = tmp_path_factory.mktemp("found"), tmp_path_factory.mktemp("clean")
    shared = "\n\nHear it on the town radio at noon\n"
    articles = [
        Article("bridge.txt", BRIDGE + shared, "fr", source="https://www.example.org/pont"),
        Article("arabic.txt", ARABIC + shared, "ar", source="https://example.net/1"),
        Article("clean.txt", CLEAN + shared, "en", source="https://example.net/2"),
    ]
    failures = [Failure("broken.txt", "byte 7 is not UTF-8")]
    write_site(
        run(articles, catalog, on_failure=failures.append), catalog, found,
        failures=failures, trend=[0.9, 0.8], states=lambda finding: "new" if finding.line < 4 else "known",
        corpus=[Judged("Articles", "3", "at least 100", passed=False, share=0.03, limit_share=1.0)],
        all_pages=True,
    )  # fmt: skip
    only = run([Article("clean.txt", CLEAN, "en")], catalog, on_failure=failures.append)
    write_site(only, catalog, clean, all_pages=True)
    return found, clean


def page(name: str) -> str:
    file = file_name(name)
    return f"articles/{file[:2]}/{file}.html"


def deciding(browser: Any) -> None:
    """A decision taken, the next finding chosen, its reason open and its form asking for a reason."""
    press(browser, "jsw")
    settled(browser, "return !document.querySelector('form.waive').hidden")


def teaching(browser: Any) -> None:
    press(browser, "t")
    settled(browser, "return document.querySelector('dialog.teach').open")


def reasons(browser: Any) -> None:
    browser.execute_script("document.querySelectorAll('details').forEach((d) => (d.open = true))")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 420])
@pytest.mark.parametrize(
    ("site", "name", "state"),
    [
        (0, "bridge.txt", None), (0, "bridge.txt", deciding), (0, "bridge.txt", reasons), (0, "arabic.txt", deciding),
        (0, "clean.txt", teaching), (0, "", reasons), (1, "clean.txt", None), (1, "", None),
    ],
)  # fmt: skip
def test_axe_reports_no_violation(
    browser: Any,
    sites: tuple[Path, Path],
    site: int,
    name: str,
    state: Callable[[Any], None] | None,
    width: int,
    theme: str,
) -> None:
    shown_at(browser, sites[site] / (page(name) if name else "index.html"), width, prefers_color_scheme=theme)
    browser.execute_script("localStorage.clear()")
    browser.refresh()
    if state is not None:
        state(browser)
    assert AXE is not None
    browser.execute_script(AXE.read_text("utf-8"))
    assert browser.execute_async_script(RUN) == []
