"""Rewriting: changed texts go back into the files they were read from, and nothing else in them moves.

A change of a text becomes an edit of bytes: in a text file at the place itself, in JSON Lines, CSV and TSV inside the
value of the text field of its record. Every other byte is copied. Parquet, which has no such places, is written anew
row group by row group with its schema and metadata. The new file is made beside the old one, read back and compared,
and only then takes its place.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import gzip
import io
import itertools
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from json.decoder import scanstring  # type: ignore[attr-defined]  # public since 2.6, unknown to the stubs
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

from bycatch.article import Article, Failure
from bycatch.errors import UserError
from bycatch.fixing import Change, changed
from bycatch.reading import Fields, encoding_of, read

# The changes of one file, by record (0 for a file that is one article), with the length the text had when it was read.
Changes = Mapping[int, tuple[int, tuple[Change, ...]]]

_CHUNK: Final = 1 << 20
_SPACES: Final = " \t\r\n"
_MARKS: Final = {"utf-8-sig": (codecs.BOM_UTF8, "utf-8")}


class RewritingError(UserError):
    """A file that cannot be rewritten; it is as it was."""


class Edit(NamedTuple):
    """Bytes ``start:end`` of a file, decompressed, become ``data``."""

    start: int
    end: int
    data: bytes


def edits(path: Path, changes: Changes, fields: Fields) -> Iterator[Edit]:
    """The changes as edits of the file's bytes, in order of place. Not for Parquet."""
    name = path.name.lower()
    if ".jsonl" in name and name.endswith((".jsonl", ".jsonl.gz", ".jsonl.zst")):
        return _jsonl(path, changes, fields)
    if name.endswith((".csv", ".tsv")):
        return _csv(path, changes, fields)
    return _text(path, changes)


def is_table(path: Path) -> bool:
    """Whether the file is Parquet, which has no lines to edit."""
    return path.name.lower().endswith(".parquet")


def has_lines(path: Path) -> bool:
    """Whether the file holds plain lines of bytes that a patch can name: not compressed, Parquet, UTF-16 or UTF-32."""
    if is_table(path) or path.name.lower().endswith((".gz", ".zst")):
        return False
    with path.open("rb") as file:
        return not encoding_of(file.read(_CHUNK)).startswith(("utf-16", "utf-32"))


def of_text(text: str, changes: Iterable[Change]) -> tuple[bytes, list[Edit]]:
    """The text as UTF-8 and its changes as edits of that; lone surrogates are written as escapes."""
    shown = [c._replace(insert=_escaped(c.insert)) for c in changes]
    if _escaped(text) == text:
        return text.encode(), list(_encoded(text, shown, 0, "utf-8"))
    places = [0, *itertools.accumulate(len(_escaped(c)) for c in text)]
    spots = [c._replace(start=places[c.start], end=places[c.end]) for c in shown]
    return _escaped(text).encode(), list(_encoded(_escaped(text), spots, 0, "utf-8"))


