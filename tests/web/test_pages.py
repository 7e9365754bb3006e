"""The pages: each opens, asks a fixed number of questions, and keeps within its bytes."""

import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from tests import make
from tests.house.tree import ROOT
from tests.web.conftest import Browser
from workflow.bootstrap import Runtime
from workflow.domain.vocabulary import LANGUAGES


@contextmanager
def counted(runtime: Runtime) -> Iterator[list[str]]:
    """Collect the statements that reach the database."""
    statements: list[str] = []

    def keep(*call: object) -> None:
        statements.append(str(call[2]))

    event.listen(runtime.engine, "before_cursor_execute", keep)
    yield statements
    event.remove(runtime.engine, "before_cursor_execute", keep)


def questions(runtime: Runtime, client: FlaskClient, path: str) -> int:
    """Count what one page asks the database."""
    with counted(runtime) as statements:
        assert client.get(path).status_code == 200
    return len(statements)


@pytest.mark.parametrize("path", ["/inbox", "/proposals", "/proposals?view=mine"])
def test_a_list_asks_as_much_for_one_row_as_for_many(
    runtime: Runtime, signed_in: Browser, path: str
) -> None:
    client = signed_in(make.delegate(runtime))
    make.proposal(runtime)
    questions(runtime, client, path)
    one = questions(runtime, client, path)
    for _ in range(9):
        make.proposal(runtime)
    assert questions(runtime, client, path) == one


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_opens_in_every_language(
    runtime: Runtime, signed_in: Browser, language: str
) -> None:
    reference = make.proposal(runtime)
    make.evidence(runtime, reference, make.delegate(runtime, "ada"))
    make.claim(runtime, reference, 1_200_000_000_00)
    client = signed_in(make.person(runtime, "ada"))
    for path in (
        "/inbox", "/proposals", f"/proposals/{reference}", f"/proposals/{reference}/history",
        f"/proposals/{reference}/steps/agree", f"/proposals/{reference}/steps/return",
        f"/proposals/{reference}/steps/agree?decision=object", "/definitions",
        "/definitions/charter", "/me",
    ):  # fmt: skip
        page = client.get(path, query_string={"lang": language} if "?" not in path else None)
        assert (path, page.status_code) == (path, 200)


def test_the_inbox_leads_to_the_decision_and_empties(runtime: Runtime, signed_in: Browser) -> None:
    reference = make.proposal(runtime)
    ada = make.delegate(runtime)
    client = signed_in(ada)
    assert f"/proposals/{reference}/steps/agree?party=UZ" in client.get("/inbox").text
    make.approve(runtime, reference, ada)
    assert "Nothing waits for you now." in client.get("/inbox").text


def test_the_style_and_the_script_stay_small() -> None:
    def packed(name: str) -> int:
        return len(zlib.compress((ROOT / "web" / "static" / name).read_bytes(), 9))

    assert packed("site.css") < 8 * 1024
    assert packed("site.js") < 1024


def test_health_is_told_with_and_without_the_database(visitor: FlaskClient) -> None:
    assert visitor.get("/livez").json == {"status": "alive"}
    assert visitor.get("/readyz").json == {"status": "ready"}


def test_a_database_that_is_gone_is_said_so(runtime: Runtime, visitor: FlaskClient) -> None:
    runtime.engine.dispose()
    if (file := runtime.engine.url.database) and runtime.engine.dialect.name == "sqlite":
        shutil.move(file, f"{file}.gone")
        assert visitor.get("/livez").status_code == 200
        assert visitor.get("/readyz").status_code == 503


def test_the_top_bar_names_the_person(runtime: Runtime, signed_in: Browser) -> None:
    text = signed_in(make.delegate(runtime, "ada")).get("/inbox").text
    assert "<span>Ada</span><small>ada</small>" in text
