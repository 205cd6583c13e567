"""A paragraph stands in another language than its article.

Furniture of the site, teasers of another edition, paragraphs that the translator left alone: a scraper takes them for
text. Names, captions, scores and quotations fool every language detector, so a paragraph is flagged only when words in
lower case are left after these are set aside, its little words (the, and, of) are foreign, and pycld2, eld and
langdetect contradict the article's language together. Never flagged, for a line or two does not tell them apart:
Norwegian, Danish, Swedish and Faroese; Croatian, Serbian, Bosnian, Slovenian and Macedonian; Spanish, Galician,
Catalan, Asturian and Occitan; Portuguese and Galician; Czech and Slovak; Russian, Ukrainian, Belarusian and
Bulgarian; Dutch, Afrikaans and Frisian; German and Luxembourgish; Indonesian, Malay and Javanese; Arabic, Persian and
Urdu. Neighbours such as Spanish and Italian need six words. A paragraph that is all quotation gets a note, and so does
a short line that is the only foreign one: it may be a motto or a title. The terms of a licence such as the GNU's are
the same in every language, and a quotation of up to three words is a title: both are silent. So is the check where
the article's language is unknown. No deletion is offered: of such paragraphs on labelled pages two in five belong to
the article, and whether one goes, stays or is translated is for a reader to say.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bycatch.article import Article, Mark, Paragraph
from bycatch.folding import fold
from bycatch.inspection import Found
from bycatch.language import described
from bycatch.language_hearing import Hearing, hearing

TITLE = "Paragraph in another language"
SEVERITY = "warning"
MESSAGE = "The paragraph is in another language than the article."
FIX = "none"
AFTER = ("wrong-language",)

_FRENCH = "Le maire a démissionné mardi, après onze ans à la tête de la commune."
_GERMAN = "Der Bürgermeister trat am Dienstag nach elf Jahren an der Spitze der Gemeinde zurück."

FLAGS = {
    "English in a French article": {
        "text": f"{_FRENCH}\n\n⟦Our reporters will follow the story over the weekend.⟧\n\nIl part en juin.",
        "lang": "fr",
    },
    "four words": {"text": f"{_GERMAN}\n\n⟦They will be missed.⟧", "lang": "de"},
    "all in capitals": {"text": f"{_FRENCH}\n\n⟦READ THE FULL STORY ON OUR WEBSITE⟧", "lang": "fr-CA"},
    "German in an English article": {
        "text": "The mayor resigned on Tuesday.\n\n⟦Mehr dazu lesen Sie in unserer Ausgabe vom Samstag.⟧",
        "lang": "en",
    },
    "Spanish in an Italian article": {
        "text": "Il sindaco si è dimesso martedì.\n\n⟦El alcalde dejó el cargo después de once años en "
        "el ayuntamiento.⟧",
        "lang": "it",
    },
    "Russian in a Turkish article": {
        "text": "Belediye başkanı salı günü istifa etti.\n\n⟦Мэр города ушёл в отставку во вторник.⟧",
        "lang": "tr",
    },
    "Chinese in an English article": {
        "text": "The mayor resigned on Tuesday.\n\n⟦市长在星期二宣布辞职，没有说明原因。⟧",
        "lang": "en",
    },
    "English in a Japanese article": {
        "text": "市長は火曜日に辞任した。\n\n⟦Click here to read the rest of the story.⟧",
        "lang": "ja",
    },
    "a paragraph that is all quotation, a note": {
        "text": f"{_FRENCH}\n\n⟦« We never thought that he would really go. »⟧\n\nSa voisine, elle, s'en doutait.",
        "lang": "fr",
    },
}
PASSES = {
    "the article's own language": {"text": f"{_FRENCH}\n\nOn ne sait pas qui lui succédera.", "lang": "fr"},
    "names, captions and scores": {
        "text": f"{_FRENCH}\n\nHannah Whitfield / The Northern Courier\n\nSheffield United - Aston Villa "
        "3-1\n\n© Getty Images",
        "lang": "fr",
    },
    "names of works": {
        "text": f"{_GERMAN}\n\nThe Wind in the Willows\n\nOne Hundred Years of Solitude\n\nPirates of the Caribbean",
        "lang": "de",
    },
    "a song and its singer": {
        "text": f"{_FRENCH}\n\nThe Kinks, « You really got me »\n\nDire Straits – Brothers in Arms",
        "lang": "fr",
    },
    "a bibliography": {
        "text": f"{_GERMAN}\n\nLiteratur\n\nJane Jacobs: The Death and Life of Great American Cities. New "
        "York: Random House, 1961.\n\n"
        "Rittel, H. & Webber, M. (1973). Dilemmas in a general theory of planning. Policy Sciences 4(2), 155–169.\n\n"
        "Alexander, Christopher: A city is not a tree, 1965",
        "lang": "de",
    },
    "code": {
        "text": f'{_FRENCH}\n\nfor line in open(path): print(line.strip())\n\ngit commit -m "make the '
        'build pass again"\n\n'
        "SELECT name FROM towns WHERE mayor IS NULL;",
        "lang": "fr",
    },
    "the terms of a licence": {
        "text": f"{_FRENCH}\n\nThe pictures of this page are licensed under the Creative Commons Attribution "
        "licence.\n\nThis map was drawn with free software under the GNU General Public License.",
        "lang": "fr",
    },
    "the end of a quotation": {
        "text": f"{_FRENCH}\n\nIl cita son poète préféré, comme toujours : « Night falls early here.\n\nAnd who "
        "would wish it otherwise? »",
        "lang": "fr",
    },
    "the title of a work in quotation marks": {
        "text": f"{_FRENCH}\n\n12. ^ « They came back »\n\n« 雨の夜だけの約束 »",
        "lang": "fr",
    },
    "menus of languages": {
        "text": f"{_FRENCH}\n\nहिन्दी\n\nIndia (తెలుగు)\n\nไทย (ภาษาไทย)\n\n中文 (简体)\n\nDE FR IT EN",
        "lang": "fr",
    },
    "bullets": {
        "text": f"{_GERMAN}\n\no Über die Stadt\n\no Contact us\n\n* E-Mail",
        "lang": "de",
    },
    "words with a hyphen": {"text": f"{_GERMAN}\n\ne-mail\n\nhandfestes Know-how\n\nE-MTB", "lang": "de"},
    "soft hyphens": {
        "text": f"{_GERMAN}\n\nAk\xadtu\xadel\xadle In\xadfor\xadma\xadtio\xadnen",
        "lang": "de",
    },
    "English nouns that recall Romance words": {
        "text": "The mayor resigned on Tuesday.\n\nnatural lawn care\n\nstriped cotton pyjamas\n\nsocial "
        "care reform\n\nLOS ANGELES",
        "lang": "en",
    },
    "results of a competition": {"text": f"{_GERMAN}\n\n1. - - - o o xo xxx\n\n2. o o xxo xxx", "lang": "de"},
    "addresses": {
        "text": f"{_FRENCH}\n\n221B Baker Street, London NW1 "
        "6XE\n\nhttps://example.org/what-we-know-about-the-mayor\n\n"
        "press-office-of-the-town@example.org",
        "lang": "fr",
    },
    "hashtags": {"text": f"{_GERMAN}\n\n#SaveOurPool #nomorecuts @thetowncouncil", "lang": "de"},
    "legal names": {
        "text": f"{_FRENCH}\n\nThe Procter & Gamble Company\n\nRoyal Society for the Protection of "
        "Birds\n\nDeutsche Gesellschaft für Internationale Zusammenarbeit",
        "lang": "fr",
    },
    "transliterations": {
        "text": f"{_FRENCH}\n\nOm mani padme hum\n\nKonnichiwa, minasan\n\nSlava Ukraini!",
        "lang": "fr",
    },
    "one-word answers": {"text": f"{_GERMAN}\n\nYes.\n\nOui !\n\nSorry?\n\nДа.", "lang": "de"},
    "Latin phrases": {
        "text": f"{_FRENCH}\n\nCogito, ergo sum.\n\nIn dubio pro reo\n\nLorem ipsum dolor sit amet, "
        "consectetur adipiscing elit.",
        "lang": "fr",
    },
    "English job titles": {
        "text": f"{_GERMAN}\n\nChief Executive Officer\n\nSenior Vice President of Sales and Marketing",
        "lang": "de",
    },
    "a name in its own letters": {"text": f"{_FRENCH}\n\nЛев Толстой\n\n村上春樹\n\nنجيب محفوظ", "lang": "fr"},
    "emoji, digits, addresses alone": {"text": "😀 🎉\n\n12 500\n\n3-1\n\nwww.example.org\n\n***", "lang": "fr"},
    "a quotation in a sentence": {
        "text": "« We will never surrender this town », a-t-elle lancé en anglais à la foule réunie devant la mairie.",
        "lang": "fr",
    },
    "a near language": {
        "text": "Ordføreren gikk av på tirsdag.\n\nBorgmesteren gik af i tirsdags efter elleve år.",
        "lang": "nb",
    },
    "letters set apart": {"text": f"{_FRENCH}\n\nA A A\n\nm a i s . f r", "lang": "fr"},
    "prices and measures": {
        "text": f"{_FRENCH}\n\n1/2 tsp vanille, 3 oz beurre, 2 cups\n\n16 GB RAM, 512 GB SSD",
        "lang": "fr",
    },
    "a language that is not known": {
        "text": f"{_FRENCH}\n\nOur reporters will follow the story over the weekend.",
        "lang": "qqq",
    },
    "no language": f"{_FRENCH}\n\nOur reporters will follow the story over the weekend.",
    "no text": {"text": "", "lang": "fr"},
}
MISSES = {
    "nothing but names and nouns": {"text": f"{_FRENCH}\n\n⟦Sports Weather Traffic Obituaries⟧", "lang": "fr"},
    "a near language": {
        "text": "Ordføreren gikk av på tirsdag.\n\n⟦Borgmästaren avgick i tisdags efter elva år.⟧",
        "lang": "no",
    },
    "two words": {"text": f"{_FRENCH}\n\n⟦Read more⟧", "lang": "fr"},
}

# Headings of lists of works, whose titles are in whatever language they were written in; each entry has its year.
_HEADINGS = (
    "references, bibliography, works cited, further reading, sources, discography, literatur, quellen, "
    "literaturverzeichnis, einzelnachweise, diskografie, bibliographie, références, pour aller plus loin, "
    "discographie, bibliografía, referencias, discografía, bibliografia, riferimenti, fonti, discografia, "
    "referências, literatuur, bronnen, literatura, źródła, przypisy, dyskografia, zdroje, referenser, "
    "källor, litteratur, referanser, kilder, kaynaklar, kaynakça, литература, источники, література, "
    "джерела, βιβλιογραφία, 参考文献, 참고문헌, المراجع, المصادر"
)
_LISTS = frozenset(fold(_HEADINGS).split(", "))
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
# A paragraph of this many words, or of this many characters where words have no spaces between them, is a sentence or
# two and no longer a title.
_SENTENCES = 25
_UNSPACED_SENTENCES = 160
# Nothing but one quotation: the original words of somebody, and perhaps meant to be. So few words are a title.
_QUOTATION = re.compile(r"[\W\d]{0,9}?[\"“„«»‘‚]([^\"“”„«»]+)[\"“”»«’][.,]?")
_WORDS_OF_A_QUOTATION = 4
_UNSPACED_QUOTATION = 20
_MARKS_OF_QUOTATION = re.compile(r"[\"“”„«»]")
# The terms that a work, a program or a page is given away under are the same text the world over.
_LICENCES = re.compile(
    r"\b(?:GNU|A?GPL|LGPL|MIT|BSD|Apache|Mozilla|MPL|Creative Commons|CC[- ](?:BY|0)|Public Domain|GFDL)\b"
)
_IS_LICENSED = re.compile(r"\b(?:re)?li[cz][eè]n[cszt]|\bl[il]icen[cs]|лиценз|ліценз", re.IGNORECASE)


def find(article: Article, found: Found) -> Iterator[Mark]:
    """Every paragraph in another language that no phrase check has named already."""
    heard = hearing(article)
    if heard is None or not heard.open or _disputed(found, heard):
        return
    main = heard.main
    named = found.phrased()
    foreign = {index: lang for index in heard.open if index not in named and (lang := heard.foreign(index)) is not None}
    listed = _in_lists(article.paragraphs) if foreign else set()
    marks: list[Mark] = []
    short: list[bool] = []
    for index, lang in foreign.items():
        paragraph = article.paragraphs[index]
        if index in listed or _is_legal(paragraph.text) or _ends_quotation(paragraph.text):
            continue
        quotation = _QUOTATION.fullmatch(paragraph.text.strip())
        quoted = quotation is not None
        if quotation is not None and _is_brief(quotation[1], _WORDS_OF_A_QUOTATION, _UNSPACED_QUOTATION):
            continue
        message = f"A quotation: {described(lang, main)}." if quoted else f"{described(lang, main)}."
        marks.append(Mark(paragraph.span(), message, lang=lang, severity="note" if quoted else None))
        short.append(_is_brief(paragraph.text, _SENTENCES, _UNSPACED_SENTENCES))
    # One short foreign line in an article may be a motto, a title, a line of a song; two are no accident.
    alone = len(marks) == 1 and short[0]
    yield from (replace(mark, severity="note") if alone else mark for mark in marks)


def _in_lists(paragraphs: Iterable[Paragraph]) -> set[int]:
    """The indices of headings of lists and of the entries below them."""
    indices: set[int] = set()
    for index, _, _, text, folded, _ in paragraphs:
        if folded.strip(" :.*#0123456789") in _LISTS or (index - 1 in indices and _YEAR.search(text) is not None):
            indices.add(index)
    return indices


def _is_legal(text: str) -> bool:
    return _LICENCES.search(text) is not None and _IS_LICENSED.search(text) is not None


def _ends_quotation(text: str) -> bool:
    """Whether this is the last paragraph of a quotation that began in another."""
    marks = [match.start() for match in _MARKS_OF_QUOTATION.finditer(text)]
    return len(marks) == 1 and marks[0] > 0 and not any(map(str.isalnum, text[marks[0] :]))


def _is_brief(text: str, words: int, letters: int) -> bool:
    return len(text.split()) < words and len(text) < letters


def _disputed(found: Found, heard: Hearing) -> bool:
    """Whether the article's language itself is in question, which is one finding and not one for each paragraph."""
    marks = found.marks.get("wrong-language")
    return bool(marks) if marks is not None else heard.makeup is not None