def _escaped(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def original(path: Path) -> IO[bytes]:
    """The file's bytes, decompressed."""
    name = path.name.lower()
    if name.endswith(".jsonl.gz"):
        return gzip.open(path, "rb")  # type: ignore[return-value]
    if name.endswith(".jsonl.zst"):
        import pyarrow as pa

        return io.BufferedReader(pa.input_stream(str(path), compression="zstd"))
    return path.open("rb")


class Rewrite:
    """A new version of one file, written and proven beside it; `commit` puts it in place, `discard` forgets it."""

    def __init__(self, path: Path, changes: Changes, fields: Fields) -> None:
        """Write and prove; raises RewritingError, leaving nothing behind, where the proof fails."""
        self.path = path
        # A link stays a link: what it points at is replaced.
        self._target = path.resolve()
        if not os.access(self._target, os.W_OK):
            raise RewritingError(f"{path}: is read-only; make it writable to have it fixed")
        handle, made = tempfile.mkstemp(
            # The ending tells the reader, which proves the file, what is in it; the dot keeps it out of other runs.
            prefix=".bycatch-",
            suffix=f"-{self._target.name}"[-100:],
            dir=self._target.parent,
        )
        os.close(handle)
        self._new = Path(made)
        try:
            _write(path, self._new, changes, fields)
            shutil.copymode(self._target, self._new)
            prove(path, self._new, changes, fields)
        except BaseException:
            self.discard()
            raise

    def commit(self) -> None:
        """Put the new file in the place of the old one, in one step."""
        self._new.replace(self._target)

    def discard(self) -> None:
        """Delete the new file."""
        with contextlib.suppress(FileNotFoundError):
            self._new.unlink()


def _write(path: Path, new: Path, changes: Changes, fields: Fields) -> None:
    if is_table(path):
        _parquet(path, new, changes, fields)
        return
    with original(path) as source, _compressed(path, new) as target:
        at = 0
        for edit in edits(path, changes, fields):
            _copy(source, target, edit.start - at)
            source.read(edit.end - edit.start)
            target.write(edit.data)
            at = edit.end
        _copy(source, target, None)
        target.flush()
    with new.open("rb") as written:
        os.fsync(written.fileno())


def _copy(source: IO[bytes], target: IO[bytes], count: int | None) -> None:
    while count is None or count > 0:
        chunk = source.read(_CHUNK if count is None else min(count, _CHUNK))
        if not chunk:
            return
        target.write(chunk)
        count = None if count is None else count - len(chunk)


@contextlib.contextmanager
def _compressed(path: Path, new: Path) -> Iterator[IO[bytes]]:
    name = path.name.lower()
    if name.endswith(".jsonl.gz"):
        # No name and no time inside: the same text makes the same file.
        with new.open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed:
            yield packed  # type: ignore[misc]
    elif name.endswith(".jsonl.zst"):
        import pyarrow as pa

        with pa.CompressedOutputStream(pa.OSFile(str(new), "wb"), "zstd") as packed:
            yield packed
    else:
        with new.open("wb") as plain:
            yield plain


def prove(path: Path, new: Path, changes: Changes, fields: Fields) -> None:
    """Read both files with the reader every command uses; raises RewritingError unless the changes alone differ.

    Articles come in the same number and order, with the same id, language, title and source; texts are the same but
    for the changes; what could not be read before cannot be read now.
    """
    before: list[Failure] = []
    after: list[Failure] = []
    pairs = itertools.zip_longest(
        read(path, fields=fields, on_failure=before.append), read(new, fields=fields, on_failure=after.append)
    )
    done = 0
    for old, made in pairs:
        if old is None or made is None:
            raise _unproven(path, "it holds another number of articles")
        length, edit = changes.get(old.record, (None, ()))
        done += length is not None
        if length is not None and length != len(old.text):
            raise RewritingError(f"{path}: was changed by someone else meanwhile; run again")
        if made.text != changed(old.text, edit):
            raise _unproven(path, f"the text of article {old.id!r} does not read back as it should", old.record)
        if _rest(old) != _rest(made):
            raise _unproven(path, f"another field of article {old.id!r} would change", old.record)
    if done != len(changes):
        raise RewritingError(f"{path}: was changed by someone else meanwhile; run again")
    if len(before) != len(after):
        raise _unproven(path, f"it cannot be read whole: {(after or before)[-1].reason}")


def _rest(article: Article) -> tuple[object, ...]:
    unnamed = article.id in (article.path, f"{article.path}:{article.record}")
    return None if unnamed else article.id, article.lang, article.title, article.source


def _unproven(path: Path, why: str, record: int = 0) -> RewritingError:
    place = f"{path}:{record}" if record else str(path)
    return RewritingError(f"{place}: the fixed file was not kept, for {why}; the file is as it was")


def _text(path: Path, changes: Changes) -> Iterator[Edit]:
    data = path.read_bytes()
    mark, codec = _codec(data)
    if not changes:
        return
    ((length, edit),) = changes.values()
    text = data[len(mark) :].decode(codec)
    if len(text) != length:
        raise RewritingError(f"{path}: was changed by someone else meanwhile; run again")
    yield from _encoded(text, edit, len(mark), codec)


def _encoded(text: str, changes: Iterable[Change], offset: int, codec: str) -> Iterator[Edit]:
    """Changes of a text that lies encoded at an offset."""
    at = 0
    for start, end, insert in changes:
        offset += len(text[at:start].encode(codec))
        size = len(text[start:end].encode(codec))
        yield Edit(offset, offset + size, insert.encode(codec))
        offset += size
        at = end


def _codec(head: bytes) -> tuple[bytes, str]:
    """The byte order mark a file begins with and the codec of what follows."""
    encoding = encoding_of(head)
    if encoding in ("utf-16", "utf-32"):
        size = 2 if encoding == "utf-16" else 4
        order = "le" if head[0] == 0xFF else "be"
        return head[:size], f"{encoding}-{order}"
    return _MARKS.get(encoding, (b"", encoding))


def _jsonl(path: Path, changes: Changes, fields: Fields) -> Iterator[Edit]:
    with original(path) as stream:
        head = stream.readline()
        mark, codec = _codec(head)
        rows: Iterable[bytes]
        if codec.startswith(("utf-16", "utf-32")):
            whole = (head + stream.read())[len(mark) :].decode(codec)
            rows = (row.encode(codec) for row in whole.splitlines(keepends=True))
        else:
            rows = itertools.chain((head[len(mark) :],), stream)
        at = len(mark)
        for number, row in enumerate(rows, 1):
            if number in changes:
                line = row.decode(codec)
                raw, insertions = _json_value(path, number, line, fields.text)
                length, edit = changes[number]
                if len(insertions) != length + 1:
                    raise RewritingError(f"{path}:{number}: was changed by someone else meanwhile; run again")
                plain = line.isascii()
                spots = [
                    Change(insertions[c.start], insertions[c.end], _json_text(c.insert, plain=plain)) for c in edit
                ]
                _same_otherwise(path, number, line, changed(line, spots), fields.text, raw)
                yield from _encoded(line, spots, at, codec)
            at += len(row)


def _json_text(text: str, *, plain: bool) -> str:
    """Text as it stands inside a JSON string, escaped where the line escapes."""
    return json.dumps(text, ensure_ascii=plain or _escaped(text) != text)[1:-1]


def _json_value(path: Path, number: int, line: str, field: str) -> tuple[int, list[int]]:
    """Where the field's string begins in a line of JSON, and the place of each of its characters (and of its end)."""
    decoder = json.JSONDecoder()
    value = None
    at = _skip(line, line.index("{") + 1)
    while line[at] != "}":
        key, at = scanstring(line, at + 1, True)
        at = _skip(line, _skip(line, at) + 1)
        if key == field:
            # The last one counts where a key comes twice, as it does for the reader.
            value = at
        _, at = decoder.raw_decode(line, at)
        at = _skip(line, at)
        if line[at] == ",":
            at = _skip(line, at + 1)
    if value is None or line[value] != '"':
        raise RewritingError(f"{path}:{number}: was changed by someone else meanwhile; run again")
    return value, _json_places(line, value + 1)


def _skip(line: str, at: int) -> int:
    while line[at] in _SPACES:
        at += 1
    return at


def _json_places(line: str, at: int) -> list[int]:
    places: list[int] = []
    while (character := line[at]) != '"':
        places.append(at)
        if character != "\\":
            at += 1
        elif line[at + 1] != "u":
            at += 2
        else:
            high, low = line[at + 2 : at + 6], line[at + 6 : at + 12]
            at += 6
            if _between(high, 0xD800, 0xDBFF) and low.startswith("\\u") and _between(low[2:], 0xDC00, 0xDFFF):
                at += 6
    return [*places, at]


def _between(digits: str, low: int, high: int) -> bool:
    return low <= int(digits, 16) <= high


def _same_otherwise(path: Path, number: int, line: str, new: str, field: str, value: int) -> None:
    """Hold the pairs of both lines against each other, numbers by their digits; raises where another one changed."""

    def pairs(row: str) -> Any:
        return json.loads(row, object_pairs_hook=list, parse_float=str, parse_int=str, parse_constant=str)

    old, made = pairs(line), pairs(new)
    if line[:value] != new[:value] or [p for p in old if p[0] != field] != [p for p in made if p[0] != field]:
        raise _unproven(path, "another field would change", number)


def _csv(path: Path, changes: Changes, fields: Fields) -> Iterator[Edit]:
    csv.field_size_limit(sys.maxsize)
    delimiter = "\t" if path.name.lower().endswith(".tsv") else ","
    with path.open("rb") as raw:
        mark, codec = _codec(raw.peek(512))
        raw.read(len(mark))
        stream = io.TextIOWrapper(raw, encoding=codec, newline="")
        taken: list[str] = []

        def lines() -> Iterator[str]:
            for line in stream:
                taken.append(line)
                yield line

        rows = csv.reader(lines(), delimiter=delimiter)
        at, column = len(mark), None
        for row in rows:
            record = "".join(taken)
            taken.clear()
            if column is None and row:
                # The last one counts where a column comes twice, as it does for the reader.
                column = len(row) - 1 - row[::-1].index(fields.text)
            elif rows.line_num in changes and column is not None:
                length, edit = changes[rows.line_num]
                if len(row) <= column or len(row[column]) != length:
                    raise RewritingError(f"{path}:{rows.line_num}: was changed by someone else meanwhile; run again")
                yield from _encoded(record, _in_record(record, row, column, delimiter, edit), at, codec)
            at += len(record.encode(codec))


def _in_record(
    record: str, row: list[str], column: int, delimiter: str, edit: tuple[Change, ...]
) -> tuple[Change, ...]:
    """Changes of a field as changes of its record; the whole field is written anew where its quoting must change."""
    start, places = _csv_places(record, column, delimiter)
    quoted = record[start : start + 1] == '"'
    spots = tuple(
        Change(places[c.start], places[c.end], c.insert.replace('"', '""') if quoted else c.insert) for c in edit
    )
    wanted = [*row[:column], changed(row[column], edit), *row[column + 1 :]]
    made = list(csv.reader(io.StringIO(changed(record, spots), newline=""), delimiter=delimiter))
    if made == [wanted]:
        return spots
    end = places[-1] + 1 if quoted and record[places[-1] : places[-1] + 1] == '"' else places[-1]
    return (Change(start, end, '"' + wanted[column].replace('"', '""') + '"'),)


def _csv_places(record: str, column: int, delimiter: str) -> tuple[int, list[int]]:
    """Where a field begins in its record, and the place of each of its characters (and of its end)."""
    at, field, start = 0, 0, 0
    places: list[int] = []
    quoted = record[:1] == '"'
    at += quoted
    while at < len(record):
        character = record[at]
        if quoted and character == '"':
            if record[at + 1 : at + 2] != '"':
                quoted = False
                end = at
                at += 1
                if field == column and record[at : at + 1] in (delimiter, "\r", "\n", ""):
                    return start, [*places, end]
                continue
            places.append(at)
            at += 2
            continue
        if not quoted and character in (delimiter, "\r", "\n"):
            if field == column or character != delimiter:
                break
            field, at = field + 1, at + 1
            start, places = at, []
            quoted = record[at : at + 1] == '"'
            at += quoted
            continue
        places.append(at)
        at += 1
    return start, [*places, at]


def _parquet(path: Path, new: Path, changes: Changes, fields: Fields) -> None:
    """The table again with the changed texts: same schema, metadata, row groups and compression."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        schema, kept = file.schema_arrow, file.metadata
        column = schema.get_field_index(fields.text)
        first = kept.row_group(0) if kept.num_row_groups else None
        packing = {
            first.column(i).path_in_schema: _packing(first.column(i).compression)
            for i in range(first.num_columns)
        } if first else "snappy"  # fmt: skip
        with pq.ParquetWriter(new, schema, compression=packing, version=kept.format_version) as writer:
            row = 0
            for number in range(kept.num_row_groups):
                table = file.read_row_group(number)
                texts = table.column(column).to_pylist()
                for at, text in enumerate(texts, row + 1):
                    if at in changes:
                        texts[at - row - 1] = changed(text, changes[at][1])
                row += len(texts)
                made = table.set_column(column, schema.field(column), pa.array(texts, type=schema.field(column).type))
                writer.write_table(made, row_group_size=max(1, len(texts)))
            written = {key.encode() for key in ("ARROW:schema",)} | set(schema.metadata or {})
            extra = {k: v for k, v in (kept.metadata or {}).items() if k not in written}
            if extra:
                writer.add_key_value_metadata(extra)
    _same_table(path, new, column)


def _packing(codec: str) -> str:
    return "none" if codec == "UNCOMPRESSED" else codec.lower()


def _same_table(path: Path, new: Path, column: int) -> None:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as old, pq.ParquetFile(new) as made:
        if not old.schema_arrow.equals(made.schema_arrow, check_metadata=True):
            raise _unproven(path, "its schema would change")
        kept, now = dict(old.metadata.metadata or {}), dict(made.metadata.metadata or {})
        for given in (kept, now):
            given.pop(b"ARROW:schema", None)
        if kept != now or old.num_row_groups != made.num_row_groups:
            raise _unproven(path, "its metadata would change")
        for number in range(old.num_row_groups):
            was = old.read_row_group(number).remove_column(column)
            is_ = made.read_row_group(number).remove_column(column)
            # Not a number is unequal to itself, so tables that hold one are compared as they are written.
            if not was.equals(is_) and repr(was.to_pylist()) != repr(is_.to_pylist()):
                raise _unproven(path, "another column would change")
