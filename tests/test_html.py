"""The report as files: what is escaped, what a page may load, what it is called, what it says. No browser here."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import time
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import click.testing
import pytest

from bycatch import __version__
from bycatch.article import Article, Failure, Finding, Fix, Related, Span
from bycatch.catalog import Catalog, load_catalog
from bycatch.inspection import finding_key
from bycatch.output.html import Judged, file_name, write_site
from bycatch.output.html.families import FAMILIES, family_of
from bycatch.output.html.glyphs import flat, seen
from bycatch.output.html.listing import Entry, listing, site
from bycatch.output.html.marking import Stretch, marked
from bycatch.output.html.page import Fold, Page, Row, article_page, differences
from bycatch.output.html.sizes import share, words
from bycatch.runner import Result, run

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% include '/etc/passwd' %}",
    "</script></title></textarea></style>",
    "javascript:alert(1)",
    "../../../../etc/passwd\x00.html",
    "\N{RIGHT-TO-LEFT OVERRIDE}gnp.exe",
    "\ud800 lone surrogate",
    "' onmouseover='alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "W" * 5000,
)


THEME = Path(__file__).parents[1] / "reports/theme"
# What an article page loads besides itself.
ASSETS = ("page.css", "article.css", "page.js", "decide.js", "run.js")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def found(
    article: Article, check: str, quote: str, *, severity: str = "error", fix: bool = True, nth: int = 0, **more: object
) -> Finding:
    """A finding on the n-th place where ``quote`` stands; its fix deletes the paragraph or cuts the quote out."""
    start = -1
    for _ in range(nth + 1):
        start = article.text.index(quote, start + 1)
    end = start + len(quote)
    paragraph = article.paragraph_at(start)
    assert paragraph is not None
    whole = (start, end) == (paragraph.start, paragraph.end)
    span = article.deletion(paragraph) if whole else Span(start, end)
    values: dict[str, object] = {
        "message": "What was seen.", "lang": None, "related": (), "key": finding_key(check, article.id, quote, nth + 1),
        "fix": Fix("delete", span, safe=severity == "error") if fix else None,
    } | more  # fmt: skip
    line, column = article.place(start)
    return Finding(
        check=check, severity=severity, article=article.id, path=article.path, span=Span(start, end), line=line,  # type: ignore[arg-type]
        column=column, end_line=line, text=quote, **values,
    )  # fmt: skip


class Elements(HTMLParser):
    """All elements of a page with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))


def pages(folder: Path) -> Iterator[Path]:
    yield folder / "index.html"
    yield from sorted(folder.glob("articles/*/*.html"))


def write(folder: Path, catalog: Catalog, *results: Result, **more: object) -> Path:
    return write_site(iter(results), catalog, folder, **more)  # type: ignore[arg-type]


def rows(page: Page) -> list[Row]:
    return [r for item in page.items for r in ((item,) if isinstance(item, Row) else item.rows)]


STORY = Article(
    "story",
    "The bridge reopens\n\n[ad_1]\n\nThe old bridge reopened on Monday, the mayor said.\n\n"
    "A crowd on the bridge's deck\n\nA crowd on the bridge’s deck\n\nTrams cross it again from June.\n\n"
    "Nobody was sorry to see the ferry go.\n\n"
    "The ferry may run on Sundays.\n\n[ad_2]",
    "en",
    source="https://www.example.org/a/b?c=d",
)


def story_findings() -> tuple[Finding, ...]:
    first = STORY.text.index("A crowd on the bridge's")
    again = found(
        STORY,
        "repeated-caption",
        "A crowd on the bridge’s deck",
        related=(Related(first, first + 28, STORY.place(first)[0]),),
    )
    return found(STORY, "ad-marker", "[ad_1]"), again, found(STORY, "ad-marker", "[ad_2]")


