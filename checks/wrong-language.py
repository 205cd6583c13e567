"""The article is written in another language than the one it declares.

Themes and feeds declare a default language for every page, and a translated site serves its originals under the wrong
address. One such article spoils a corpus of one language more than any caption does. At least five long paragraphs or
400 characters must speak, pycld2, eld and langdetect must agree on the other language, and near languages (Norwegian,
Danish and Swedish; Croatian, Serbian and Bosnian; Spanish, Galician and Catalan; Czech and Slovak; and others) are
never told apart. An article that is honestly in two languages gets a note.
"""

from collections.abc import Iterator

from bycatch.article import Article, Mark
from bycatch.language import name_of
from bycatch.language_hearing import hearing

TITLE = "Article in another language than declared"
SEVERITY = "error"
MESSAGE = "The article is not in the language it declares."
FIX = "none"

_ENGLISH = (
    "The council voted on Tuesday to keep the old swimming pool open for another winter.",
    "Parents had collected more than four thousand signatures since the spring.",
    "The mayor said that the money would have to come from the road budget.",
    "Nobody at the meeting could explain why the repairs had become so expensive.",
    "A second vote is expected after the holidays, when the new figures are known.",
)
_GERMAN = (
    "Der Gemeinderat stimmte am Dienstag dafür, das alte Schwimmbad noch einen Winter offen zu halten.",
    "Die Eltern hatten seit dem Frühjahr mehr als viertausend Unterschriften gesammelt.",
    "Der Bürgermeister sagte, das Geld müsse dann aus dem Topf für die Straßen kommen.",
    "Niemand in der Sitzung konnte erklären, warum die Reparaturen so teuer geworden sind.",
    "Nach den Ferien soll noch einmal abgestimmt werden, wenn die neuen Zahlen vorliegen.",
)
_SWEDISH = (
    "Kommunfullmäktige röstade i tisdags för att hålla den gamla simhallen öppen en vinter till.",
    "Föräldrarna hade samlat in mer än fyra tusen namnunderskrifter sedan i våras.",
    "Borgmästaren sade att pengarna i så fall måste tas från vägbudgeten.",
    "Ingen på mötet kunde förklara varför reparationerna hade blivit så dyra.",
    "En ny omröstning väntas efter helgerna, när de nya siffrorna är kända.",
)

FLAGS = {
    "English declared as French": {"text": "\n\n".join(("⟦" + _ENGLISH[0] + "⟧", *_ENGLISH[1:])), "lang": "fr"},
    "German declared as American English": {
        "text": "\n\n".join(("⟦" + _GERMAN[0] + "⟧", *_GERMAN[1:])),
        "lang": "en-US",
    },
    "an article in two languages, a note": {
        "text": "\n\n".join(
            (_GERMAN[0], "⟦" + _ENGLISH[0] + "⟧", _GERMAN[1], _ENGLISH[1], *_GERMAN[2:4], *_ENGLISH[2:4])
        ),
        "lang": "de",
    },
}
PASSES = {
    "the declared language": {"text": "\n\n".join(_GERMAN), "lang": "de-AT"},
    "one foreign paragraph": {"text": "\n\n".join((*_GERMAN, _ENGLISH[0])), "lang": "de"},
    "a near language": {"text": "\n\n".join(_SWEDISH), "lang": "nb"},
    "too little text": {"text": "\n\n".join(_ENGLISH[:2]), "lang": "fr"},
    "no declaration": "\n\n".join(_ENGLISH),
    "a code that names no language": {"text": "\n\n".join(_ENGLISH), "lang": "qqq"},
    "names alone": {
        "text": "\n\n".join(["Wolverhampton Wanderers, Crystal Palace, Nottingham Forest, West Ham United"] * 6),
        "lang": "fr",
    },
    "no text": {"text": "", "lang": "fr"},
}


def find(article: Article) -> Iterator[Mark]:
    """The first long paragraph in the other language: an error if the article is all in it, else a note."""
    heard = hearing(article)
    if heard is None or (made := heard.makeup) is None:
        return
    main = heard.main
    span = article.paragraphs[made.first].span()
    guessed = article.meta.get("lang_guessed") is True
    if not made.wrong:
        yield Mark(
            span,
            f"The article is in two languages, {name_of(main)} and {name_of(made.lang)}.",
            severity="note",
            lang=made.lang,
        )
    elif not guessed:
        yield Mark(span, f"The article declares {name_of(main)} but is in {name_of(made.lang)}.", lang=made.lang)
