"""One browser for the tests of a module; after each test a look at what it reported."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bycatch.catalog import Catalog, load_catalog
from tests.browser.driving import CHROMIUM, DRIVER, Service, webdriver


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--window-size=1440,1000",
    ):
        options.add_argument(argument)
    # The background traffic of a browser of its own accord is no concern of the pages.
    for argument in ("--disable-background-networking", "--disable-component-update", "--no-first-run"):
        options.add_argument(argument)
    # A page that still glides to its place is clicked beside the mark.
    options.add_argument("--force-prefers-reduced-motion")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture(autouse=True)
def nothing_went_wrong(browser: Any) -> Iterator[None]:
    """After each test: no message on the console, no dialog, no request but to the disk or this machine."""
    browser.get_log("browser")
    browser.get_log("performance")
    yield
    assert [entry for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")] == []
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    requested = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    assert [url for url in requested if not url.startswith(("file://", "data:,", "blob:", "http://127.0.0.1:"))] == []
    assert any(url.startswith(("file://", "http://127.0.0.1:")) for url in requested)
    assert not [m for m in messages if m["method"] == "Page.javascriptDialogOpening"]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()
