"""How the browser tests drive Chromium, and what they read with it."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None)
DRIVER = shutil.which("chromedriver")
try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
except ImportError:
    webdriver = Service = ActionChains = By = Keys = None  # type: ignore[assignment,misc]

needed = [
    pytest.mark.skipif(
        CHROMIUM is None or DRIVER is None,
        reason="no browser; install one with: apt-get install chromium chromium-driver",
    ),
    pytest.mark.skipif(webdriver is None, reason="no selenium; install it with: pip install selenium"),
]

BRIDGE = "\n\n".join(
    (
        "Le vieux pont rouvre à la circulation",
        "[ad_1]",
        (
            "Le vieux pont a rouvert lundi après deux ans de travaux, a annoncé la maire devant une centaine"
            " d’habitants réunis sur la place."
        ),
        (
            "Les tramways y passeront de nouveau en juin, si les essais prévus au printemps se déroulent "
            "comme les ingénieurs l’espèrent."
        ),
        (
            "Le bac, qui reliait les deux rives pendant le chantier, a transporté plus de trente mille "
            "personnes depuis son inauguration."
        ),
        (
            "Les commerçants du quai se réjouissent : pendant deux ans, disent-ils, la moitié de leur "
            "clientèle est restée sur l’autre rive."
        ),
        "La foule s'avance sur l'ancien tablier du pont",
        "La foule s’avance sur l’ancien tablier du pont",
        (
            "Une plaque rappelle le nom des ouvriers qui ont posé la première pierre de l’ouvrage, il y a "
            "plus d’un siècle et demi."
        ),
        (
            "L’inauguration officielle aura lieu dimanche, en présence de la fanfare municipale et des "
            "enfants des deux écoles du quartier."
        ),
        "[ad_2]",
        "Leave a Comment",
        "Your email address will not be published. Required fields are marked *",
    )
)
ARABIC = """الجسر القديم يفتح أبوابه من جديد

[ad_1]

افتتح الجسر القديم يوم الاثنين بعد عامين من أعمال الترميم، كما أعلنت رئيسة البلدية أمام سكان المدينة.

وستعود عربات الترام إلى المرور فوقه في شهر يونيو إذا نجحت التجارب المقررة في الربيع.
"""
CLEAN = """The ferry says goodbye

The ferry crossed the river for the last time on Sunday. Its crew of four had carried thirty thousand people.

“We will miss the mornings,” the captain said, and tied the rope to the quay as he had every evening for two years.
"""
HOSTILE: tuple[str, ...] = (
    "<script>document.title='broken'</script>",
    '"><img src="https://example.invalid/x.png" onerror="document.title=1">',
    "</script><script src=https://example.invalid/x.js></script>",
    "<style>@import url(https://example.invalid/x.css)</style>",
    "{{ 7*7 }} ${7*7} {% raw %}",
    "\N{RIGHT-TO-LEFT OVERRIDE}txt.exe \x00 \x1b[31m \ud800",
    "javascript:document.title=1",
    "W" * 4000,
)


# What a scraper may bring up from a page that means harm: each payload in each wrapping that might let it out.
_PAYLOADS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script>",
    "<iframe src=javascript:alert(1)>", "<object data=data:text/html,<script>alert(1)</script>>",
    "<body onload=alert(1)>",
    "<a href=javascript:alert(1)>x</a>", "<form action=https://example.invalid><input type=submit autofocus>",
    "<meta http-equiv=refresh content=0;url=https://example.invalid>", "<base href=https://example.invalid/>",
    "<link rel=stylesheet href=https://example.invalid/x.css>", "<style>*{display:none}</style>",
    "<template><script>alert(1)</script></template>", "<math><mtext><img src=x onerror=alert(1)>",
    "{{7*7}}", "{% raw %}",
    "${alert(1)}", "#{7*7}", "<%= 7*7 %>", "javascript:alert(1)", "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)", "//example.invalid/x.js", "../../../../etc/passwd", "\u202etxt.exe", "\u2066\u2067\u202b",
    "\x00\x01\x1b[31m\x7f", "\ud800\udfff", "\ufeff\u200b\u200d\u00ad", "W" * 3000, "\u0301" * 500, "👨‍👩‍👧" * 50,
    "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;script&#62;", "\\u003cscript\\u003e", "%3Cscript%3E",
    "+ADw-script+AD4-",
    "__proto__", "constructor", "toString", "[object Object]", "NaN", "-0", "null", "undefined", "1e999",
)  # fmt: skip
_WRAPPINGS = ("{}", '">{}', "'>{}", "</script>{}", "-->{}", "]]>{}", "</textarea></title></style>{}", "`;{}//")
MANY_HOSTILE = tuple(wrapping.replace("{}", payload) for payload in _PAYLOADS for wrapping in _WRAPPINGS)


def settled(browser: Any, script: str, seconds: float = 10) -> None:
    """Wait until the script returns true; what checks articles anew may take longer than what only draws."""
    until = time.monotonic() + seconds
    while not browser.execute_script(script):
        assert time.monotonic() < until, script
        time.sleep(0.02)


def press(browser: Any, keys: str) -> None:
    for key in keys:
        ActionChains(browser).send_keys(key).perform()


def all_of(browser: Any, selector: str) -> list[Any]:
    return browser.find_elements(By.CSS_SELECTOR, selector)


def one(browser: Any, selector: str) -> Any:
    return browser.find_element(By.CSS_SELECTOR, selector)


def visible(browser: Any, selector: str) -> list[Any]:
    return [element for element in all_of(browser, selector) if element.is_displayed()]


def rendered(browser: Any, selector: str) -> bool:
    """Whether the element is drawn; Selenium's own answer is no for whatever is in a closed <details>."""
    found = browser.execute_script(
        "const e = document.querySelector(arguments[0]);"
        "return e.checkVisibility({contentVisibilityAuto: true}) && e.getBoundingClientRect().height > 10",
        selector,
    )
    return bool(found)


def current(browser: Any) -> str:
    return ",".join(note.get_attribute("id") for note in all_of(browser, ".note.cur"))


def shown_at(browser: Any, page: Path, width: int = 1440, place: str = "", **media: str) -> None:
    """Open a page at a width, with media features such as ``prefers_color_scheme="dark"``."""
    size = {"width": width, "height": 1000, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    features = [{"name": key.replace("_", "-"), "value": value} for key, value in media.items()]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    browser.get("about:blank")
    browser.get(page.as_uri() + place)
