"""The vocabulary: what every other module speaks of.

Positions are code points of the article's own text, half open, counted from 0. Lines and columns count from 1.
"""

from __future__ import annotations

import bisect
import itertools
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Literal, NamedTuple

from bycatch.folding import fold, fold_decomposed
from bycatch.wrapping import paragraph_bounds

Severity = Literal["error", "warning", "note"]
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")
RANK: Final[Mapping[str, int]] = {severity: rank for rank, severity in enumerate(SEVERITIES)}
# In texts up to this length lines are counted sooner than their beginnings are listed.
_SHORT: Final = 10_000


def _as_call(item: Any) -> tuple[type, tuple[object, ...]]:
    """For pickle: what to call and with what, to have the object again.

    A frozen dataclass with slots is otherwise taken apart and set field by field, in Python, which takes four times as
    long; workers send a great many findings.
    """
    return type(item), tuple([getattr(item, name) for name in item.__slots__])


class Span(NamedTuple):
    """A stretch of the article's text: ``text[start:end]``."""

    start: int
    end: int


class Paragraph(NamedTuple):
    """One non-blank line of the article, or several where the file is hard-wrapped.

    ``folded`` is the text in lower case with plain quotes, dashes and spaces (see `bycatch.folding`). It is as long
    as the text except where the article holds decomposed letters; `span` translates.
    A named tuple, for an article makes dozens: a frozen dataclass takes four times as long.
    """

    index: int  # type: ignore[assignment]  # shadows tuple.index, which nobody calls on a paragraph
    start: int
    end: int
    text: str
    folded: str
    offsets: tuple[int, ...] | None = None

    def span(self, start: int = 0, end: int | None = None) -> Span:
        """The article's span for positions ``start:end`` of ``folded``; the whole paragraph by default."""
        end = len(self.folded) if end is None else end
        if self.offsets is None:
            return Span(self.start + start, self.start + end)
        return Span(self.start + self.offsets[start], self.start + self.offsets[end])


