"""Languages: what an article is written in. (placeholder, being written)"""

from __future__ import annotations


def identify(text: str) -> str | None:
    """The language of a text as a code, or None where there is too little to tell."""
    import pycld2

    try:
        reliable, _, details = pycld2.detect(text.encode("utf-8", "replace")[:20000].decode("utf-8", "ignore"))
    except pycld2.error:
        return None
    return details[0][1] if reliable else None
