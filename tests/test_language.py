"""Languages: codes, identification, and foreign lines among native ones."""

from __future__ import annotations

import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import Result

from bycatch import language, language_votes
from bycatch.article import Article, Finding
from bycatch.catalog import Catalog, load_catalog
from bycatch.inspection import inspect
from bycatch.language import (
    UnknownLanguage,
    direction,
    foreign,
    identify,
    main_language,
    name_of,
    normal,
    same_language,
    supported,
)
from bycatch.language_hearing import Makeup, hearing
from bycatch.language_words import telling_words
from bycatch.runner import run

ROOT = Path(__file__).resolve().parents[1]
# One piece of news in each language, written for these tests.
NEWS = {
    "ar": "أعلنت رئيسة البلدية أن المسبح القديم سيبقى مفتوحًا شتاءً آخر رغم ارتفاع التكاليف.",
    "bg": "Кметът съобщи, че старият басейн ще остане отворен още една зима въпреки високите разходи.",
    "ca": "L'alcaldessa va anunciar que la piscina vella quedarà oberta un hivern més, tot i que és molt cara.",
    "cs": "Starostka oznámila, že starý bazén zůstane otevřený ještě jednu zimu, přestože jsou náklady vysoké.",
    "da": "Borgmesteren oplyste, at den gamle svømmehal bliver åben endnu en vinter, selv om det er dyrt.",
    "de": "Die Bürgermeisterin teilte mit, dass das alte Schwimmbad trotz der Kosten noch einen Winter offen bleibt.",
    "el": "Η δήμαρχος ανακοίνωσε ότι το παλιό κολυμβητήριο θα μείνει ανοιχτό άλλον έναν χειμώνα.",
    "en": "The mayor announced that the old swimming pool would stay open for another winter in spite of the costs.",
    "es": "La alcaldesa anunció que la vieja piscina seguirá abierta un invierno más, a pesar de lo que cuesta.",
    "fa": "شهردار اعلام کرد که استخر قدیمی با وجود هزینه‌های زیاد یک زمستان دیگر باز می‌ماند.",
    "fi": "Pormestari ilmoitti, että vanha uimahalli pysyy auki vielä yhden talven, vaikka se on kallista.",
    "fr": "La maire a annoncé que la vieille piscine resterait ouverte un hiver de plus malgré ce qu'elle coûte.",
    "he": "ראשת העיר הודיעה שהבריכה הישנה תישאר פתוחה עוד חורף אחד למרות העלויות.",
    "hr": "Gradonačelnica je objavila da će stari bazen ostati otvoren još jednu zimu unatoč visokim troškovima.",
    "hu": "A polgármester bejelentette, hogy a régi uszoda a magas költségek ellenére még egy télen nyitva marad.",
    "id": "Wali kota mengumumkan bahwa kolam renang lama akan tetap dibuka satu musim lagi meskipun biayanya tinggi.",
    "it": "La sindaca ha annunciato che la vecchia piscina resterà aperta ancora un inverno, nonostante le spese.",
    "ja": "市長は、費用がかかるにもかかわらず、古いプールをもう一冬開けておくと発表した。",
    "ko": "시장은 비용이 많이 들지만 오래된 수영장을 한 해 겨울 더 열어 두겠다고 발표했다.",
    "nl": "De burgemeester maakte bekend dat het oude zwembad ondanks de hoge kosten nog een winter open blijft.",
    "no": "Ordføreren opplyste at den gamle svømmehallen blir holdt åpen en vinter til, selv om det er dyrt.",
    "pl": "Burmistrz ogłosiła, że stary basen mimo wysokich kosztów pozostanie otwarty jeszcze przez jedną zimę.",
    "pt": "A prefeita anunciou que a velha piscina continuará aberta por mais um inverno, apesar do que custa.",
    "ro": "Primărița a anunțat că vechea piscină va rămâne deschisă încă o iarnă, în ciuda costurilor mari.",
    "ru": "Мэр сообщила, что старый бассейн останется открытым ещё на одну зиму, несмотря на расходы.",
    "sv": "Borgmästaren meddelade att den gamla simhallen hålls öppen en vinter till, trots att det är dyrt.",
    "tr": "Belediye başkanı, masraflara rağmen eski havuzun bir kış daha açık kalacağını duyurdu.",
    "uk": "Міська голова повідомила, що старий басейн залишиться відкритим ще на одну зиму попри витрати.",
    "vi": "Thị trưởng thông báo rằng hồ bơi cũ sẽ vẫn mở cửa thêm một mùa đông nữa dù tốn kém.",
    "zh": "市长宣布，尽管费用很高，旧游泳池今年冬天仍将继续开放。",
}
NAMES_ALONE = "Hannah Whitfield, Rafael Ortega and the Grand Duchess of Mirabel"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog().only(["wrong-language", "language-mismatch", "foreign-span"])