def test_nothing_a_stranger_wrote_becomes_markup_a_name_or_a_link(tmp_path: Path, catalog: Catalog) -> None:
    results = []
    for at, text in enumerate(HOSTILE):
        article = Article(f"{text}{at}", f"{text}\n\n{text}\n\nPlain words.", text, text, text, path=text)
        whole = Finding(
            "no-such-check", "error", article.id, text, Span(0, len(text)), 1, 1, 1, text, f"seen: {text}", text,
            Fix("replace", Span(0, 1), text), (), "0" * 12,
        )  # fmt: skip
        results.append(Result(article, (whole,)))
    write(tmp_path, catalog, *results, failures=[Failure(text, text) for text in HOSTILE])
    names = [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()]
    assert len(list(pages(tmp_path))) == len(HOSTILE) + 1
    allowed = re.compile(
        r"index\.html|run\.js|(page|article)\.css|page\.js|decide\.js|index\.js|articles/([0-9a-f]{2})/\2[0-9a-f]{14}\.html"
    )
    assert [name for name in names if not allowed.fullmatch(name)] == []
    for path in pages(tmp_path):
        html = path.read_bytes().decode("utf-8")
        elements = Elements(html).all
        scripts = [a for tag, a in elements if tag == "script"]
        assert {a.get("src", a.get("type")) for a in scripts} <= {
            "index.js", "run.js", "decide.js", "../../run.js", "../../decide.js", "../../page.js",
            "application/octet-stream", "application/json",
        }  # fmt: skip
        assert not [
            (t, a)
            for t, a in elements
            if a.get("action") or t in ("img", "iframe", "object", "embed", "base", "textarea")
        ]
        assert not [(t, a) for t, a in elements for name in a if name.startswith("on") or name == "style"]
        links = {a["href"] for tag, a in elements if tag in ("a", "use", "link") and a.get("href")}
        relative = re.compile(
            r"#[\w-]+(=[\w.%~/-]+)?|data:,|(\.\./\.\./)?(index\.html|(page|article)\.css|articles/[0-9a-f/]+\.html)"
        )
        assert [link for link in links if not relative.fullmatch(link or "")] == []
        assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", html)
        assert "49" not in re.findall(r"<h1[^>]*>([^<]*)", html)


def test_every_page_forbids_what_it_does_not_need(tmp_path: Path, catalog: Catalog) -> None:
    write(tmp_path, catalog, Result(STORY, story_findings()))
    for path in pages(tmp_path):
        html = path.read_text("utf-8")
        policy = [a["content"] for t, a in Elements(html).all if a.get("http-equiv") == "Content-Security-Policy"]
        assert len(policy) == 1
        rules = dict(rule.strip().split(" ", 1) for rule in (policy[0] or "").split(";"))
        assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
        assert rules["script-src"] == rules["style-src"] == "'self'"
        assert html.index("Content-Security-Policy") < html.index("<link")
    theme = "".join((tmp_path / name).read_text("utf-8") for name in ("page.css", "article.css", "page.js", "index.js"))
    assert [u for u in re.findall(r"https?://[^\s\"')]+", theme) if u != "http://www.w3.org/2000/svg"] == []
    assert "innerHTML" not in theme
    assert "@import" not in theme
    assert "url(" not in theme


def test_a_page_is_named_by_a_hash_of_the_id() -> None:
    assert file_name("a/../b") != file_name("a/b")
    assert re.fullmatch("[0-9a-f]{16}", file_name("\ud800"))


def test_the_verdict_says_what_would_change_it(catalog: Catalog) -> None:
    page = article_page(STORY, story_findings(), catalog)
    assert page.verdict.word == "Held back"
    assert page.verdict.says == (
        "The offered fixes delete 3 of 9 paragraphs (8 words); nothing of severity error is left then."
    )
    assert (page.mended.words_before, page.mended.words_after) == (words(STORY.text), words(STORY.text) - 8)
    stuck = (*story_findings(), found(STORY, "mojibake", "ferry", fix=False))
    assert article_page(STORY, stuck, catalog).verdict.says.endswith("1 error has no fix and stays: mojibake.")
    warned = article_page(STORY, (found(STORY, "near-repeat", "ferry", severity="warning", fix=False),), catalog)
    assert (warned.verdict.word, warned.verdict.says) == (
        "Needs a look",
        "1 warning has no fix and stays: near repeat.",
    )
    noted = article_page(STORY, (found(STORY, "loose-caption", "ferry", severity="note", fix=False),), catalog)
    assert noted.verdict.word == "Clean"
    assert "found nothing" in article_page(STORY, (), catalog).verdict.says


