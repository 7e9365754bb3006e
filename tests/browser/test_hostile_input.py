"""Whatever is sent to any field, parameter, path or header gets a page with a sentence.

Never a broken page, never markup of the sender's, never a way off the site. Sent without a
browser, for there is much of it.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from werkzeug.test import TestResponse

from config.settings import Settings
from tests import databases
from tests.browser import hostile
from tests.browser.site import COOKIE, Site, demonstrated
from web.app import create_app
from workflow.bootstrap import build_runtime

FOREIGN, ADMIN, AUDITOR, NOBODY = "uz.foreign", "uz.admin", "uz.auditor", None
HOW_MANY = 8
_AT_HOME = re.compile(r"(http://localhost)?/(?![/\\])")

QUERIES = {
    "/inbox": (FOREIGN, ["after", "lang"]),
    "/proposals": (
        FOREIGN,
        ["text", "state", "kind", "summit", "party", "view", "after", "lang", "unknown"],
    ),
    "/proposals/CAJ-01/steps/agree": (FOREIGN, ["decision", "party", "role", "lang"]),
    "/proposals/CAJ-01/history": (FOREIGN, ["after"]),
    "/audit": (
        AUDITOR,
        ["proposal", "kind", "party", "actor", "step", "since", "until", "after"],
    ),
    "/people": (ADMIN, ["after", "party"]),
    "/sign-in": (NOBODY, ["next", "lang"]),
}
PATHS = {
    "/proposals/{}": FOREIGN,
    "/proposals/{}/history": FOREIGN,
    "/proposals/CAJ-01/steps/{}": FOREIGN,
    "/proposals/CAJ-01/evidence/{}": FOREIGN,
    "/proposals/CAJ-01/paper/{}": FOREIGN,
    "/definitions/{}": FOREIGN,
    "/verify/{}": NOBODY,
    "/verify/{}/proof": NOBODY,
    "/tile/0/{}": NOBODY,
    "/audit/entries/{}": AUDITOR,
    "/links/{}": NOBODY,
    "/static/{}": NOBODY,
    "/{}": FOREIGN,
}
DECISION = {
    "decision": "approve", "party": "UZ", "role": "foreign_ministry", "revision": "99",
    "version": "1", "note": "", "idempotency_key": "k",
}  # fmt: skip
DOCUMENT = {
    "type": "founding_memorandum", "title": "A title", "dated_on": "2025-12-20", "party": "UZ",
    "link": "https://example.org/", "idempotency_key": "k",
}  # fmt: skip
PERSON = {
    "login": "uz.new",
    "name": "New",
    "party": "UZ",
    "role": "auditor",
    "starts": "",
    "ends": "",
}
LOAN = {"to": "uz.legal", "office": "UZ:foreign_ministry", "starts": "", "ends": "2030-01-31"}
LOAN_OF_ANOTHER = {
    "holder": "uz.nobody", "to": "uz.legal", "party": "UZ", "role": "foreign_ministry",
    "starts": "", "ends": "2030-01-31",
}  # fmt: skip
PAPER = {
    "step": "agree", "party": "UZ", "role": "foreign_ministry", "login": "uz.foreign2",
    "decision": "approve", "occurred_on": "2026-01-05", "note": "", "revision": "1",
    "idempotency_key": "k",
}  # fmt: skip
FORMS: Mapping[str, tuple[str | None, Mapping[str, str]]] = {
    "/sign-in": (NOBODY, {"login": "uz.head", "password": "x", "next": ""}),
    "/proposals/CAJ-01/steps/agree": (FOREIGN, DECISION),
    "/proposals/CAJ-01/steps/return": (FOREIGN, DECISION | {"decision": "take"}),
    "/proposals/CAJ-01/evidence": (FOREIGN, DOCUMENT),
    "/proposals/CAJ-01/evidence/1/verify": (FOREIGN, {"party": "UZ", "idempotency_key": "k"}),
    "/people": (ADMIN, PERSON),
    "/people/grant": (ADMIN, PERSON),
    "/people/uz.nobody/revoke": (ADMIN, {"party": "UZ", "role": "auditor"}),
    "/people/delegate": (ADMIN, LOAN_OF_ANOTHER),
    "/people/undelegate": (ADMIN, LOAN_OF_ANOTHER),
    "/me/delegate": (FOREIGN, LOAN),
    "/me/undelegate": (FOREIGN, LOAN_OF_ANOTHER),
    "/proposals/CAJ-01/paper": (FOREIGN, PAPER),
    "/me": (AUDITOR, {"language": "en", "time_zone": "UTC"}),
    "/me/language": (AUDITOR, {"language": "en", "next": ""}),
    "/audit/export?format=csv": (AUDITOR, {"unknown": ""}),
}
HEADERS = [
    "Accept-Language", "User-Agent", "Referer", "Origin", "Range", "If-None-Match", "Content-Type",
    "X-Forwarded-For", "X-Forwarded-Host", "X-Request-ID", "Cookie", "Host", "Accept-Encoding",
]  # fmt: skip


class Officials:
    """Clients without a browser, each signed in once."""

    def __init__(self, site: Site) -> None:
        """Make the application that all of them use."""
        self._site = site
        self._app = create_app(site.runtime, "a secret for tests, more than thirty-two bytes")
        self._known: dict[str | None, tuple[FlaskClient, str]] = {}

    def client(self, login: str | None) -> tuple[FlaskClient, str]:
        """Give an official's client, and the token of its forms."""
        if login not in self._known:
            client = self._app.test_client()
            if login is not None:
                client.set_cookie(COOKIE, self._site.session(login))
            page = client.get("/me" if login else "/sign-in").text
            found = re.search(r'name="csrf_token" value="([^"]+)"', page)
            assert found is not None
            self._known[login] = client, found[1]
        return self._known[login]


