"""``bycatch fix``."""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bycatch.commands.common import BROKEN, CLEAN, FOUND, Run, input_options, load
from bycatch.errors import UserError

if TYPE_CHECKING:
    from bycatch.article import Finding
    from bycatch.fixing import Change
    from bycatch.reading import Fields
    from bycatch.repair import Tolls
    from bycatch.rewriting import Changes


class TooMuchError(UserError):
    """The fixes would take more of a source than they may; nothing was changed."""


@click.command()
@input_options
@click.option("--diff", is_flag=True, help="Print the changes as a patch and write nothing; exit 1 if there are any.")
@click.option("--unsafe", is_flag=True, help="Make the fixes of warnings too; those want a look.")
@click.option(
    "--max-share",
    type=click.FloatRange(0, 1),
    default=0.25,
    show_default=True,
    help="Change nothing when the fixes would take more than this share of one source's characters.",
)
def fix(paths: tuple[str, ...], diff: bool, unsafe: bool, max_share: float, **options: Any) -> None:
    """Make the safe fixes of what `bycatch check` finds, until it finds none to make.

    Only the marked places change: encoding, line ends, other fields and every other byte stay, and each file is read
    back and compared before it takes its place. What corpus/waivers.toml keeps is kept. Exit 0: fixed, or nothing to
    fix. 1: --diff has something to show. 2: something failed, or the fixes would take too much and nothing was changed.
    """
    from bycatch.article import Failure
    from bycatch.output.console import plural
    from bycatch.reading import Fields
    from bycatch.repair import Tolls, mend

    catalog = load(options)
    run = Run(paths, options)
    fields = Fields(*(options[f"{name}_field"] for name in ("text", "id", "lang", "title", "source")))
    spare = _waived()
    tolls = Tolls()
    files: dict[str, dict[int, tuple[int, tuple[Change, ...]]]] = {}
    checks: dict[str, Counter[str]] = {}
    broken: set[str | None] = set()
    seen = taken = characters = mended_articles = 0
    for result in run.results(catalog):
        # Where a check failed, what was found is not all there is: the article stays as it is.
        broken.update(failure.article for failure in run.failures[seen:] if failure.check)
        seen = len(run.failures)
        mended = (
            None
            if result.article.id in broken
            else mend(result, catalog, unsafe=unsafe, spare=spare(result.article.id))
        )
        if isinstance(mended, Failure):
            run.failures.append(mended)
            mended = None
        tolls.add(result.article, mended)
        characters += len(result.article.text)
        if mended is not None and mended.changes:
            article = result.article
            files.setdefault(article.path, {})[article.record] = (len(article.text), mended.changes)
            checks.setdefault(article.path, Counter()).update(mended.checks)
            taken += mended.taken
            mended_articles += 1
    _stop_if_too_much(tolls, max_share, files)
    if diff:
        _show(files, fields)
    else:
        _rewrite(files, fields)
        for path, counts in checks.items():
            click.echo(f"fixed {_safe(path)}: {_tally(counts)}")
    would = "would be " if diff else ""
    share = f" ({taken / characters:.1%})" if characters else ""
    run.summarise(
        f"{plural(sum(sum(c.values()) for c in checks.values()), 'finding')} {would}fixed in {mended_articles:,} of "
        f"{plural(run.count, 'article')}; {taken:,} of {plural(characters, 'character')}{share} {would}taken"
    )
    if run.failures:
        sys.exit(BROKEN)
    sys.exit(FOUND if diff and files else CLEAN)


def _waived() -> Callable[[str], Callable[[Finding], bool]]:
    """For an article: whether a finding is waived. What somebody decided to keep is not taken out behind their back."""
    from bycatch.waivers import Ledger, load

    waivers = Path("corpus/waivers.toml")
    ledger = Ledger(load(waivers), str(waivers)) if waivers.exists() else Ledger()
    return lambda article: lambda finding: finding.key in ledger.waived(article, [finding])


def _safe(text: str) -> str:
    from bycatch.output.console import safe

    return safe(text)


def _tally(counts: Counter[str]) -> str:
    return ", ".join(f"{count:,} {check}" for check, count in counts.most_common())


def _stop_if_too_much(tolls: Tolls, share: float, files: Mapping[str, Changes]) -> None:
    over = list(tolls.above(share)) if files else []
    if not over:
        return
    name, toll = over[0]
    others = f" ({len(over) - 1:,} more such sources)" if len(over) > 1 else ""
    raise TooMuchError(
        f"{_safe(name)}{others}: the fixes would take {toll.taken:,} of its {toll.characters:,} characters "
        f"({toll.share:.0%}; at most {share:.0%} allowed), for {_tally(toll.checks)}; nothing was changed. "
        "Look with --diff --max-share 1, leave out a check with --ignore, or raise --max-share"
    )


def _rewrite(files: Mapping[str, Changes], fields: Fields) -> None:
    """All new files are written and proven before the first takes its place."""
    from bycatch.rewriting import Rewrite

    made: list[Rewrite] = []
    try:
        for path, changes in files.items():
            made.append(Rewrite(Path(path), changes, fields))
        for rewrite in made:
            rewrite.commit()
    finally:
        for rewrite in made:
            rewrite.discard()


def _show(files: Mapping[str, Changes], fields: Fields) -> None:
    out = sys.stdout.buffer
    for path, changes in files.items():
        for part in _patch(Path(path), changes, fields):
            # A terminal would act on what is in a text; a pipe gets every byte, for git apply.
            if sys.stdout.isatty():
                part = "\n".join(map(_safe, part.decode("utf-8", "backslashreplace").split("\n"))).encode()
            out.write(part)
    out.flush()


def _patch(path: Path, changes: Changes, fields: Fields) -> Iterator[bytes]:
    from bycatch.output.patch import patch
    from bycatch.reading import article_name, read
    from bycatch.rewriting import edits, has_lines, of_text

    name = article_name(path)
    if has_lines(path):
        with path.open("rb") as lines:
            yield from patch(name, lines, edits(path, changes, fields))
        return
    note = f"# {path.name} is not a file of plain lines: for reading, not for git apply\n".replace("\r", " ")
    for article in read(path, fields=fields, on_failure=lambda _: None):
        if article.record in changes:
            shown = f"{name}#{article.record}" if article.record else name
            text, made = of_text(article.text, changes[article.record][1])
            yield from patch(shown, io.BytesIO(text), made, note)
