"""`bycatch fix`: only the offered places change, in every format, and a second run finds nothing to do."""

from __future__ import annotations

import csv
import gzip
import itertools
import json
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import Result

from bycatch import rewriting
from bycatch.article import Failure, Fix, Span
from bycatch.catalog import Catalog, load_catalog
from bycatch.fixing import Change, apply, changed, compose, settled
from bycatch.reading import Fields, read
from bycatch.repair import mend, source_of
from bycatch.runner import run as run_all

CLI = Callable[..., Result]
HEAD = "The council met on Monday to discuss the new bridge over the river, and the mayor spoke first."
TAIL = "The vote is expected in the spring, when the engineers will have finished their survey of the banks."
DIRTY = f"{HEAD}\n\n[ad_1]\n\n{TAIL}\n"
CLEAN = f"{HEAD}\n\n{TAIL}\n"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


# Changes


def test_composed_changes_are_both_changes() -> None:
    dice = random.Random(5)

    def some(length: int) -> tuple[Change, ...]:
        made, at = [], 0
        while at <= length and dice.random() < 0.8:
            start = dice.randint(at, length)
            end = dice.randint(start, min(length, start + 4))
            made.append(Change(start, end, dice.choice(["", "x", "yz"])))
            at = end + dice.randint(1, 2)
        return tuple(made)

    for _ in range(3000):
        text = "".join(dice.choice("abcdefgh") for _ in range(dice.randint(0, 12)))
        first = some(len(text))
        middle = changed(text, first)
        second = some(len(middle))
        both = compose(len(text), first, second)
        assert changed(text, both) == changed(middle, second)
        assert all(a.end <= b.start for a, b in itertools.pairwise(both))


def test_overlapping_deletions_are_one_and_a_replacement_gives_way() -> None:
    fixes = [Fix("delete", Span(2, 6)), Fix("delete", Span(4, 8)), Fix("replace", Span(5, 7), "X")]
    assert settled("0123456789", fixes) == (Change(2, 8),)
    assert apply("0123456789", fixes) == "0189"


def test_where_the_last_paragraphs_go_no_blank_line_is_left() -> None:
    text = "One.\n\nTwo.\n\nThree.\n"
    assert apply(text, [Fix("delete", Span(6, 12)), Fix("delete", Span(10, 18))]) == "One.\n"
    assert (
        apply(text, [Fix("delete", Span(0, 6)), Fix("delete", Span(6, 12)), Fix("delete", Span(12, 18))]).strip() == ""
    )
    assert apply(text, [Fix("replace", Span(0, 4), "1"), Fix("delete", Span(4, 18))]) == "1\n"
    assert apply(text.rstrip(), [Fix("delete", Span(6, 12)), Fix("delete", Span(10, 18))]) == "One.\n"


