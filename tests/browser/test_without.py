"""The site without a mouse, and without JavaScript."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import acts
from tests.browser.site import Site

pytestmark = pytest.mark.browser

MOST_TABS = 5


def focused(page: Page) -> str:
    """Read the words of what has the focus."""
    words: str = page.evaluate("document.activeElement.innerText || ''")
    return words.strip()


def tab_to(page: Page, words: str) -> int:
    """Press Tab until something of these words has the focus, and count the presses."""
    for presses in range(1, MOST_TABS + 1):
        page.keyboard.press("Tab")
        if words in focused(page):
            return presses
    raise AssertionError(f"no {words!r} within {MOST_TABS} Tabs; at {focused(page)!r}")


def test_by_keyboard_from_the_inbox_to_a_signature(desk: Site, browser: Browser) -> None:
    with desk.opened(browser, "uz.culture") as page:
        page.goto("/inbox")
        presses = tab_to(page, "Skip to the content")
        page.keyboard.press("Enter")
        presses += tab_to(page, "Read and decide")
        assert presses <= MOST_TABS
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Your decision")).to_be_visible()
        tab_to(page, "Skip to the content")
        page.keyboard.press("Enter")
        for _ in range(8):
            page.keyboard.press("Tab")
            if focused(page).startswith("Sign revision"):
                break
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("You have signed revision 1")


def test_the_focus_is_always_to_be_seen(desk: Site, browser: Browser) -> None:
    with desk.opened(browser, "jp.foreign") as page:
        page.goto("/proposals/CAJ-01/steps/agree")
        for _ in range(25):
            page.keyboard.press("Tab")
            outline = page.evaluate(
                "(s => [s.outlineStyle, s.boxShadow])(getComputedStyle(document.activeElement))"
            )
            if focused(page) == page.locator("body").inner_text().strip():
                break
            assert outline != ["none", "none"], focused(page)


def test_every_main_task_works_without_javascript(desk: Site, browser: Browser) -> None:
    with desk.opened(browser, "uz.foreign", java_script_enabled=False) as page:
        acts.supply(page, "UZJ-11", "annual_calendar", desk.document("calendar.txt"), "UZ")
        acts.sign_from_inbox(page, "UZJ-11")
        page.get_by_role("link", name="Withdraw the sign-off").click()
        page.get_by_role("button", name="Withdraw the sign-off").click()
        expect(page.get_by_role("status")).to_contain_text("is withdrawn")
        page.goto("/proposals/UZJ-11/steps/agree?decision=object")
        page.get_by_label("Reason").fill("The calendar misses a festival.")
        page.get_by_role("button", name="Object to revision 1").click()
        expect(page.get_by_role("status")).to_contain_text("objection to revision 1")
        page.goto("/proposals")
        page.get_by_label("State").select_option("agreed")
        page.get_by_role("button", name="Apply filters").click()
        expect(page.get_by_role("main")).to_contain_text("UZJ-08")
        expect(page.get_by_role("main")).not_to_contain_text("UZJ-11")
    with desk.opened(browser, "jp.verifier", java_script_enabled=False) as page:
        acts.verify(page, "UZJ-11")
    with desk.opened(browser, "uz.auditor", java_script_enabled=False) as page:
        page.goto("/audit")
        page.get_by_label("Proposal").fill("UZJ-11")
        page.get_by_role("button", name="Apply filters").click()
        with page.expect_download() as waited:
            page.get_by_role("button", name="JSONL").click()
        assert waited.value.suggested_filename == "audit.jsonl"
