"""Decisions taken in a real browser, from the key press to the changed file."""

from __future__ import annotations

import contextlib
import json
import re
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bycatch.catalog import Catalog, load_catalog
from bycatch.cli import main
from bycatch.decisions import Outcome, Sheet, carry_out, text_hash
from bycatch.output.html import file_name, write_site
from bycatch.reading import read
from bycatch.runner import Scope, Signature, run
from bycatch.serving import Desk, Server
from tests.browser.driving import (
    ARABIC,
    BRIDGE,
    CLEAN,
    MANY_HOSTILE,
    ActionChains,
    Keys,
    all_of,
    needed,
    one,
    press,
    settled,
)  # fmt: skip

pytestmark = needed


SCOPE = Scope(("corpus/articles",))


def lines(*texts: str) -> str:
    return "\n\n".join(texts) + "\n"


PLACES = ("The old mill", "The new bath", "The tram depot", "The town archive")
# Eleven articles of a small paper: what each carries besides its text, and every third one twice over.
STORIES = {
    f"story{number:02}": lines(
        f"{what} opens on {day}",
        "[ad_1]",
        f"{what} opens to everyone on {day}, the mayor said in front of some two hundred people at the river.",
        "Sign-up closes soon at the usual place",
        f"It took {number + 2} years to build, twice as long as planned, and nobody was sorry to see the fence go.",
        *(("[ad_2]", "Leave a Comment") if number % 3 == 0 else ()),
    )
    for number, (what, day) in enumerate((w, d) for w in PLACES for d in ("Monday", "Friday", "Sunday"))
    if number < 11
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with three articles in three languages; the current directory."""
    (tmp_path / "corpus/articles").mkdir(parents=True)
    for name, text in ({"bridge": BRIDGE, "arabic": ARABIC, "clean": CLEAN}).items():
        (tmp_path / f"corpus/articles/{name}.txt").write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(project: Path, catalog: Catalog) -> Path:
    site = project / "reports/site"
    results = run(read("corpus/articles"), catalog, on_failure=lambda _: None)
    write_site(results, catalog, site, scope=SCOPE, all_pages=True)
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


def go(browser: Any, site: Path | str, name: str) -> None:
    browser.get(f"{site}/{page(name)}" if isinstance(site, str) else (site / page(name)).as_uri())
    settled(browser, "return !document.querySelector('.tray').hidden")


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
    assert table["paths"] == ["corpus/articles"]
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


def session(browser: Any, site: Path | str) -> None:
    """Accept five fixes, waive two with reasons, teach one phrase, undo one decision."""

    def first_is(what: str) -> None:
        settled(browser, f"return document.querySelector('.note').dataset.decided === '{what}'")

    for number, keys in ((0, "jaa"), (1, "ja"), (2, "ja"), (3, "ja")):
        go(browser, site, f"story{number:02}")
        press(browser, keys[:2])
        first_is("fix")
        press(browser, keys[2:])
        settled(browser, f"return document.querySelectorAll('[data-decided=fix]').length === {len(keys) - 1}")
    for number, reason in ((4, "the paper prints it"), (5, "quoted from the poster")):
        go(browser, site, f"story{number:02}")
        press(browser, "jw")
        type_in(browser, reason)
        first_is("waive")
    go(browser, site, "story06")
    press(browser, "ja")
    first_is("fix")
    press(browser, "z")
    first_is("")
    browser.execute_script("document.querySelector('.teach-line').focus()")
    ActionChains(browser).send_keys(Keys.ENTER).perform()
    box = one(browser, "dialog.teach input[name=phrase]")
    assert box.get_attribute("value") == "Sign-up closes soon at the usual place"
    one(browser, "dialog.teach select[name=check] option[value=newsletter-prompt]").click()
    one(browser, "dialog.teach button[type=submit]").click()
    settled(browser, "return document.querySelector('.tray .state').textContent.includes('8 decisions in all')")


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for part in ("corpus", "checks")
        for path in sorted((folder / part).rglob("*"))
        if path.is_file()
    }


def eleven(folder: Path) -> Path:
    (folder / "corpus/articles").mkdir(parents=True)
    for name, text in STORIES.items():
        (folder / f"corpus/articles/{name}.txt").write_text(text, "utf-8")
    return folder


def test_a_reviewers_session_ends_in_the_same_files_from_disk_and_served(
    browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, catalog: Catalog
) -> None:
    monkeypatch.chdir(eleven(tmp_path / "disk"))
    site = written(Path.cwd(), catalog)
    opened(browser, site, "story00")
    session(browser, site)
    downloaded(browser, site)
    outcome = CliRunner().invoke(main, ["apply", str(site.parent / "decisions.toml")])
    assert outcome.exit_code == 0, outcome.output
    from_disk = tree(Path.cwd())
    # The next gate agrees: both waivers hold, what was fixed is gone, what was taught is found.
    gate = CliRunner().invoke(main, ["gate", "corpus/articles", "--report", "reports/gate"])
    assert "2 waived" in gate.output, gate.output
    assert "story00.txt:3:1: error ad-marker" not in gate.output
    assert "newsletter-prompt-taught" in gate.output
    story = (Path.cwd() / "reports/gate" / page("story04")).read_text("utf-8")
    assert '<span class="known k-waived">waived</span>' in story

    monkeypatch.chdir(eleven(tmp_path / "served"))
    with served() as server:
        browser.get(server.address)
        session(browser, f"http://127.0.0.1:{server.port}")
        kept = tomllib.loads(Path("reports/decisions.toml").read_text("utf-8"))
        assert len(kept["decision"]) == 8
        assert tree(Path.cwd()).keys() == {f"corpus/articles/{name}.txt" for name in STORIES}
        one(browser, "[data-act=carry]").click()
        settled(browser, "return document.querySelector('dialog.shown').open", 60)
        said = one(browser, "dialog.shown pre").text
        assert "waived 2 in corpus/waivers.toml" in said
        assert "taught newsletter-prompt" in said
        one(browser, "dialog.shown button").click()
        settled(browser, "return document.querySelector('.note')?.dataset.check === 'ad-marker'")
    assert tree(Path.cwd()) == from_disk

    changed = [name for name, text in STORIES.items() if from_disk[f"corpus/articles/{name}.txt"].decode() != text]
    assert changed == ["story00", "story01", "story02", "story03"]
    assert from_disk["corpus/articles/story00.txt"].decode().count("[ad_") == 0
    assert from_disk["corpus/waivers.toml"].decode().count("[[waiver]]") == 2
    assert "checks/newsletter-prompt-taught.toml" in from_disk


STRANGE = (
    "return [...document.querySelectorAll('img, iframe, style, object, embed, base, [action], [onload], [onerror]')]"
    ".map((e) => e.outerHTML)"
)
# Each payload once, less the lone surrogates, which no file in UTF-8 holds.
HOSTILE_WORDS = tuple(words for words in MANY_HOSTILE[::8] if not re.search("[\ud800-\udfff]", words))


def test_hostile_words_in_decisions_from_disk_do_nothing(browser: Any, project: Path, catalog: Catalog) -> None:
    """What another script of this computer may have put into the browser's store, in every field of a decision."""
    site = written(project, catalog)
    opened(browser, site, "bridge")
    place = browser.execute_script("return `bycatch:${globalThis.bycatch.run}`")
    text = browser.execute_script("return JSON.parse(document.getElementById('found').textContent).text")
    key = one(browser, "#f1").get_attribute("data-key")
    assert len(HOSTILE_WORDS) > 30
    for words in HOSTILE_WORDS:
        fields = dict.fromkeys(
            ("reason", "by", "article", "path", "quote", "check", "until", "phrase", "source"), words
        )
        log = [
            {"do": "waive", "for": "finding", "key": key, "text": text, **fields},
            *({"do": do, "for": how, **fields} for do in ("skip", "teach") for how in ("phrase", "check", "source")),
            {"do": "waive", "for": "finding", "key": "other", "text": "other", **fields},
        ]
        browser.execute_script("localStorage.setItem(arguments[0], arguments[1])", place, json.dumps(log))
        browser.execute_script("localStorage.setItem('bycatch:by', arguments[0])", words)
        browser.refresh()
        shown = one(browser, "#f1 .decided").get_attribute("textContent")
        assert shown == f"waived: {words}"
        press(browser, "jzt")
        assert words in one(browser, ".tray .state").get_attribute("textContent")
        one(browser, "dialog.teach [data-act=close]").click()
        assert browser.execute_script(STRANGE) == []
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 1440
    browser.execute_script("localStorage.clear()")


# Each article is checked four times and each phrase proven with a catalog of its own: a third of the words will do.
SOME_HOSTILE = HOSTILE_WORDS[::3]


def test_hostile_words_reach_waivers_and_checks_as_words_and_the_next_gate_reads_them(
    browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, catalog: Catalog
) -> None:
    articles = tmp_path / "corpus/articles"
    articles.mkdir(parents=True)
    for number, words in enumerate(SOME_HOSTILE):
        lines_of_it = (f"Story {number} of the river", "[ad_1]", words, f"The river rose by {number} hands on Monday.")
        (articles / f"s{number:02}.txt").write_text(lines(*lines_of_it), "utf-8")
    monkeypatch.chdir(tmp_path)
    with served() as server:
        taken = []
        for (number, words), result in zip(
            enumerate(SOME_HOSTILE), run(read("corpus/articles"), catalog, on_failure=lambda _: None), strict=True
        ):
            found = next(f for f in result.findings if f.check == "ad-marker")
            taken.append(
                {
                    "do": "waive", "for": "finding", "key": found.key, "check": found.check, "article": found.article,
                    "path": found.path, "text": text_hash(result.article), "quote": words, "reason": words,
                    "by": words,
                }
            )  # fmt: skip
            if number % 6 == 0:
                taught = f"{words} {number}"
                taken.append({"do": "teach", "check": "share-prompt", "lang": "en", "phrase": taught, "article": words})
        server.desk.keep({"run": server.desk.run, "had": 0, "decisions": taken})
        browser.get(server.address)
        for number in range(0, len(SOME_HOSTILE), 3):
            go(browser, f"http://127.0.0.1:{server.port}", f"s{number:02}")
            settled(browser, "return document.querySelector('.note .decided') !== null")
            assert one(browser, ".note[data-check=ad-marker] .decided").text.startswith("waived")
            press(browser, "jyt")
            one(browser, "dialog.teach [data-act=close]").click()
            assert browser.execute_script(STRANGE) == []
        one(browser, "[data-act=carry]").click()
        settled(browser, "return document.querySelector('dialog.shown').open", 60)
        said = one(browser, "dialog.shown pre").text
        assert f"waived {len(SOME_HOSTILE)} in corpus/waivers.toml" in said
        assert browser.execute_script(STRANGE) == []
        one(browser, "dialog.shown button").click()
        settled(browser, "return !document.querySelector('dialog.shown')?.open")
        go(browser, f"http://127.0.0.1:{server.port}", "s00")
        browser.get(f"http://127.0.0.1:{server.port}/")
        settled(browser, "return document.documentElement.dataset.ready === 'yes'")
        assert browser.execute_script(STRANGE) == []
    gate = CliRunner().invoke(main, ["gate", "corpus/articles", "--report", "reports/gate"])
    assert f"{len(SOME_HOSTILE)} waived" in gate.output, gate.output
    assert gate.exit_code in (0, 1)


@contextlib.contextmanager
def served() -> Iterator[Server]:
    """`bycatch review corpus/articles` of the current directory, without its terminal."""
    project = Path.cwd()
    site = project / "reports/site"

    def report() -> tuple[str, Scope]:
        catalog = load_catalog()
        signature = Signature(catalog)
        results = list(run(read("corpus/articles"), catalog, on_failure=lambda _: None))
        for result in results:
            signature.add(result.article)
        write_site(results, catalog, site, scope=SCOPE)
        return signature.digest, SCOPE

    def carried(sheet: Sheet) -> Outcome:
        return carry_out([sheet], load_catalog(), project)

    desk = Desk(site, project, project / "reports/decisions.toml", report, carried)
    desk.open()
    with Server(desk) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
