"""``bycatch waive``."""

from __future__ import annotations

import datetime as dt
import getpass
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import click

from bycatch.article import Finding
from bycatch.catalog import load_catalog
from bycatch.commands.common import BROKEN, Run, jobs_option
from bycatch.commands.gate import WAIVERS, all_checks
from bycatch.errors import UserError
from bycatch.waivers import Waiver, add, load, quoted, today

_KEY: Final = re.compile(r"[0-9a-f]{12}")


@click.command()
@click.argument("key")
@all_checks
@jobs_option
@click.option("--reason", required=True, help="Why the finding may stay.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="Last day of the waiver, 2027-01-31.")
@click.option("--by", help="Who decides.  [default: git's user.name, or the user]")
@click.option("--waivers", default=WAIVERS, show_default=True, metavar="FILE", help="The file to write to.")
def waive(
    key: str,
    paths: tuple[str, ...],
    reason: str,
    until: dt.datetime | None,
    by: str | None,
    waivers: str,
    **options: Any,
) -> None:
    """Let the finding KEY stay, for a reason.

    KEY is the twelve digits that `bycatch gate` and `bycatch check` show with the finding; PATHS are searched for it.
    """
    if not _KEY.fullmatch(key):
        raise UserError(f"{key!r} is no key; a key is twelve hexadecimal digits, which `bycatch gate` shows")
    if not reason.strip():
        raise UserError("--reason is empty; say why the finding may stay")
    day = until.date() if until else None
    if day is not None and day < today():
        raise UserError(f"--until {day} is over already")
    path = Path(waivers)
    for waiver in load(path):
        if waiver.key == key:
            raise UserError(f"{path}:{waiver.line}: {key} is waived already; edit it there")
    run = Run(paths, options)
    found = _find(run, key)
    if found is None:
        for failure in run.failures:
            click.echo(f"bycatch: failed: {failure}", err=True)
        if run.failures:
            sys.exit(BROKEN)
        raise UserError(f"{key}: no finding with this key in {', '.join(paths)}; the text may have changed")
    made = Waiver(key, found.check, quoted(found.text), reason.strip(), found.article, by or _who(), day)
    source = path.read_bytes().decode("utf-8") if path.exists() else ""
    written = add(source, made)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_bytes(written.encode("utf-8"))
    temporary.replace(path)
    click.echo(f"{path}: {found.check} in {found.path or found.article} may stay{f' until {day}' if day else ''}")


def _find(run: Run, key: str) -> Finding | None:
    for result in run.results(load_catalog()):
        for finding in result.findings:
            if finding.key == key:
                return finding  # type: ignore[no-any-return]
    return None


def _who() -> str:
    git = shutil.which("git")
    if git:
        run = subprocess.run([git, "config", "user.name"], capture_output=True, text=True, check=False)  # noqa: S603
        if run.stdout.strip():
            return run.stdout.strip()
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return os.environ.get("USER", "")