@dataclass(frozen=True)
class Article:
    """One text to be judged, exactly as it was read.

    ``lang`` is a BCP 47 code or None where nobody declared one; ``path`` and ``record`` (1-based, 0 for a file that
    is one article) say where it came from. ``meta`` holds whatever else the source said, and ``body``: the position
    where the text proper begins, after the front matter of a Markdown file.
    """

    id: str
    text: str
    lang: str | None = None
    title: str | None = None
    source: str | None = None
    meta: Mapping[str, object] = field(default_factory=dict, compare=False)
    path: str = ""
    record: int = 0

    @cached_property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The non-blank lines in order, hard-wrapped ones joined."""
        text = self.text
        body = self.meta.get("body", 0)
        bounds = paragraph_bounds(text, body if isinstance(body, int) else 0)
        if self._composed == text:
            return self._between(bounds, self.folded)
        made = []
        for index, (start, end) in enumerate(bounds):
            piece, offsets = fold_decomposed(text[start:end])
            made.append(Paragraph(index, start, end, text[start:end], piece, offsets))
        return tuple(made)

    def _between(self, bounds: Iterable[tuple[int, int]], folded: str) -> tuple[Paragraph, ...]:
        text = self.text
        # A list in between is a tenth cheaper than a generator, and `Paragraph._make` takes a quarter longer than this.
        made = tuple.__new__
        return tuple(
            [
                made(Paragraph, (index, start, end, text[start:end], folded[start:end], None))
                for index, (start, end) in enumerate(bounds)
            ]
        )

    def tell(self, bounds: Iterable[tuple[int, int]], folded: str) -> None:
        """Keep what was worked out elsewhere, of a text in NFC: where its paragraphs are, and all of it folded."""
        vars(self).update(_composed=self.text, folded=folded, paragraphs=self._between(bounds, folded))

    @cached_property
    def folded(self) -> str:
        """The whole text folded (see `bycatch.folding`): to ask whether something can stand in it at all.

        Positions in it are those of the text only where that is in NFC; `Paragraph.span` translates for all.
        """
        return fold(self._composed)

    def folded_at(self, span: Span) -> str:
        """The folded text of a span."""
        start, end = span
        return self.folded[start:end] if self._composed == self.text else fold(self.text[start:end])

    @cached_property
    def _composed(self) -> str:
        return self.text if self.text.isascii() else unicodedata.normalize("NFC", self.text)

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """Where each line of the text begins; a line ends in LF, CRLF or CR, as editors count them."""
        text = self.text
        if "\r" in text:
            text = text.replace("\r\n", " \n").replace("\r", "\n")
        ends = [len(line) + 1 for line in text.split("\n")]
        return (0, *itertools.accumulate(ends[:-1]))

    @cached_property
    def paragraph_starts(self) -> tuple[int, ...]:
        """The start of each paragraph, for `paragraph_at`."""
        return tuple([paragraph.start for paragraph in self.paragraphs])

    def place(self, position: int) -> tuple[int, int]:
        """Line and column, both from 1, of a position in the text."""
        text = self.text
        if len(text) <= _SHORT and "\r" not in text:
            return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)
        line = bisect.bisect_right(self.line_starts, position)
        return line, position - self.line_starts[line - 1] + 1

    def paragraph_at(self, position: int) -> Paragraph | None:
        """The paragraph that holds a position, or None between paragraphs."""
        index = bisect.bisect_right(self.paragraph_starts, position) - 1
        if index < 0 or position >= self.paragraphs[index].end:
            return None
        return self.paragraphs[index]

    def deletion(self, first: Paragraph, last: Paragraph | None = None) -> Span:
        """The span whose removal takes out whole paragraphs and the blank lines after them.

        Where nothing follows, the blank lines before go instead, so that what is left ends as the text ended.
        """
        last = last or first
        if last.index + 1 < len(self.paragraphs):
            return Span(first.start, self.paragraphs[last.index + 1].start)
        if first.index:
            return Span(self.paragraphs[first.index - 1].end, last.end)
        return Span(first.start, last.end)


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that would mend a finding; ``safe`` when it may be made without a look."""

    action: Literal["delete", "replace"]
    span: Span
    text: str = ""
    safe: bool = False

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        """As a call."""
        return _as_call(self)


@dataclass(frozen=True, slots=True)
class Mark:
    """What a check says: where, and what it saw. The engine makes it a `Finding`.

    ``severity`` and ``fix`` default to the check's own; give ``fix=None`` for none. ``lang`` names the language of
    the marked text where it is known to be foreign furniture; ``phrase`` the phrase that was found.
    """

    span: Span
    message: str
    related: tuple[Span, ...] = ()
    lang: str | None = None
    severity: Severity | None = None
    fix: Fix | Literal["default"] | None = "default"
    phrase: str | None = None


class Related(NamedTuple):
    """Another place a finding points at, such as the first copy of a repeat."""

    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One artifact: which check, where, what was seen, what would mend it.

    ``key`` is the hash of check, article id, folded text and ordinal among equals; it holds no offset, so an edit
    elsewhere in the article leaves it unchanged.
    """

    check: str
    severity: Severity
    article: str
    path: str
    span: Span
    line: int
    column: int
    end_line: int
    text: str
    message: str
    lang: str | None
    fix: Fix | None
    related: tuple[Related, ...]
    key: str
    phrase: str | None = None

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        """As a call."""
        return _as_call(self)


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that could not be read or checked: never a pass, never the end of a run."""

    path: str
    reason: str
    article: str | None = None
    line: int | None = None
    check: str | None = None

    def __str__(self) -> str:
        """``path:line: reason``."""
        place = self.path or (self.article or "")
        if self.line is not None:
            place += f":{self.line}"
        return f"{place}: {self.reason}"
