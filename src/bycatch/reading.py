"""Reading: files in, a stream of Articles out; what cannot be read is a failure that says where and why.

Text files are one article each. JSON Lines, Parquet, CSV and TSV hold one article per record; their field names are
given by `Fields`. Text is never altered: no newline translation, no replacement of bytes that do not decode.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, Final

from bycatch.article import Article, Failure
from bycatch.errors import UserError
from bycatch.sources import Declared

TEXT_SUFFIXES: Final = (".txt", ".md")
RECORD_SUFFIXES: Final = (".jsonl", ".jsonl.gz", ".jsonl.zst", ".parquet", ".csv", ".tsv")
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Rows of a Parquet batch: enough to keep pyarrow's overhead small, few enough for articles of a megabyte.
_BATCH: Final = 256
_FRONT_MATTER: Final = re.compile(r"---[ \t]*\r?\n(.*?\r?\n)---[ \t]*(?:\r?\n|$)", re.DOTALL)


class ReadingError(UserError):
    """Input that cannot be read; the message names the file, the line and what to do."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Names of the fields of a record. All but ``text`` may be missing from the data."""

    text: str = "text"
    id: str = "id"
    lang: str = "lang"
    title: str = "title"
    source: str = "source"


# A file has fewer records than this holds.
_RECORD_BITS: Final = 48


def read(
    *paths: str | Path,
    fields: Fields | None = None,
    lang: str | Declared | None = None,
    on_failure: Callable[[Failure], None] | None = None,
) -> Iterator[Article]:
    """Stream the articles of files and folders (recursive, in order of name).

    ``lang`` is declared for articles that declare none, for all of them or by source. What cannot be read is handed to
    ``on_failure`` and reading goes on; without it the first failure raises ReadingError, as a missing path always does.
    """
    # The hash in place of the id, and two numbers in place of the path: a million ids would take a quarter gigabyte.
    seen: dict[int, int] = {}
    paths_read: list[str] = []
    declared = lang if isinstance(lang, Declared) else Declared(lang)
    for item in _stream(find_files(paths), fields or Fields(), declared):
        if isinstance(item, Article):
            if not paths_read or paths_read[-1] != item.path:
                paths_read.append(item.path)
            place = (len(paths_read) << _RECORD_BITS) + item.record
            first = seen.setdefault(hash(item.id), place)
            if first == place:
                yield item
                continue
            path, record = paths_read[(first >> _RECORD_BITS) - 1], first & ((1 << _RECORD_BITS) - 1)
            item = Failure(
                item.path,
                f"the id {item.id!r} was already used at {path}{f':{record}' if record else ''}; ids must be unique",
                item.id,
                item.record or None,
            )
        if on_failure is None:
            raise ReadingError(str(item))
        on_failure(item)


def find_files(paths: Iterable[str | Path]) -> list[Path]:
    """The readable files at and below the paths, folders in order of name, nothing twice.

    Raises ReadingError for a path that does not exist.
    """
    files: dict[Path, None] = {}
    for given in paths:
        path = Path(given)
        if path.is_dir():
            below = (p for p in path.rglob("*") if p.is_file() and not _hidden(p, path))
            for file in sorted((p for p in below if _kind(p)), key=lambda p: p.parts):
                files[file] = None
        elif path.exists():
            files[path] = None
        else:
            raise ReadingError(f"{path}: no such file or folder")
    return list(files)


