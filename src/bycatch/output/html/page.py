"""The model of an article page: verdict, strip, map, rows with their marks and notes. Templates only lay it out."""

from __future__ import annotations

import bisect
import difflib
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from markupsafe import Markup

from bycatch.article import RANK, SEVERITIES, Article, Finding, Paragraph
from bycatch.catalog import Catalog, Check, Example
from bycatch.language import is_known, supported
from bycatch.output.html.atlas import Atlas, draw
from bycatch.output.html.families import FAMILIES, Family, family_of
from bycatch.output.html.glyphs import clip
from bycatch.output.html.marking import Stretch, marked
from bycatch.output.html.mend import Mended, mend, overlap
from bycatch.output.html.sizes import size, words
from bycatch.output.html.sources import site
from bycatch.output.html.tongue import code, direction, name
from bycatch.output.html.verdict import Judged, Tile, Verdict, judge, tiles

# What one page shows at most. Chromium lays out 1.5 million characters and 4,000 rows in about a second.
_MOST_NOTES: Final = 600
_MOST_TEXT: Final = 1_500_000
_MOST_ROWS: Final = 4_000
# A paragraph longer than this (20 screens; an article in one line) is shown around its findings only.
_LONGEST: Final = 12_000
_AROUND: Final = 500
_LEAD: Final = 2_000
# More marks than this on one paragraph cover each other; the notes still name them all.
_MOST_MARKS: Final = 120
# Paragraphs of a finding that runs over many: so many are opened, the rest stay folded.
_OPENED: Final = 12
# Without findings there is nothing to fold around; a short article is simply shown.
_UNFOLDED: Final = 40
# A marker or a link text is boxed in the text; a longer paragraph is tinted as a whole.
_SHORT: Final = 90
# What a decision quotes: enough to know the place again, not all of a paragraph of 5,000 characters.
_QUOTE: Final = 240
# A finding on more of the text than this speaks of the article, not of a place in it.
_WHOLE: Final = 0.6
# The longest headline seen on a news page has 290 characters; what is longer is a first paragraph.
_HEADLINE: Final = 320


@dataclass(frozen=True, slots=True)
class Link:
    """``¶ 12``, and where it is."""

    label: str
    href: str
    number: int


@dataclass(frozen=True)
class Note:
    """A finding in the margin."""

    number: int
    key: str
    check: str
    title: str
    severity: str
    family: Family
    message: str
    related: tuple[Link, ...]
    differs: str
    cure: str
    quote: str
    same: bool
    phrase: str = ""
    fixable: bool = False
    state: str = ""


@dataclass(frozen=True)
class Row:
    """One paragraph with its notes. ``echoes`` are later paragraphs that repeat this one."""

    number: int
    html: Markup
    classes: str
    lang: str
    notes: tuple[Note, ...] = ()
    echoes: tuple[Link, ...] = ()
    spills: bool = False
    block: int = 0


@dataclass(frozen=True)
class Fold:
    """A run of paragraphs without findings. ``left_out`` says how many of them the page does not hold."""

    first: int
    last: int
    words: int
    quote: str
    rows: tuple[Row, ...]
    left_out: int
    left_out_characters: int


@dataclass(frozen=True)
class Chip:
    """A family with its number of findings."""

    family: Family
    count: int


@dataclass(frozen=True)
class Shown:
    """A check that spoke on this page: the words of ``bycatch explain``."""

    check: Check
    family: Family
    flags: Markup
    passes: Markup


