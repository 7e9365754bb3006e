"""A party's administrator and their people."""

import re

from flask.testing import FlaskClient

from tests import make
from tests.web.conftest import Browser, send, token_of
from workflow.bootstrap import Runtime

NEW = {"login": "bob.new", "name": "Bob", "party": "UZ", "role": "finance_ministry"}
PASSWORD = "many quiet rivers under snow"


def administrator(runtime: Runtime, signed_in: Browser, party: str = "UZ") -> FlaskClient:
    """Give the browser of a party's administrator."""
    return signed_in(make.delegate(runtime, f"{party.lower()}.admin", party, "administrator"))


def test_whoever_administers_nobody_finds_nothing(runtime: Runtime, signed_in: Browser) -> None:
    assert signed_in(make.delegate(runtime)).get("/people").status_code == 404


def test_a_new_person_signs_in_by_a_link_that_works_once(
    runtime: Runtime, signed_in: Browser, visitor: FlaskClient
) -> None:
    page = send(administrator(runtime, signed_in), "/people", NEW)
    link = re.search(r"http://localhost(/links/[\w-]+)", page.text)
    assert link is not None
    chosen = {"password": PASSWORD, "again": PASSWORD}
    assert send(visitor, link[1], chosen, at=link[1]).status_code == 302
    assert visitor.get(link[1]).status_code == 404
    entered = {"login": "bob.new", "password": PASSWORD}
    assert send(visitor, "/sign-in", entered, at="/sign-in").headers["Location"] == "/inbox"


def test_a_weak_password_is_refused_with_a_sentence(
    runtime: Runtime, signed_in: Browser, visitor: FlaskClient
) -> None:
    page = send(administrator(runtime, signed_in), "/people", NEW)
    link = re.search(r"http://localhost(/links/[\w-]+)", page.text)
    assert link is not None
    refused = send(visitor, link[1], {"password": "short", "again": "short"}, at=link[1])
    assert refused.status_code == 422
    assert "A password has at least 15 characters." in refused.text
    differs = send(visitor, link[1], {"password": PASSWORD, "again": "other"}, at=link[1])
    assert "The two passwords are not the same." in differs.text


def test_another_partys_people_are_out_of_reach(runtime: Runtime, signed_in: Browser) -> None:
    make.delegate(runtime, "taro", "JP")
    client = administrator(runtime, signed_in)
    assert "taro" not in client.get("/people").text
    answer = send(client, "/people/taro/disable", {})
    assert answer.status_code == 403
    granted = send(client, "/people", NEW | {"party": "JP"})
    assert granted.status_code == 403
    assert 'value="bob.new"' in granted.text


def test_a_mandate_is_granted_and_revoked(runtime: Runtime, signed_in: Browser) -> None:
    make.delegate(runtime, "ada")
    client = administrator(runtime, signed_in)
    office = {"login": "ada", "party": "UZ", "role": "legal_service"}
    assert send(client, "/people/grant", office).status_code == 302
    assert "Legal service" in client.get("/people").text
    revoked = send(client, "/people/ada/revoke", {"party": "UZ", "role": "legal_service"})
    assert revoked.status_code == 302


def test_a_bad_day_is_said_where_it_was_typed(runtime: Runtime, signed_in: Browser) -> None:
    answer = send(administrator(runtime, signed_in), "/people", NEW | {"starts": "31.01.2026"})
    assert answer.status_code == 422
    assert "Write the day as year-month-day" in answer.text
    assert 'value="31.01.2026"' in answer.text


def test_a_disabled_person_is_signed_out_at_once(runtime: Runtime, signed_in: Browser) -> None:
    ada = signed_in(make.delegate(runtime, "ada"))
    token = token_of(ada.get("/me"))
    assert send(administrator(runtime, signed_in), "/people/ada/disable", {}).status_code == 302
    assert ada.get("/inbox").status_code == 302
    assert ada.post("/me", data={"csrf_token": token}).status_code == 401


def test_revoking_and_disabling_ask_first_and_say_what_follows(
    runtime: Runtime, signed_in: Browser
) -> None:
    make.delegate(runtime, "ada")
    page = administrator(runtime, signed_in).get("/people").text
    for act, sentence in (
        ("revoke", "Ada can no longer act as Line ministry, UZ, from this moment."),
        ("disable", "Ada is signed out at once"),
    ):
        before, _form, _after = page.partition(f'action="/people/ada/{act}"')
        asked = before[before.rindex('<details class="ask">') :]
        assert sentence in asked
        assert "</details>" not in asked


def test_a_holder_lets_a_colleague_act_and_takes_it_back(
    runtime: Runtime, signed_in: Browser
) -> None:
    make.delegate(runtime, "bo", role="legal_service")
    client = signed_in(make.delegate(runtime, "ada"))
    order = {"to": "bo", "office": "UZ:line_ministry", "ends": "2026-02-14"}
    assert send(client, "/me/delegate", order, at="/me").status_code == 302
    page = client.get("/me").text
    assert "bo acts for you on these days." in page
    assert "14 Feb 2026" in page
    back = {"to": "bo", "party": "UZ", "role": "line_ministry", "holder": "ada"}
    assert send(client, "/me/undelegate", back, at="/me").status_code == 302
    assert "14 Feb 2026" not in client.get("/me").text


def test_a_delegates_page_says_for_whom_they_act(runtime: Runtime, signed_in: Browser) -> None:
    ada = make.delegate(runtime, "ada")
    bo = make.delegate(runtime, "bo", role="legal_service")
    order = {"to": "bo", "office": "UZ:line_ministry", "ends": "2026-02-14"}
    send(signed_in(ada), "/me/delegate", order, at="/me")
    assert "for Ada, by delegation" in signed_in(bo).get("/me").text


def test_a_delegation_that_is_refused_keeps_what_was_typed(
    runtime: Runtime, signed_in: Browser
) -> None:
    client = signed_in(make.delegate(runtime, "ada"))
    order = {"to": "nobody", "office": "UZ:line_ministry", "ends": "2026-02-14"}
    refused = send(client, "/me/delegate", order, at="/me")
    assert "There is no person with the login nobody." in refused.text
    assert 'value="nobody"' in refused.text
    endless = send(client, "/me/delegate", order | {"ends": ""}, at="/me")
    assert endless.status_code == 422
    assert "Enter the last day." in endless.text


def test_the_administrator_sees_and_ends_who_acts_for_whom(
    runtime: Runtime, signed_in: Browser
) -> None:
    make.delegate(runtime, "ada")
    make.delegate(runtime, "bo", role="legal_service")
    client = administrator(runtime, signed_in)
    office = {"party": "UZ", "role": "line_ministry"}
    order = {"holder": "ada", "to": "bo", "ends": "2026-02-14", **office}
    assert send(client, "/people/delegate", order, at="/people").status_code == 302
    assert "14 Feb 2026" in client.get("/people").text
    back = {"to": "bo", "holder": "ada", **office}
    assert send(client, "/people/undelegate", back, at="/people").status_code == 302
    assert "Nobody acts for another person now." in client.get("/people").text
