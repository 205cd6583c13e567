"""Decisions taken in a real browser, from the key press to the changed file."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from bycatch.catalog import Catalog
from bycatch.output.html import file_name, write_site
from bycatch.reading import read
from bycatch.runner import run
from tests.browser.driving import ARABIC, BRIDGE, CLEAN, ActionChains, Keys, all_of, needed, one, press, settled

pytestmark = needed


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, catalog: Catalog) -> Path:
    """A folder with three articles, checks of its own, and the current directory."""
    (tmp_path / "corpus/articles").mkdir(parents=True)
    for name, text in (("bridge", BRIDGE), ("arabic", ARABIC), ("clean", CLEAN)):
        (tmp_path / f"corpus/articles/{name}.txt").write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(project: Path, catalog: Catalog) -> Path:
    site = project / "reports/site"
    write_site(run(read("corpus/articles"), catalog, on_failure=lambda _: None), catalog, site)
    return site


def page(name: str) -> str:
    file = file_name(f"corpus/articles/{name}.txt")
    return f"articles/{file[:2]}/{file}.html"


def opened(browser: Any, site: Path, name: str) -> None:
    """Open the page of an article with nothing decided yet."""
    browser.execute_cdp_cmd("Page.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(site.parent)})
    browser.get("about:blank")
    browser.get((site / page(name)).as_uri())
    browser.execute_script("localStorage.clear()")
    browser.refresh()


def downloaded(browser: Any, site: Path) -> dict[str, Any]:
    path = site.parent / "decisions.toml"
    path.unlink(missing_ok=True)
    one(browser, "[data-act=download]").click()
    until = 100
    while not path.exists() and until:
        until -= 1
        settled(browser, "return new Promise(done => setTimeout(() => done(true), 50))")
    return tomllib.loads(path.read_text("utf-8"))


def type_in(browser: Any, text: str, *, enter: bool = True) -> None:
    ActionChains(browser).send_keys(text + (Keys.ENTER if enter else "")).perform()


def test_keys_take_decisions_and_the_file_names_them(browser: Any, project: Path, catalog: Catalog) -> None:
    site = written(project, catalog)
    opened(browser, site, "bridge")
    press(browser, "ja")
    assert one(browser, "#f1").get_attribute("data-decided") == "fix"
    assert one(browser, ".note.cur").get_attribute("id") == "f2"
    press(browser, "w")
    type_in(browser, "")
    assert one(browser, "#f2").get_attribute("data-decided") == ""
    type_in(browser, "two captions, both kept")
    assert one(browser, "#f2").get_attribute("data-decided") == "waive"
    press(browser, "s")
    assert one(browser, "#f3").get_attribute("data-decided") == "skip"
    press(browser, "z")
    assert one(browser, "#f3").get_attribute("data-decided") == ""
    assert "2 of" in one(browser, ".tray .state").text
    table = downloaded(browser, site)
    second = one(browser, "#f2").get_attribute("data-check")
    assert [(d["do"], d["check"]) for d in table["decision"]] == [("fix", "ad-marker"), ("waive", second)]
    assert table["decision"][1]["reason"] == "two captions, both kept"
    assert table["decision"][0]["quote"] == "[ad_1]"
    assert table["root"] == "corpus/articles"
    browser.refresh()
    assert one(browser, "#f2").get_attribute("data-decided") == "waive"
    browser.get((site / page("arabic")).as_uri())
    assert "2 decisions in all" in one(browser, ".tray .state").text
    browser.get((site / "index.html").as_uri())
    assert "2 decisions in all" in one(browser, ".tray .state").text


def test_one_decision_for_a_phrase_reaches_other_pages(browser: Any, project: Path, catalog: Catalog) -> None:
    site = written(project, catalog)
    opened(browser, site, "bridge")
    press(browser, "j")
    one(browser, ".scope option[value=phrase]").click()
    one(browser, "[data-act=fix]").click()
    decided = [note.get_attribute("data-check") for note in all_of(browser, ".note[data-decided=fix]")]
    assert decided == ["ad-marker", "ad-marker"]
    browser.get((site / page("arabic")).as_uri())
    assert one(browser, ".note[data-check=ad-marker]").get_attribute("data-decided") == "fix"
    assert downloaded(browser, site)["decision"] == [
        {"do": "fix", "for": "phrase", "check": "ad-marker", "phrase": "[ad_{n}]"}
    ]


def test_a_phrase_is_taught_from_a_short_line(browser: Any, project: Path, catalog: Catalog) -> None:
    site = written(project, catalog)
    opened(browser, site, "clean")
    press(browser, "t")
    assert one(browser, "dialog.teach").is_displayed()
    box = one(browser, "dialog.teach input[name=phrase]")
    box.clear()
    box.send_keys("Pin it later")
    one(browser, "dialog.teach select[name=check] option[value=share-prompt]").click()
    one(browser, "dialog.teach button[type=submit]").click()
    (decision,) = downloaded(browser, site)["decision"]
    assert (decision["do"], decision["check"], decision["lang"], decision["phrase"]) == (
        "teach", "share-prompt", "en", "Pin it later",
    )  # fmt: skip