@dataclass(frozen=True)
class Page:
    """Everything the article template needs."""

    article: Article
    heading: str
    heading_number: int
    heading_classes: str
    verdict: Verdict
    tiles: tuple[Tile, ...]
    atlas: Atlas
    chips: tuple[Chip, ...]
    general: tuple[Note, ...]
    items: tuple[Row | Fold, ...]
    checks: tuple[Shown, ...]
    mended: Mended
    counts: Mapping[str, int]
    total: int
    notes_left_out: int
    lang: str
    language: str
    guessed: bool
    undetected: bool
    dir: str
    size: str
    digest: str
    found: frozenset[str] = field(default_factory=frozenset)
    standing: Mapping[str, int] = field(default_factory=dict)

    @property
    def data(self) -> Markup:
        """What the script that takes decisions must know: the article, and of each note key, check, phrase and fix.

        JSON in which no character can end the element it stands in.
        """
        rows = [row for item in self.items for row in ((item,) if isinstance(item, Row) else item.rows)]
        notes = [*self.general, *(note for row in rows for note in row.notes)]
        table = {
            "article": self.article.id,
            "path": self.article.path,
            "record": self.article.record,
            "source": site(self.article.source),
            "lang": self.lang,
            "text": self.digest,
            "notes": {n.key: [n.check, n.phrase, int(n.fixable), clip(n.quote, _QUOTE)] for n in notes},
        }
        plain = json.dumps(table, separators=(",", ":"))
        for sign in "<>&":
            plain = plain.replace(sign, f"\\u{ord(sign):04x}")
        return Markup(plain)  # noqa: S704 - escaped above

    @property
    def short_id(self) -> str:
        """The article's id, the file's name alone where it is a path."""
        return clip(self.article.id.rstrip("/").rpartition("/")[2] or self.article.id, 120)

    @property
    def first_finding(self) -> str:
        """Where the skip link leads."""
        return "#f1" if self.total else "#text"


# What pages stack around an article: lines of the site, ads, and debris such as a lone full stop between them.
_FURNITURE: Final = ("ad", "fur", "lang", "enc")


class _Plan:
    """Which paragraph has which findings, and which of them are shown."""

    def __init__(
        self, article: Article, findings: Sequence[Finding], state: Callable[[Finding], str] | None = None
    ) -> None:
        self.article = article
        self.state = state or (lambda _: "")
        self.paragraphs = article.paragraphs
        self.length = sum(p.end - p.start for p in self.paragraphs)
        kept = sorted(sorted(findings, key=lambda f: RANK[f.severity])[:_MOST_NOTES], key=lambda f: f.span.start)
        self.left_out = len(findings) - len(kept)
        self.general: list[Finding] = []
        self.local: list[tuple[Finding, range]] = []
        for finding in kept:
            at = self.touched(finding.span.start, finding.span.end)
            covered = sum(overlap(finding.span, self.paragraphs[i].start, self.paragraphs[i].end) for i in at)
            if not at or (len(self.paragraphs) > 2 and len(at) > 2 and covered > _WHOLE * self.length):
                self.general.append(finding)
            else:
                self.local.append((finding, at))
        self.numbers = {id(f): n for n, f in enumerate((*self.general, *(f for f, _ in self.local)), 1)}
        self.at: dict[int, list[Finding]] = {}
        self.begins: dict[int, list[Finding]] = {}
        for finding, at in self.local:
            self.begins.setdefault(at[0], []).append(finding)
            for index in at:
                self.at.setdefault(index, []).append(finding)
        self.blocks = self._blocks()
        self.echoes: dict[int, list[int]] = {}
        self.joins: list[tuple[int, int]] = []
        for finding, at in self.local:
            if family_of(finding.check).key != "rep":
                continue
            for related in finding.related:
                for index in self.touched(related.start, related.end)[:1]:
                    if index != at[0]:
                        self.echoes.setdefault(index, []).append(at[0])
                        self.joins.append((index, at[0]))

    def _blocks(self) -> dict[int, int]:
        """Runs of three paragraphs or more that are furniture through and through: length at the first, 0 at others."""
        inside = [
            index
            for index, found in self.at.items()
            if any(
                f.severity != "note"
                and family_of(f.check).key in _FURNITURE
                and overlap(f.span, self.paragraphs[index].start, self.paragraphs[index].end)
                >= 0.9 * len(self.paragraphs[index].text)
                for f in found
            )
        ]
        blocks: dict[int, int] = {}
        run: list[int] = []
        for index in (*sorted(inside), -1):
            if run and index != run[-1] + 1:
                if len(run) > 2:
                    blocks |= dict.fromkeys(run, 0) | {run[0]: len(run)}
                run = []
            run.append(index)
        return blocks

    def touched(self, start: int, end: int) -> range:
        """The paragraphs that a span touches."""
        starts = self.article.paragraph_starts
        first = max(0, bisect.bisect_right(starts, start) - 1)
        while first < len(self.paragraphs) and self.paragraphs[first].end <= start:
            first += 1
        return range(first, max(first, bisect.bisect_left(starts, max(end, start + 1))))

    def interesting(self) -> set[int]:
        """The paragraphs that the view of findings shows: those with findings, their twins, and a neighbour each."""
        chosen: set[int] = set(self.echoes)
        for _, at in self.local:
            chosen.update(at[:_OPENED])
        return {i for index in chosen for i in (index - 1, index, index + 1) if 0 <= i < len(self.paragraphs)}