# Text files


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (b"", "utf-8"),
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"\xff\xfe\0\0", "utf-32-le"),
    ],
)
def test_text_keeps_encoding_mark_and_line_ends(
    bycatch: CLI, tmp_path: Path, mark: bytes, codec: str, end: str
) -> None:
    file = tmp_path / "a.txt"
    text = f"{HEAD} – naïve 𝔘\n\n[ad_1]\n\n{TAIL}\n".replace("\n", end)
    file.write_bytes(mark + text.encode(codec))
    file.chmod(0o640)
    result = bycatch("fix", "a.txt")
    assert result.exit_code == 0, result.output
    wanted = f"{HEAD} – naïve 𝔘\n\n{TAIL}\n".replace("\n", end)
    assert file.read_bytes() == mark + wanted.encode(codec)
    assert file.stat().st_mode & 0o777 == 0o640
    before = file.stat().st_mtime_ns
    again = bycatch("fix", "a.txt")
    assert again.exit_code == 0
    assert "no findings fixed" in again.stderr
    assert file.stat().st_mtime_ns == before
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_a_clean_file_is_not_touched(bycatch: CLI, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(CLEAN)
    before = file.stat()
    assert bycatch("fix", "a.txt").exit_code == 0
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_a_link_stays_a_link(bycatch: CLI, tmp_path: Path) -> None:
    real = tmp_path / "real.txt"
    real.write_text(DIRTY)
    (tmp_path / "link.txt").symlink_to(real)
    assert bycatch("fix", "link.txt").exit_code == 0
    assert (tmp_path / "link.txt").is_symlink()
    assert real.read_text() == CLEAN


def test_what_does_not_decode_stays_and_is_a_failure(bycatch: CLI, tmp_path: Path) -> None:
    data = DIRTY.encode() + b"\xff\xfe\xfd"
    (tmp_path / "bad.txt").write_bytes(data)
    (tmp_path / "good.txt").write_text(DIRTY)
    result = bycatch("fix", ".")
    assert result.exit_code == 2
    assert (tmp_path / "bad.txt").read_bytes() == data
    assert (tmp_path / "good.txt").read_text() == CLEAN


def test_warnings_are_fixed_only_when_asked(bycatch: CLI, tmp_path: Path) -> None:
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "likely-thing.toml").write_text(
        'title = "A thing"\nseverity = "warning"\nfix = "delete paragraph"\nwhy = "For the test."\n'
        '[phrases]\nen = ["Blorp the zanzibar"]\n[flags]\n"it" = "One.\\n\\n⟦Blorp the zanzibar⟧\\n\\nTwo."\n'
        '[passes]\n"not" = "Nothing of the sort."\n'
    )
    file = tmp_path / "a.txt"
    file.write_text(DIRTY.replace("[ad_1]", "Blorp the zanzibar"))
    assert "no findings fixed" in bycatch("fix", "a.txt").stderr
    assert "Blorp" in file.read_text()
    assert bycatch("fix", "--unsafe", "a.txt").exit_code == 0
    assert file.read_text() == CLEAN


def test_what_is_waived_stays(bycatch: CLI, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DIRTY.replace(TAIL, f"{TAIL}\n\nAdvertisement"))
    rows = [json.loads(row) for row in bycatch("check", "--format", "jsonl", "a.txt").stdout.splitlines()]
    (key,) = [row["key"] for row in rows if row["text"] == "[ad_1]"]
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "waivers.toml").write_text(
        f'[[waiver]]\nkey = "{key}"\ncheck = "ad-marker"\nquote = "[ad_1]"\nreason = "An article about ad markers."\n'
    )
    assert bycatch("fix", "a.txt").exit_code == 0
    assert (tmp_path / "a.txt").read_text() == DIRTY


# How much may go


def test_too_much_of_one_source_changes_nothing(bycatch: CLI, tmp_path: Path) -> None:
    rows = [
        {"id": "a", "text": f"{HEAD}\n\n[ad_1]", "source": "https://www.good.example/1"},
        {"id": "b", "text": "Short news.\n\n" + "Advertisement\n\n" * 9, "source": "https://bad.example/2"},
    ]
    file = tmp_path / "a.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    before = file.read_bytes()
    for extra in ([], ["--diff"]):
        result = bycatch("fix", "a.jsonl", *extra)
        assert result.exit_code == 2
        assert "bad.example: the fixes would take" in result.stderr
        assert "nothing was changed" in result.stderr
        assert "good.example" not in result.stderr
        assert not result.stdout
    assert file.read_bytes() == before
    assert bycatch("fix", "a.jsonl", "--max-share", "1").exit_code == 0
    assert file.read_bytes() != before


def test_a_source_is_a_host_a_folder_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "b.jsonl").write_text(
        '{"text": "x", "source": "https://www.Paper.example/x"}\n{"text": "x"}\n'
        '{"text": "x", "source": "http://[broken"}\n{"text": "x", "source": "The Paper"}\n'
    )
    sources = [source_of(article) for article in read(tmp_path)]
    assert sources[0] == tmp_path.as_posix()
    assert sources[1:] == ["paper.example", (tmp_path / "b.jsonl").as_posix(), "http://[broken", "The Paper"]


