"""Find the folders people edit: the project's own, then the wheel's, then the checkout's."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

Folder = Literal["checks", "expectations", "reports", "corpus"]
_HERE = Path(__file__).resolve().parent


def builtin(name: Folder) -> Path:
    """The folder that comes with bycatch, from the wheel or, in a checkout, from the top of the repository.

    Raises FileNotFoundError when the installation is damaged.
    """
    for place in (_HERE / "_content" / name, _HERE.parents[1] / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"bycatch is installed without its {name}/ folder; install it again")


def project(name: Folder, root: Path | None = None) -> Path | None:
    """The project's own folder of that name below ``root`` (default: the current directory), if there is one."""
    place = (root or Path.cwd()) / name
    return place if place.is_dir() else None