def checked(catalog: Catalog, text: str, lang: str | None) -> list[Finding]:
    return list(inspect(Article("a", text, lang=lang), catalog))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("nb", "no"), ("nn-NO", "no"), ("zh-Hans", "zh"), ("zh-Hant-TW", "zh"), ("zh_CN", "zh"), ("pt-BR", "pt"),
        ("EN", "en"),
        ("sr-Latn", "sr"), ("iw", "he"), ("in", "id"), ("fil", "tl"), ("deu", "de"), ("fre", "fr"), (" fr ", "fr"),
        ("mo", "ro"),
    ],
)  # fmt: skip
def test_spellings_of_a_code_name_one_language(given: str, code: str) -> None:
    assert normal(given) == code


@pytest.mark.parametrize("given", ["", "xx", "english", "und", "default", "12", "-", "f r"])
def test_nonsense_is_no_language_and_the_error_lists_those_that_are(given: str) -> None:
    with pytest.raises(UnknownLanguage, match=r"known are af, .*, en, .*, zu$"):
        normal(given)
    assert main_language(given) is None


def test_every_known_language_has_a_name_and_a_direction() -> None:
    assert len(language.known()) > 100
    for code in language.known():
        assert normal(code) == code
        assert name_of(code).istitle() or name_of(code) == "Scottish Gaelic"
        assert direction(code) in ("ltr", "rtl")
    assert [name_of(code) for code in ("fr", "zh-Hant", "nb", "qqq")] == ["French", "Chinese", "Norwegian", "qqq"]


@pytest.mark.parametrize(
    ("code", "way"),
    [
        ("ar", "rtl"), ("he-IL", "rtl"), ("iw", "rtl"), ("fa", "rtl"), ("ckb", "rtl"), ("az-Arab", "rtl"),
        ("ku", "ltr"), ("en", "ltr"), ("ar-Latn", "ltr"),
    ],
)  # fmt: skip
def test_direction_follows_language_and_script(code: str, way: str) -> None:
    assert direction(code) == way


def test_near_languages_are_one_and_neighbours_are_not() -> None:
    for one, other in [
        ("no", "da"),
        ("nb", "sv"),
        ("hr", "sr-Latn"),
        ("es", "gl"),
        ("cs", "sk"),
        ("ru", "be"),
        ("id", "ms"),
    ]:
        assert same_language(one, other)
        assert same_language(other, one)
    for one, other in [("es", "pt"), ("de", "nl"), ("fr", "it"), ("en", "de"), ("pl", "cs"), ("ja", "zh")]:
        assert not same_language(one, other)


@pytest.mark.parametrize("code", NEWS)
def test_an_article_is_identified_through_its_furniture(code: str) -> None:
    text = "\n\n".join(["Home", "Share", NEWS[code], "Leave a Comment", NEWS[code], "Source link", NAMES_ALONE])
    assert identify(text) == code


@pytest.mark.parametrize(
    "text", ["", " \n\n ", "12 500", "😀 🎉", "https://example.org/the-news-of-the-day", "Anna Weber", "OK"]
)
def test_too_little_has_no_language(text: str) -> None:
    assert identify(text) is None


@pytest.mark.parametrize("main", NEWS)
def test_every_language_is_foreign_in_every_other_but_the_near_ones(main: str) -> None:
    assert supported(main)
    for code, text in NEWS.items():
        wanted = None if same_language(code, main) else code
        assert foreign(text, main) == wanted, (code, main)


def test_what_little_words_acquit_no_detector_hears(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "cld2", lambda text: pytest.fail(text))
    for main in ("de", "el", "en", "fr", "ja", "nl", "ru", "sv", "zh"):
        assert foreign(f"{NEWS[main]} {NEWS[main]} 1", main) is None


@pytest.mark.parametrize(
    "text",
    ["o Über die Stadt", "e-mail", "Ak\xadtu\xadel\xadle In\xadfor\xadma\xadtio\xadnen", "en Espa?ol", "DE FR IT EN"],
)
def test_what_a_scraper_does_to_a_line_makes_it_no_other_language(text: str) -> None:
    assert foreign(text, "de") is None
    assert foreign(text, "en") is None


def test_what_is_all_in_han_may_be_a_japanese_headline() -> None:
    assert foreign("第百八十三回市議会予算委員会議事録", "ja") is None
    assert foreign("市長辞任", "ko") is None