def test_a_gate_may_speak_instead(tmp_path: Path, catalog: Catalog) -> None:
    judged = (Judged("Ad markers", "2", "none allowed", passed=False), Judged("Length", "40", "20 needed", passed=True))
    index = write(tmp_path, catalog, Result(STORY, ()), verdicts={"story": judged}.get)
    html = next(path for path in pages(tmp_path) if path != index).read_text("utf-8")
    assert "1 of 2 expectations fails: Ad markers." in html
    assert html.count('class="gate fail"') == html.count('class="gate pass"') == 1


def test_what_fails_a_limit_that_only_asks_for_a_look_holds_nothing_back(tmp_path: Path, catalog: Catalog) -> None:
    judged = (Judged("Warnings", "2", "none allowed", passed=False, otherwise="look"),)
    index = write(tmp_path, catalog, Result(STORY, story_findings()), verdicts={"story": judged}.get)
    html = next(path for path in pages(tmp_path) if path != index).read_text("utf-8")
    assert 'class="verdict v-look"' in html
    assert html.count('class="gate look"') == 1
    # What a gate knew before is no reason to look.
    known = (Judged("Length", "40", "20 needed", passed=True),)
    assert article_page(STORY, story_findings(), catalog, known).verdict.word == "Clean"


def test_the_index_of_a_gate_shows_what_is_judged_of_the_whole(tmp_path: Path, catalog: Catalog) -> None:
    whole = (Judged("Articles", "1", "at least 100", passed=False),)
    html = write(tmp_path, catalog, Result(STORY, story_findings()), corpus=whole).read_text("utf-8")
    assert 'class="gate fail"' in html[html.index('id="b-corpus"') :]
    assert "at least 100" in html
    assert "The corpus as a whole: 1 of 1 expectation not met" in html
    assert 'id="b-corpus"' not in write(tmp_path, catalog, Result(STORY, story_findings())).read_text("utf-8")


def test_repeats_point_both_ways_and_show_what_differs(tmp_path: Path, catalog: Catalog) -> None:
    write(tmp_path, catalog, Result(STORY, story_findings()))
    html = list(pages(tmp_path))[1].read_text("utf-8")
    first, again = (re.search(rf'id="p{n}">.*?(?=<div class="row|<details)', html, re.DOTALL) for n in (4, 5))
    assert first is not None
    assert again is not None
    assert 'href="#p5"' in first.group()
    assert 'href="#p4"' in again.group()
    assert '<mark class="m-diff">’</mark>' in again.group()
    assert "Differs in ’ for &#39;." in again.group()
    assert html.count('class="arc"') == html.count('class="bracket"') == 1


def test_only_repeats_are_echoed_and_what_is_said_again_of_the_next_paragraph_is_short(catalog: Catalog) -> None:
    at = STORY.text.index("Trams")
    named = found(STORY, "name-variant", "ferry", severity="note", fix=False, related=(Related(at, at + 5, 11),))
    stacked = [
        found(STORY, "loose-caption", f"A crowd on the bridge{mark}s deck", severity="note", fix=False) for mark in "'’"
    ]
    page = article_page(STORY, (*stacked, named), catalog)
    assert [row.number for row in rows(page) if row.echoes] == []
    assert [note.same for row in rows(page) for note in row.notes] == [False, True, False]
    assert [link.href for row in rows(page) for note in row.notes for link in note.related] == ["#p6"]


def test_differences_are_characters_or_words_but_never_everything() -> None:
    assert differences("d’un l’air", "d'un l'air") == [(1, 2), (6, 7)]
    assert differences("one two three", "one three") == [(4, 7)]
    assert differences("same", "same") == []
    started = time.perf_counter()
    differences("a b " * 30_000, "b a " * 30_001)
    assert time.perf_counter() - started < 2


def test_marks_nest_and_keep_both_rules_where_they_overlap() -> None:
    html = marked("abcdef", 0, 6, [Stretch(0, 4, "one"), Stretch(2, 6, "two")])
    assert html == '<mark class="one">ab<mark class="two">cd</mark></mark><mark class="two">ef</mark>'
    assert marked("abc", 0, 3, [Stretch(1, 2, "cut", "span", insert="<")]) == (
        'a<span class="cut">b</span><ins class="put">&lt;</ins>c'
    )


