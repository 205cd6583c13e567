"""``python -m bycatch``."""

from bycatch.cli import main

main()
