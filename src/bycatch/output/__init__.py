"""What people and machines are shown. Nothing here computes a finding or decides a verdict."""

from typing import Final

# The formats of bycatch.output.faces, which other programs show.
FACES: Final = ("sarif", "junit", "github", "gitlab")