@pytest.mark.parametrize("main", NEWS)
def test_names_numbers_and_capitals_are_foreign_nowhere(main: str) -> None:
    for text in (
        NAMES_ALONE,
        "Getty Images",
        "3-1",
        "",
        "...",
        "#OpenTheBooks @townhall",
        NEWS[main].upper(),
        NEWS[main][:14],
    ):
        assert foreign(text, main) is None, text


def test_the_code_of_the_article_may_be_any_spelling(catalog: Catalog) -> None:
    for lang in ("fr", "fr-CA", "FR", "fra", "fr_BE"):
        found = checked(catalog, f"{NEWS['fr']}\n\n{NEWS['en']}", lang)
        assert [(f.check, f.lang, f.message) for f in found] == [
            ("language-mismatch", "en", "English in a French article.")
        ]


def test_a_foreign_paragraph_is_a_warning_that_deletes_nothing(catalog: Catalog) -> None:
    (finding,) = checked(catalog, f"{NEWS['fr']}\n\n{NEWS['en']} {NEWS['en']}\n\n{NEWS['fr']}", "fr")
    assert (finding.severity, finding.fix) == ("warning", None)


def test_one_short_foreign_line_is_a_note_and_two_are_warnings(catalog: Catalog) -> None:
    (alone,) = checked(catalog, f"{NEWS['fr']}\n\n{NEWS['en']}\n\n{NEWS['fr']}", "fr")
    assert (alone.severity, alone.fix) == ("note", None)
    both = checked(catalog, f"{NEWS['fr']}\n\n{NEWS['en']}\n\n{NEWS['fr']}\n\n{NEWS['de']}\n\n{NEWS['fr']}", "fr")
    assert [finding.severity for finding in both] == ["warning", "warning"]


@pytest.mark.parametrize("lang", [None, "xx", "und"])
def test_without_a_known_language_the_checks_are_silent(catalog: Catalog, lang: str | None) -> None:
    assert checked(catalog, f"{NEWS['fr']}\n\n{NEWS['en']}", lang) == []


def test_a_run_guesses_what_is_not_declared_or_not_known(catalog: Catalog) -> None:
    text = "\n\n".join([NEWS["fr"], NEWS["en"], NEWS["fr"]])
    articles = [Article(str(lang), text, lang=lang) for lang in (None, "xx", "fr")]
    results = list(run(articles, catalog, on_failure=lambda failure: pytest.fail(str(failure))))
    assert [result.article.lang for result in results] == ["fr", "fr", "fr"]
    assert all([f.lang for f in result.findings] == ["en"] for result in results)


def test_a_wrong_declaration_is_one_finding(catalog: Catalog) -> None:
    text = "\n\n".join(f"{n}. {NEWS['nl']}" for n in range(8))
    (finding,) = checked(catalog, text, "de")
    assert (finding.check, finding.severity, finding.lang, finding.line) == ("wrong-language", "error", "nl", 1)
    assert finding.message == "The article declares German but is in Dutch."


def test_a_guess_is_no_declaration(catalog: Catalog) -> None:
    text = "\n\n".join([NEWS["nl"]] * 8)
    article = Article("a", text, lang="de", meta={"lang_guessed": True})
    assert [f for f in inspect(article, catalog) if f.check == "wrong-language"] == []


def makeup(paragraphs: list[str], main: str) -> Makeup | None:
    heard = hearing(Article("a", "\n\n".join(paragraphs), main))
    return heard.makeup if heard is not None else None


def test_a_few_words_in_its_language_do_not_acquit_a_paragraph_in_other_letters() -> None:
    hebrew = (
        "את הצמח האלמוני הביא נוסע מגאורגיה, ד״ר גיאורגי לומידזה. הוא השאיר פתק באנגלית, Water it and wait, ולא חזר. "
        "הצמח פורח פעם בשנה, בלילה, ליום אחד."
    )
    assert foreign(hebrew, "en") == "he"


def test_equal_articles_that_begin_at_different_places_are_heard_apart() -> None:
    whole = Article("a", f"lang: en\n\n{NEWS['en']}", "fr")
    body = Article("a", whole.text, "fr", meta={"body": 10})
    heard = [hearing(article) for article in (whole, body)]
    assert whole == body
    assert [one.open for one in heard if one is not None] == [[0, 1], [0]]


