"""The catalog: every check of the checks/ folders, loaded, validated and ready to run.

A check is one file. ``NAME.toml`` holds phrases, ``NAME.py`` an algorithm; both carry the same header (title,
severity, why, fix) and the same examples. There is no registration: the folder is the catalog.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import importlib.util
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from bycatch import cache
from bycatch.article import SEVERITIES, Mark, Severity
from bycatch.content import builtin, project
from bycatch.errors import UserError
from bycatch.folding import fold
from bycatch.phrases import Needles, Phrasebook, Rule, Where
from bycatch.signs import is_words, longest_of, steps_of
from bycatch.wording import KINDS, RECORD, UNIT, Phrase

if TYPE_CHECKING:
    from bycatch.absence import Absence

Cure = Literal["delete paragraph", "delete", "none"]
CURES: Final[tuple[Cure, ...]] = ("delete paragraph", "delete", "none")
_KEYS: Final = {
    "title", "severity", "message", "fix", "why", "where", "case", "min",
    *KINDS, "flags", "passes", "misses",
}  # fmt: skip
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_WHERE: Final = re.compile(r"(first|last) (\d+) paragraphs")
_MARKED: Final = re.compile(r"[⟦⟧]")

Find = Callable[..., Iterable[Mark]]
# Of a check that is faster on many articles at once: articles and what was found in each before, marks of each.
FindAll = Callable[[Sequence[Any], Sequence[Any]], Sequence[Iterable[Mark]]]


class CatalogError(UserError):
    """A check file that cannot be used; the message names file, line and the way out."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text from a check file: ``spans`` are the parts it marks with ⟦ ⟧, none for texts that must pass."""

    name: str
    text: str
    spans: tuple[tuple[int, int], ...] = ()
    lang: str | None = None
    title: str | None = None


@dataclass(frozen=True)
class Check:
    """One kind of artifact: what it is called, why it matters, how it is found and what mends it."""

    id: str
    title: str
    why: str
    severity: Severity
    fix: Cure
    message: str
    path: Path
    written: str = ""
    rule: Rule = field(default_factory=Rule)
    find: Find | None = field(default=None, compare=False)
    after: tuple[str, ...] = ()
    flags: tuple[Example, ...] = ()
    passes: tuple[Example, ...] = ()
    misses: tuple[Example, ...] = ()
    find_all: FindAll | None = field(default=None, compare=False)
    signs: tuple[str, ...] = ()

    @cached_property
    def phrases(self) -> tuple[Phrase, ...]:
        """The phrases of the file, in order."""
        return tuple(Phrase.read(self.id, row) for row in self.written.split(RECORD)) if self.written else ()

    @cached_property
    def wants(self) -> tuple[str, ...]:
        """The names of the arguments ``find`` takes, in order: article, and perhaps found and memory."""
        from inspect import signature

        return tuple(signature(self.find).parameters) if self.find else ()


@dataclass(frozen=True)
class Origin:
    """Where a catalog came from, so that another process can load it again."""

    folders: tuple[Path, ...]
    builtins: bool


class Index(NamedTuple):
    """The needles of all phrases of a loaded catalog, and the phrases they are numbered by, check by check."""

    phrases: tuple[tuple[str, str], ...]
    needles: Needles

    @classmethod
    def of(cls, checks: Iterable[Check]) -> Index:
        """Work out the needles: a second or two for the built-in checks."""
        listed = [check for check in checks if check.written]
        needles = Needles.of(phrase for check in listed for phrase in check.phrases)
        return cls(tuple((check.id, check.written) for check in listed), needles)