def test_hidden_characters_become_boxes_and_joiners_of_spelling_stay() -> None:
    assert 'data-g="ZWSP"' in seen("a\N{ZERO WIDTH SPACE}b")
    assert "\N{ZERO WIDTH SPACE}" not in seen("a\N{ZERO WIDTH SPACE}b")
    assert seen("\x1b[31m").endswith("[31m")
    assert flat("a\x00\nb\N{RIGHT-TO-LEFT OVERRIDE}") == "a‹U+0000› b‹RLO›"
    persian, emoji = "می\N{ZERO WIDTH NON-JOINER}خواهم", "\U0001f469\N{ZERO WIDTH JOINER}\U0001f680"
    assert seen(persian) == persian
    assert seen(emoji) == emoji
    seen("\ud800").encode("utf-8")


def test_every_built_in_check_has_a_family_and_unknown_ones_have_the_last(catalog: Catalog) -> None:
    assert [check for check in catalog.checks if family_of(check).key == "own"] == []
    assert family_of("house-furniture").key == "own"
    theme = "".join((THEME / name).read_text("utf-8") for name in ("page.css", "article.css"))
    icons = (THEME / "parts/icons.html").read_text("utf-8")
    for family in FAMILIES:
        for name in (f".t-{family.key}", f".m-{family.key}", f".c-{family.key}", f"#x-{family.key}"):
            assert name in theme
        assert f'id="i-{family.key}"' in icons


def test_clean_runs_are_folded_and_what_is_near_a_finding_is_not(catalog: Catalog) -> None:
    text = "\n\n".join(f"Paragraph number {n} says something." for n in range(1, 30)).replace("number 20", "[ad_1]")
    article = Article("a", text, "en")
    page = article_page(article, (found(article, "ad-marker", "[ad_1]"),), catalog)
    shape = [(i.first, i.last) if isinstance(i, Fold) else i.number for i in page.items]
    assert shape == [(2, 18), 19, 20, 21, (22, 29)]
    assert page.heading == "Paragraph number 1 says something."


def test_the_language_of_the_text_and_of_foreign_runs_is_declared(tmp_path: Path, catalog: Catalog) -> None:
    text = "כותרת הכתבה\n\nפסקה ראשונה על הגשר הישן.\n\nLeave a Comment\n\nפסקה עם some English words בתוכה."
    article = Article("he", text, "he")
    foreign = found(article, "foreign-span", "some English words", severity="warning", lang="en", fix=False)
    write(tmp_path, catalog, Result(article, (found(article, "comment-form", "Leave a Comment", lang="en"), foreign)))
    html = list(pages(tmp_path))[1].read_text("utf-8")
    assert '<div class="wrap art" id="text" dir="rtl">' in html
    assert re.search(r'<p class="p" lang="en" dir="auto"><mark[^>]*>Leave a Comment', html)
    assert re.search(r'<mark class="m m-lang" data-f="2" lang="en">some English words</mark>', html)
    assert re.search(r'<h1 lang="he" dir="auto"', html)


@pytest.mark.parametrize("shape", ["ten megabytes", "one line of five megabytes", "many findings"])
def test_giants_yield_a_page_that_says_what_it_leaves_out(shape: str, catalog: Catalog, tmp_path: Path) -> None:
    sentence = "The council of the river town met again on the matter of the bridge. "
    if shape == "ten megabytes":
        article = Article("big", (sentence * 5 + "\n\n") * 29_000 + "[ad_1]", "en")
        findings: tuple[Finding, ...] = (found(article, "ad-marker", "[ad_1]"),)
        expected = "without findings are left out to keep this page readable"
    elif shape == "one line of five megabytes":
        article = Article("line", sentence * 36_000 + " . . " + sentence * 36_000, "en")
        findings = (found(article, "stray-punctuation", " . . "),)
        expected = "characters not shown"
    else:
        article = Article("many", "x [ad_1] " * 2000, "en")
        findings = tuple(
            Finding(
                "ad-marker", "error", "many", "", Span(at, at + 6), 1, at, 1, "[ad_1]", "Seen.", None,
                Fix("delete", Span(at, at + 6), safe=True), (), f"{at:012}",
            ) for at in range(2, 18_000, 9)
        )  # fmt: skip
        expected = "1,400 findings more are not shown here"
    started = time.perf_counter()
    write(tmp_path, catalog, Result(article, findings))
    assert time.perf_counter() - started < 15
    html = list(pages(tmp_path))[1].read_text("utf-8")
    assert expected in html
    assert len(html) < 6_000_000
    assert "[ad_1]" in html or " . . " in html


