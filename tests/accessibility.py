"""What axe finds on a page: WCAG 2.2 A and AA, and best practice."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> set[tuple[str, str]]:
    """Return each violated rule with the selector of each element that violates it."""
    results = Axe().run(page, options={"runOnly": {"type": "tag", "values": _RULES}})
    return {
        (violation["id"], " ".join(map(str, node["target"])))
        for violation in results.response["violations"]
        for node in violation["nodes"]
    }


def scrolls_sideways(page: Page) -> bool:
    """Say whether a page is wider than its window."""
    root = "document.documentElement"
    return bool(page.evaluate(f"{root}.scrollWidth > {root}.clientWidth"))