def article_name(path: Path) -> str:
    """The path of a file as findings and ids name it: relative to the current directory where it is below it."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def decode(data: bytes, path: str) -> str:
    """Bytes to text: UTF-8, or UTF-16 and UTF-32 by their byte order mark or pattern of zero bytes.

    Raises ReadingError naming the file and the first byte that does not decode.
    """
    encoding = encoding_of(data)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadingError(_undecodable(path, error.start, data[error.start], encoding)) from error


def encoding_of(data: bytes) -> str:
    """The codec of a text by its first bytes; UTF-8 unless a mark or a pattern of zero bytes says otherwise."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding
    head = data[:512]
    # UTF-16 without a mark: in any alphabet of low code points every second byte is the same small number.
    if len(head) >= 16 and head.count(0) >= 0.3 * len(head):
        if head[1::2].count(0) >= 0.6 * (len(head) // 2) and head[0::2].count(0) == 0:
            return "utf-16-le"
        if head[0::2].count(0) >= 0.6 * (len(head) // 2) and head[1::2].count(0) == 0:
            return "utf-16-be"
    return "utf-8"


def _undecodable(path: str, offset: int, byte: int, encoding: str) -> str:
    codec = encoding.removesuffix("-sig").upper()
    return f"byte 0x{byte:02x} at offset {offset} of {Path(path).name} is not valid {codec}; convert the file to UTF-8"


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)


def _kind(path: Path) -> str | None:
    name = path.name.lower()
    for suffix in (*RECORD_SUFFIXES, *TEXT_SUFFIXES):
        if name.endswith(suffix):
            return suffix
    return None


def _stream(files: Iterable[Path], fields: Fields, declared: Declared) -> Iterator[Article | Failure]:
    readers: Mapping[str, Callable[[Path, Fields], Iterator[tuple[int, Mapping[str, Any]] | Failure]]] = {
        ".jsonl": _jsonl, ".jsonl.gz": _jsonl, ".jsonl.zst": _jsonl,
        ".csv": _csv, ".tsv": _csv, ".parquet": _parquet,
    }  # fmt: skip
    for path in files:
        name = article_name(path)
        kind = _kind(path) or ".txt"
        try:
            if kind in TEXT_SUFFIXES:
                yield _text_file(path, name, declared, markdown=kind == ".md")
                continue
            for row in readers[kind](path, fields):
                yield row if isinstance(row, Failure) else _article(name, *row, fields, declared)
        except ReadingError as error:
            yield Failure(name, str(error))
        except OSError as error:
            yield Failure(name, f"cannot be read: {error.strerror or error}")


def _text_file(path: Path, name: str, declared: Declared, *, markdown: bool) -> Article:
    article = text_article(decode(path.read_bytes(), name), name, markdown=markdown)
    return article if article.lang else replace(article, lang=declared(article.source, name))


def text_article(text: str, name: str, lang: str | None = None, *, markdown: bool = False) -> Article:
    """The article of a text file; the front matter of a Markdown file declares its language, title and source."""
    if not markdown:
        return Article(name, text, lang, path=name)
    meta: dict[str, object] = {"format": "markdown"}
    given: dict[str, str] = {}
    if front := _FRONT_MATTER.match(text):
        meta["body"] = front.end()
        for row in front.group(1).splitlines():
            key, colon, value = row.partition(":")
            if colon and value.strip():
                given[key.strip().lower()] = value.strip().strip("\"'")
    return Article(name, text, given.get("lang") or lang, given.get("title"), given.get("source"), meta, name)


def _article(name: str, record: int, row: Mapping[str, Any], fields: Fields, declared: Declared) -> Article | Failure:
    text = row.get(fields.text)
    given = row.get(fields.id)
    identity = f"{name}:{record}" if given is None or given == "" else str(given)
    if not isinstance(text, str):
        what = "no field" if fields.text not in row else f"{type(text).__name__} in place of text in field"
        return Failure(
            name, f"{what} {fields.text!r}; name the field that holds the text with --text-field", identity, record
        )

    def string(key: str) -> str | None:
        value = row.get(key)
        return value if isinstance(value, str) and value else None

    source = string(fields.source)
    lang = string(fields.lang) or declared(source, name)
    return Article(identity, text, lang, string(fields.title), source, {}, name, record)


def _jsonl(path: Path, _: Fields) -> Iterator[tuple[int, Mapping[str, Any]] | Failure]:
    name = article_name(path)
    at = 0
    with _opened(path) as lines:
        for number, line in enumerate(_rows(lines), 1):
            begin, at = at, at + len(line)
            if not line.strip():
                continue
            try:
                row = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
            except UnicodeDecodeError as error:
                yield Failure(name, _undecodable(name, begin + error.start, line[error.start], "utf-8"), None, number)
                continue
            except (json.JSONDecodeError, RecursionError) as error:
                why = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
                yield Failure(name, f"not JSON: {why}; each line must be one JSON object", None, number)
                continue
            if isinstance(row, dict):
                yield number, row
            else:
                yield Failure(name, f"a JSON {type(row).__name__} in place of an object", None, number)


def _rows(stream: IO[bytes]) -> Iterator[bytes]:
    head = stream.readline()
    encoding = encoding_of(head)
    if encoding.startswith(("utf-16", "utf-32")):
        yield from (row.encode() for row in (head + stream.read()).decode(encoding).splitlines(keepends=True))
        return
    while head:
        yield head
        head = stream.readline()


def _opened(path: Path) -> IO[bytes]:
    name = path.name.lower()
    if name.endswith(".gz"):
        return _checked(gzip.open(path, "rb"), path)
    if name.endswith(".zst"):
        import pyarrow as pa

        return _checked(io.BufferedReader(pa.input_stream(str(path), compression="zstd")), path)
    return path.open("rb")


def _checked(stream: Any, path: Path) -> IO[bytes]:
    try:
        stream.peek(1)
    except (OSError, EOFError) as error:
        raise ReadingError(f"{path.name} does not decompress: {error}") from error
    return stream  # type: ignore[no-any-return]


def _csv(path: Path, fields: Fields) -> Iterator[tuple[int, Mapping[str, Any]] | Failure]:
    name = article_name(path)
    csv.field_size_limit(sys.maxsize)
    with path.open("rb") as raw:
        encoding = encoding_of(raw.peek(512))
        stream = io.TextIOWrapper(raw, encoding=encoding, newline="")
        rows = csv.DictReader(stream, delimiter="\t" if name.lower().endswith(".tsv") else ",")
        try:
            _has_text(rows.fieldnames or (), fields, path)
            for row in rows:
                yield rows.line_num, row
        except UnicodeDecodeError as error:
            offset = _first_bad_byte(path, encoding)
            raise ReadingError(_undecodable(name, offset, error.object[error.start], encoding)) from error
        except csv.Error as error:
            yield Failure(name, f"not valid CSV: {error}", None, rows.line_num)


def _first_bad_byte(path: Path, encoding: str) -> int:
    decoder, at = codecs.getincrementaldecoder(encoding)(), 0
    with path.open("rb") as raw:
        while chunk := raw.read(1 << 16):
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return at - pending + error.start
            at += len(chunk)
    return at


def _parquet(path: Path, fields: Fields) -> Iterator[tuple[int, Mapping[str, Any]] | Failure]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
    except pa.ArrowInvalid as error:
        raise ReadingError(f"{path.name} is not a Parquet file: {error}") from error
    names = file.schema_arrow.names
    _has_text(names, fields, path)
    wanted = [n for n in (fields.text, fields.id, fields.lang, fields.title, fields.source) if n in names]
    number = 0
    try:
        for batch in file.iter_batches(batch_size=_BATCH, columns=wanted):
            for row in batch.to_pylist():
                number += 1
                yield number, row
    except (pa.ArrowInvalid, OSError, UnicodeDecodeError) as error:
        raise ReadingError(f"{path.name} breaks off after row {number}: {error}") from error


def _has_text(names: Iterable[str], fields: Fields, path: Path) -> None:
    listed = list(names)
    if fields.text not in listed:
        raise ReadingError(
            f"{path.name} has no column {fields.text!r}; it has {', '.join(listed) or 'none'}: choose with --text-field"
        )