def test_makeup_needs_enough_text_and_knows_two_languages() -> None:
    assert makeup([NEWS["en"]] * 3, "fr") is None
    assert makeup([NEWS["fr"]] * 20, "fr") is None
    assert makeup([NEWS["da"]] * 20, "no") is None
    wrong = makeup(["Accueil", *[NEWS["en"]] * 8], "fr")
    assert wrong is not None
    assert (wrong.lang, wrong.wrong, wrong.first) == ("en", True, 1)
    both = makeup([NEWS["fr"], NEWS["en"]] * 4, "fr")
    assert both is not None
    assert (both.lang, both.wrong, both.first) == ("en", False, 1)


def test_lists_of_little_words_tell_languages_apart() -> None:
    for main in NEWS:
        for other in NEWS:
            if not same_language(main, other) and telling_words(main, main[:0]):
                assert not telling_words(main, other) & telling_words(other, main)


def test_importing_bycatch_loads_no_detector() -> None:
    code = (
        "import sys, bycatch, bycatch.language, bycatch.cli; "
        "print([m for m in ('pycld2', 'eld', 'langdetect', 'langdetect_rs') if m in sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def votes(_: int) -> list[str | None]:
    return [foreign(text, "tr") for text in NEWS.values()]


def test_threads_and_processes_agree_from_a_cold_start() -> None:
    wanted = votes(0)
    code = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from tests.test_language import votes\n"
        "with ThreadPoolExecutor(8) as pool: print(all(v == votes(0) for v in pool.map(votes, range(16))), votes(0))"
    )
    cold = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert cold.stdout.strip() == f"True {wanted}"
    with ThreadPoolExecutor(4) as threads, ProcessPoolExecutor(2) as processes:
        assert list(threads.map(votes, range(8))) == [wanted] * 8
        assert list(processes.map(votes, range(2))) == [wanted] * 2


def test_the_seed_of_the_caller_is_left_alone() -> None:
    from langdetect import DetectorFactory

    assert foreign(NEWS["en"], "fr") == "en"
    assert DetectorFactory.seed is None


def test_the_fast_langdetect_is_used_in_the_version_that_was_compared() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert extras["fast"] == [f"langdetect-rs=={language_votes._EQUAL_TO_LANGDETECT}"]


def test_the_fast_langdetect_gives_the_same_answers() -> None:
    fast = pytest.importorskip("langdetect_rs")
    import langdetect

    def answers(module: object) -> list[tuple[str, float]]:
        factory = module.DetectorFactory()  # type: ignore[attr-defined]
        factory.load_profile(module.PROFILES_DIRECTORY)  # type: ignore[attr-defined]
        factory.seed = 0
        found = []
        for text in NEWS.values():
            for piece in (text, text[:20], text[:8]):
                detector = factory.create()
                detector.append(piece)
                found.append([(one.lang, one.prob) for one in detector.get_probabilities()])
        return [pair for pairs in found for pair in pairs]

    assert answers(fast) == answers(langdetect)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 300_000, "(" * 150_000 + ")" * 150_000, '"' * 300_000, "“" * 300_000, "« a " * 80_000, "a" * 400_000,
        "a." * 200_000, "word " * 100_000, "\x00\x01\ufffe\ud800 some words here that were broken " * 500,
        "A. B. C. D, " * 40_000, "的" * 300_000,
        "1-" * 150_000, "http://" * 50_000, "- " * 200_000, "_a" * 150_000,
    ],
)  # fmt: skip
def test_hostile_lines_take_no_time(catalog: Catalog, text: str) -> None:
    votes(0)
    started = time.process_time()
    checked(catalog, f"{NEWS['fr']}\n\n{text}", "fr")
    identify(text)
    # A linear pass over 400,000 characters takes a few hundredths of a second; a quadratic one takes minutes.
    assert time.process_time() - started < 5


def test_decomposed_text_is_marked_in_place(catalog: Catalog) -> None:
    import unicodedata

    text = unicodedata.normalize("NFD", f"Été à Orléans : {NEWS['fr']} [as the mayor had promised]\n\n{NEWS['en']}")
    assert [f.text for f in checked(catalog, text, "fr")] == ["[as the mayor had promised]", NEWS["en"]]


def test_a_code_that_is_none_is_refused_on_the_command_line(bycatch: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(NEWS["fr"], encoding="utf-8")
    result = bycatch("check", "a.txt", "--lang", "klingon")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "unknown language code 'klingon'; known are af" in result.stderr
    nowhere = bycatch("check", "a.txt", "--lang", "=fr")
    assert nowhere.exit_code == 2
    assert "no source before =" in nowhere.stderr
    assert bycatch("check", "a.txt", "--lang", "fr-CH").exit_code == 0
