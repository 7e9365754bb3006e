"""Every link that an official can follow leads somewhere, and every answer is well protected."""

from collections import deque
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from playwright.sync_api import APIResponse, Browser

from tests.browser.site import Site
from web.security import CONTENT_POLICY, DOCUMENT_POLICY, HEADERS

pytestmark = pytest.mark.browser

_STARTS = ("/inbox", "/proposals")
# Of steps and views there are hundreds alike: so many of each pattern are enough. Every kind of
# proposal is looked at.
_MOST_ALIKE = 4
_PROPOSALS = "/proposals/*?"
_MOST_PROPOSALS = 25


class Links(HTMLParser):
    """Gathers where a page leads: links, files, and the anchors there are on it."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.targets: set[str] = set()
        self.anchors: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element's target and name."""
        named = dict(attrs)
        self.anchors.add(named.get("id") or "")
        target = named.get("href") or named.get("src")
        if target and tag != "use":
            self.targets.add(target)


def pattern(address: str) -> str:
    """Name the kind of an address: numbers, references and hashes are alike."""
    path = urlsplit(address).path.split("/")
    query = sorted(part.partition("=")[0] for part in urlsplit(address).query.split("&"))
    alike = ["*" if any(sign.isdigit() for sign in part) else part for part in path]
    return "/".join(alike) + "?" + "&".join(query)


def protected(answer: APIResponse) -> bool:
    """Say whether an answer carries every header it should."""
    headers = answer.headers
    policy = headers.pop("content-security-policy", "")
    wanted = {name.lower(): value for name, value in HEADERS.items()}
    wanted.pop("content-security-policy")
    kept = headers.get("cache-control", "")
    is_file = urlsplit(answer.url).path.startswith("/static/")
    return (
        policy in (CONTENT_POLICY, DOCUMENT_POLICY)
        and {name: headers.get(name) for name in wanted} == wanted
        and kept.startswith("public") == is_file
        and (is_file or kept == "no-store")
    )


@pytest.mark.parametrize("login", ["uz.foreign", "kz.finance", "secretariat.auditor", "jp.admin"])
def test_every_link_leads_somewhere(reading_room: Site, browser: Browser, login: str) -> None:
    waiting, seen, alike = deque(_STARTS), set(_STARTS), dict[str, int]()
    faults: dict[str, object] = {}
    with reading_room.opened(browser, login) as page:
        while waiting:
            address = waiting.popleft()
            answer = page.request.get(address)
            if not (answer.ok and protected(answer)):
                faults[address] = (answer.status, answer.headers)
            if not answer.headers.get("content-type", "").startswith("text/html"):
                continue
            links = Links(answer.text())
            for target in links.targets:
                whole, anchor = urldefrag(urljoin(answer.url, target))
                if target.startswith("#") and anchor not in links.anchors:
                    faults[f"{address} -> {target}"] = "no such place on the page"
                if not whole.startswith(reading_room.url):
                    faults[f"{address} -> {target}"] = "leads off the site"
                kind = pattern(whole)
                most = _MOST_PROPOSALS if kind == _PROPOSALS else _MOST_ALIKE
                if whole in seen or alike.get(kind, 0) >= most:
                    continue
                seen.add(whole)
                alike[kind] = alike.get(kind, 0) + 1
                waiting.append(whole)
    assert faults == {}
    assert len(alike) > len(_STARTS) * 5