# Fixes that do not settle, checks that fail


@pytest.fixture
def own_check(tmp_path: Path) -> Callable[[str], None]:
    def write(body: str) -> None:
        (tmp_path / "checks").mkdir()
        (tmp_path / "checks" / "own-thing.py").write_text(
            '"""For the test."""\nfrom bycatch.article import Fix, Mark, Span\n'
            'TITLE = "Own"\nSEVERITY = "error"\nFIX = "delete"\n'
            'FLAGS = {"it": "⟦zzq⟧ is here"}\nPASSES = {"not": "nothing"}\n' + body
        )

    return write


def test_fixes_that_never_settle_leave_the_article(
    bycatch: CLI, tmp_path: Path, own_check: Callable[[str], None]
) -> None:
    own_check(
        "def find(article):\n    at = article.text.find('zzq')\n"
        "    if at >= 0:\n        span = Span(at, at + 3)\n"
        "        yield Mark(span, 'seen', fix=Fix('replace', span, 'zzqq', safe=True))\n"
    )
    (tmp_path / "a.txt").write_text(f"{HEAD} zzq\n\n{TAIL}\n")
    result = bycatch("fix", "--select", "own-thing", "a.txt")
    assert result.exit_code == 2
    assert "do not settle in 10 rounds: own-thing" in result.stderr
    assert (tmp_path / "a.txt").read_text() == f"{HEAD} zzq\n\n{TAIL}\n"


def test_an_article_on_which_a_check_fails_stays(
    bycatch: CLI, tmp_path: Path, own_check: Callable[[str], None]
) -> None:
    own_check(
        "def find(article):\n    if 'zzq' in article.text:\n        raise ValueError('boom')\n    yield from ()\n"
    )
    (tmp_path / "a.txt").write_text(DIRTY.replace("council", "zzq"))
    (tmp_path / "b.txt").write_text(DIRTY)
    result = bycatch("fix", ".")
    assert result.exit_code == 2
    assert "boom" in result.stderr
    assert (tmp_path / "a.txt").read_text() == DIRTY.replace("council", "zzq")
    assert (tmp_path / "b.txt").read_text() == CLEAN


def test_a_fix_may_uncover_another(tmp_path: Path, own_check: Callable[[str], None]) -> None:
    own_check(
        "def find(article):\n    at = article.text.find('zzq')\n"
        "    if at >= 0:\n        span = Span(at, at + 3)\n"
        "        yield Mark(span, 'seen', fix=Fix('delete', span, safe=True))\n"
    )
    (tmp_path / "a.txt").write_text("One zzzqzq two zzqthree")
    catalog = load_catalog(tmp_path / "checks").only(["own-thing"])
    (result,) = run_all(read(tmp_path / "a.txt", lang="en"), catalog, on_failure=lambda _: None)
    mended = mend(result, catalog)
    assert not isinstance(mended, Failure)
    assert mended.text == "One  two three"
    assert mended.changes == (Change(4, 10), Change(15, 18))
    assert mended.checks == {"own-thing": 3}


# JSON Lines


def escaped(text: str) -> str:
    return "".join(f"\\u{ord(c):04x}" if ord(c) < 0x10000 else c for c in text)


