"""Reading: every format, every encoding, and what becomes of input that cannot be read."""

from __future__ import annotations

import codecs
import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bycatch import Failure, Fields, ReadingError, read
from bycatch.sources import Declared

TEXT = "Der Fährmann wartet.\n\nEr grüßt Ωμέγα und 東京."


def texts(*paths: Path, **options: object) -> list[str]:
    return [article.text for article in read(*paths, **options)]


@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_encodings_are_recognised_by_their_mark(tmp_path: Path, mark: bytes, codec: str) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(mark + TEXT.encode(codec))
    assert texts(file) == [TEXT]


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_recognised(tmp_path: Path, codec: str) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes("The ferry runs again on Monday.".encode(codec))
    assert texts(file) == ["The ferry runs again on Monday."]


def test_bytes_that_do_not_decode_name_file_and_offset(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"The caf\xe9 is open.")
    with pytest.raises(ReadingError, match=r"a\.txt: .*0xe9 at offset 7 of a\.txt.*UTF-8"):
        texts(file)


def test_newlines_and_null_bytes_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"one\r\ntwo\rthree\x00\n")
    assert texts(file) == ["one\r\ntwo\rthree\x00\n"]


def test_folders_are_read_in_order_of_name_and_hidden_files_left_out(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", ".hidden.txt", ".git/x.txt", "a/picture.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    assert texts(tmp_path) == ["a/z.md", "b.txt"]


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text")
    assert len(texts(tmp_path, tmp_path / "a.txt")) == 1


def _jsonl(rows: list[object]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


ROWS = [
    {"id": 7, "text": "one", "lang": "fr", "title": "T", "source": "s"},
    {"id": "b", "text": "two"},
]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst"])
def test_json_lines_plain_and_compressed(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    data = _jsonl(ROWS)
    if name.endswith(".gz"):
        data = gzip.compress(data)
    if name.endswith(".zst"):
        data = pa.Codec("zstd").compress(data, asbytes=True)
    file.write_bytes(data)
    first, second = read(file, lang="de")
    assert (first.id, first.text, first.lang, first.title, first.source, first.record) == (
        "7",
        "one",
        "fr",
        "T",
        "s",
        1,
    )
    assert (second.id, second.lang, second.record) == ("b", "de", 2)


def test_tables_with_fields_of_other_names(tmp_path: Path) -> None:
    table = pa.table({"url": ["u1", "u2"], "body": ["one", "two\nlines"], "extra": [1, 2]})
    pq.write_table(table, tmp_path / "a.parquet")
    (tmp_path / "b.csv").write_text('url,body\nu3,"three, quoted"\n', encoding="utf-8")
    (tmp_path / "c.tsv").write_text("url\tbody\nu4\tfour\n", encoding="utf-8")
    articles = list(read(tmp_path, fields=Fields(text="body", id="url")))
    assert [(a.id, a.text) for a in articles] == [
        ("u1", "one"),
        ("u2", "two\nlines"),
        ("u3", "three, quoted"),
        ("u4", "four"),
    ]


def failures(*paths: Path) -> tuple[list[str], list[Failure]]:
    listed: list[Failure] = []
    return [a.text for a in read(*paths, on_failure=listed.append)], listed


def test_a_bad_line_is_a_failure_and_the_rest_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(b'{"text": "one"}\n{"text": \n[1]\n{"body": 1}\n{"text": 5}\n\xff\xfe\n{"text": "two"}\n')
    read_texts, failed = failures(file)
    assert read_texts == ["one", "two"]
    assert [f.line for f in failed] == [2, 3, 4, 5, 6]
    reasons = " / ".join(f.reason for f in failed)
    for part in ("not JSON", "JSON list", "no field 'text'", "int in place of text", "0xff at offset"):
        assert part in reasons


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.csv", b"url,body\n1,2\n", "no column 'text'; it has url, body"),
        ("a.parquet", b"PAR0 nothing", "is not a Parquet file"),
        ("a.jsonl.gz", b"not gzip", "does not decompress"),
        ("a.csv", b"text\ncaf\xe9\n", "0xe9 at offset 8"),
    ],
)
def test_unreadable_files_are_failures_with_the_way_out(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(data)
    (tmp_path / "good.txt").write_text("good")
    read_texts, failed = failures(tmp_path)
    assert read_texts == ["good"]
    assert len(failed) == 1
    assert reason in failed[0].reason
    assert failed[0].path.endswith(name)


def test_a_missing_parquet_column_names_the_columns(tmp_path: Path) -> None:
    pq.write_table(pa.table({"body": ["x"]}), tmp_path / "a.parquet")
    with pytest.raises(ReadingError, match="no column 'text'; it has body"):
        texts(tmp_path)


def test_a_repeated_id_names_both_places(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(_jsonl([{"id": "x", "text": "one"}, {"id": "x", "text": "two"}]))
    read_texts, failed = failures(file)
    assert read_texts == ["one"]
    assert "a.jsonl:1" in failed[0].reason
    assert failed[0].line == 2


def test_a_missing_path_is_an_error_even_where_failures_are_collected(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="no such file or folder"):
        failures(tmp_path / "nowhere")


def test_front_matter_declares_and_offsets_stay_those_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text('---\nlang: sv\ntitle: "Färjan"\nsource: example.org\n---\n\nFärjan går igen.\n', encoding="utf-8")
    (article,) = read(file)
    assert (article.lang, article.title, article.source) == ("sv", "Färjan", "example.org")
    (paragraph,) = article.paragraphs
    assert article.text[paragraph.start : paragraph.end] == "Färjan går igen."


def test_lone_surrogates_in_json_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(b'{"text": "broken \\ud800 half"}\n')
    assert texts(file) == ["broken \ud800 half"]


def test_a_language_is_declared_for_all_for_a_host_or_for_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        "".join(
            json.dumps({"id": source, "text": "x", "source": source}) + "\n"
            for source in ("http://www.example.org/1", "http://news.example.org/2", "http://other.net/", "Gazette", "")
        )
        + json.dumps({"id": "own", "text": "x", "source": "https://example.org/3", "lang": "pl"}),
        encoding="utf-8",
    )
    (tmp_path / "town").mkdir()
    (tmp_path / "town" / "b.txt").write_text("x", encoding="utf-8")
    (tmp_path / "town" / "c.md").write_text("---\nsource: https://example.org/c\n---\nx", encoding="utf-8")
    of_source = {"example.org": "fr", "news.example.org": "de", "Gazette": "es", str(tmp_path / "town"): "nl"}
    found = {article.id: article.lang for article in read(tmp_path, lang=Declared("en", of_source))}
    assert found == {
        "http://www.example.org/1": "fr", "http://news.example.org/2": "de", "http://other.net/": "en",
        "Gazette": "es", f"{tmp_path}/a.jsonl:5": "en", "own": "pl",
        f"{tmp_path}/town/b.txt": "nl", f"{tmp_path}/town/c.md": "nl",
    }  # fmt: skip
