"""What holds on every screen: readable by everybody, in four languages, narrow or wide, light."""

import gzip
from itertools import count
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from tests.accessibility import scrolls_sideways, violations
from tests.browser.screens import LANGUAGES, SCREENS, WIDTHS, Screen
from tests.browser.site import Site

pytestmark = pytest.mark.browser

MOST_BYTES = 20 * 1024
INBOX = {"en": "Inbox", "ja": "受信箱", "uz": "Kiruvchilar", "ru": "Входящие"}
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
_LOOKS = [(language, scheme) for language in LANGUAGES for scheme in SCHEMES]


def looks(screen: Screen) -> list[tuple[int, str, Scheme]]:
    """Choose width, language and scheme for a screen so that all screens together cover all.

    Every screen is seen at every width; languages and schemes go round, so that each pair of them
    meets each width on some screens.
    """
    first = count(SCREENS.index(screen) * 3)
    return [(width, *_LOOKS[next(first) * 3 % len(_LOOKS)]) for width in WIDTHS]


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_a_screen_keeps_to_wcag_and_to_the_window(
    reading_room: Site, browser: Browser, screen: Screen
) -> None:
    found = {}
    with reading_room.opened(browser, screen.login) as page:
        for width, language, scheme in looks(screen):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.goto(in_language(screen, language))
            open_details(page)
            found[width, language, scheme] = violations(page), scrolls_sideways(page)
    assert found == dict.fromkeys(found, (set(), False))


def in_language(screen: Screen, language: str) -> str:
    """Give a screen's address in a language."""
    return f"{screen.path}{'&' if '?' in screen.path else '?'}lang={language}"


def open_details(page: Page) -> None:
    """Open what is folded, the menus aside, so that it is looked at too."""
    page.evaluate("for (const each of document.querySelectorAll('main details')) each.open = true")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_person_reads_every_screen_in_the_language_they_choose(
    reading_room: Site, browser: Browser, language: str
) -> None:
    titles = {}
    for login, screens in by_login().items():
        with reading_room.opened(browser, login) as page:
            for screen in screens:
                answer = page.request.get(in_language(screen, language))
                assert f'<html lang="{language}">' in answer.text(), screen
                assert answer.headers["content-language"] == language
                titles[screen.name] = answer.text().partition("<title>")[2].partition("<")[0]
    assert titles["inbox"].partition(" – ")[0] == INBOX[language]


def test_the_language_menu_keeps_choice_and_page(desk: Site, browser: Browser) -> None:
    with desk.opened(browser, "jp.foreign") as page:
        page.goto("/proposals?state=proposed")
        for name, language in (("日本語", "ja"), ("Oʻzbekcha", "uz"), ("Русский", "ru")):
            page.locator("header details").first.click()
            page.get_by_role("button", name=name).click()
            expect(page.locator("html")).to_have_attribute("lang", language)
            assert page.url.endswith("/proposals?state=proposed")
        page.goto("/inbox")
        expect(page.locator("html")).to_have_attribute("lang", "ru")


def test_a_cold_page_weighs_little_with_all_it_loads(reading_room: Site, browser: Browser) -> None:
    loaded: list[Response] = []
    with reading_room.opened(browser, "uz.foreign") as page:
        page.on("response", lambda each: loaded.append(each))  # noqa: PLW0108 - Playwright wraps what it calls
        page.goto("/inbox", wait_until="load")
        files = sum(weight(each.body()) for each in loaded if "/static/" in each.url)
    assert all(each.url.startswith(reading_room.url) for each in loaded)
    weights = {}
    for login, screens in by_login().items():
        with reading_room.opened(browser, login, locale="ru") as page:
            for screen in screens:
                weights[screen.name] = files + weight(page.request.get(screen.path).body())
    assert {name: each for name, each in weights.items() if each > MOST_BYTES} == {}


def weight(body: bytes) -> int:
    """Give the bytes that a compressing server would send; gzip is no better than Brotli."""
    return len(gzip.compress(body, 9))


def by_login() -> dict[str | None, list[Screen]]:
    """Give the screens that each official looks at."""
    looked: dict[str | None, list[Screen]] = {}
    for screen in SCREENS:
        looked.setdefault(screen.login, []).append(screen)
    return looked
