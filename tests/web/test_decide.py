"""Deciding in the browser: signing, objecting, taking back, taking a step, and being too late."""

import pytest

from tests import make
from tests.web.conftest import Browser, send
from workflow.bootstrap import Runtime
from workflow.domain.commands import Revise
from workflow.domain.identity import Caller
from workflow.services.revise import revise


def form(**changes: object) -> dict[str, object]:
    """Write a decision as the page's form does."""
    plain: dict[str, object] = {
        "decision": "approve", "party": "UZ", "role": "line_ministry", "revision": 1, "note": "",
        "idempotency_key": "one",
    }  # fmt: skip
    return plain | changes


@pytest.fixture
def reference(runtime: Runtime) -> str:
    """Give a proposal that both parties' line ministries must sign."""
    return make.proposal(runtime, reference="P-1")


@pytest.fixture
def ada(runtime: Runtime) -> Caller:
    """Give Uzbekistan's line ministry."""
    return make.delegate(runtime, "ada")


def test_the_page_has_one_button_to_sign(reference: str, ada: Caller, signed_in: Browser) -> None:
    text = signed_in(ada).get(f"/proposals/{reference}").text
    assert text.count("Sign revision 1") == 1
    assert "Object instead" in text


def test_signing_shows_what_was_done(reference: str, ada: Caller, signed_in: Browser) -> None:
    client = signed_in(ada)
    answer = send(client, f"/proposals/{reference}/steps/agree", form())
    assert answer.headers["Location"] == f"/proposals/{reference}"
    page = client.get(answer.headers["Location"]).text
    assert "You have signed revision 1." in page
    assert "You have signed as Line ministry" in page


def test_the_same_form_sent_twice_signs_once(
    reference: str, ada: Caller, signed_in: Browser
) -> None:
    client = signed_in(ada)
    answers = [send(client, f"/proposals/{reference}/steps/agree", form()) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]


def test_the_last_signature_says_that_it_moves_the_proposal(
    runtime: Runtime, reference: str, ada: Caller, signed_in: Browser
) -> None:
    make.approve(runtime, reference, make.delegate(runtime, party="JP"))
    client = signed_in(ada)
    assert "is the last one needed" in client.get(f"/proposals/{reference}").text
    send(client, f"/proposals/{reference}/steps/agree", form())
    assert "The proposal is now “agreed”." in client.get(f"/proposals/{reference}").text


def test_an_old_revision_is_a_conflict_that_keeps_the_text(
    runtime: Runtime, reference: str, ada: Caller, signed_in: Browser
) -> None:
    changed = Revise(reference, titles={"en": "Another title"})
    assert revise(runtime, make.secretary(runtime), changed).granted
    answer = send(signed_in(ada), f"/proposals/{reference}/steps/agree", form(note="As agreed."))
    assert answer.status_code == 409
    assert "<del>Proposal P-1</del>" in answer.text
    assert "<ins>Another title</ins>" in answer.text
    assert "As agreed." in answer.text


def test_an_objection_needs_a_reason(reference: str, ada: Caller, signed_in: Browser) -> None:
    client, address = signed_in(ada), f"/proposals/{reference}/steps/agree"
    refused = send(client, address, form(decision="object"))
    assert refused.status_code == 422
    assert "Say why: this decision needs a reason." in refused.text
    answer = send(client, address, form(decision="object", note="No.", idempotency_key="2"))
    assert answer.status_code == 302
    assert "You have objected as" in client.get(f"/proposals/{reference}").text


def test_a_sign_off_is_taken_back(reference: str, ada: Caller, signed_in: Browser) -> None:
    client, address = signed_in(ada), f"/proposals/{reference}/steps/agree"
    send(client, address, form())
    answer = send(client, address, form(decision="withdraw", idempotency_key="2"))
    assert answer.status_code == 302
    assert "withdrawn by whoever made it" in client.get(f"/proposals/{reference}/history").text


def test_a_seat_one_does_not_hold_is_forbidden(
    reference: str, ada: Caller, signed_in: Browser
) -> None:
    answer = send(signed_in(ada), f"/proposals/{reference}/steps/agree", form(party="JP"))
    assert answer.status_code == 403
    assert "You hold no mandate in force for this" in answer.text


def test_a_step_that_lacks_something_says_what(
    runtime: Runtime, reference: str, signed_in: Browser
) -> None:
    make.agreed(runtime, reference)
    secretary = signed_in(make.secretary(runtime))
    taking = {"decision": "take", "version": "", "idempotency_key": "k", "note": "Held."}
    answer = send(secretary, f"/proposals/{reference}/steps/implement", taking)
    assert answer.status_code == 422
    assert "Verified evidence" in answer.text


def test_a_page_that_lacks_the_right_shows_the_step_switched_off(
    runtime: Runtime, reference: str, signed_in: Browser
) -> None:
    client = signed_in(make.delegate(runtime, role="finance_ministry"))
    page = client.get(f"/proposals/{reference}/steps/agree").text
    assert "You cannot sign or take this step now." in page
    assert "disabled" in page


HOSTILE = [
    "\x00",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "9" * 40,
    "\u202e",
    "💥" * 50,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_input_gets_an_answer_below_500_and_is_never_run(
    reference: str, ada: Caller, signed_in: Browser, text: str
) -> None:
    client = signed_in(ada)
    for field in ("decision", "party", "role", "revision", "note", "idempotency_key", "version"):
        answer = send(client, f"/proposals/{reference}/steps/agree", form(**{field: text}))
        assert (field, answer.status_code < 500) == (field, True)
        assert "<script>alert(1)" not in answer.text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_filters_get_an_answer_below_500(
    ada: Caller, signed_in: Browser, text: str
) -> None:
    client = signed_in(ada)
    for name in ("text", "state", "kind", "summit", "party", "view", "after", "lang"):
        answer = client.get("/proposals", query_string={name: text})
        assert (name, answer.status_code < 500) == (name, True)
        assert "<script>alert(1)" not in answer.text


def test_a_query_named_as_an_order_is_still_a_query(ada: Caller, signed_in: Browser) -> None:
    client = signed_in(ada)
    query = {"endpoint": "x", "_scheme": "javascript", "_external": "1", "reference": "x"}
    for path in ("/proposals", "/me", "/nothing"):
        page = client.get(path, query_string=query)
        assert page.status_code in (200, 404)
        assert "javascript:" not in page.text
