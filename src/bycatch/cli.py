"""The command line: which commands there are, and what becomes of errors."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any, Final

import click

from bycatch import __version__
from bycatch.errors import UserError

# In the order of `bycatch --help`. Each is the module of that name in bycatch.commands, imported when it is called.
COMMANDS: Final = (
    "check",
    "fix",
    "gate",
    "waive",
    "baseline",
    "report",
    "review",
    "apply",
    "history",
    "explain",
    "calibrate",
    "bench",
    "init",
)

_CLEAN: Final = 0
_BROKEN: Final = 2


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(f"bycatch.commands.{cmd_name}"), cmd_name)
        return command

    def main(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().main(*args, **kwargs)
        except UserError as error:
            _fail(str(error))
        except BrokenPipeError:
            # The reader of a pipe (head, less) has seen enough.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(_CLEAN)
        except OSError as error:
            _fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))
        except Exception as error:
            if os.environ.get("BYCATCH_DEBUG"):
                raise
            _fail(f"{type(error).__name__}: {error} (a bug in bycatch; BYCATCH_DEBUG=1 shows where)")


def _fail(message: str) -> None:
    click.echo(f"bycatch: error: {' '.join(message.splitlines())}", err=True)
    sys.exit(_BROKEN)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="bycatch")
def main() -> None:
    """Find what a scraper brought up besides the article.

    Exit codes: 0 nothing held against the articles, 1 findings, 2 the input or bycatch itself failed.
    """