def test_jsonl_changes_only_the_text_value(bycatch: CLI, tmp_path: Path) -> None:
    value = json.dumps(f'{HEAD} 𝔘 é / "q" \\\n\n[ad_1]\n\n{TAIL}')
    lines = [
        '{"n": 1.50, "big": 12345678901234567890, "e": 1E5, "text" :  ' + value + ' , "z": {"text": "[ad_1]"}}\r\n',
        "\n",
        f'{{"id": "clean", "text": "{HEAD}", "x": [1,2 , 3]}}\n',
        '{"text": "' + escaped(DIRTY) + '","é":"\\u00e9", "f": NaN}\n',
        "this is no JSON\n",
        '{"text": "first", "text": ' + json.dumps(f"{HEAD} é\n\n[ad_1]\n\n{TAIL}", ensure_ascii=False) + "}",
    ]
    file = tmp_path / "a.jsonl"
    file.write_bytes("".join(lines).encode())
    result = bycatch("fix", "a.jsonl", "--max-share", "1")
    assert result.exit_code == 2
    assert "not JSON" in result.stderr
    made = file.read_bytes().decode().split("\n")
    assert made[0] == lines[0].rstrip("\n").replace("[ad_1]\\n\\n", "", 1)
    assert made[1:3] == ["", lines[2].rstrip("\n")]
    assert made[3] == lines[3].rstrip("\n").replace(escaped("[ad_1]\n\n"), "")
    assert made[4] == "this is no JSON"
    assert made[5] == lines[5].replace("[ad_1]\\n\\n", "")


