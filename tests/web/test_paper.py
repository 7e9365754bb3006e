"""Acts on paper in the browser: recording one, reading its document, confirming it."""

import io

import pytest

from tests import make
from tests.web.conftest import Browser, send
from web.security import DOCUMENT_POLICY
from workflow.bootstrap import Runtime

PDF = b"%PDF-1.7\n%%EOF\n"


def paper(content: bytes = PDF, name: str = "note.pdf", **changes: object) -> dict[str, object]:
    """Write the form of an act that Ada signed today."""
    return {
        "step": "agree", "party": "UZ", "role": "line_ministry", "login": "ada",
        "decision": "approve", "occurred_on": "2026-01-05", "note": "", "revision": "1",
        "file": (io.BytesIO(content), name), "idempotency_key": "one",
    } | changes  # fmt: skip


@pytest.fixture
def reference(runtime: Runtime) -> str:
    """Give a proposal that UZ's line ministry has signed on paper."""
    make.delegate(runtime, "ada")
    return make.proposal(runtime, reference="P-1")


def test_a_paper_act_is_recorded_read_and_confirmed(
    runtime: Runtime, reference: str, signed_in: Browser
) -> None:
    secretary = signed_in(make.secretary(runtime))
    answer = send(secretary, f"/proposals/{reference}/paper", paper())
    assert answer.status_code == 302
    document = secretary.get(f"/proposals/{reference}/paper/1")
    assert document.data == PDF
    assert document.headers["Content-Disposition"] == "attachment; filename=P-1-1.pdf"
    assert document.headers["Content-Security-Policy"] == DOCUMENT_POLICY
    bo = signed_in(make.delegate(runtime, "bo"))
    page = bo.get(f"/proposals/{reference}").text
    assert "decision=confirm" in page
    decision = {
        "decision": "confirm", "party": "UZ", "role": "line_ministry", "revision": "1",
        "idempotency_key": "two",
    }  # fmt: skip
    where = f"/proposals/{reference}/steps/agree"
    assert send(bo, where, decision).status_code == 302
    assert "decision=confirm" not in bo.get(f"/proposals/{reference}").text


def test_a_refused_act_keeps_what_was_typed(
    runtime: Runtime, reference: str, signed_in: Browser
) -> None:
    secretary = signed_in(make.secretary(runtime))
    where = f"/proposals/{reference}/paper"
    refused = send(secretary, where, paper(login="nobody"))
    assert "There is no person with the login nobody." in refused.text
    assert 'value="nobody"' in refused.text
    bare = send(secretary, where, paper(file=(io.BytesIO(b""), ""), occurred_on="yesterday"))
    assert bare.status_code == 422
    assert "Choose the document." in bare.text
    assert "Write the day as year-month-day" in bare.text


def test_who_may_not_record_finds_no_form_and_no_document(
    runtime: Runtime, reference: str, signed_in: Browser
) -> None:
    send(signed_in(make.secretary(runtime)), f"/proposals/{reference}/paper", paper())
    auditor = signed_in(make.delegate(runtime, "eve", role="auditor"))
    assert auditor.get(f"/proposals/{reference}/paper").status_code == 404
    stranger = signed_in(make.delegate(runtime, "kim", "KR"))
    for number in (0, 1, 2, 2**40):
        assert stranger.get(f"/proposals/{reference}/paper/{number}").status_code == 404
