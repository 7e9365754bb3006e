"""What every answer carries."""

import pytest
from flask.testing import FlaskClient

from tests import make
from tests.web.conftest import Browser
from web.security import HEADERS
from workflow.bootstrap import Runtime

PAGES = [
    "/inbox", "/proposals", "/proposals/P-1", "/proposals/P-1/history", "/me", "/definitions",
    "/proposals/P-1/steps/agree", "/definitions/charter", "/nothing", "/livez",
    "/static/site.css",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_headers(runtime: Runtime, signed_in: Browser, path: str) -> None:
    make.proposal(runtime, reference="P-1")
    with signed_in(make.delegate(runtime)).get(path) as answer:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        assert answer.headers["X-Request-ID"]


def test_pages_are_kept_by_nobody_and_files_for_good(visitor: FlaskClient) -> None:
    page = visitor.get("/sign-in")
    assert page.headers["Cache-Control"] == "no-store"
    assert "Cookie" in page.headers["Vary"]
    with visitor.get("/static/site.css?v=1") as file:
        assert "immutable" in file.headers["Cache-Control"]


def test_pages_need_nothing_inline(runtime: Runtime, signed_in: Browser) -> None:
    make.proposal(runtime, reference="P-1")
    client = signed_in(make.delegate(runtime))
    for path in PAGES[:8]:
        text = client.get(path).text
        assert (" style=" in text, " onclick=" in text, "<style" in text) == (False,) * 3


def test_an_evil_request_gets_a_page_and_no_traceback(visitor: FlaskClient) -> None:
    for path in ("/proposals/%00", "/verify/%F0%9F%98%80", "/definitions/../etc", "/?lang=%00"):
        answer = visitor.get(path)
        assert answer.status_code < 500
        assert "Traceback" not in answer.text


def test_a_null_character_is_refused_wherever_it_stands(
    runtime: Runtime, signed_in: Browser
) -> None:
    client = signed_in(make.delegate(runtime))
    for path in ("/proposals/%00", "/proposals?text=%00", "/definitions/a%00", "/audit?actor=%00"):
        assert (path, client.get(path).status_code) == (path, 400)


def test_a_large_body_is_refused_with_a_sentence(visitor: FlaskClient) -> None:
    answer = visitor.post("/sign-in", data={"login": "x" * (2 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "1 MB" in answer.text
