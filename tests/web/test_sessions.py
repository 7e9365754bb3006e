"""Signing in and out, and what a cookie is worth."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from tests import make
from tests.fakes import FakeClock
from tests.web.conftest import COOKIE, Browser, send, token_of
from workflow.bootstrap import Runtime
from workflow.persistence.people_tables import Person, WebSession
from workflow.services.passwords import ARGON2

PASSWORD = "many quiet rivers under snow"


@pytest.fixture
def official(runtime: Runtime) -> str:
    """Give the login of somebody who has the password."""
    caller = make.delegate(runtime, "ada")
    with runtime.uow.write() as tx:
        tx.connection.execute(
            update(Person)
            .where(Person.id == caller.person_id)
            .values(password_hash=ARGON2.hash(PASSWORD))
        )
    return caller.login


def sign_in(client: FlaskClient, login: str, password: str = PASSWORD) -> int:
    """Send the sign-in form."""
    form = {"login": login, "password": password}
    return send(client, "/sign-in", form, at="/sign-in").status_code


def rows(runtime: Runtime) -> int:
    """Count the sessions in the database."""
    with runtime.uow.read() as tx:
        return tx.connection.scalar(select(func.count()).select_from(WebSession)) or 0


def test_a_visitor_leaves_no_row(runtime: Runtime, visitor: FlaskClient) -> None:
    visitor.get("/sign-in?lang=ja")
    assert rows(runtime) == 0


def test_the_right_password_opens_the_inbox(visitor: FlaskClient, official: str) -> None:
    assert sign_in(visitor, official) == 302
    assert visitor.get("/inbox").status_code == 200


def test_wrong_password_and_unknown_login_get_the_same_sentence(
    visitor: FlaskClient, official: str
) -> None:
    token = token_of(visitor.get("/sign-in"))
    pages = [
        visitor.post("/sign-in", data={"csrf_token": token, "login": login, "password": "wrong"})
        for login in (official, "nobody")
    ]
    assert [page.status_code for page in pages] == [401, 401]
    same = [page.text.replace(official, "X").replace("nobody", "X") for page in pages]
    assert "Login or password is not right." in same[0]
    cut = [text[: text.index("csrf_token")] for text in same]
    assert cut[0] == cut[1]


def test_signing_in_makes_a_new_secret(visitor: FlaskClient, official: str) -> None:
    visitor.set_cookie(COOKIE, "chosen-by-somebody-else")
    assert sign_in(visitor, official) == 302
    cookie = visitor.get_cookie(COOKIE)
    assert cookie is not None
    assert cookie.value != "chosen-by-somebody-else"
    assert cookie.http_only
    assert cookie.same_site == "Lax"


def test_signing_out_kills_the_cookie(visitor: FlaskClient, official: str) -> None:
    sign_in(visitor, official)
    cookie = visitor.get_cookie(COOKIE)
    assert cookie is not None
    send(visitor, "/sign-out", {})
    visitor.set_cookie(COOKIE, cookie.value)
    assert visitor.get("/inbox").status_code == 302


def test_a_session_ends_when_it_is_not_used(
    runtime: Runtime, clock: FakeClock, signed_in: Browser
) -> None:
    client = signed_in(make.delegate(runtime))
    clock.advance(minutes=31)
    assert client.get("/inbox").status_code == 302


def test_too_many_attempts_must_wait(visitor: FlaskClient, official: str) -> None:
    codes = [sign_in(visitor, official, "wrong") for _ in range(6)]
    assert codes[-1] == 429
    token = token_of(visitor.get("/sign-in"))
    form = {"csrf_token": token, "login": official, "password": "wrong"}
    assert int(visitor.post("/sign-in", data=form).headers["Retry-After"]) > 0


def test_a_form_without_its_token_changes_nothing_and_keeps_the_text(
    runtime: Runtime, signed_in: Browser
) -> None:
    reference = make.proposal(runtime)
    client = signed_in(make.delegate(runtime))
    answer = client.post(
        f"/proposals/{reference}/steps/agree", data={"decision": "approve", "note": "My long text"}
    )
    assert answer.status_code == 400
    assert "My long text" in answer.text


def test_a_token_of_another_session_is_refused(runtime: Runtime, signed_in: Browser) -> None:
    one, other = (signed_in(make.delegate(runtime, party=party)) for party in ("UZ", "JP"))
    token = token_of(one.get("/me"))
    assert other.post("/me", data={"csrf_token": token, "language": "ja"}).status_code == 400


def test_whoever_was_signed_out_gets_the_typed_text_back(visitor: FlaskClient) -> None:
    answer = visitor.post("/proposals/P-1/steps/agree", data={"note": "My long text"})
    assert answer.status_code == 401
    assert "My long text" in answer.text
