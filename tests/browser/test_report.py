"""The report in a real browser, opened from disk: keys, views, filters, links; no console error, no request outside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bycatch.article import Article, Failure
from bycatch.catalog import Catalog, load_catalog
from bycatch.output.html import file_name, write_site
from bycatch.output.html.listing import STATIC_ROWS
from bycatch.runner import Result, run
from tests.browser.driving import (
    ARABIC,
    BRIDGE,
    CLEAN,
    HOSTILE,
    MANY_HOSTILE,
    ActionChains,
    By,
    Keys,
    all_of,
    current,
    needed,
    one,
    press,
    rendered,
    settled,
    visible,
)  # fmt: skip

pytestmark = needed


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, catalog: Catalog) -> Path:
    folder = tmp_path_factory.mktemp("report")
    failures = [Failure("broken.txt", "byte 7 is not UTF-8; <b>save</b> it as UTF-8")]
    articles = [
        Article("bridge.txt", BRIDGE, "fr", source="https://www.example.org/pont"),
        Article("arabic.txt", ARABIC, "ar", source="https://example.net/1"),
        Article("clean.txt", CLEAN, "en", source="https://example.net/2"),
    ]
    write_site(run(articles, catalog, on_failure=failures.append), catalog, folder, failures=failures, all_pages=True)
    return folder


@pytest.fixture
def at(browser: Any, report: Path) -> Callable[..., Any]:
    """Open the page of an article, or the index."""

    def open_page(name: str = "", place: str = "", width: int = 1440, **media: str) -> Any:
        size = {"width": width, "height": 1000, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        features = [{"name": key.replace("_", "-"), "value": value} for key, value in media.items()]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        file = file_name(name)
        page = report / f"articles/{file[:2]}/{file}.html" if name else report / "index.html"
        browser.get("about:blank")
        browser.get(page.as_uri() + place)
        if not name:
            settled(browser, "return document.documentElement.dataset.ready === 'yes'")
        return browser

    return open_page


def test_the_article_page_says_its_verdict_and_shows_notes_level_with_the_text(at: Callable[..., Any]) -> None:
    browser = at("bridge.txt")
    assert one(browser, ".verdict h2").text == "Held back"
    assert "nothing of severity error is left then" in one(browser, ".verdict p").text
    assert one(browser, "h1").get_attribute("lang") == "fr"
    assert "1 of 3" in one(browser, ".pager").text
    for note in visible(browser, ".row .note"):
        row = note.find_element(By.XPATH, "ancestor::div[contains(@class,'row')]")
        text = row.find_element(By.CSS_SELECTOR, ".p")
        assert note.location["x"] >= text.location["x"] + text.size["width"]
        assert abs(note.location["y"] - text.location["y"]) < 60
    assert one(browser, ".map .bracket").is_displayed()
    assert len(all_of(browser, ".map .arc")) == 1
    assert len(all_of(browser, ".map a")) == 13


def test_j_and_k_walk_through_the_findings_and_y_says_why(at: Callable[..., Any]) -> None:
    browser = at("bridge.txt")
    notes = visible(browser, ".note")
    press(browser, "j")
    assert current(browser) == "f1"
    assert browser.switch_to.active_element.get_attribute("id") == "f1"
    press(browser, "jj")
    assert current(browser) == "f3"
    press(browser, "k")
    assert current(browser) == "f2"
    press(browser, "kk")
    assert current(browser) == f"f{len(notes)}"
    press(browser, "jy")
    settled(browser, "return document.querySelector('#f1 .why .reason') !== null")
    reason = one(browser, "#f1 .why .reason").text
    assert load_catalog().checks["ad-marker"].why[:40] in reason
    assert "Found, for example" in reason
    press(browser, "y")
    assert not one(browser, "#f1 .why .reason").is_displayed()


def test_c_turns_the_views_and_the_last_one_is_what_the_fixes_leave(at: Callable[..., Any]) -> None:
    browser = at("bridge.txt")
    folded = one(browser, ".fold .row .p")
    assert not folded.is_displayed()
    press(browser, "c")
    assert one(browser, "#v-raw").is_selected()
    assert folded.is_displayed()
    assert visible(browser, ".row.gone")
    press(browser, "c")
    assert one(browser, "#v-fix").is_selected()
    assert folded.is_displayed()
    assert not visible(browser, ".row.gone")
    assert not visible(browser, ".note")
    text = one(browser, "#text").text
    assert "words" in one(browser, ".left").text
    assert "[ad_1]" not in text
    assert "Leave a Comment" not in text
    assert text.count("sur l’ancien tablier") + text.count("sur l'ancien tablier") == 1
    press(browser, "c")
    assert one(browser, "#v-find").is_selected()
    assert not folded.is_displayed()


def test_a_chip_hides_its_family_and_the_keys_pass_over_it(at: Callable[..., Any]) -> None:
    browser = at("bridge.txt")
    before = len(visible(browser, ".note"))
    one(browser, ".chip.t-ad").click()
    assert not visible(browser, ".note.t-ad")
    assert not visible(browser, ".map .c-ad")
    assert len(visible(browser, ".note")) == before - 2
    press(browser, "j")
    assert "t-ad" not in one(browser, ".note.cur").get_attribute("class")
    one(browser, ".chip.t-ad").click()
    assert len(visible(browser, ".note")) == before


def test_repeats_are_linked_both_ways_and_differing_characters_are_marked(at: Callable[..., Any]) -> None:
    browser = at("bridge.txt")
    back = one(browser, ".note.t-rep .says a")
    first = back.get_attribute("href").rpartition("#")[2]
    forth = one(browser, f"#{first} .again a")
    twin = forth.get_attribute("href").rpartition("#")[2]
    assert one(browser, f"#{twin}").find_elements(By.CSS_SELECTOR, ".note.t-rep")
    assert [mark.text for mark in all_of(browser, f"#{twin} .m-diff")] == ["’", "’"]
    forth.click()
    assert browser.current_url.endswith(f"#{twin}")


def test_brackets_lead_to_the_neighbours_and_back_to_the_list(at: Callable[..., Any]) -> None:
    browser = at("bridge.txt")
    press(browser, "]")
    settled(browser, "return document.title.includes('arabic.txt')")
    press(browser, "]")
    settled(browser, "return document.title.includes('clean.txt')")
    press(browser, "]")
    assert "clean.txt" in browser.title
    assert one(browser, ".verdict h2").text == "Clean"
    press(browser, "[")
    settled(browser, "return document.title.includes('arabic.txt')")
    one(browser, ".next-held").click()
    settled(browser, "return document.title.includes('bridge.txt')")
    press(browser, "i")
    settled(browser, "return document.body.className === 'index'")


def test_the_question_mark_opens_and_closes_the_keys(at: Callable[..., Any]) -> None:
    for name in ("bridge.txt", ""):
        browser = at(name)
        assert not visible(browser, "dialog")
        press(browser, "?")
        assert visible(browser, "dialog")
        press(browser, "?")
        assert not visible(browser, "dialog")
        press(browser, "?")
        ActionChains(browser).send_keys(Keys.ESCAPE).perform()
        assert not visible(browser, "dialog")


def test_the_map_leads_to_a_folded_paragraph(at: Callable[..., Any]) -> None:
    browser = at("bridge.txt")
    folded = one(browser, ".fold .row")
    assert not folded.is_displayed()
    one(browser, f'.map a[href="#{folded.get_attribute("id")}"]').click()
    settled(browser, "return document.querySelector('.fold').open")
    assert folded.is_displayed()


def test_a_mark_leads_to_its_note(at: Callable[..., Any]) -> None:
    browser = at("bridge.txt")
    one(browser, 'mark[data-f="1"]').click()
    assert current(browser) == "f1"


@pytest.mark.parametrize(("name", "side"), [("bridge.txt", "right"), ("arabic.txt", "left")])
def test_notes_stand_on_the_side_where_lines_end(at: Callable[..., Any], name: str, side: str) -> None:
    browser = at(name)
    note, text = one(browser, ".row .note"), one(browser, ".row .p")
    assert ("right" if note.location["x"] > text.location["x"] else "left") == side


def test_a_narrow_screen_puts_notes_under_their_paragraph_and_scrolls_one_way_only(at: Callable[..., Any]) -> None:
    for name in ("bridge.txt", "arabic.txt", "clean.txt", ""):
        browser = at(name, width=420)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 420
        for note in visible(browser, ".row .note"):
            row = note.find_element(By.XPATH, "ancestor::div[contains(@class,'row')]")
            text = row.find_element(By.CSS_SELECTOR, ".p")
            assert note.location["y"] >= text.location["y"] + text.size["height"] - 1


CONTRAST = """
const levels = (c) => {
  const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const [r, g, b] = c.match(/[\\d.]+/g).map((v) => linear(v / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const behind = (e) => {
  for (; e; e = e.parentElement) {
    const c = getComputedStyle(e).backgroundColor;
    if (/^rgb\\(/.test(c)) return c;
  }
  return 'rgb(255, 255, 255)';
};
const low = [];
for (const e of document.querySelectorAll('body *')) {
  if (!e.checkVisibility() || ![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
  const color = e.closest('svg') ? getComputedStyle(e).fill : getComputedStyle(e).color;
  if (!/^rgb\\(/.test(color)) continue;
  const [a, b] = [levels(color), levels(behind(e))].sort((x, y) => y - x);
  if ((a + 0.05) / (b + 0.05) < 4.5) low.push([e.className, e.textContent.slice(0, 30), (a + 0.05) / (b + 0.05)]);
}
return low;
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_in_light_and_dark(at: Callable[..., Any], scheme: str) -> None:
    papers = set()
    for name in ("bridge.txt", "arabic.txt", ""):
        browser = at(name, prefers_color_scheme=scheme)
        assert browser.execute_script(CONTRAST) == []
        papers.add(browser.execute_script("return getComputedStyle(document.body).backgroundColor"))
    assert papers == {"rgb(251, 250, 246)" if scheme == "light" else "rgb(23, 22, 19)"}


def test_print_shows_all_of_the_text_and_no_tools(at: Callable[..., Any]) -> None:
    browser = at("bridge.txt")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        # The switch to print takes effect with the next frame.
        settled(browser, "return getComputedStyle(document.querySelector('.filters')).display === 'none'")
        settled(browser, "return document.querySelector('.fold .row .p').getBoundingClientRect().height > 10")
        assert rendered(browser, ".fold .row .p")
        assert visible(browser, ".note .says")
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_pages_can_be_read_and_views_changed_with_scripts_off(at: Callable[..., Any]) -> None:
    browser = at("clean.txt")
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        index = browser.current_url.split("/articles/")[0] + "/index.html"
        browser.get(index)
        assert [row.text for row in all_of(browser, "tbody .art-cell a")] == [
            "Le vieux pont rouvre à la circulation", "الجسر القديم يفتح أبوابه من جديد", "The ferry says goodbye",
        ]  # fmt: skip
        assert not visible(browser, ".tools")
        all_of(browser, "tbody .art-cell a")[0].click()
        assert one(browser, ".verdict h2").text == "Held back"
        assert not rendered(browser, ".fold .row .p")
        one(browser, ".seg label:last-child").click()
        assert one(browser, "#v-fix").is_selected()
        assert rendered(browser, ".fold .row .p")
        assert not visible(browser, ".row.gone")
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


# The index


def titles(browser: Any) -> list[str]:
    return [link.text.split()[0] for link in visible(browser, "tbody .art-cell a")]


def test_the_index_lists_every_article_and_every_failure(at: Callable[..., Any]) -> None:
    browser = at()
    assert one(browser, "h1").text == "3 articles, 2 held back"
    assert titles(browser) == ["Le", "الجسر", "The"]
    first = one(browser, "tbody tr").text
    for expected in ("Held back", "French", "example.org", "ad-marker"):
        assert expected in first
    assert "byte 7 is not UTF-8; <b>save</b> it" in one(browser, ".alert").text


def test_the_index_filters_by_words_verdict_check_severity_language_and_source(at: Callable[..., Any]) -> None:
    browser = at()
    press(browser, "/")
    assert browser.switch_to.active_element.get_attribute("id") == "q"
    press(browser, "ferry GOOD")
    assert titles(browser) == ["The"]
    assert "1 of 3" in one(browser, ".tally-line").text
    settled(browser, "return location.hash === '#q=ferry+GOOD'")
    one(browser, "#reset").click()
    assert len(titles(browser)) == 3
    one(browser, ".chip.w-held").click()
    assert titles(browser) == ["The"]
    one(browser, ".chip.w-held").click()
    for control, value, expected in (
        ("check", "comment-form", ["Le"]), ("severity", "errors", ["Le", "الجسر"]), ("lang", "ar", ["الجسر"]),
        ("source", "example.net", ["الجسر", "The"]),
    ):  # fmt: skip
        one(browser, f"#{control} option[value='{value}']").click()
        assert titles(browser) == expected
        settled(browser, f"return location.hash.includes('{control}={value}')")
        one(browser, "#reset").click()
    one(browser, ".tops a[href='#check=ad-marker']").click()
    settled(browser, "return document.querySelectorAll('tbody tr').length === 2")


def test_a_view_of_the_index_can_be_sent_as_an_address(at: Callable[..., Any]) -> None:
    browser = at(place="#source=example.net&sort=-words&verdict=held+clean")
    assert sorted(titles(browser)) == sorted(["الجسر", "The"])
    assert one(browser, "th[aria-sort]").get_attribute("aria-sort") == "descending"
    assert one(browser, "#source").get_attribute("value") == "example.net"
    at(place="#sort=constructor&check=%3Cscript%3E&verdict=nonsense&q=")
    assert titles(browser) == []


def test_the_index_sorts_by_a_column_and_walks_by_keys(at: Callable[..., Any]) -> None:
    browser = at()
    one(browser, "th[data-key=words] button").click()
    counts = [int(cell.text) for cell in all_of(browser, "td[data-label=words]")]
    assert counts == sorted(counts, reverse=True)
    one(browser, "th[data-key=words] button").click()
    assert [int(cell.text) for cell in all_of(browser, "td[data-label=words]")] == sorted(counts)
    one(browser, "th[data-key=words] button").click()
    assert titles(browser) == ["Le", "الجسر", "The"]
    press(browser, "jj")
    assert browser.switch_to.active_element.text.startswith("الجسر")
    press(browser, "k")
    ActionChains(browser).send_keys(Keys.ENTER).perform()
    settled(browser, "return document.title.includes('bridge.txt')")


def test_an_index_of_many_rows_makes_them_as_they_are_reached(browser: Any, tmp_path: Path, catalog: Catalog) -> None:
    results = (Result(Article(f"n{n}", f"Title number {n}\n\nText.", "en"), ()) for n in range(700))
    index = write_site(results, catalog, tmp_path, all_pages=True)
    assert index.read_text("utf-8").count('<td class="art-cell">') < 700
    browser.get(index.as_uri())
    settled(browser, "return document.documentElement.dataset.ready === 'yes'")
    assert len(all_of(browser, "tbody tr")) < 700
    one(browser, "#q").send_keys("number 699")
    assert [link.text for link in visible(browser, "tbody a")] == ["Title number 699"]
    assert one(browser, "tbody a").get_attribute("href").endswith(f"{file_name('n699')}.html")
    one(browser, "tbody a").click()
    settled(browser, "return document.title.includes('n699')")
    assert "700 of 700" in one(browser, ".pager").text


def test_every_row_that_the_script_makes_leads_to_its_page_and_clean_ones_lead_nowhere(
    browser: Any, tmp_path: Path, catalog: Catalog
) -> None:
    names = [
        *(f"{'path/' * n}n{n}é{n}" for n in range(30)), "x" * 55, "x" * 56, "x" * 64, "x" * 80, "long" * 40,
        "a\u202eb", "\ud800", " spaced  id ", "Титул", "日本語.txt", "مقال", "👨‍👩‍👧",
    ]  # fmt: skip
    articles = [Article(name, f"Title {n}\n\n[ad_1]\n\nText.", "en") for n, name in enumerate(names)]
    # More rows than the page itself holds, so that the script makes all of them.
    clean = [Result(Article(f"clean{n}", f"Clean {n}\n\nText.", "en"), ()) for n in range(STATIC_ROWS)]
    results = [*run(articles, catalog, on_failure=lambda _: None), *clean]
    index = write_site(results, catalog, tmp_path)
    pages = {f"articles/{path.parent.name}/{path.name}" for path in tmp_path.glob("articles/*/*.html")}
    assert len(pages) == len(names)
    browser.get(index.as_uri() + "#verdict=held+look&q=title")
    settled(browser, "return document.documentElement.dataset.ready === 'yes'")
    while visible(browser, ".btn.more"):
        browser.execute_script("document.querySelector('.btn.more').click()")
    links = [link.get_attribute("href").partition(f"{tmp_path.as_uri()}/")[2] for link in all_of(browser, "tbody a")]
    assert sorted(links) == sorted(pages)
    browser.get(index.as_uri() + "#verdict=clean")
    browser.refresh()
    settled(browser, "return document.querySelectorAll('tbody tr').length > 5")
    assert all_of(browser, "tbody a") == []


def test_hostile_text_in_every_field_does_nothing(browser: Any, tmp_path: Path, catalog: Catalog) -> None:
    articles = [
        Article(
            f"{text}{n}", f"{text}\n\n{text}\n\n[ad_1]\n\nLeave a Comment\n\n{text} again", text, text, text, path=text
        )
        for n, text in enumerate(HOSTILE)
    ]
    failures = [Failure(text, text) for text in HOSTILE]
    index = write_site(run(articles, catalog, on_failure=failures.append), catalog, tmp_path, failures=failures)
    for page in (index, *tmp_path.glob("articles/*/*.html")):
        browser.get(page.as_uri())
        if page == index:
            settled(browser, "return document.documentElement.dataset.ready === 'yes'")
            one(browser, "#q").send_keys("script")
        else:
            press(browser, "jjyc")
        assert browser.title not in ("broken", "1")
        assert all_of(browser, "img, iframe, style, object, embed") == []
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 1440


def test_hundreds_of_hostile_strings_in_every_field_do_nothing(browser: Any, tmp_path: Path, catalog: Catalog) -> None:
    """One article for each string; the pages of every eighth are opened, and one that holds them all."""
    articles = [
        Article(
            f"{n} {text}", f"{text}\n\n{text}\n\n[ad_1]\n\n{text} {n}", text, text, f"https://{text}/{n}", path=text
        )
        for n, text in enumerate(MANY_HOSTILE)
    ]
    articles.append(Article("all", "\n\n".join(("[ad_1]", *MANY_HOSTILE, "[ad_2]")), "en", "All", "all"))
    failures = [Failure(text, text) for text in MANY_HOSTILE]
    index = write_site(
        run(articles, catalog, on_failure=failures.append), catalog, tmp_path,
        failures=failures, trend=[0.5], states=lambda _: "new",
    )  # fmt: skip
    assert len(MANY_HOSTILE) > 300
    shown = [articles[-1], *articles[:-1:8]]
    for page in (index, *(tmp_path / f"articles/{f[:2]}/{f}.html" for f in (file_name(a.id) for a in shown))):
        browser.get(page.as_uri())
        if page == index:
            settled(browser, "return document.documentElement.dataset.ready === 'yes'")
            one(browser, "#q").send_keys("script")
        else:
            browser.execute_script("localStorage.clear()")
            press(browser, "jsyt")
            one(browser, "dialog.teach [data-act=close]").click()
        found = browser.execute_script(
            "return [...document.querySelectorAll('img, iframe, style, object, embed, base, meta[http-equiv=refresh]')]"
            ".map((e) => e.outerHTML)"
        )
        assert found == []
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 1440
