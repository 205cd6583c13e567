"""Languages by name: codes and their spellings, English names, writing systems, and which ones are too near to tell."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final


class UnknownLanguage(ValueError):  # noqa: N818 - it says what is wrong
    """A code that names no language known here; the message lists those that are."""


# Latin script is the default; the other languages are listed under the scripts they are written in.
_LATIN: Final = (
    "af Afrikaans,ast Asturian,az Azerbaijani,bs Bosnian,br Breton,ca Catalan,ceb Cebuano,co Corsican,cs Czech,"
    "cy Welsh,da Danish,de German,en English,eo Esperanto,es Spanish,et Estonian,eu Basque,fi Finnish,fo Faroese,"
    "fr French,fy Frisian,ga Irish,gd Scottish Gaelic,gl Galician,ha Hausa,hr Croatian,ht Haitian Creole,"
    "hu Hungarian,id Indonesian,ig Igbo,is Icelandic,it Italian,jv Javanese,ku Kurdish,la Latin,lb Luxembourgish,"
    "lt Lithuanian,lv Latvian,mg Malagasy,mi Maori,ms Malay,mt Maltese,nl Dutch,no Norwegian,oc Occitan,"
    "pl Polish,pt Portuguese,rm Romansh,ro Romanian,rw Kinyarwanda,sk Slovak,sl Slovenian,sm Samoan,sn Shona,"
    "so Somali,sq Albanian,st Sesotho,su Sundanese,sv Swedish,sw Swahili,tk Turkmen,tl Tagalog,tr Turkish,"
    "uz Uzbek,vi Vietnamese,wo Wolof,xh Xhosa,yo Yoruba,zu Zulu"
)
_OTHERS: Final[Mapping[str, str]] = {
    "Cyrillic": "ba Bashkir,be Belarusian,bg Bulgarian,kk Kazakh,ky Kyrgyz,mk Macedonian,mn Mongolian,ru Russian,"
    "sr Serbian,tg Tajik,tt Tatar,uk Ukrainian",
    "Greek": "el Greek",
    "Armenian": "hy Armenian",
    "Hebrew": "he Hebrew,yi Yiddish",
    "Arabic": "ar Arabic,fa Persian,ps Pashto,sd Sindhi,ug Uyghur,ur Urdu",
    "Devanagari": "hi Hindi,mr Marathi,ne Nepali,sa Sanskrit",
    "Bengali": "as Assamese,bn Bengali",
    "Gurmukhi": "pa Punjabi",
    "Gujarati": "gu Gujarati",
    "Oriya": "or Odia",
    "Tamil": "ta Tamil",
    "Telugu": "te Telugu",
    "Kannada": "kn Kannada",
    "Malayalam": "ml Malayalam",
    "Sinhala": "si Sinhala",
    "Thai": "th Thai",
    "Lao": "lo Lao",
    "Tibetan": "bo Tibetan",
    "Myanmar": "my Burmese",
    "Georgian": "ka Georgian",
    "Ethiopic": "am Amharic,ti Tigrinya",
    "Khmer": "km Khmer",
    "Hangul": "ko Korean",
    "Kana": "ja Japanese",
    "Han": "zh Chinese",
}


def _listed(pairs: str) -> dict[str, str]:
    return {pair.split(" ", 1)[0]: pair.split(" ", 1)[1] for pair in pairs.split(",")}


NAMES: Final[Mapping[str, str]] = dict(
    sorted((_listed(_LATIN) | {c: n for pairs in _OTHERS.values() for c, n in _listed(pairs).items()}).items())
)
# The scripts a text in the language may well hold. Latin is understood everywhere: names, brands, units.
SCRIPTS: Final[Mapping[str, frozenset[str]]] = {
    **{code: frozenset({script}) for script, pairs in _OTHERS.items() for code in _listed(pairs)},
    "ja": frozenset({"Kana", "Han"}),
    "ko": frozenset({"Hangul", "Han"}),
    # Written in both scripts, by whole newspapers.
    **{code: frozenset({"Cyrillic"}) for code in ("az", "bs", "uz", "tk")},
    "ku": frozenset({"Arabic"}),
    "pa": frozenset({"Gurmukhi", "Arabic"}),
    "kk": frozenset({"Cyrillic", "Arabic"}),
    "ms": frozenset({"Arabic"}),
}
# The language to name for a script where the detectors offer none written in it.
DEFAULTS: Final[Mapping[str, str]] = {
    "Cyrillic": "ru", "Arabic": "ar", "Hebrew": "he", "Devanagari": "hi", "Bengali": "bn", "Ethiopic": "am",
    **{script: next(iter(_listed(pairs))) for script, pairs in _OTHERS.items() if "," not in pairs},
}  # fmt: skip

_RTL: Final = frozenset({"ar", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_RTL_SCRIPTS: Final = frozenset({"arab", "hebr", "syrc", "thaa", "nkoo"})
# Older and narrower codes for the same written language. Bokmål and Nynorsk are told apart by no detector that is
# certain enough, so both are Norwegian here.
_SAME: Final[Mapping[str, str]] = {
    "nb": "no", "nn": "no", "iw": "he", "in": "id", "ji": "yi", "jw": "jv", "mo": "ro", "sh": "hr", "fil": "tl",
    "cmn": "zh",
    "yue": "zh", "gsw": "de", "nds": "de", "arb": "ar", "pes": "fa", "ckb": "ku", "kmr": "ku", "zsm": "ms", "azj": "az",
    # ISO 639-2 and 639-3, as library catalogues write them
    "eng": "en", "fra": "fr", "fre": "fr", "deu": "de", "ger": "de", "spa": "es", "ita": "it", "por": "pt", "nld": "nl",
    "dut": "nl", "rus": "ru", "ukr": "uk", "pol": "pl", "ara": "ar", "zho": "zh", "chi": "zh", "jpn": "ja", "kor": "ko",
    "tur": "tr", "swe": "sv", "dan": "da", "nor": "no", "nob": "no", "nno": "no", "fin": "fi", "ces": "cs", "cze": "cs",
    "slk": "sk", "slo": "sk", "hun": "hu", "ron": "ro", "rum": "ro", "ell": "el", "gre": "el", "heb": "he", "cat": "ca",
    "glg": "gl", "hrv": "hr", "srp": "sr", "bul": "bg", "fas": "fa", "per": "fa", "hin": "hi", "ind": "id", "vie": "vi",
    "tha": "th",
}  # fmt: skip

# Languages that a line or two does not tell apart: never flagged in each other's articles.
_NEAR: Final = tuple(
    frozenset(group.split())
    for group in (
        "no da sv fo", "hr sr bs sl mk", "es gl ca ast oc", "pt gl", "cs sk", "ru be bg mk sr", "uk be ru",
        "id ms jv su",
        "nl af fy", "de lb", "fr oc", "it co", "tr az tk", "fa ps", "ar fa ur ps sd ug ku", "hi ne mr sa", "zu xh",
        "ga gd", "kk ky tt ba", "fi et", "en ceb tl",
    )
)  # fmt: skip
# Neighbours that need more evidence before one is called foreign in the other.
_SIMILAR: Final = tuple(
    frozenset(group.split())
    for group in ("es pt it ca gl ro", "pl cs sk", "fr ca it", "nl af de", "sv no da is", "bg uk")
)
# No modern article is furnished in these; what looks like them is a phrase, a motto or a name.
NEVER_FOREIGN: Final = frozenset({"la", "eo", "sa"})


@lru_cache(maxsize=1024)
def normal(code: str) -> str:
    """The code of the written language that a BCP 47 tag names: "pt-BR" is pt, "nb" is no, "zh-Hant" is zh.

    Raises UnknownLanguage, with all known codes, for anything else.
    """
    base = code.strip().replace("_", "-").split("-")[0].lower()
    base = _SAME.get(base, base)
    if base not in NAMES:
        raise UnknownLanguage(f"unknown language code {code!r}; known are {', '.join(NAMES)}")
    return base


def is_known(code: str) -> bool:
    """Whether a code names a language, in any of its spellings."""
    try:
        normal(code)
    except UnknownLanguage:
        return False
    return True


def name_of(code: str) -> str:
    """The English name of a language: "French" for "fr". A code that is not known names itself."""
    try:
        return NAMES[normal(code)]
    except UnknownLanguage:
        return code


def direction(code: str) -> str:
    """Which way a language is written, "ltr" or "rtl"; a script in the tag decides ("az-Arab")."""
    parts = code.replace("_", "-").lower().split("-")
    scripts = [part for part in parts[1:] if len(part) == 4 and part.isalpha()]
    if scripts:
        return "rtl" if scripts[0] in _RTL_SCRIPTS else "ltr"
    return "rtl" if _SAME.get(parts[0], parts[0]) in _RTL or parts[0] == "ckb" else "ltr"


@lru_cache(maxsize=4096)
def same_language(one: str, other: str) -> bool:
    """Whether two codes name the same language, or two so near that a few lines do not tell them apart."""
    one, other = normal(one), normal(other)
    return one == other or any(one in group and other in group for group in _NEAR)


def similar(one: str, other: str) -> bool:
    """Whether two (normal) codes name neighbours that share many words, such as Spanish and Italian."""
    return any(one in group and other in group for group in _SIMILAR)