def test_thousands_of_paragraphs_share_the_bars_of_the_map(catalog: Catalog) -> None:
    article = Article("long", "\n\n".join(f"Paragraph {n}." for n in range(2500)), "en")
    page = article_page(article, (found(article, "ad-marker", "Paragraph 2000."),), catalog)
    assert len(page.atlas.bars) <= 240
    assert sum(bar.family == "ad" for bar in page.atlas.bars) == 1
    last = page.atlas.bars[-1]
    assert abs(last.x + last.width - 1200) < 1


def test_pages_come_as_results_come_and_only_one_waits(tmp_path: Path, catalog: Catalog) -> None:
    written: list[int] = []

    def results() -> Iterator[Result]:
        for n in range(4):
            written.append(len(list(tmp_path.glob("articles/*/*.html"))))
            yield Result(Article(str(n), f"Title {n}\n\nText.", "en"), ())

    write_site(results(), catalog, tmp_path, all_pages=True)
    assert written == [0, 0, 1, 2]


def test_only_articles_to_look_at_have_pages_unless_all_are_asked_for(tmp_path: Path, catalog: Catalog) -> None:
    clean, short = (Article(name, f"The {name} title\n\nText.", "en") for name in ("clean", "short"))
    results = (Result(clean, ()), Result(STORY, story_findings()), Result(short, ()))
    judged = (Judged("Length", "3", "20 needed", passed=False),)
    index = write(tmp_path, catalog, *results, verdicts=lambda name: judged if name == "short" else None)
    names = {path.stem for path in tmp_path.glob("articles/*/*.html")}
    assert names == {file_name("story"), file_name("short")}
    links = {
        a["href"] for tag, a in Elements(index.read_text("utf-8")).all if tag == "a" and "title" in a.get("class", "")
    }
    assert links == {f"articles/{name[:2]}/{name}.html" for name in names}
    assert '<span class="title" dir="auto">The clean title</span>' in index.read_text("utf-8")
    story = (tmp_path / f"articles/{file_name('story')[:2]}/{file_name('story')}.html").read_text("utf-8")
    assert 'rel="prev"' not in story
    assert f"{file_name('short')}.html" in story
    write(tmp_path, catalog, *results, all_pages=True)
    assert len(list(tmp_path.glob("articles/*/*.html"))) == 3


def test_the_foot_names_source_language_text_version_and_checks(tmp_path: Path, catalog: Catalog) -> None:
    write(tmp_path, catalog, Result(STORY, story_findings()))
    (page,) = tmp_path.glob("articles/*/*.html")
    foot = page.read_text("utf-8").partition("<footer>")[2]
    digest = hashlib.sha256(STORY.text.encode()).hexdigest()[:12]
    for said in (f"bycatch {__version__}", catalog.digest, digest, "English", "https://www.example.org/a/b?c=d"):
        assert said in foot


def test_a_page_says_where_its_language_has_no_detector(tmp_path: Path, catalog: Catalog) -> None:
    silent = "foreign lines were not looked for"
    for lang, expected in (("en", False), ("ast", True), ("xx", False)):
        write(tmp_path, catalog, Result(Article(lang, "A title\n\nText.", lang), ()), all_pages=True)
        (page,) = tmp_path.glob("articles/*/*.html")
        assert (silent in page.read_text("utf-8")) is expected, lang


