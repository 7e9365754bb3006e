"""The public page of an entry and the pages of the log, as people and their cameras see them."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from tests.accessibility import scrolls_sideways, violations
from tests.audit.cosigning.parties import JP
from tests.browser.screens import WIDTHS
from tests.browser.site import Site
from tests.browser.test_every_screen import SCHEMES, open_details
from tests.web.sealing import cosigned, sealed
from workflow.persistence.audit_tables import AuditEntry
from workflow.services.witnesses import Named, add_witness

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def vouched(desk: Site) -> Site:
    """Give the desk with every entry sealed, and the last checkpoint cosigned by Japan."""
    sealed(desk.runtime, desk.folder)
    named = add_witness(desk.runtime, desk.caller("jp.admin"), "JP", JP.verifier.text)
    assert isinstance(named, Named), named
    sealed(desk.runtime, desk.folder)
    cosigned(desk.runtime, JP)
    return desk


def entry(site: Site, kind: str = "step") -> str:
    """Give the hash of an entry of a kind."""
    with site.runtime.uow.read() as tx:
        found = tx.connection.scalar(
            select(AuditEntry.leaf_hash).where(AuditEntry.kind == kind).limit(1)
        )
    assert found is not None
    return found.hex()


def addresses(site: Site) -> dict[str, str | None]:
    """Give the pages of one entry and of the log, with who opens them."""
    hashed = entry(site)
    return {
        f"/verify/{hashed}?": None,
        f"/verify/{hashed}?own": "uz.foreign",
        f"/audit/entries/{hashed}?": "secretariat.auditor",
        "/log?": None,
    }


@pytest.mark.parametrize("language", ["ja", "ru"])  # the widest signs, the longest words
def test_an_entrys_pages_keep_to_wcag_and_to_the_window(
    vouched: Site, browser: Browser, language: str
) -> None:
    found = {}
    for address, login in addresses(vouched).items():
        with vouched.opened(browser, login) as page:
            for width, scheme in zip(WIDTHS, (*SCHEMES, "light"), strict=True):
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme=scheme)
                page.goto(f"{address}&lang={language}")
                open_details(page)
                found[address, width, scheme] = violations(page), scrolls_sideways(page)
    assert found == dict.fromkeys(found, (set(), False))


def drawn_pixels(page: Page) -> int:
    """Give the size of the QR code on the screen, in pixels across."""
    box = page.get_by_role("img", name="QR code").locator("svg").bounding_box()
    assert box is not None
    return round(box["width"])


def test_a_stranger_reads_the_proof_without_javascript(vouched: Site, browser: Browser) -> None:
    with vouched.opened(browser, java_script_enabled=False) as page:
        page.goto(f"/verify/{entry(vouched)}")
        expect(page.get_by_role("heading", level=1)).to_have_text("This entry is in the log")
        expect(page.get_by_role("main")).to_contain_text("Japan")
        assert drawn_pixels(page) >= 160
        with page.expect_download() as started:
            page.get_by_role("link", name="Download the proof").click()
        name = f"{entry(vouched)}.tlog-proof"
        assert started.value.suggested_filename == name
        proof = Path(started.value.path()).read_text(encoding="utf-8")
    assert proof.startswith("c2sp.org/tlog-proof@v1\nindex ")
    assert JP.name in proof


def test_an_auditor_goes_from_the_list_to_the_bytes_and_to_the_public_page(
    vouched: Site, browser: Browser
) -> None:
    with vouched.opened(browser, "secretariat.auditor") as page:
        page.goto("/audit?proposal=UZJ-08")
        row = page.get_by_role("row").nth(1)
        row.locator("summary").click()
        row.get_by_role("link", name="The whole entry, byte by byte").click()
        expect(page.get_by_role("region", name="The entry as it is hashed")).to_contain_text(
            '"v":1'
        )
        page.get_by_role("link", name="Public page that verifies this entry").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("This entry is in the log")


def test_the_badge_leads_to_the_log(vouched: Site, browser: Browser) -> None:
    with vouched.opened(browser, "uz.foreign") as page:
        page.goto("/inbox")
        badge = page.get_by_role("contentinfo").get_by_role("link", name="Log:")
        expect(badge).to_contain_text("cosigned by Japan")
        badge.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("The log")