def article_page(
    article: Article,
    findings: Sequence[Finding],
    catalog: Catalog,
    judged: Sequence[Judged] | None = None,
    state: Callable[[Finding], str] | None = None,
    gone: int = 0,
) -> Page:
    """Lay out one article with its findings.

    ``judged`` are the gate's verdicts on it, where there is a gate; ``state`` says of a finding whether it is "new",
    "known" or "waived"; ``gone`` is how many findings that it had before are fixed.
    """
    plan = _Plan(article, findings, state)
    mended = mend(article, findings)
    # Text that declares a wrong language is read aloud, hyphenated and set in the one it is in.
    spoken = next((f.lang for f in findings if f.check == "wrong-language" and f.lang), article.lang)
    lang = code(spoken)
    heading, heading_index = _heading(article, plan)
    items = tuple(_items(plan, mended, catalog, lang, heading_index))
    shown = {row.number - 1 for item in items for row in ((item,) if isinstance(item, Row) else item.rows)}
    if heading_index is not None:
        shown.add(heading_index)
    counts: dict[str, int] = {severity: sum(f.severity == severity for f in findings) for severity in SEVERITIES}
    by_family = {family.key: sum(family_of(f.check) is family for f in findings) for family in FAMILIES}
    standing = dict.fromkeys(("new", "known", "waived", "fixed"), 0)
    if state:
        for finding in findings:
            standing[state(finding)] += 1
    standing["fixed"] = gone
    spoke = dict.fromkeys(f.check for f in (*plan.general, *(f for f, _ in plan.local)))
    return Page(
        article=article,
        heading=heading,
        heading_number=0 if heading_index is None else heading_index + 1,
        heading_classes="gone" if heading_index in mended.gone else "",
        verdict=judge(findings, mended, len(article.paragraphs), len(catalog.checks), judged, catalog, standing),
        tiles=tiles(article, findings, mended, name(article.lang), judged),
        atlas=draw(
            [p.end - p.start for p in plan.paragraphs],
            plan.at,
            plan.joins,
            lambda index: f"#p{index + 1}" if index in shown else "",
        ),
        chips=tuple(Chip(family, by_family[family.key]) for family in FAMILIES if by_family[family.key]),
        general=tuple(_note(plan, finding, catalog, shown) for finding in plan.general),
        items=items,
        checks=tuple(_shown(catalog.checks[check]) for check in spoke if check in catalog.checks),
        mended=mended,
        counts=counts,
        total=len(plan.numbers),
        notes_left_out=plan.left_out,
        lang=lang,
        language=name(article.lang),
        guessed=bool(article.meta.get("lang_guessed")),
        undetected=article.lang is not None and is_known(article.lang) and not supported(article.lang),
        dir=direction(spoken),
        size=size(len(article.text.encode("utf-8", "surrogatepass"))),
        digest=hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest()[:12],
        found=frozenset(f.check for f in findings),
        standing=standing,
    )


def _heading(article: Article, plan: _Plan) -> tuple[str, int | None]:
    """The page's heading, and the index of the paragraph that it is, if it is one.

    A clean first paragraph that reads like a headline is the heading and is not shown again below.
    """
    first = plan.paragraphs[0] if plan.paragraphs else None
    quiet = first is not None and 0 not in plan.at and 0 not in plan.echoes and len(first.text) <= _HEADLINE
    if article.title and article.title.strip():
        if quiet and first is not None and first.text.split() == article.title.split():
            return first.text, 0
        return clip(article.title.strip(), _HEADLINE), None
    if quiet and first is not None and len(plan.paragraphs) > 1:
        return first.text, 0
    for paragraph in plan.paragraphs[:3]:
        # What is said of the whole text says nothing against its headline.
        against = [f for f in plan.at.get(paragraph.index, ()) if family_of(f.check).key != "all"]
        if not against and len(paragraph.text) <= _HEADLINE / 2:
            return paragraph.text, None
    return clip(article.id, _HEADLINE), None


