"""The votes on a text's language: pycld2, eld and langdetect, each imported where it is first used."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Final

from bycatch.language_names import is_known, normal

_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
# The extra "fast" in pyproject.toml pins it; a test holds its answers against langdetect's.
_EQUAL_TO_LANGDETECT: Final = "0.1.0"
_LOADING: Final = threading.Lock()
_LOADED: Final[dict[str, Callable[[str], str | None]]] = {}


@cache
def cld2_codes() -> frozenset[str]:
    """The languages that pycld2 can name."""
    import pycld2

    codes = dict(pycld2.LANGUAGES)
    return frozenset(code for name in pycld2.DETECTED_LANGUAGES if (code := _code(codes.get(name))) is not None)


def cld2(text: str) -> tuple[str | None, int, bool]:
    """pycld2's first language, its share of the text in percent, and whether it calls itself reliable."""
    import pycld2

    try:
        reliable, _, details = pycld2.detect(text.encode("utf-8", "replace"), isPlainText=True)
    except pycld2.error:
        # Control characters and non-characters, which it takes for broken UTF-8.
        try:
            reliable, _, details = pycld2.detect(_UNPRINTABLE.sub(" ", text).encode(), isPlainText=True)
        except pycld2.error:
            return None, 0, False
    return _code(details[0][1]), details[0][2], bool(reliable)


def eld(text: str) -> str | None:
    """The language that eld names."""
    return _vote("eld", _load_eld, text)


# Furniture says the same on every page of a site, and this is the dearest vote: 2 ms.
@lru_cache(maxsize=4096)
def langdetect(text: str) -> str | None:
    """The language that langdetect names, the same on every call."""
    return _vote("langdetect", _load_langdetect, text)


def _vote(name: str, load: Callable[[], Callable[[str], str | None]], text: str) -> str | None:
    """A vote of a detector that is loaded once, by one thread: half loaded, langdetect answers wrongly and silently."""
    if name not in _LOADED:
        with _LOADING:
            if name not in _LOADED:
                _LOADED[name] = load()
    return _LOADED[name](text)


def _load_eld() -> Callable[[str], str | None]:
    from eld import LanguageDetector

    detector = LanguageDetector()

    def vote(text: str) -> str | None:
        lang = _code(detector.detect(text).language)
        # It knows Malay for both, the other votes Indonesian.
        return "id" if lang == "ms" else lang

    return vote


def _load_langdetect() -> Callable[[str], str | None]:
    """langdetect, seeded, for unseeded its answer varies from call to call.

    A factory of our own leaves the caller's seed alone. langdetect-rs, where it is installed in the version that is
    tested to give the same answers, gives them sooner.
    """
    if _installed("langdetect-rs") == _EQUAL_TO_LANGDETECT:
        import langdetect_rs as langdetect
        from langdetect_rs import LangDetectException
    else:
        import langdetect
        from langdetect import LangDetectException

    factory = langdetect.DetectorFactory()
    factory.load_profile(langdetect.PROFILES_DIRECTORY)
    factory.seed = 0

    def vote(text: str) -> str | None:
        detector = factory.create()
        detector.append(text)
        try:
            return _code(detector.detect())
        except LangDetectException:
            return None

    return vote


def _installed(name: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version  # with a parser of mail, only where there is a vote

    try:
        return version(name)
    except PackageNotFoundError:
        return None


@lru_cache(maxsize=256)
def _code(given: str | None) -> str | None:
    if given is None or given == "un":
        return None
    return normal(given) if is_known(given) else given