@pytest.mark.parametrize("kind", ["gz", "zst"])
def test_compressed_jsonl_is_rewritten_compressed(bycatch: CLI, tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"a.jsonl.{kind}"
    rows = "".join(json.dumps({"id": str(n), "text": DIRTY if n % 2 else CLEAN, "k": n}) + "\n" for n in range(5))
    if kind == "gz":
        file.write_bytes(gzip.compress(rows.encode()))
    else:
        with pa.CompressedOutputStream(pa.OSFile(str(file), "wb"), "zstd") as out:
            out.write(rows.encode())
    diff = bycatch("fix", "--diff", file.name)
    assert diff.exit_code == 1
    assert "-[ad_1]" in diff.stdout
    assert "not for git apply" in diff.stdout
    assert bycatch("fix", file.name).exit_code == 0
    with rewriting.original(file) as stream:
        assert stream.read().decode() == rows.replace("[ad_1]\\n\\n", "")


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_jsonl_in_other_encodings(bycatch: CLI, tmp_path: Path, codec: str) -> None:
    rows = "".join(json.dumps({"id": n, "text": f"é{DIRTY}"}, ensure_ascii=False) + "\n" for n in "ab")
    (tmp_path / "a.jsonl").write_bytes(rows.encode(codec))
    assert bycatch("fix", "a.jsonl").exit_code == 0
    assert (tmp_path / "a.jsonl").read_bytes() == rows.replace("[ad_1]\\n\\n", "").encode(codec)


def test_surrogates_in_jsonl_survive_or_stop_the_file(bycatch: CLI, tmp_path: Path) -> None:
    text = json.dumps(DIRTY)[:-1] + ' \\ud800 and \\ud83d\\ude00"'
    (tmp_path / "a.jsonl").write_text(f'{{"text": {text}}}\n')
    assert bycatch("fix", "--select", "ad-marker", "a.jsonl").exit_code == 0
    assert (tmp_path / "a.jsonl").read_text() == f'{{"text": {text}}}\n'.replace("[ad_1]\\n\\n", "")


# CSV and TSV


@pytest.mark.parametrize(("name", "delimiter"), [("a.csv", ","), ("a.tsv", "\t")])
def test_csv_rewrites_only_changed_fields(bycatch: CLI, tmp_path: Path, name: str, delimiter: str) -> None:
    quoted = f'"{DIRTY}""so"" he said"'
    lines = [
        delimiter.join(["id", '"text"', "n"]) + "\r\n",
        delimiter.join(["'1'", quoted, '"007"']) + "\r\n",
        "\r\n",
        delimiter.join(["2", "clean text with no more in it than this", ""]) + "\n",
        delimiter.join(["3", quoted, "1.50"]),
    ]
    file = tmp_path / name
    file.write_bytes("".join(lines).encode())
    result = bycatch("fix", name)
    assert result.exit_code == 0, result.output
    assert file.read_bytes().decode() == "".join(lines).replace("[ad_1]\n\n", "")
    assert "no findings fixed" in bycatch("fix", name).stderr


def test_csv_fields_are_quoted_where_they_must_be() -> None:
    def made(record: str, column: int, edit: tuple[Change, ...]) -> str:
        (row,) = csv.reader([record])
        return changed(record, rewriting._in_record(record, row, column, ",", edit))

    assert made("a,bcd,e\r\n", 1, (Change(1, 2),)) == "a,bd,e\r\n"
    assert made("a,bcd,e\r\n", 1, (Change(0, 3),)) == "a,,e\r\n"
    assert made("a,bcd,e\r\n", 1, (Change(0, 1, "x,y"),)) == 'a,"x,ycd",e\r\n'
    assert made('a,b"cd,e', 1, (Change(0, 1),)) == 'a,"""cd",e'
    assert made("abc", 0, (Change(0, 3),)) == '""'
    assert made('"a""b",c', 0, (Change(1, 2),)) == '"ab",c'
    assert made('a,"x"yz,c', 1, (Change(0, 1),)) == 'a,"yz",c'


def test_csv_splices_agree_with_the_reader_on_random_records() -> None:
    dice = random.Random(7)
    tried = 0
    while tried < 3000:
        record = "".join(dice.choice('ab",\n') for _ in range(dice.randint(1, 14)))
        rows = list(csv.reader(record.splitlines(keepends=True)))
        if len(rows) != 1 or not rows[0]:
            continue
        tried += 1
        (row,) = rows
        column = dice.randrange(len(row))
        start = dice.randint(0, len(row[column]))
        edit = (Change(start, dice.randint(start, len(row[column])), dice.choice(["", 'q"', ","])),)
        new = changed(record, rewriting._in_record(record, row, column, ",", edit))
        wanted = [*row[:column], changed(row[column], edit), *row[column + 1 :]]
        assert list(csv.reader(new.splitlines(keepends=True))) == [wanted], (record, column, edit, new)


# Parquet


def test_parquet_keeps_schema_metadata_and_groups(bycatch: CLI, tmp_path: Path) -> None:
    schema = pa.schema(
        [
            pa.field("n", pa.float32(), metadata={"unit": "m"}),
            pa.field("text", pa.large_string(), nullable=True),
            pa.field("tags", pa.list_(pa.struct([("a", pa.int8())]))),
            pa.field("kind", pa.dictionary(pa.int16(), pa.string())),
        ],
        metadata={"huggingface": '{"info": 1}', "mine": "é"},
    )
    table = pa.table(
        {
            "n": [float("nan"), 1.5, None, 2.0],
            "text": [DIRTY, CLEAN, None, DIRTY],
            "tags": [[{"a": 1}], [], None, [{"a": None}]],
            "kind": ["x", "y", None, "x"],
        },
        schema=schema,
    )
    file = tmp_path / "a.parquet"
    pq.write_table(table, file, row_group_size=2, compression={"n": "none", "text": "zstd", "kind": "gzip"})
    before = pq.ParquetFile(file)
    result = bycatch("fix", "a.parquet")
    assert result.exit_code == 2  # the row without a text
    after = pq.ParquetFile(file)
    assert after.schema_arrow.equals(before.schema_arrow, check_metadata=True)
    assert after.metadata.num_row_groups == 2
    assert after.metadata.row_group(0).column(1).compression == "ZSTD"
    assert after.metadata.row_group(0).column(0).compression == "UNCOMPRESSED"
    made = after.read()
    assert made.column("text").to_pylist() == [CLEAN, CLEAN, None, CLEAN]
    assert repr(made.drop_columns("text").to_pylist()) == repr(table.drop_columns("text").to_pylist())
    assert "-[ad_1]" not in bycatch("fix", "--diff", "a.parquet").stdout


# The patch


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


NAMES = ("a.txt", "with space.txt", 'q"uote é.txt', "tab\there.txt", "a.jsonl", "a.csv")


@pytest.mark.parametrize(
    "text",
    [
        DIRTY,
        DIRTY.replace("\n", "\r\n"),
        f"[ad_1]\n\n{CLEAN}",
        f"{CLEAN}\n[ad_1]",
        f"\ufeff{DIRTY}",
        f"{HEAD}\n\n[ad_1]\n\n" + "\n\n".join(f"{TAIL} {n}" for n in range(12)) + "\n\n[ad_2]\n\nEnd of it all.",
        f"{HEAD} [ad_1]\x1b[31m\x00\x0c\x85\u2028{TAIL}\n\nAdvertisement\n\n\nMore of it.",
    ],
)
def test_git_applies_the_patch_and_gets_what_fix_writes(bycatch: CLI, tmp_path: Path, text: str) -> None:
    for name in NAMES:
        file = tmp_path / name
        if name.endswith("jsonl"):
            file.write_text(json.dumps({"text": text}) + "\n" + json.dumps({"text": CLEAN}))
        elif name.endswith("csv"):
            with file.open("w", newline="") as out:
                csv.writer(out).writerows([["id", "text"], [1, text.replace("\x00", "")], [2, CLEAN]])
        else:
            file.write_bytes(text.encode())
    before = {name: (tmp_path / name).read_bytes() for name in NAMES}
    git(tmp_path, "init", "-q", ".")
    shown = bycatch("fix", "--diff", "--max-share", "1", ".")
    assert shown.exit_code == 1, shown.output
    assert {name: (tmp_path / name).read_bytes() for name in NAMES} == before
    assert bycatch("fix", "--max-share", "1", ".").exit_code == 0
    wanted = {name: (tmp_path / name).read_bytes() for name in NAMES}
    assert all(wanted[name] != before[name] for name in NAMES)
    for name, data in before.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "p.patch").write_bytes(shown.stdout_bytes)
    git(tmp_path, "apply", "--whitespace=nowarn", "p.patch")
    assert {name: (tmp_path / name).read_bytes() for name in NAMES} == wanted