@dataclass(frozen=True, eq=False)
class Catalog:
    """Checks in the order they run, and the phrases of all of them in one automaton."""

    checks: Mapping[str, Check]
    digest: str
    origin: Origin | None = None
    index: Index | None = None

    @cached_property
    def phrasebook(self) -> Phrasebook:
        """All phrases, compiled once."""
        with _without_collection():
            index = self.index or Index.of(self.checks.values())
            rules = {check.id: check.rule for check in self.checks.values() if check.written}
            signs = {check.id: [*filter(is_words, check.signs)] for check in self.checks.values()}
            return Phrasebook(index.phrases, rules, index.needles, signs)

    @cached_property
    def absence(self) -> Absence:
        """The signs of all checks that have any."""
        from bycatch.absence import Absence  # with numpy, which a look at the catalog need not load

        return Absence.of({name: check.signs for name, check in self.checks.items() if check.signs})

    def only(self, select: Iterable[str] = (), ignore: Iterable[str] = ()) -> Catalog:
        """A catalog of the selected checks alone, less the ignored ones.

        Raises CatalogError for a name that is no check.
        """
        wanted, unwanted = list(select), list(ignore)
        for name in (*wanted, *unwanted):
            if name not in self.checks:
                raise CatalogError(
                    f"there is no check named {name!r}; `bycatch explain` lists them all{_near(name, self.checks)}"
                )
        kept = {
            name: check
            for name, check in self.checks.items()
            if (not wanted or name in wanted) and name not in unwanted
        }
        return Catalog(kept, self.digest, self.origin, self.index)