def test_failures_that_come_late_stand_in_the_index(tmp_path: Path, catalog: Catalog) -> None:
    failures: list[Failure] = []

    def results() -> Iterator[Result]:
        yield Result(STORY, ())
        failures.append(Failure("broken.txt", "byte 7 is not UTF-8"))

    html = write_site(results(), catalog, tmp_path, failures=failures).read_text("utf-8")
    assert "broken.txt: byte 7 is not UTF-8" in html
    assert "1 failure" in html


def test_pages_of_a_former_run_go_and_strange_files_stay(tmp_path: Path, catalog: Catalog) -> None:
    write(tmp_path, catalog, Result(STORY, ()), Result(Article("gone", "Text.", "en"), ()), all_pages=True)
    (tmp_path / "articles" / "mine.html").write_text("kept")
    (tmp_path / "articles" / "00").mkdir(exist_ok=True)
    (tmp_path / "articles" / "00" / "notes.html").write_text("kept")
    write(tmp_path, catalog, Result(STORY, ()), all_pages=True)
    kept = {path.name for path in (tmp_path / "articles").rglob("*.html")}
    assert kept == {f"{file_name('story')}.html", "mine.html", "notes.html"}


def test_equal_pages_are_left_alone_and_no_temporary_file_stays(tmp_path: Path, catalog: Catalog) -> None:
    write(tmp_path, catalog, Result(STORY, story_findings()))
    before = {path: path.stat().st_ino for path in tmp_path.rglob("*") if path.is_file()}
    write(tmp_path, catalog, Result(STORY, story_findings()))
    assert {path: path.stat().st_ino for path in tmp_path.rglob("*") if path.is_file()} == before
    assert not list(tmp_path.rglob(".bycatch-*"))
    assert all(path.stat().st_mode & 0o077 == 0o077 & 0o666 & ~_umask() for path in before)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_a_file_where_the_folder_should_be_is_one_line_and_exit_2(
    tmp_path: Path, bycatch: Callable[..., click.testing.Result]
) -> None:
    (tmp_path / "a.txt").write_text("A title\n\nA text.", encoding="utf-8")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "articles").write_text("not a folder")
    result = bycatch("report", "a.txt", "--output", "out")
    assert result.exit_code == 2
    assert re.fullmatch(r"bycatch: error: .*out.articles.*\n", result.stderr)


def test_the_command_writes_pages_and_says_where(tmp_path: Path, bycatch: Callable[..., click.testing.Result]) -> None:
    (tmp_path / "a.txt").write_text(STORY.text, encoding="utf-8")
    result = bycatch("report", "a.txt", "--lang", "en")
    assert result.exit_code == 0
    assert (tmp_path / "reports/site/index.html").as_uri() in result.stdout
    html = next((tmp_path / "reports/site").glob("articles/*/*.html")).read_text("utf-8")
    assert "Held back" in html
    assert html.count('class="note t-ad"') == 2


def test_the_index_is_sorted_and_counts(catalog: Catalog) -> None:
    def entry(name: str, state: str, errors: int) -> Entry:
        return Entry(
            name, name, file_name(name), "en", "a.org", state, errors, 0, 0, 9, ("ad-marker",) if errors else ()
        )  # type: ignore[arg-type]

    shown = listing(
        [entry("c", "clean", 0), entry("h", "held", 1), entry("H", "held", 3), entry("l", "look", 0)], (), catalog
    )
    assert [row.id for row in shown.rows] == ["H", "h", "l", "c"]
    assert [(choice.value, choice.count) for choice in shown.states] == [("held", 2), ("look", 1), ("clean", 1)]
    assert [(choice.value, choice.count) for choice in shown.checks] == [("ad-marker", 2)]


def test_sources_group_by_host_and_survive_nonsense() -> None:
    assert site("https://www.example.org/a?b") == "example.org"
    assert site("http://[broken") == "http://[broken"
    assert site("Le Courrier") == "Le Courrier"
    assert site(None) == ""


def test_figures_are_honest() -> None:
    assert (share(0, 9), share(9, 9), share(1, 10_000), share(9_999, 10_000)) == ("0%", "100%", "under 0.1%", "99.9%")
    assert words("two words") == 2
    assert words("新橋 opens") == 3