def _items(plan: _Plan, mended: Mended, catalog: Catalog, lang: str, heading: int | None) -> Iterator[Row | Fold]:
    chosen = plan.interesting()
    if not chosen and len(plan.paragraphs) <= _UNFOLDED:
        chosen = set(range(len(plan.paragraphs)))
    elif not chosen:
        chosen = set(range(_UNFOLDED // 2))
    groups = list(_groups(len(plan.paragraphs), chosen, heading))
    # What has findings comes first when the page is too small for all of the text.
    text = _MOST_TEXT - sum(min(_LONGEST, len(plan.paragraphs[i].text)) for g in groups if not g[1] for i in g[0])
    rows = _MOST_ROWS - sum(len(g[0]) for g in groups if not g[1])
    kept: dict[int, list[int]] = {}
    for number, (group, folded) in enumerate(groups):
        if not folded:
            continue
        kept[number] = []
        for index in group:
            text -= min(_LONGEST, len(plan.paragraphs[index].text))
            rows -= 1
            if text < 0 or rows < 0:
                break
            kept[number].append(index)
    shown = {i for n, (group, folded) in enumerate(groups) for i in (kept[n] if folded else group)}
    if heading is not None:
        shown.add(heading)
    roomy = _spilling(plan, groups)
    for number, (group, folded) in enumerate(groups):
        made = (_row(plan, mended, catalog, lang, i, shown, i in roomy) for i in (kept[number] if folded else group))
        if not folded:
            yield from made
            continue
        left = group[len(kept[number]) :]
        yield Fold(
            first=group[0] + 1,
            last=group[-1] + 1,
            words=sum(words(plan.paragraphs[i].text) for i in group),
            quote=clip(plan.paragraphs[group[0]].text, 100),
            rows=tuple(made),
            left_out=len(left),
            left_out_characters=sum(len(plan.paragraphs[i].text) for i in left),
        )


def _groups(count: int, chosen: set[int], heading: int | None) -> Iterator[tuple[Sequence[int], bool]]:
    """Runs of paragraphs, each open or folded; a single clean paragraph is not worth a fold."""
    run: list[int] = []
    for index in range(count + 1):
        if index < count and index not in chosen and index != heading:
            run.append(index)
            continue
        if run:
            yield run, len(run) > 1
            run = []
        if index < count and index != heading:
            yield [index], False


def _spilling(plan: _Plan, groups: Sequence[tuple[Sequence[int], bool]]) -> set[int]:
    """Paragraphs whose notes may hang below them, beside paragraphs without notes, and so open no gap in the text.

    Heights are estimates in pixels at the full width: 29 a line of text of 66 letters, 20 a line of a note of 46.
    """
    spilling, room, last = set(), 0, None
    needed = 0
    for group, folded in groups:
        for index in group[:1] if folded else group:
            height = 48 if folded else 13 + 29 * (1 + len(plan.paragraphs[index].text) // 66)
            if not folded and index in plan.begins:
                if last is not None and needed <= room:
                    spilling.add(last)
                last, room = index, 0
                needed = 16 + sum(62 + 20 * (len(f.message) // 46) for f in plan.begins.get(index, ()))
            room += height
    if last is not None and needed <= room:
        spilling.add(last)
    return spilling


def _row(plan: _Plan, mended: Mended, catalog: Catalog, lang: str, index: int, shown: set[int], spills: bool) -> Row:
    paragraph = plan.paragraphs[index]
    found = plan.at.get(index, [])
    whole = [f for f in found if overlap(f.span, paragraph.start, paragraph.end) >= 0.9 * len(paragraph.text)]
    lead = min(whole, key=lambda f: RANK[f.severity], default=None)
    classes = ["gone"] if index in mended.gone else []
    if lead is not None:
        classes.append(f"f-{family_of(lead.check).key}")
        # A near repeat stays; the tint of a repeat says that it goes.
        if index in mended.gone if family_of(lead.check).key == "rep" else len(paragraph.text) > _SHORT:
            classes.append("tint")
    elif index in plan.echoes:
        classes.append("f-first")
    if index in plan.blocks:
        classes.append("block")
    stretches = list(_stretches(plan, paragraph, found, whole, lang))[:_MOST_MARKS]
    if index not in mended.gone:
        stretches += [
            Stretch(c.start, c.end, "cut", "span", insert=c.insert or None)
            for c in mended.cuts
            if c.start < paragraph.end and c.end > paragraph.start
        ]
    foreign = lead.lang if lead is not None and lead.lang and code(lead.lang) != lang else None
    return Row(
        number=index + 1,
        html=_paragraph(plan.article.text, paragraph, stretches),
        classes=" ".join(classes),
        lang=code(foreign) if foreign else lang,
        notes=tuple(_note(plan, f, catalog, shown) for f in plan.begins.get(index, ())),
        echoes=tuple(_link(i, shown) for i in dict.fromkeys(plan.echoes.get(index, ()))),
        spills=spills,
        block=plan.blocks.get(index, 0),
    )


def _stretches(
    plan: _Plan, paragraph: Paragraph, found: Sequence[Finding], whole: Sequence[Finding], lang: str
) -> Iterator[Stretch]:
    for finding in found:
        key = family_of(finding.check).key
        foreign = code(finding.lang) if finding.lang and code(finding.lang) != lang else None
        if finding in whole and (len(paragraph.text) > _SHORT or key == "rep"):
            continue
        yield Stretch(finding.span.start, finding.span.end, f"m m-{key}", "mark", plan.numbers[id(finding)], foreign)
    for finding in whole:
        if family_of(finding.check).key == "rep" and finding.related:
            twin = finding.related[0]
            for start, end in differences(paragraph.text, plan.article.text[twin.start : twin.end]):
                yield Stretch(paragraph.start + start, paragraph.start + end, "m-diff")


def differences(text: str, other: str) -> list[tuple[int, int]]:
    """The stretches of ``text`` that are not the same in ``other``: characters at equal length, else words.

    Nothing for texts that differ all over: then the marks would say less than the two texts do.
    """
    if len(text) == len(other):
        spans: list[tuple[int, int]] = []
        for at, (a, b) in enumerate(zip(text, other, strict=True)):
            if a != b:
                if spans and spans[-1][1] == at:
                    spans[-1] = (spans[-1][0], at + 1)
                else:
                    spans.append((at, at + 1))
        if sum(end - start for start, end in spans) <= max(4, len(text) // 5):
            return spans
    mine = [m.span() for m in re.finditer(r"\w+|[^\w\s]", text)]
    theirs = re.findall(r"\w+|[^\w\s]", other)
    # The matcher is quadratic; beyond 800 words nobody compares by eye either.
    if len(mine) > 800 or len(theirs) > 800:
        return []
    matcher = difflib.SequenceMatcher(None, [text[a:b] for a, b in mine], theirs, autojunk=False)
    return [(mine[a][0], mine[b - 1][1]) for tag, a, b, _, _ in matcher.get_opcodes() if tag in ("replace", "delete")]


def _differs(plan: _Plan, finding: Finding) -> str:
    """How a repeat differs from its first copy, in words; empty for a literal repeat."""
    if family_of(finding.check).key != "rep" or not finding.related:
        return ""
    other = plan.article.text[finding.related[0].start : finding.related[0].end]
    if len(finding.text) > _LONGEST or len(other) > _LONGEST or len(finding.text) != len(other):
        return ""
    pairs = [(finding.text[a:b], other[a:b]) for a, b in differences(finding.text, other)]
    kinds = dict.fromkeys(f"{mine} for {theirs}" for mine, theirs in pairs if len(mine) < 12)
    return f"Differs in {', '.join(kinds)}." if 0 < len(kinds) < 4 else ""


def _paragraph(text: str, paragraph: Paragraph, stretches: Sequence[Stretch]) -> Markup:
    """The paragraph with its marks; of a giant one only the beginning and what is around its findings."""
    if len(paragraph.text) <= _LONGEST:
        return marked(text, paragraph.start, paragraph.end, stretches)
    windows = [(paragraph.start, paragraph.start + _LEAD)]
    for stretch in sorted(stretches):
        start, end = max(paragraph.start, stretch.start - _AROUND), min(paragraph.end, stretch.end + _AROUND)
        # Of a mark that is itself giant the beginning is enough.
        end = min(end, start + _LONGEST)
        if start <= windows[-1][1]:
            windows[-1] = (windows[-1][0], max(windows[-1][1], end))
        else:
            windows.append((start, end))
    pieces: list[Markup] = []
    at = paragraph.start
    for start, end in (*windows, (paragraph.end, paragraph.end)):
        if start > at:
            pieces.append(Markup('<span class="gap">{:,} characters not shown</span>').format(start - at))
        pieces.append(marked(text, start, end, stretches))
        at = end
    return Markup("").join(pieces)


def _link(index: int, shown: set[int] | frozenset[int]) -> Link:
    return Link(f"¶\N{NO-BREAK SPACE}{index + 1}", f"#p{index + 1}" if index in shown else "", index + 1)


def _note(plan: _Plan, finding: Finding, catalog: Catalog, shown: set[int]) -> Note:
    check = catalog.checks.get(finding.check)
    related = dict.fromkeys(i for r in finding.related for i in plan.touched(r.start, r.end)[:1])
    own = plan.touched(finding.span.start, finding.span.end)[:1]
    return Note(
        number=plan.numbers[id(finding)],
        key=finding.key,
        check=finding.check,
        title=check.title if check else finding.check,
        severity=finding.severity,
        family=family_of(finding.check),
        message=_sentence(finding.message),
        related=tuple(_link(i, shown) for i in related if i not in own)[:6],
        differs=_differs(plan, finding),
        cure=_cure(plan, finding),
        quote=clip(finding.text, _QUOTE),
        phrase=finding.phrase or "",
        fixable=finding.fix is not None,
        state=plan.state(finding),
        # Said of the paragraph above in the same words: the title is enough.
        same=any(
            f.check == finding.check and f.message == finding.message
            for index in own
            for f in plan.begins.get(index - 1, ())
        ),
    )


def _cure(plan: _Plan, finding: Finding) -> str:
    """The fix in words."""
    fix = finding.fix
    if fix is None:
        return ""
    at = [plan.paragraphs[i] for i in plan.touched(*fix.span)]
    whole = sum(fix.span.start <= p.start and p.end <= fix.span.end for p in at)
    if fix.action == "replace":
        what = f"replace by “{clip(fix.text, 60)}”" if fix.text.strip() else "replace by a space"
    elif whole:
        what = "delete the paragraph" if whole == 1 else f"delete {whole:,} paragraphs"
    else:
        what = "delete the marked part"
    return what if fix.safe else f"{what}, after a look"


def _sentence(message: str) -> str:
    """The message with the full stop that lets another sentence follow."""
    return message if not message or message.rstrip()[-1:] in ".!?…:" else f"{message.rstrip()}."


def _shown(check: Check) -> Shown:
    return Shown(
        check,
        family_of(check.id),
        _example(check.flags, check.id),
        _example(check.passes, check.id),
    )


def _example(examples: Sequence[Example], check: str) -> Markup:
    """The first example with its marks, one paragraph a line."""
    if not examples:
        return Markup("")
    example = examples[0]
    stretches = [Stretch(start, end, f"m m-{family_of(check).key}") for start, end in example.spans]
    lines, at = [], 0
    for line in example.text.splitlines(keepends=True):
        bare = line.strip()
        if bare:
            start = at + line.index(bare[0])
            lines.append(Markup("<p>{}</p>").format(marked(example.text, start, start + len(bare), stretches)))
        at += len(line)
    return Markup('<div class="example" dir="auto"{}>{}</div>').format(
        Markup(' lang="{}"').format(code(example.lang)) if code(example.lang) else "",
        Markup("").join(lines[:8]),
    )
