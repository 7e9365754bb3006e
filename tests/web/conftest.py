"""Fixtures for the web face: the real application, and browsers that are signed in or not."""

import re
from collections.abc import Callable, Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from web.app import create_app
from workflow.bootstrap import Runtime
from workflow.domain.identity import Caller
from workflow.services.authenticate import open_session

COOKIE = "summit-session"

Browser = Callable[[Caller], FlaskClient]


@pytest.fixture
def app(runtime: Runtime) -> Flask:
    """Give the application on a fresh database."""
    return create_app(runtime, "a secret for tests, more than thirty-two bytes")


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """Give a browser that has not signed in."""
    return app.test_client()


@pytest.fixture
def signed_in(app: Flask, runtime: Runtime) -> Browser:
    """Give a function: a browser in which this person has signed in."""

    def open_browser(who: Caller) -> FlaskClient:
        token = open_session(runtime, who.person_id)
        assert token is not None
        client = app.test_client()
        client.set_cookie(COOKIE, token)
        return client

    return open_browser


def token_of(page: TestResponse) -> str:
    """Give the token of the first form on a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found is not None, page.text
    return found[1]


def send(
    client: FlaskClient, address: str, form: Mapping[str, object], at: str = "/me"
) -> TestResponse:
    """Send a form with the token of a page that has one."""
    token = token_of(client.get(at))
    answer = client.post(address, data={"csrf_token": token, **form})
    # The test client forgets to close the file in which it gathers a large form.
    answer.request.environ["wsgi.input"].close()
    return answer
