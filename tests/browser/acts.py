"""What officials do in the browser, as they would tell it."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect


def open_from_inbox(page: Page, reference: str) -> None:
    """Go to the inbox and open the act that waits on a proposal."""
    page.goto("/inbox")
    row = page.get_by_role("row").filter(has_text=re.compile(rf"\b{reference}\b"))
    row.get_by_role("link", name=re.compile(rf": {reference}$")).first.click()
    expect(page.get_by_role("heading", name="Your decision")).to_be_visible()


def sign(page: Page, note: str = "") -> None:
    """Sign what the page shows, and see that the site says so."""
    if note:
        page.get_by_label("Note (optional)").first.fill(note)
    page.get_by_role("button", name=re.compile(r"^Sign revision \d+")).first.click()
    said = re.compile(r"You have signed revision \d+|The proposal is now")
    expect(page.get_by_role("status")).to_contain_text(said)


def sign_from_inbox(page: Page, reference: str) -> None:
    """Sign a proposal the way the inbox leads: two clicks."""
    open_from_inbox(page, reference)
    sign(page)


def supply(page: Page, reference: str, of_type: str, document: Path, party: str) -> None:
    """Put a document on record."""
    page.goto(f"/proposals/{reference}")
    page.get_by_text("Supply a document").click()
    page.get_by_label("What it is").select_option(of_type)
    page.get_by_label("Title", exact=True).fill(f"The {of_type} of {reference}")
    page.get_by_label("Date of the document").fill("2025-12-20")
    page.get_by_label("Supplied by").select_option(party)
    page.get_by_label("File").set_input_files(document)
    page.get_by_role("button", name="Put on record").click()
    expect(page.get_by_role("status")).to_contain_text("The document is on record")


def verify(page: Page, reference: str) -> None:
    """Verify the one document that waits for it."""
    page.goto(f"/proposals/{reference}")
    page.get_by_role("button", name=re.compile("^Verify as ")).click()
    expect(page.get_by_role("status")).to_contain_text("You have verified the document")


def state(page: Page, reference: str) -> str:
    """Read a proposal's present state from its page."""
    page.goto(f"/proposals/{reference}")
    shown = page.locator("[aria-current=step]").inner_text()
    return shown.splitlines()[0].strip()
