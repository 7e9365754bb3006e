"""The audit page, its exports, and what anybody may verify."""

import json

from flask.testing import FlaskClient

from tests import make
from tests.fakes import FakeClock
from tests.web.conftest import Browser, send
from workflow.bootstrap import Runtime
from workflow.domain.identity import JOINT_SECRETARIAT


def auditor(runtime: Runtime, signed_in: Browser) -> FlaskClient:
    """Give the browser of the joint secretariat's auditor."""
    return signed_in(make.delegate(runtime, "aud", JOINT_SECRETARIAT, "auditor"))


def test_only_an_auditor_reads_the_log(runtime: Runtime, signed_in: Browser) -> None:
    client = signed_in(make.delegate(runtime))
    assert client.get("/audit").status_code == 403
    assert send(client, "/audit/export?format=csv", {}).status_code == 403


def test_an_auditor_reads_who_did_what_and_why(runtime: Runtime, signed_in: Browser) -> None:
    reference = make.proposal(runtime)
    make.object_to(runtime, reference, make.delegate(runtime))
    page = auditor(runtime, signed_in).get("/audit").text
    assert "We object." in page
    assert "Tashkent" in page


def test_an_export_holds_what_the_filters_select(runtime: Runtime, signed_in: Browser) -> None:
    for reference in ("P-1", "P-2"):
        make.proposal(runtime, reference=reference)
    client = auditor(runtime, signed_in)
    answer = send(client, "/audit/export?format=jsonl&proposal=P-1", {})
    *rows, tail = [json.loads(line) for line in answer.text.splitlines()]
    assert {row["reference"] for row in rows} == {"P-1"}
    assert tail["count"] == len(rows)
    assert answer.headers["Content-Disposition"] == "attachment; filename=audit.jsonl"
    assert send(client, "/audit/export?format=csv", {}).mimetype == "text/csv"


def test_a_day_that_is_none_is_said_so(runtime: Runtime, signed_in: Browser) -> None:
    client = auditor(runtime, signed_in)
    assert client.get("/audit?since=yesterday").status_code == 400
    assert client.get("/audit?after=x").status_code == 400


def test_anybody_may_ask_whether_an_entry_exists_and_learns_no_more(
    runtime: Runtime, signed_in: Browser, visitor: FlaskClient
) -> None:
    reference = make.proposal(runtime, reference="P-1")
    signed = make.approve(runtime, reference, make.delegate(runtime, "ada"))
    page = visitor.get(f"/verify/{signed.entry}")
    assert page.status_code == 200
    assert "This entry is in the log" in page.text
    assert "P-1" not in page.text
    own = signed_in(make.person(runtime, "ada")).get(f"/verify/{signed.entry}")
    assert "P-1" in own.text


def test_what_is_no_hash_of_the_log_is_not_found(visitor: FlaskClient) -> None:
    for text in ("0" * 64, "12", "x" * 64, "0" * 65):
        assert visitor.get(f"/verify/{text}").status_code == 404


def test_strangers_ask_twenty_times_a_minute_and_officials_as_often_as_they_like(
    runtime: Runtime, clock: FakeClock, visitor: FlaskClient, signed_in: Browser
) -> None:
    address, client = f"/verify/{'0' * 64}", signed_in(make.delegate(runtime))
    assert [visitor.get(address).status_code for _ in range(20)] == [404] * 20
    refused = visitor.get(address)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert client.get(address).status_code == 404
    clock.advance(minutes=1)
    assert visitor.get(address).status_code == 404


def test_a_strangers_questions_cost_nobody_a_sign_in(visitor: FlaskClient) -> None:
    for _ in range(21):
        visitor.get(f"/verify/{'0' * 64}")
    entered = {"login": "nobody", "password": "many quiet rivers under snow"}
    assert send(visitor, "/sign-in", entered, at="/sign-in").status_code == 401


def test_the_log_tells_the_time_of_both_capitals_in_two_lines(
    runtime: Runtime, signed_in: Browser
) -> None:
    make.proposal(runtime)
    page = auditor(runtime, signed_in).get("/audit").text
    assert " Tashkent</span><span>" in page
