"""Nothing is open by accident."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make
from tests.web.conftest import Browser
from web.access import is_public, safe_target
from workflow.bootstrap import Runtime

OPEN = {
    "static", "health.livez", "health.readyz", "health.home", "sign_in.ask", "sign_in.sign_in",
    "links.ask", "links.set_password", "verify.show", "verify.proof", "log.show", "log.key",
    "log.checkpoint", "log.tile",
}  # fmt: skip

VALUES = {
    "reference": "P-1", "step": "agree", "kind": "charter", "login": "somebody", "number": 1,
    "token": "t", "leaf_hash": "0" * 64, "filename": "site.css", "level": 0, "place": "000",
}  # fmt: skip


def addresses(app: Flask) -> list[tuple[str, str, str]]:
    """Give every (endpoint, method, address) there is."""
    found = []
    for rule in app.url_map.iter_rules():
        with app.test_request_context():
            path = app.url_map.bind("localhost").build(
                rule.endpoint, {name: VALUES[name] for name in rule.arguments}
            )
        found += [(rule.endpoint, m, path) for m in (rule.methods or set()) - {"HEAD", "OPTIONS"}]
    return found


def test_only_the_views_named_here_are_open_to_everybody(app: Flask) -> None:
    assert {each for each in app.view_functions if is_public(app, each)} == OPEN


def test_every_other_view_asks_a_visitor_to_sign_in(app: Flask, visitor: FlaskClient) -> None:
    for endpoint, method, path in addresses(app):
        if endpoint not in OPEN:
            answer = visitor.open(path, method=method)
            wanted = 302 if method == "GET" else 401
            assert (path, method, answer.status_code) == (path, method, wanted)


def test_signing_in_leads_back_to_the_page_that_was_asked_for(visitor: FlaskClient) -> None:
    asked = visitor.get("/proposals/P-1?lang=en")
    assert asked.headers["Location"] == "/sign-in?next=/proposals/P-1?lang%3Den"
    assert 'value="/proposals/P-1?lang=en"' in visitor.get(asked.headers["Location"]).text


def test_a_hidden_proposal_and_one_that_is_not_there_look_the_same(
    runtime: Runtime, signed_in: Browser
) -> None:
    hidden = make.proposal(runtime, reference="P-1")
    stranger = signed_in(make.delegate(runtime, party="KZ"))
    for tail in ("", "/history", "/steps/agree", "/evidence/1"):
        pages = [stranger.get(f"/proposals/{name}{tail}") for name in (hidden, "P-9")]
        assert [page.status_code for page in pages] == [404, 404]
        texts = [re.sub("P-[19]", "X", page.text) for page in pages]
        assert texts[0] == texts[1]


def test_a_hidden_proposal_refuses_forms_as_one_that_is_not_there(
    runtime: Runtime, signed_in: Browser
) -> None:
    hidden = make.proposal(runtime, reference="P-1")
    stranger = signed_in(make.delegate(runtime, party="KZ"))
    token = re.search(r'csrf_token" value="([^"]+)"', stranger.get("/me").text)
    assert token is not None
    form = {
        "csrf_token": token[1], "decision": "approve", "party": "KZ", "role": "line_ministry",
        "revision": 1, "idempotency_key": "k",
    }  # fmt: skip
    answers = [
        stranger.post(f"/proposals/{name}/steps/agree", data=form) for name in (hidden, "P-9")
    ]
    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil", "x"])
def test_signing_in_leads_nowhere_but_to_this_site(app: Flask, target: str) -> None:

    with app.test_request_context():
        assert safe_target(target) == "/inbox"


def test_a_foreign_host_is_refused(visitor: FlaskClient) -> None:
    assert visitor.get("/sign-in", headers={"Host": "evil.example"}).status_code == 400


def test_what_a_stranger_says_of_the_address_is_not_believed(visitor: FlaskClient) -> None:
    page = visitor.get("/sign-in", headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "1"})
    assert "Strict-Transport-Security" not in page.headers