@contextlib.contextmanager
def _without_collection() -> Iterator[None]:
    """Loading makes a hundred thousand objects and no garbage: looking for some takes as long as making them."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            # To the oldest generation with all of it, or the next collection of young objects goes through it.
            gc.freeze()
            gc.unfreeze()
            gc.enable()


@_without_collection()
def load_catalog(*folders: Path, builtins: bool = True) -> Catalog:
    """Load the built-in checks and those of ``folders`` (default: ./checks of the current project).

    A check of ``folders`` takes the place of a built-in one of the same name.

    Raises CatalogError, naming file and line, for a broken file, a check without examples, a phrase in two checks.
    """
    sources = _sources(folders, builtins=builtins)
    files = {name: path.read_bytes() for name, path in sorted(sources.items())}
    digest, key = hashlib.sha256(), hashlib.sha256(_engine())
    for name, data in files.items():
        entry = sources[name].name.encode() + b"\0" + hashlib.sha256(data).digest()
        digest.update(entry)
        if sources[name].suffix == ".toml":
            key.update(entry)
    kept = cache.load("catalog", key.hexdigest())
    if kept is not None and len(kept) != len(Needles._fields) + 1:
        # Kept by a process that was running while bycatch was brought up to date.
        kept = None
    checks: dict[str, Check] = {}
    for name, path in sources.items():
        if path.suffix == ".py":
            checks[name] = _from_python(path)
        else:
            checks[name] = _thawed(path, kept[0][name]) if kept else _from_toml(path, files[name])
    checks = dict(sorted(checks.items()))
    if kept:
        phrases = tuple((check.id, check.written) for check in checks.values() if check.written)
        index = Index(phrases, Needles(*kept[1:]))
    else:
        _no_phrase_twice(checks.values())
        index = Index.of(checks.values())
        frozen = {name: _frozen(check) for name, check in checks.items() if check.find is None}
        cache.store("catalog", key.hexdigest(), [frozen, *index.needles])
    return Catalog(_ordered(checks), digest.hexdigest()[:12], Origin(folders, builtins), index)


def _sources(folders: tuple[Path, ...], *, builtins: bool) -> dict[str, Path]:
    """The file of each check by name, those of a project in place of built-in ones."""
    places = [builtin("checks")] if builtins else []
    own = project("checks")
    for folder in folders or ((own,) if own else ()):
        if not folder.is_dir():
            raise CatalogError(f"{folder}: no such folder of checks")
        if all(folder.resolve() != place.resolve() for place in places):
            places.append(folder)
    sources: dict[str, Path] = {}
    for folder in places:
        here: dict[str, Path] = {}
        for path in sorted(folder.iterdir()):
            if path.suffix not in (".toml", ".py") or path.name.startswith((".", "_", "conftest")):
                continue
            if path.stem in here:
                raise CatalogError(f"{path}: {here[path.stem]} is named {path.stem!r} too; give one another name")
            here[path.stem] = path
        # A project's file of the same name takes the place of the built-in check.
        sources |= here
    return sources


def _engine() -> bytes:
    """What decides how a file of phrases is read: the sources of the modules that do it."""
    sources = (Path(__file__).with_name(f"{name}.py") for name in ("catalog", "cache", "phrases", "wording", "folding"))
    return b"\0".join(source.read_bytes() for source in sources if source.is_file()) + sys.version.encode()


def _frozen(check: Check) -> dict[str, Any]:
    """A check of phrases as plain data, for the cache."""
    rule = check.rule
    header = [check.title, check.why, check.severity, check.fix, check.message]
    where = [rule.where.first, rule.where.last, rule.min, rule.exact_case]
    examples = [
        [[e.name, e.text, e.spans, e.lang, e.title] for e in group]
        for group in (check.flags, check.passes, check.misses)
    ]
    return {"header": header, "rule": where, "examples": examples, "phrases": check.written}


def _thawed(path: Path, kept: Mapping[str, Any]) -> Check:
    """A check of phrases from the cache."""
    title, why, severity, fix, message = kept["header"]
    first, last, least, exact = kept["rule"]
    flags, passes, misses = (
        tuple(
            Example(name, text, tuple((start, end) for start, end in spans), lang, title_)
            for name, text, spans, lang, title_ in group
        )
        for group in kept["examples"]
    )
    return Check(
        path.stem, title, why, severity, fix, message, path, kept["phrases"], Rule(Where(first, last), least, exact),
        flags=flags, passes=passes, misses=misses,
    )  # fmt: skip


def _near(name: str, names: Iterable[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name, list(names), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _line(path: Path, needle: str) -> int:
    """The line that begins with ``needle`` or its quoted form, else the first that holds it; 1 where none does."""
    rows = path.read_text(encoding="utf-8", errors="replace").splitlines()
    heads = (needle, f'"{needle}"', f"[{needle}]", f"def {needle}")
    for fits in (lambda row: row.lstrip().startswith(heads), lambda row: needle in row):
        for number, row in enumerate(rows, 1):
            if fits(row):
                return number
    return 1


def _from_toml(path: Path, data: bytes) -> Check:
    import tomllib  # not needed where the cache holds the catalog

    try:
        table = tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise CatalogError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        # "at end of document" names no line.
        at = re.search(r"at line (\d+)", str(error))
        line = at.group(1) if at else len(data.splitlines())
        raise CatalogError(f"{path}:{line}: not valid TOML: {error}") from error
    for key in table:
        if key not in _KEYS:
            raise CatalogError(f"{path}:{_line(path, key)}: unknown key {key!r}; known are {', '.join(sorted(_KEYS))}")
    name = path.stem
    phrases = list(_phrases(path, name, table))
    if not any(phrase.kind != "not" for phrase in phrases):
        raise CatalogError(f"{path}:1: no phrases; add a table [phrases] with a language and its phrases")
    where, kind = Where(), table.get("where", "whole paragraph")
    if at := _WHERE.fullmatch(str(kind)):
        where = Where(**{at.group(1): int(at.group(2))})
    elif kind != "whole paragraph":
        raise CatalogError(
            f'{path}:{_line(path, "where")}: where = {kind!r}; write "whole paragraph", "first 5 paragraphs" or '
            '"last 8 paragraphs" (phrases to be cut out of a paragraph go into [inline])'
        )
    if table.get("case", "any") not in ("any", "exact"):
        raise CatalogError(f'{path}:{_line(path, "case")}: case must be "any" or "exact"')
    least = table.get("min", 2)
    if not isinstance(least, int) or least < 2:
        raise CatalogError(f"{path}:{_line(path, 'min')}: min counts cues and must be 2 or more")
    return _check(
        path, table, RECORD.join(phrase.written for phrase in phrases), Rule(where, least, table.get("case") == "exact")
    )


def _phrases(path: Path, name: str, table: Mapping[str, Any]) -> Iterator[Phrase]:
    for kind in KINDS:
        languages: dict[str, list[str]] = {}
        group = table.get(kind, {})
        if not isinstance(group, dict):
            raise CatalogError(f"{path}:{_line(path, kind)}: [{kind}] must be a table of languages")
        for lang, listed in group.items():
            if not isinstance(listed, list) or not all(isinstance(phrase, str) for phrase in listed):
                raise CatalogError(f"{path}:{_line(path, lang)}: {kind}.{lang} must be a list of strings")
            for family, count in Counter(listed).items():
                if count > 1:
                    raise CatalogError(f"{path}:{_line(path, family)}: {family!r} stands twice in {kind}.{lang}")
                languages.setdefault(family, []).append(lang)
        for text, langs in languages.items():
            phrase = Phrase(text, name, kind, tuple(langs))
            if not phrase.anchors:
                raise CatalogError(f"{path}:{_line(path, text)}: {text!r} has no word that must stand in it")
            if RECORD in text or UNIT in text:
                raise CatalogError(f"{path}:{_line(path, kind)}: {text!r} holds a control character; take it out")
            yield phrase


def _from_python(path: Path) -> Check:
    name = path.stem
    module_name = f"bycatch_checks.{name.replace('-', '_')}"
    spec = importlib.util.spec_from_file_location(module_name, path)
    if spec is None or spec.loader is None:
        raise CatalogError(f"{path}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        line = getattr(error, "lineno", None) or _raised_at(error, path)
        raise CatalogError(f"{path}:{line}: {type(error).__name__}: {error}") from error
    find_all = getattr(module, "find_all", None)
    find = getattr(module, "find", None) or (find_all and _one_by_one(find_all))
    if not callable(find):
        raise CatalogError(f"{path}:1: no function `find(article)`; it yields a Mark for each artifact")
    table = {key.lower(): getattr(module, key) for key in vars(module) if key.isupper() and key.lower() in _KEYS}
    table["why"] = table.get("why") or (module.__doc__ or "")
    after = tuple(getattr(module, "AFTER", ()))
    signs = tuple(getattr(module, "SIGNS", ()))
    for sign in signs:
        try:
            _ = is_words(sign) or longest_of(sign) or steps_of(sign)
        except (ValueError, re.error) as error:
            raise CatalogError(f"{path}:{_line(path, 'SIGNS')}: SIGNS: {error}") from error
    check = replace(_check(path, table, "", Rule(), find, after), find_all=find_all, signs=signs)
    unknown = set(check.wants) - {"article", "found", "memory"}
    if unknown:
        raise CatalogError(
            f"{path}:{_line(path, 'find')}: find() takes article, found and memory, not {', '.join(sorted(unknown))}"
        )
    return check


def _one_by_one(find_all: FindAll) -> Find:
    """The function of a single article, of a check that looks at many at once."""

    def find(article: Any, found: Any) -> Iterable[Mark]:
        return find_all([article], [found])[0]

    return find


def _raised_at(error: BaseException, path: Path) -> int:
    line, trace = 1, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _check(
    path: Path,
    table: Mapping[str, Any],
    written: str,
    rule: Rule,
    find: Find | None = None,
    after: tuple[str, ...] = (),
) -> Check:
    name = path.stem
    if not _NAME.fullmatch(name):
        raise CatalogError(f"{path}: a check is named in lower-case words joined by hyphens, such as ad-marker")
    for key in ("title", "severity", "why"):
        if not isinstance(table.get(key), str) or not table[key].strip():
            raise CatalogError(f"{path}:1: no {key}; say it at the top of the file")
    if table["severity"] not in SEVERITIES:
        raise CatalogError(
            f"{path}:{_line(path, _header(path, 'severity'))}: severity must be one of {', '.join(SEVERITIES)}"
        )
    fix = table.get("fix", "none")
    if fix not in CURES:
        raise CatalogError(
            f"{path}:{_line(path, _header(path, 'fix'))}: fix must be one of {', '.join(map(repr, CURES))}"
        )
    examples = {key: tuple(_examples(path, key, table.get(key, {}))) for key in ("flags", "passes", "misses")}
    for key in ("flags", "passes"):
        if not examples[key]:
            raise CatalogError(
                f"{path}:1: no {key}; a check shows at least one text that it "
                f"{'must find' if key == 'flags' else 'must leave alone'}"
            )
    return Check(
        name, table["title"].strip(), " ".join(table["why"].split()), table["severity"], fix,
        str(table.get("message", "")).strip(), path, written, rule, find, after,
        examples["flags"], examples["passes"], examples["misses"],
    )  # fmt: skip


def _header(path: Path, key: str) -> str:
    return key if path.suffix == ".toml" else key.upper()


def _examples(path: Path, kind: str, group: object) -> Iterator[Example]:
    if not isinstance(group, dict):
        raise CatalogError(f"{path}:{_line(path, kind)}: {kind} must be a table of names and texts")
    for name, given in group.items():
        table = {"text": given} if isinstance(given, str) else given
        if not isinstance(table, dict) or not isinstance(table.get("text"), str):
            raise CatalogError(
                f"{path}:{_line(path, name)}: {kind}: {name!r} must be a text, or a table with text and lang"
            )
        text, spans = _unmarked(path, name, table["text"])
        if kind != "passes" and not spans:
            raise CatalogError(
                f"{path}:{_line(path, name)}: {kind}: {name!r} marks nothing; put ⟦ ⟧ around the artifact"
            )
        yield Example(name, text, spans, table.get("lang"), table.get("title"))


def _unmarked(path: Path, name: str, marked: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    pieces, spans, at, length, open_at = [], [], 0, 0, None
    for bracket in _MARKED.finditer(marked):
        piece = marked[at : bracket.start()]
        pieces.append(piece)
        length += len(piece)
        at = bracket.end()
        if bracket.group() == "⟦":
            open_at = length
        elif open_at is None:
            raise CatalogError(f"{path}:{_line(path, name)}: {name!r} has a ⟧ without its ⟦")
        else:
            spans.append((open_at, length))
            open_at = None
    if open_at is not None:
        raise CatalogError(f"{path}:{_line(path, name)}: {name!r} has a ⟦ without its ⟧")
    return "".join((*pieces, marked[at:])), tuple(spans)


def _no_phrase_twice(checks: Iterable[Check]) -> None:
    seen: dict[tuple[str, str], tuple[Check, Phrase]] = {}
    for check in checks:
        for phrase in check.phrases:
            if phrase.kind in ("cues", "not"):
                continue
            other = seen.setdefault((phrase.kind, phrase.literal or fold(phrase.text)), (check, phrase))
            if other[0] is not check:
                first, line = other[0].path, _line(other[0].path, other[1].text)
                raise CatalogError(
                    f"{check.path}:{_line(check.path, phrase.text)}: {phrase.text!r} is already in {first}:{line}; "
                    "keep one"
                )


def _ordered(checks: dict[str, Check]) -> dict[str, Check]:
    """Phrase checks first, then the others, each after those it builds on."""
    done: dict[str, Check] = {name: check for name, check in checks.items() if check.find is None}
    waiting = {name: check for name, check in sorted(checks.items()) if check.find is not None}
    while waiting:
        ready = [n for n, c in waiting.items() if all(a not in waiting for a in c.after)]
        if not ready:
            first = next(iter(waiting.values()))
            raise CatalogError(f"{first.path}: AFTER goes round in a circle: {', '.join(waiting)}")
        for name in ready:
            done[name] = waiting.pop(name)
    return done
