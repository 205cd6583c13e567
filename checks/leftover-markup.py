"""Tags, entities, style sheets, scripts and addresses that belong to the page, not to the text a reader saw.

Articles about code and Markdown files show such things on purpose; where the text speaks of code, nothing is flagged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bycatch.article import Article, Fix, Mark, Paragraph, Span
from bycatch.inspection import Found

TITLE = "Leftover markup"
SEVERITY = "error"
FIX = "delete paragraph"

FLAGS = {
    "a line break": "The mill stands on the river bank.⟦<br />⟧ It turns again.",
    "a pair of tags": "The mill stands on the ⟦<strong>⟧river bank⟦</strong>⟧ and turns again.",
    "a link": 'It was written up in ⟦<a href="https://example.org/mill" target="_blank">⟧the paper⟦</a>⟧ on Sunday.',
    "an embed": '⟦<iframe src="https://example.org/v/1" width="560"></iframe>⟧\n\nThe mill turns again.',
    "entities": "The miller⟦&rsquo;⟧s daughter ⟦&amp;⟧ her⟦&nbsp;⟧son set the wheel ⟦&#8211;⟧ again.",
    "a style sheet": "The mill turns.\n\n⟦.post-title { color: #333; margin: 0 auto; }⟧\n\nIt is open on Sunday.",
    "a script": (
        "The mill turns.\n\n⟦window.dataLayer = window.dataLayer || []; function gtag(){dataLayer.push(arguments);}⟧"
    ),
    "an ad call": "The mill turns.\n\n⟦(adsbygoogle = window.adsbygoogle || []).push({});⟧\n\nIt is open on Sunday.",
    "metadata": 'The mill turns.\n\n⟦{"@context": "https://schema.org", "@type": "NewsArticle", "name": "Mill"}⟧',
    "an address alone": "The mill turns again.\n\n⟦https://example.org/2020/01/the-mill-turns-again⟧\n\nIt is open.",
    "a comment": "The mill turns.\n\n⟦<!-- end of content -->⟧\n\nIt is open on Sunday.",
}
PASSES = {
    "hearts and comparisons": "I <3 this mill; if a < b and c > d, then a<b too, and <Anna> said AT&T; fine & good.",
    "an article about tags": "In HTML the <b> tag sets text in bold, and <br> breaks the line: <b>so</b> it goes.",
    "code": 'Write this in your template:\n\n<div class="mill">\n\n<p>Mill</p>\n\n</div>\n\nThen save the CSS file.',
    "a name in angle brackets": "From: Anna Weber <anna@example.org>\nTo: Paul <paul@example.org>",
    "an address in a sentence": "The tickets are sold at https://example.org/mill and at the door.",
    "the site of a mill": "The mill\n\nRiver Road 1, Millbrook\n\nwww.mill.example\n\nOpen on Sunday.",
    "braces in a formula": "The set {x : x > 3; y} is closed.",
    "speech of engineers": "The function {name} is called for each mill; see R&D; and Q&A;",
}

_TAG_NAMES = (
    "a|abbr|article|aside|audio|b|blockquote|body|br|button|center|cite|code|dd|div|dl|dt|em|embed|fieldset|figcaption|figure|"
    "font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|label|li|link|main|meta|nav|noscript|object|"
    "ol|option|p|param|picture|pre|s|script|section|select|small|source|span|strong|style|sub|sup|svg|table|tbody|td|"
    "tfoot|th|thead|tr|u|ul|video"
)
# Attributes are bounded, so that a lone "<a " in a text of megabytes costs nothing.
_TAG = re.compile(rf"<(/?)({_TAG_NAMES})((?:\s[^<>]{{0,1000}})?)/?>|<!--[^<>]{{0,1000}}-->", re.IGNORECASE)
_ENTITY = re.compile(
    r"&(?:amp;)?(?:nbsp|amp|quot|apos|lt|gt|[lr]s?[ad]?quo|[lr]squo|[bs]bquo|ndash|mdash|hellip|euro|copy|reg|trade|middot|"
    r"bull|shy|deg|times|laquo|raquo|[aeiouyAEIOUY](?:acute|grave|circ|uml|tilde|ring)|[nN]tilde|[aoAO]tilde|szlig|"
    r"[cC]cedil|aelig|AElig|oelig|OElig|oslash|Oslash|iexcl|iquest|pound|yen|cent|sect|para|#\d{2,6}|#[xX][0-9a-fA-F]{2,5});"
)
_STYLE = re.compile(
    r"(?:@(?:media|import|font-face|charset|keyframes)\b|(?:[.#][A-Za-z_][\w-]*|[a-z][a-z0-9]*|\*|:root)[\w\s.,:>+~#*()\[\]=\"'-]"
    r"{0,200}\{\s*(?:--)?[a-z-]{2,40}\s*:[^{}]{1,400}[;}])"
)
_SCRIPT = re.compile(
    r"window\.\w+\s*=[^=]|\bdataLayer\b|\bgoogletag\b|\badsbygoogle\b|\b_gaq\b|"
    r"\bdocument\.(?:write|getElementById|createElement|querySelector)\s*\(|"
    r"\bjQuery\s*\(|\$\(\s*(?:document|window|function|['\"][.#])|\(?function\s*\w*\s*\([\w, ]{0,80}\)\s*\{|"
    r"\bgtag\s*\(|\bfbq\s*\(|"
    r"<!\[CDATA\[|\baddEventListener\s*\("
)
_JSON = re.compile(r"[\[{]\s*(?:\{\s*)?\"@(?:context|type|graph|id)\"\s*:")
# A text that speaks of code shows code. Anyone's word for it, in the languages of programmers.
_ABOUT_CODE = re.compile(
    r"\b(?:html5?|css3?|javascript|typescript|xml|xhtml|xss|json|php|jquery|wordpress|markup|markdown|react|vue|angular|python|sql|"
    r"webpage builder|source code|code snippet|snippets?|shortcodes?|plugins?|web develop\w*|front-?end|stylesheets?|"
    r"quellcode|"
    r"quelltext|code source|c[oó]digo|codice|kod źródłowy|исходный код|代码|コード|程式碼)\b|```|代码|コード|程式碼|код"
)
# With a path: the bare name of a host is the address of a place that a guide describes.
_ADDRESS = re.compile(r"https?://[^\s/]+/\S+")
SIGNS = ("[<&{]", "http", "window", "document", "gtag", "dataLayer")
_SHOWN = 40
# Characters before an entity in which the beginning of its word is looked for.
_WORD = 300


def find(article: Article, found: Found) -> Iterator[Mark]:
    text = article.text
    tagged = "<" in text and _TAG.search(text) is not None
    encoded = "&" in text and _ENTITY.search(text) is not None
    coded = any(map(text.__contains__, ("{", "window.", "document.", "gtag", "dataLayer")))
    linked = "http" in text
    if not (tagged or encoded or coded or linked) or article.meta.get("format") == "markdown":
        return
    suspects = [p for p in article.paragraphs if _suspicious(p, tagged, encoded, coded) or _is_address(p)]
    furniture = found.phrased() if suspects else set()
    suspects = [p for p in suspects if p.index not in furniture]
    if not suspects or _speaks_of_code(article, suspects, furniture):
        return
    for paragraph in suspects:
        if _is_address(paragraph):
            # Three in ten are an author's reference, and none says which; the others are left by embeds and link boxes.
            yield Mark(paragraph.span(), "The paragraph is nothing but an address.", severity="note")
            continue
        if coded and (kind := _code(paragraph.text)):
            yield Mark(paragraph.span(), f"The paragraph is {kind}.")
            continue
        if tagged:
            yield from _tags(paragraph)
        if encoded:
            yield from _entities(paragraph)


def _suspicious(paragraph: Paragraph, tagged: bool, encoded: bool, coded: bool) -> bool:
    text = paragraph.text
    return (
        (tagged and "<" in text and _TAG.search(text) is not None)
        or (encoded and "&" in text and _ENTITY.search(text) is not None)
        or (coded and _code(text) is not None)
    )


def _is_address(paragraph: Paragraph) -> bool:
    return paragraph.text.startswith("http") and _ADDRESS.fullmatch(paragraph.text) is not None


def _speaks_of_code(article: Article, suspects: list[Paragraph], furniture: set[int]) -> bool:
    """Whether the prose names a language of code; the suspicious paragraphs and "Enable JavaScript" do not count."""
    indices = {paragraph.index for paragraph in suspects}
    for paragraph in article.paragraphs:
        folded = paragraph.folded
        if paragraph.index in furniture:
            continue
        if paragraph.index in indices:
            folded = "" if _code(paragraph.text) or _is_address(paragraph) else _TAG.sub(" ", folded)
        if _ABOUT_CODE.search(folded):
            return True
    return False


def _code(text: str) -> str | None:
    """What code a paragraph is, or None for prose. Prose has no braces with declarations, and starts with a word."""
    head = text[:2000]
    if _JSON.match(head):
        return "metadata of the page"
    if "{" in head and ":" in head and _STYLE.match(head):
        return "a style sheet"
    # A call among words is a quotation; a script has more signs of code than sentences have.
    if ("(" in head or "=" in head) and _SCRIPT.search(head) and sum(head.count(c) for c in "(){};=[]") >= 6:
        return "a script"
    return None


def _tags(paragraph: Paragraph) -> Iterator[Mark]:
    text = paragraph.text
    if "`" in text or "<" not in text:
        return
    matches = list(_TAG.finditer(text))
    if not matches:
        return
    closed = {m.group(2).lower() for m in matches if m.group(1)}
    sure = [m for m in matches if _is_sure(m, closed)]
    if not sure:
        return
    rest = "".join(_TAG.sub(" ", text).split())
    if not rest:
        yield Mark(paragraph.span(), "The paragraph is nothing but HTML tags.")
        return
    for match in sure:
        span = Span(paragraph.start + match.start(), paragraph.start + match.end())
        name = match.group()[:_SHOWN] + ("…" if len(match.group()) > _SHOWN else "")
        # A break between words stands for a space.
        glued = match.group(2) is not None and match.group(2).lower() in ("br", "p", "div", "li", "hr")
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        if glued and before and after and not before.isspace() and not after.isspace():
            yield Mark(span, f"The HTML tag {name} was left in the text.", fix=Fix("replace", span, " ", safe=True))
        else:
            yield Mark(span, f"The HTML tag {name} was left in the text.", fix=Fix("delete", span, safe=True))


def _is_sure(match: re.Match[str], closed: set[str]) -> bool:
    """Whether a tag is markup and not a word in angle brackets: a break, an attribute, or both ends of a pair."""
    name = match.group(2)
    if name is None:
        return True
    name = name.lower()
    return name in ("br", "hr") or "=" in match.group(3) or name in closed or (len(name) > 2 and name != "main")


def _entities(paragraph: Paragraph) -> Iterator[Mark]:
    text = paragraph.text
    if "`" in text:
        return
    import html  # two thousand names, which an article without entities need not load

    for match in _ENTITY.finditer(text):
        character = html.unescape(html.unescape(match.group()))
        # An address keeps its ampersands, however they are written.
        word = text[max(0, match.start() - _WORD) : match.start()].rpartition(" ")[2]
        if len(character) != 1 or "://" in word or "www." in word:
            continue
        span = Span(paragraph.start + match.start(), paragraph.start + match.end())
        fix = Fix("replace", span, character, safe=True)
        yield Mark(span, f"The entity {match.group()} stands for {character!r}.", fix=fix)