@pytest.fixture(scope="module")
def officials(
    prepared_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Officials]:
    """Give clients on a demo of their own."""
    folder = tmp_path_factory.mktemp("hostile")
    prepared, file = prepared_folder / "demo", folder / "summit.sqlite"
    with databases.sqlite_copy(prepared, file, demonstrated) as url:
        runtime = build_runtime(Settings(database_url=url))
        yield Officials(Site("http://localhost", runtime, folder))
        runtime.engine.dispose()


def judge(answer: TestResponse, text: str) -> list[str]:
    """Say what is wrong with an answer; the text is what was sent."""
    answer.request.environ["wsgi.input"].close()
    faults = [f"status {answer.status_code}"] if answer.status_code >= 500 else []
    target = answer.headers.get("Location")
    if target is not None and not _AT_HOME.match(target):
        faults.append(f"leads to {target!r}")
    if answer.mimetype == "text/html" and target is None:
        faults += hostile.faults_of(answer.text, text)
        if answer.status_code >= 400 and not re.search(r"<h[12][ >]", answer.text):
            faults.append("no sentence")
    return faults


@pytest.mark.parametrize(
    "page",
    [
        "<script>alert(1)</script>",
        '<a href="javascript:alert(1)">',
        "<p onclick=alert(1)>",
        '<form action="//evil.invalid/">',
        "<iframe>",
    ],
)
def test_markup_of_the_senders_is_noticed(page: str) -> None:
    assert hostile.faults_of(f"<h1>What you typed: {page}</h1>", page)
    assert hostile.faults_of(f"<h1>What you typed: {escape(page)}</h1>", page) == []


@pytest.mark.parametrize(
    ("address", "name"),
    [(address, name) for address, (_, names) in QUERIES.items() for name in names],
)
def test_a_parameter_of_any_text_is_answered(officials: Officials, address: str, name: str) -> None:
    client, _ = officials.client(QUERIES[address][0])
    for text in hostile.sample(f"{address} {name}", HOW_MANY):
        answer = client.get(address, query_string=hostile.in_query(**{name: text}))
        assert judge(answer, text) == [], text


@pytest.mark.parametrize("address", PATHS)
def test_a_path_of_any_text_is_answered(officials: Officials, address: str) -> None:
    client, _ = officials.client(PATHS[address])
    for text in hostile.sample(address, HOW_MANY):
        answer = client.get(address.format(hostile.in_path(text)))
        assert judge(answer, text) == [], text


@pytest.mark.parametrize(
    ("address", "name"), [(address, name) for address, (_, form) in FORMS.items() for name in form]
)
def test_a_field_of_any_text_is_answered(officials: Officials, address: str, name: str) -> None:
    login, form = FORMS[address]
    client, token = officials.client(login)
    for text in hostile.sample(f"form {address} {name}", HOW_MANY // 2):
        fields = {"csrf_token": token, **form, name: text}
        answer = client.post(
            address,
            data=hostile.in_query(**fields),
            content_type="application/x-www-form-urlencoded",
        )
        assert judge(answer, text) == [], text


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_of_any_text_is_answered(officials: Officials, name: str) -> None:
    client, _ = officials.client(NOBODY)
    for text in hostile.sample(name, HOW_MANY):
        value = hostile.in_header(text)
        if value is not None:
            assert judge(client.get("/sign-in", headers={name: value}), text) == [], text


@pytest.mark.parametrize("name", ["file", "name"])
def test_a_document_of_any_name_and_content_is_answered(
    officials: Officials, name: str, tmp_path: Path
) -> None:
    client, token = officials.client(FOREIGN)
    uploads = sorted((hostile.COLLECTION / "uploads").glob("*"))
    names = [each for each in hostile.sample("file names", HOW_MANY) if "\ud800" not in each]
    contents = [each.read_bytes() for each in uploads] or [b"", b"\x00", b"<script>", b"%PDF-1.7"]
    sent = (
        [("report.pdf", content) for content in contents]
        if name == "file"
        else [(each, f"A report, {number}.\n".encode()) for number, each in enumerate(names)]
    )
    for number, (file_name, content) in enumerate(sent):
        path = tmp_path / str(number)
        path.write_bytes(content)
        with path.open("rb") as file:
            form = DOCUMENT | {
                "link": "",
                "csrf_token": token,
                "idempotency_key": f"{name}{number}",
            }
            answer = client.post(
                "/proposals/CAJ-01/evidence", data={**form, "file": (file, file_name)}
            )
        assert judge(answer, file_name) == [], file_name
    page = client.get("/proposals/CAJ-01")
    assert hostile.faults_of(page.text, "") == []
    for number in re.findall(r"/proposals/CAJ-01/evidence/(\d+)\"", page.text):
        given = client.get(f"/proposals/CAJ-01/evidence/{number}")
        assert given.headers["Content-Disposition"].startswith("attachment")
        assert given.headers["Content-Security-Policy"].endswith("sandbox")