def test_the_patch_of_utf_16_is_for_reading(bycatch: CLI, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DIRTY, encoding="utf-16")
    shown = bycatch("fix", "--diff", "a.txt")
    assert shown.exit_code == 1
    assert "not for git apply" in shown.stdout
    assert "\n-[ad_1]\n" in shown.stdout


# When things go wrong


def test_nothing_changes_when_one_file_cannot_be_written(
    bycatch: CLI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(DIRTY)
    write = rewriting._write

    def full(path: Path, *rest: object) -> None:
        if path.name == "b.txt":
            raise OSError(28, "No space left on device", str(path))
        write(path, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(rewriting, "_write", full)
    result = bycatch("fix", "a.txt", "b.txt")
    assert result.exit_code == 2
    assert "No space left" in result.stderr
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"a.txt": DIRTY, "b.txt": DIRTY}


def test_what_does_not_read_back_is_not_kept(bycatch: CLI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(DIRTY)

    def one_off(*rest: object) -> list[rewriting.Edit]:
        return [rewriting.Edit(start, end + 1, data) for start, end, data in edits(*rest)]  # type: ignore[arg-type]

    edits = rewriting.edits
    monkeypatch.setattr(rewriting, "edits", one_off)
    result = bycatch("fix", "a.txt")
    assert result.exit_code == 2
    assert "does not read back" in result.stderr
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"a.txt": DIRTY}


def test_a_file_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps({"text": DIRTY + "more"}) + "\n")
    before = file.read_bytes()
    with pytest.raises(rewriting.RewritingError, match="changed by someone else meanwhile"):
        rewriting.Rewrite(file, {1: (len(DIRTY), (Change(0, 3),))}, Fields())
    with pytest.raises(rewriting.RewritingError, match="changed by someone else meanwhile"):
        rewriting.Rewrite(file, {2: (len(DIRTY), (Change(0, 3),))}, Fields())
    assert file.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["a.jsonl"]
