"""The gate on a change, in real git repositories: a change is never blamed for what was there before."""

from __future__ import annotations

import csv
import gzip
import json
import os
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import Result

from bycatch import runner, waivers
from bycatch.commands import changed
from bycatch.inspection import examine_all

from .test_gate import CLEAN, MORE, PROSE, bad, between, key_of, put, suite_file

Run = Callable[..., Result]


def git(*arguments: str, cwd: Path | None = None) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    identity = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "core.autocrlf=false")
    run = subprocess.run(
        ["git", *identity, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=True
    )
    return run.stdout


def commit() -> None:
    git("add", "-A")
    git("commit", "-q", "-m", "Work")


@pytest.fixture
def corpus(bycatch: Run, tmp_path: Path) -> Path:
    """A repository whose main branch holds a clean article and one with an old finding; a branch is checked out."""
    articles = tmp_path / "corpus" / "articles"
    put(articles, clean=CLEAN, old=bad("An old article, from when nobody looked, about the price of rope."))
    git("init", "-q", "-b", "main")
    commit()
    git("checkout", "-q", "-b", "work")
    return articles


def write(file: Path, rows: list[dict[str, str]], *, again: bool = False) -> None:
    """A table of these rows; ``again`` as a program of another make would have written it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), file, compression="zstd" if again else "snappy")
    elif file.suffix in (".csv", ".tsv"):
        with file.open("w", newline="", encoding="utf-8") as stream:
            quoting = csv.QUOTE_ALL if again else csv.QUOTE_MINIMAL
            writer = csv.DictWriter(
                stream, list(rows[0]), delimiter="\t" if file.suffix == ".tsv" else ",", quoting=quoting,
                lineterminator="\n" if again else "\r\n",
            )  # fmt: skip
            writer.writeheader()
            writer.writerows(rows)
    else:
        lines = "".join(json.dumps(row, ensure_ascii=again) + "\n" for row in rows).encode()
        file.write_bytes(gzip.compress(lines, mtime=2 if again else 1) if file.suffix == ".gz" else lines)


def held(bycatch: Run) -> list[str]:
    """The ids of the articles that the change is held back for; [] where it passes."""
    run = bycatch("gate", "corpus/articles", "--since", "main", "--format", "json")
    assert run.exit_code in (0, 1), run.output
    ids = [article["id"] for article in json.loads(run.stdout)["articles"] if article["state"] == "held"]
    assert run.exit_code == bool(ids)
    return ids


def gate(bycatch: Run) -> Result:
    return bycatch("gate", "corpus/articles", "--since", "main")


def test_the_story(bycatch: Run, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = gate(bycatch)
    assert nothing.exit_code == 0
    assert "no article to judge" in nothing.stderr
    one, two = "The ferry sailed at six, as it had for years.", "The baker rowed across before it was light."
    put(corpus, good=f"{one} {PROSE}\n\n{MORE}\n", bad1=bad(one), bad2=bad(two))
    commit()
    run = gate(bycatch)
    assert run.exit_code == 1
    assert "2 of 3 articles held back" in run.stderr
    held = json.loads(bycatch("gate", "corpus/articles", "--since", "main", "--format", "json").stdout)["articles"]
    assert [a["path"].rpartition("/")[2] for a in held if a["state"] == "held"] == ["bad1.txt", "bad2.txt"]
    for _ in range(2):
        key = key_of(bycatch, "corpus/articles", "--since", "main")
        waive = ("waive", key, "--reason", "the advert is the story", "--until", "2999-01-31", "corpus/articles")
        assert bycatch(*waive).exit_code == 0
    assert gate(bycatch).exit_code == 0
    with monkeypatch.context() as later:
        later.setattr(waivers, "today", lambda: date(2999, 2, 1))
        assert "2 of 3 articles held back" in gate(bycatch).stderr
    (tmp_path / "corpus" / "waivers.toml").unlink()
    assert gate(bycatch).exit_code == 1
    assert bycatch("fix", "corpus/articles/bad1.txt", "corpus/articles/bad2.txt").exit_code == 0
    assert gate(bycatch).exit_code == 0


def test_moving_and_saving_with_other_line_ends_is_no_news(bycatch: Run, corpus: Path) -> None:
    put(corpus, old=(corpus / "old.txt").read_text(encoding="utf-8").replace("\n", "\r\n"))
    assert "no article to judge" in gate(bycatch).stderr
    (corpus / "deep").mkdir()
    (corpus / "old.txt").rename(corpus / "deep" / "renamed.txt")
    assert "no article to judge" in gate(bycatch).stderr
    commit()
    run = gate(bycatch)
    assert run.exit_code == 0
    assert "no article to judge" in run.stderr


def test_what_was_there_is_known_and_what_became_worse_is_not(bycatch: Run, corpus: Path) -> None:
    old = (corpus / "old.txt").read_text(encoding="utf-8")
    put(corpus, old=f"A correction at the head of it, in one more sentence.\n\n{old}")
    run = gate(bycatch)
    assert run.exit_code == 0, run.output
    assert "1 known" in run.stderr
    put(corpus, old=f"{old}\n[ad_1]\n")
    run = gate(bycatch)
    assert run.exit_code == 1
    assert "Held back: 1 ad marker (none allowed)" in run.stdout
    assert "1 known" in run.stdout
    put(corpus, old=old.replace("[ad_1]\n\n", ""), clean=f"{CLEAN}\n{PROSE[:70]}.\n")
    run = gate(bycatch)
    assert run.exit_code == 0
    assert "1 fixed" in run.stderr


def test_a_limit_of_size_counts_where_it_is_further_off_than_it_was(bycatch: Run, corpus: Path) -> None:
    limits = suite_file(corpus.parent, between("words", min_value=0, max_value=40))
    since = ("gate", "corpus/articles", "--since", "main", "--suite", limits)
    put(corpus, clean=CLEAN.replace("and that the new stage would be ready", "ready"))
    assert bycatch(*since).exit_code == 0
    put(corpus, clean=f"{CLEAN}\nThere was more of it.\n")
    run = bycatch(*since)
    assert run.exit_code == 1
    assert "Held back: words: 64 (at most 40)" in run.stdout


def test_a_renamed_article_that_was_edited_keeps_what_it_had(bycatch: Run, corpus: Path) -> None:
    old = (corpus / "old.txt").read_text(encoding="utf-8")
    git("mv", "corpus/articles/old.txt", "corpus/articles/new.txt")
    put(corpus, new=f"{old}\nA last line was put below it.\n")
    git("add", "-A")
    run = gate(bycatch)
    assert run.exit_code == 0, run.output
    assert "1 known" in run.stderr


def test_what_main_did_since_is_not_this_branchs(bycatch: Run, corpus: Path) -> None:
    git("checkout", "-q", "main")
    put(corpus, theirs=bad("Somebody else's article on quite another harbour."))
    commit()
    git("checkout", "-q", "work")
    put(corpus, ours=f"Ours is about the lamp. {PROSE}\n")
    commit()
    run = gate(bycatch)
    assert run.exit_code == 0
    assert "0 of 1 article held back" in run.stderr


@pytest.mark.parametrize("named", [True, False])
def test_records_are_compared_one_by_one(bycatch: Run, corpus: Path, named: bool) -> None:
    def rows(*texts: str) -> str:
        made = [{"id": text[:14], "text": text} if named else {"text": text} for text in texts]
        return "".join(json.dumps(row) + "\n" for row in made)

    file = corpus / "crawl.jsonl"
    first, second = bad("Row number one is old."), f"Row number two is clean. {PROSE}"
    file.write_text(rows(first, second), encoding="utf-8")
    git("add", "-A")
    git("commit", "-q", "-m", "Crawl")
    git("branch", "-f", "main")
    third = "Third row comes in front. " + bad("It is new.")
    file.write_text(rows(third, second, first), encoding="utf-8")
    run = gate(bycatch)
    assert run.exit_code == 1
    assert "1 of 1 article held back" in run.stderr
    if named:
        file.write_text(rows(f"{first}\nIt goes on for a sentence.", second), encoding="utf-8")
        run = gate(bycatch)
        assert run.exit_code == 0
        assert "1 known" in run.stderr


ROWS = [
    {"id": "old", "text": bad("An old row, from when nobody looked, about the price of rope."), "note": "é"},
    {"id": "clean", "text": f"A clean row. {CLEAN}", "note": ""},
    {"id": "third", "text": f"The third row is clean as well. {CLEAN}", "note": ""},
]
TABLES = ["crawl.jsonl", "crawl.jsonl.gz", "crawl.csv", "crawl.tsv", "crawl.parquet"]


@pytest.fixture
def table(corpus: Path, request: pytest.FixtureRequest) -> Path:
    """A table on the main branch, of the kind that a test names."""
    file = corpus / str(request.param)
    write(file, ROWS)
    commit()
    git("branch", "-f", "main")
    return file


@pytest.mark.parametrize("table", TABLES, indirect=True)
def test_rows_of_a_table_are_compared_by_id_and_text(bycatch: Run, table: Path) -> None:
    before = table.read_bytes()
    write(table, [{**row, "note": "edited"} for row in reversed(ROWS)], again=True)
    assert table.read_bytes() != before
    assert "no article to judge" in gate(bycatch).stderr
    old, clean, third = ROWS
    edited = {**old, "text": f"{old['text']}\nIt goes on for a sentence."}
    worse = {**clean, "text": f"{clean['text']}\n[ad_1]\n"}
    new = {"id": "new", "text": bad("A new row, about nothing that stood there before."), "note": ""}
    write(table, [new, third, worse, edited])
    run = gate(bycatch)
    assert "2 of 3 articles held back" in run.stderr
    assert "2 new, 1 known" in run.stderr
    assert held(bycatch) == ["new", "clean"]


@pytest.mark.parametrize("table", TABLES, indirect=True)
def test_a_table_that_moves_is_no_news_and_one_that_goes_is_none(bycatch: Run, table: Path, corpus: Path) -> None:
    moved = corpus / "deep" / table.name.replace("crawl", "harvest")
    moved.parent.mkdir()
    table.rename(moved)
    for step in (git, lambda *_: commit()):
        assert "no article to judge" in gate(bycatch).stderr
        step("add", "-A")
    write(moved, ROWS[::-1], again=True)
    assert "no article to judge" in gate(bycatch).stderr
    moved.unlink()
    assert "no article to judge" in gate(bycatch).stderr


@pytest.mark.parametrize("table", TABLES, indirect=True)
def test_a_new_table_is_news_and_rows_that_change_tables_are_none(bycatch: Run, table: Path, corpus: Path) -> None:
    old, clean, third = ROWS
    # A row goes to a new table, another into a file of its own, a file's article into a table.
    other = table.with_name(table.name.replace("crawl", "other"))
    article = {"id": "from a file", "text": (corpus / "old.txt").read_text(encoding="utf-8"), "note": ""}
    (corpus / "old.txt").unlink()
    put(corpus, third=third["text"])
    write(table, [clean, article])
    write(other, [{**old, "id": "another name"}])
    assert "no article to judge" in gate(bycatch).stderr
    # Of two copies of what has moved one is news, and so is a table of rows that stand elsewhere still.
    copies = table.with_name(table.name.replace("crawl", "zz"))
    write(copies, [{**old, "id": "a copy"}])
    assert held(bycatch) == ["a copy"]
    write(copies, [{"id": "new", "text": bad("A table with one new row, about the lamp of the harbour."), "note": ""}])
    assert held(bycatch) == ["new"]


@pytest.mark.parametrize("table", ["crawl.jsonl.gz", "crawl.parquet"], indirect=True)
def test_of_rows_without_ids_a_copy_is_news(bycatch: Run, table: Path) -> None:
    rows = [{"text": row["text"]} for row in ROWS]
    write(table, rows)
    commit()
    git("branch", "-f", "main")
    write(table, rows[::-1])
    assert "no article to judge" in gate(bycatch).stderr
    write(table, [rows[0], *rows])
    assert len(held(bycatch)) == 1


def test_of_ten_thousand_articles_the_three_that_changed_are_inspected(
    bycatch: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = tmp_path / "corpus" / "articles"
    articles.mkdir(parents=True)
    for number in range(10_000):
        (articles / f"{number:05}.txt").write_text(f"Article {number} is about the harbour.\n", encoding="utf-8")
    git("init", "-q", "-b", "main")
    commit()
    for number in (17, 4711, 9999):
        (articles / f"{number:05}.txt").write_text(f"Article {number}. {PROSE}\n\n{MORE}\n", encoding="utf-8")
    seen: list[str] = []

    def counted(articles, *arguments):  # type: ignore[no-untyped-def]
        seen.extend(article.id for article in articles)
        return examine_all(articles, *arguments)

    monkeypatch.setattr(runner, "examine_all", counted)
    monkeypatch.setattr(changed, "examine", lambda article, *arguments: counted([article], *arguments)[0])
    run = gate(bycatch)
    assert run.exit_code == 0, run.output
    # Each as it is and as it was.
    assert sorted(Path(name).stem for name in seen) == ["00017", "00017", "04711", "04711", "09999", "09999"]


def test_an_unknown_revision_says_how_to_get_it(bycatch: Run, corpus: Path) -> None:
    run = bycatch("gate", "corpus/articles", "--since", "origin/main")
    assert run.exit_code == 2
    for part in ("no such revision", "git fetch origin main", "fetch-depth: 0"):
        assert part in run.stderr
    assert bycatch("gate", "corpus/articles", "--since", "--output=x").exit_code == 2


def test_outside_git(bycatch: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    put(tmp_path / "in", a=CLEAN)
    run = bycatch("gate", "in", "--since", "main")
    assert run.exit_code == 2
    assert "not inside a git repository" in run.stderr


def test_branches_that_never_met(bycatch: Run, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git("checkout", "-q", "--orphan", "other")
    # Of the same files, in the same second, it would be the same commit.
    put(corpus, other=CLEAN)
    commit()
    run = gate(bycatch)
    assert run.exit_code == 2
    assert "no commit in common with HEAD" in run.stderr
    monkeypatch.setenv("PATH", "")
    run = gate(bycatch)
    assert run.exit_code == 2
    assert "git, which is not installed" in run.stderr


def test_a_shallow_clone_says_what_to_fetch(bycatch: Run, corpus: Path, tmp_path: Path) -> None:
    for branch in ("main", "work"):
        git("checkout", "-q", branch)
        put(corpus, **{branch: CLEAN})
        commit()
    git("clone", "-q", "--depth", "1", "--no-single-branch", f"file://{tmp_path}", "shallow")
    os.chdir(tmp_path / "shallow")
    run = bycatch("gate", "corpus/articles", "--since", "origin/main")
    assert run.exit_code == 2
    assert "too shallow" in run.stderr
    assert "fetch-depth: 0" in run.stderr


def test_a_path_outside_the_repository_and_a_vanished_baseline(
    bycatch: Run, corpus: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    put(elsewhere, a=CLEAN)
    run = bycatch("gate", elsewhere, "--since", "main")
    assert run.exit_code == 2
    assert "outside the git repository" in run.stderr
    assert bycatch("baseline", "corpus/articles").exit_code == 0
    commit()
    git("branch", "-f", "main")
    (tmp_path / "corpus" / "baseline.json").unlink()
    run = gate(bycatch)
    assert run.exit_code == 2
    assert "corpus/baseline.json was there at the merge base and is gone" in run.stderr


def test_the_baseline_keeps_old_findings_from_the_whole_gate(bycatch: Run, corpus: Path) -> None:
    assert bycatch("gate", "corpus/articles").exit_code == 1
    assert bycatch("baseline", "corpus/articles").exit_code == 0
    assert bycatch("gate", "corpus/articles").exit_code == 0
    put(corpus, new=bad("A new article about a new thing altogether."))
    run = bycatch("gate", "corpus/articles")
    assert run.exit_code == 1
    assert "1 of 3 articles held back" in run.stderr