def test_a_page_is_no_larger_than_sixty_kilobytes_and_three_times_its_text(tmp_path: Path, catalog: Catalog) -> None:
    articles = []
    for number, size in enumerate((0, 10, 100, 1000)):
        body = "\n\n".join(
            f"On day {day} the river rose by {day % 7} hands, and the {day % 31} ferries waited at the other bank."
            for day in range(size)
        )
        articles.append(Article(f"a{number}", f"The river\n\n[ad_1]\n\n{body}\n\nLeave a Comment\n\n[ad_2]", "en"))
    results = list(run(articles, catalog, on_failure=lambda _: None))
    write_site(results, catalog, tmp_path)
    shared = sum((tmp_path / name).stat().st_size for name in ASSETS)
    for article in articles:
        file = file_name(article.id)
        page = (tmp_path / f"articles/{file[:2]}/{file}.html").stat().st_size
        assert page <= 60_000 + 3 * len(article.text.encode()), article.id
        assert shared < 60_000


def test_a_disk_that_fills_up_leaves_the_previous_report_whole(
    tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = [Article(f"a{n}", f"Title {n}\n\n[ad_1]\n\nText {n}.", "en") for n in range(5)]
    write_site(run(articles, catalog, on_failure=lambda _: None), catalog, tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    left = [3]

    def full(handle: int, *more: object, **named: object) -> object:
        left[0] -= 1
        if left[0] < 0:
            os.close(handle)
            raise OSError(errno.ENOSPC, "No space left on device")
        return fdopen(handle, *more, **named)  # type: ignore[call-overload]

    fdopen = os.fdopen
    monkeypatch.setattr(os, "fdopen", full)
    changed = [Article(f"a{n}", f"Title {n}\n\n[ad_1]\n\nAnother text {n}.", "en") for n in range(5)]
    with pytest.raises(OSError, match="No space left"):
        write_site(run(changed[:4], catalog, on_failure=lambda _: None), catalog, tmp_path)
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    # Every page the index names is there and whole: the old one, or the new one where there was still room.
    assert after.keys() == before.keys()
    assert after[tmp_path / "index.html"] == before[tmp_path / "index.html"]
    assert all(data.rstrip().endswith(b"</html>") for path, data in after.items() if path.suffix == ".html")


def test_new_known_and_waived_findings_are_told_apart(tmp_path: Path, catalog: Catalog) -> None:
    states = dict(zip((f.key for f in story_findings()), ("new", "known", "waived"), strict=True))
    passed = (Judged("Length", "40", "20 needed", passed=True),)
    write(
        tmp_path, catalog, Result(STORY, story_findings()), states=lambda finding: states[finding.key],
        verdicts=lambda _: passed, gone=lambda _: 4,
    )  # fmt: skip
    html = next(tmp_path.glob("articles/*/*.html")).read_text("utf-8")
    for state in states.values():
        assert html.count(f'<span class="known k-{state}">{state}</span>') == 1
    index = (tmp_path / "index.html").read_text("utf-8")
    assert 'id="news"' in index
    for text in (html, index):
        assert "Findings: 1 new, 1 known, 1 waived and 4 fixed." in text
    assert "An article with an error is held back" not in index


def test_the_index_shows_sources_checks_phrases_and_lines_that_nobody_knows(tmp_path: Path, catalog: Catalog) -> None:
    articles = [
        Article(
            f"a{n}", f"Title {n}\n\n[ad_1]\n\nThe river rose by {n} hands.\n\nHear it on the town radio at noon", "en",
            source=f"https://{'east' if n < 3 else 'west'}.example/{n}",
        )
        for n in range(6)
    ]  # fmt: skip
    results = list(run(articles, catalog, on_failure=lambda _: None))
    # The west is clean.
    results = [Result(r.article, r.findings if n < 3 else ()) for n, r in enumerate(results)]
    html = write_site(results, catalog, tmp_path).read_text("utf-8")
    sites = html[html.index('id="b-sites"') : html.index('id="b-phrases"')]
    assert sites.index("east.example") < sites.index("west.example")
    assert "3 of 3 articles" in sites
    assert "0 of 3 articles" in sites
    assert "[ad_{n}]" in html[html.index('id="b-phrases"') :]
    assert "&#34;Hear it on the town radio at noon&#34;,  # in 6 articles" in html
