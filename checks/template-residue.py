"""Pages are made from templates, and where a value is missing the template shows: {{ title }}, %1$s, [object Object].

WordPress leaves shortcodes such as [caption …] or [gallery …] when the plugin that drew them is gone; programs that
copy articles into blogs leave the names of their own fields, [matched_content] or [source_link]; theme authors leave
lorem ipsum. None was ever meant for a reader. Articles about programming show such code on purpose: there, and beside
lines of code, only shortcodes with attributes and the fields of copying programs count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bycatch.article import Article, Mark, Paragraph

TITLE: Final = "Template residue"
SEVERITY: Final = "error"
MESSAGE: Final = "Part of a page template was left in the text."
FIX: Final = "delete paragraph"

# Every repetition is bounded, so that a hostile line costs no more than its length; 200 characters are a long call.
_EXPRESSION: Final = re.compile(
    r"\{\{[^{}\n]{0,200}\}\}|\{%[^{}\n]{0,200}%\}|<%[^<>\n]{0,200}%>|\$\{[^{}\n]{1,60}\}|%%[A-Za-z_]{2,40}%%"
)
_FORMAT: Final = re.compile(r"(?<![\w%])%(?:\d{1,2}\$)?[sd](?!\w)")
_SHORTCODES: Final = (
    "audio|caption|contact-form|contact-form-7|embed|et_pb_[a-z_]{1,40}|gallery|gravityform|instagram|mailpoet_form|"
    "playlist|rev_slider|soundcloud|tweet|video|vc_[a-z_]{1,40}|wpforms|youtube|elementor-template|ngg|nggallery|"
    "su_[a-z_]{1,40}|fusion_[a-z_]{1,40}|dropcap|pullquote|toc|tps_title|powerpress|socialpoll|polldaddy"
)
# Attributes or the closing slash make a shortcode; "[video]" alone may be an editor's remark about a clip.
_SHORTCODE: Final = re.compile(rf"\[/(?:{_SHORTCODES})\]|\[(?:{_SHORTCODES})\s[^\[\]]{{0,300}}=[^\[\]]{{0,300}}\]")
_BARE_SHORTCODE: Final = re.compile(rf"\[/?(?:{_SHORTCODES})(?:\s[^\[\]]{{0,300}})?\]")
_EMBED: Final = re.compile(r"\[embed\][^\[\]]{0,300}\[/embed\]")
# The fields of programs that copy articles into blogs. [ad_1] is the check ad-marker's.
_FIELD: Final = re.compile(
    r"\[(?:(?:original|source|matched|post|article|feed|rss|item|page|site|blog|main|full|random|custom|related)_"
    r"(?:title|link|content|url|text|excerpt|image|date|author|source|name|keyword|description|tags|category|posts)"
    r"|(?:author|post|source)_(?:bio|permalink|credit)|spintax|auto_?content)\]"
)
SIGNS: Final = (r"[{\[%]", "undefined", "NaN", "null", "Invalid Date", "lorem ipsum", "consectetur adipi")
_VALUES: Final = frozenset({"undefined", "NaN", "null", "[object Object]", "undefined undefined", "Invalid Date"})
_LOREM: Final = re.compile(r"lorem ipsum\b.{0,20}\bdolor sit amet|consectetur adipi[a-z]{1,6} elit")
# How filler goes on. A sentence about it does not: of so many words at the beginning one may be another.
_FILLER: Final = frozenset(
    ("lorem", "ipsum", "dolor", "sit", "amet", "consectetur", "adipiscing", "adipisicing", "elit")
)
_FIRST_WORDS: Final = 8
# A label and a value or two: "Posted on {{ date }} by {{ author }}". Longer is a sentence that speaks of the template.
_LABEL_WORDS: Final = 6
# Articles that name one of these show template code on purpose.
_CODE_TALK: Final = re.compile(
    r"templat|jinja|liquid|handlebars|mustache|django|twig|vue\b|angular|shortcode|javascript|typescript|python|"
    r"\bphp\b|printf|placeholder|snippet|format string|github action|\bhugo\b|helm\b|ansible|\bbash\b|\bnode\.js|"
    r"шаблон|plantilla|gabarit|vorlage|szablon|テンプレート|模板"
)
_CODE_LINE: Final = re.compile(r"[;{}]\s*$|^\s*(?:[<$#]|//|\*|def |import |const |var |let |return )|\w\(\)|=>|</\w")


def find(article: Article) -> Iterator[Mark]:
    """Mark whole paragraphs that are residue, and shortcodes and fields inside others."""
    code: bool | None = None
    for paragraph in article.paragraphs:
        if "[" in paragraph.text and (inside := [*_shortcodes(paragraph)]):
            yield from inside
        elif _residue(paragraph.text):
            if code is None:
                code = any(_CODE_TALK.search(other.folded) for other in article.paragraphs)
            if not code and not _among_code(article, paragraph):
                yield Mark(paragraph.span(), MESSAGE)


def _shortcodes(paragraph: Paragraph) -> Iterator[Mark]:
    text = paragraph.text
    pieces = [(match.start(), match.end()) for kind in (_EMBED, _SHORTCODE, _FIELD) for match in kind.finditer(text)]
    if _BARE_SHORTCODE.fullmatch(text) and "/" not in text and "=" not in text:
        pieces = []
    end = 0
    joined: list[tuple[int, int]] = []
    for first, last in sorted(pieces):
        if joined and first <= end + 1:
            joined[-1] = (joined[-1][0], max(end, last))
        else:
            joined.append((first, last))
        end = joined[-1][1]
    for first, last in joined:
        yield Mark(paragraph.span(first, last) if paragraph.offsets is None else paragraph.span(), MESSAGE)


def _residue(text: str) -> bool:
    if text in _VALUES or (text[0] in "lLcC" and _is_filler(text.lower())):
        return True
    if len(text) > 400:
        return False
    if _BARE_SHORTCODE.fullmatch(text):
        return text not in ("[video]", "[audio]", "[gallery]")
    if "%" in text or "{" in text:
        rest, expressions = _EXPRESSION.subn(" ", text)
        rest, formats = _FORMAT.subn(" ", rest)
        return bool(expressions or formats) and len(rest.split()) <= _LABEL_WORDS and not _CODE_LINE.search(rest)
    return False


def _is_filler(lower: str) -> bool:
    if _LOREM.match(lower) is None:
        return False
    words = re.findall(r"[^\W\d_]+", lower)[:_FIRST_WORDS]
    return sum(word in _FILLER for word in words) >= len(words) - 1


def _among_code(article: Article, paragraph: Paragraph) -> bool:
    """Whether a neighbour is a line of code, or announces one with a colon."""
    before = article.paragraphs[paragraph.index - 1] if paragraph.index else None
    after = article.paragraphs[paragraph.index + 1] if paragraph.index + 1 < len(article.paragraphs) else None
    if before is not None and before.text.rstrip().endswith((":", "：")):
        return True
    return any(near is not None and _CODE_LINE.search(near.text[-300:]) is not None for near in (before, after))


FLAGS: Final = {
    "an expression": "The council met on Friday.\n\n⟦{{ post.title }}⟧",
    "a label and a value": "⟦Posted on {{ date }} by {{ author }}⟧\n\nThe council met on Friday.",
    "a format": "The council met on Friday.\n\n⟦Posted on %1$s by %2$s⟧",
    "a statement": "⟦{% include footer.html %}⟧\n\nThe council met on Friday.",
    "a shortcode around a caption": (
        '⟦[caption id="attachment_12" align="left"]⟧The bridge in spring⟦[/caption]⟧\n\nThe council met on Friday.'
    ),
    "a gallery": 'The council met on Friday.\n\n⟦[gallery ids="3,4,5"]⟧',
    "an object": "The council met on Friday.\n\n⟦[object Object]⟧",
    "a missing value": "⟦undefined⟧\n\nThe council met on Friday.",
    "filler text": "The council met on Friday.\n\n⟦Lorem ipsum dolor sit amet, consectetur adipiscing elit.⟧",
    "filler text in capitals": "The council met on Friday.\n\n⟦LOREM IPSUM DOLOR SIT AMET⟧",
    "a field of a copying program": "⟦[matched_content]⟧\n\nThe council met on Friday.",
    "a field inside a sentence": "The council met on Friday. ⟦[source_link]⟧",
}
PASSES: Final = {
    "an editor's brackets": "The talks [on security guarantees Russia seeks] go on.",
    "an article on templates": "In a Jinja template values stand in braces.\n\n{{ user.name }}\n\nIt is escaped.",
    "a line of code": "Print it like this:\n\n%s by %s\n\nThen run it again.",
    "a word": "The borders of the district were left undefined by the treaty.",
    "per cent": "Prices rose by 5 %. Sales fell by 3 %.",
    "an editor's remark": "[video]",
    "words about filler": "Printers have set the words lorem ipsum since the sixteenth century, he said.",
    "a sentence that begins with filler": (
        "Lorem ipsum dolor sit amet: with these words, which mean nothing, printers have shown their types for ages."
    ),
    "a name that is none": "Null and Nan met the undefined on Friday.\n\nAn invalid date was set for the vote.",
    "sets": "The set {1, 2, 3} has three elements.",
}
