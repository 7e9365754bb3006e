"""A served demo, and officials who use it in browsers of their own.

    with site.opened(browser, "uz.digital") as page:     # signed in
        page.goto("/inbox")

A script error, a broken content policy or any other fault on a page fails the test.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

import config
from config.definitions import shipped_kinds
from config.settings import Settings
from tests.databases import migrated
from tests.fakes import FakeIds
from workflow.bootstrap import Runtime, build_runtime
from workflow.domain.identity import Caller, Via
from workflow.persistence import people
from workflow.services.authenticate import open_session, redeem_link
from workflow.services.definitions import publish_shipped
from workflow.services.demo import Loading, load_demo
from workflow.services.demo_files import read_demo
from workflow.services.people import Done, invite

COOKIE = "summit-session"
PASSWORD = "a kettle sings before dawn"
_MEMORANDUM = b"Memorandum of understanding. Signed in Tokyo on 20 December 2025.\n"


def demonstrated(url: str) -> None:
    """Prepare a database as `summit init` and `summit demo` do."""
    migrated(url)
    runtime = build_runtime(Settings(database_url=url), ids=FakeIds())
    try:
        publish_shipped(runtime, shipped_kinds().values())
        files = read_demo(Path(config.__file__).parent / "demo")
        assert load_demo(runtime, files, lambda _sign_ins: None) is Loading.LOADED
    finally:
        runtime.engine.dispose()


@dataclass(frozen=True, slots=True)
class Site:
    """A server on a demo database, and a runtime on the same database for what is not shown."""

    url: str
    runtime: Runtime
    folder: Path

    def caller(self, login: str) -> Caller:
        """Name an official as the caller of an act at a terminal."""
        with self.runtime.uow.read() as tx:
            person = people.find_person(tx, login)
            caller = people.caller_of(tx, person.id, Via.CLI) if person else None
        assert caller is not None, login
        return caller

    def session(self, login: str) -> str:
        """Open a session for an official; the sign-in page has tests of its own."""
        secret = open_session(self.runtime, self.caller(login).person_id)
        assert secret is not None
        return secret

    def sign_in(self, context: BrowserContext, login: str) -> None:
        """Give a browser the cookie of a signed-in official."""
        context.add_cookies([{"name": COOKIE, "value": self.session(login), "url": self.url}])

    def set_password(self, login: str) -> str:
        """Set an official's password by a one-time link of their administrator, and give it."""
        administrator = self.caller(login.partition(".")[0] + ".admin")
        made = invite(self.runtime, administrator, login)
        assert isinstance(made, Done), made
        assert made.link is not None
        redeem_link(self.runtime, made.link, PASSWORD)
        return PASSWORD

    @contextmanager
    def opened(self, browser: Browser, login: str | None = None, **options: Any) -> Iterator[Page]:  # noqa: ANN401 - those of `new_context`
        """Open a browser of an official, or of a visitor; the page must have no fault."""
        options = {"locale": "en", "timezone_id": "Asia/Tokyo", "base_url": self.url} | options
        context = browser.new_context(**options)
        try:
            if login is not None:
                self.sign_in(context, login)
            page = context.new_page()
            faults = faults_of(page)
            yield page
        finally:
            context.close()
        assert faults == []

    def document(self, name: str = "memorandum.txt", content: bytes = _MEMORANDUM) -> Path:
        """Write a document to upload."""
        path = self.folder / name
        path.write_bytes(content)
        return path


def faults_of(page: Page) -> list[str]:
    """Gather what goes wrong on a page from now on: scripts, policies, files that are not there."""
    faults: list[str] = []

    def heard(line: ConsoleMessage) -> None:
        # A page that answers 409 or 404 is itself a line of the console; a missing file is a fault.
        is_the_page = line.location.get("url") == page.url and "Failed to load" in line.text
        if line.type == "error" and not is_the_page:
            faults.append(f"{page.url}: {line.text}")

    page.on("console", heard)
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    return faults
