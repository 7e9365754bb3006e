"""Evidence in the browser: supplying, reading, verifying."""

import io

import pytest

from tests import make
from tests.web.conftest import Browser, send
from web.security import DOCUMENT_POLICY
from workflow.bootstrap import Runtime

PDF = b"%PDF-1.7\n%%EOF\n"


def document(
    content: bytes = PDF, name: str = "report.pdf", **changes: object
) -> dict[str, object]:
    """Write the form of a document."""
    return {
        "type": "meeting_report", "title": "The report", "dated_on": "2026-01-02", "party": "UZ",
        "link": "", "file": (io.BytesIO(content), name), "idempotency_key": "one",
    } | changes  # fmt: skip


@pytest.fixture
def reference(runtime: Runtime) -> str:
    """Give a proposal that asks for a report."""
    return make.proposal(runtime, reference="P-1")


def test_a_document_comes_back_as_it_was_and_cannot_run(
    runtime: Runtime, reference: str, signed_in: Browser
) -> None:
    client = signed_in(make.delegate(runtime))
    assert send(client, f"/proposals/{reference}/evidence", document()).status_code == 302
    answer = client.get(f"/proposals/{reference}/evidence/1")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"] == "attachment; filename=report.pdf"
    assert answer.headers["Content-Security-Policy"] == DOCUMENT_POLICY


def test_a_program_called_pdf_is_refused_and_the_text_is_kept(
    runtime: Runtime, reference: str, signed_in: Browser
) -> None:
    client = signed_in(make.delegate(runtime))
    answer = send(client, f"/proposals/{reference}/evidence", document(b"MZ\x90\x00"))
    assert answer.status_code == 422
    assert "is not a PDF, PNG, JPEG, TXT or CSV file" in answer.text
    assert 'value="The report"' in answer.text


def test_a_document_without_anything_says_what_is_missing(
    runtime: Runtime, reference: str, signed_in: Browser
) -> None:
    client = signed_in(make.delegate(runtime))
    answer = send(client, f"/proposals/{reference}/evidence", {})
    assert answer.status_code == 422
    assert "Enter the document's title." in answer.text


def test_a_verifier_of_another_party_confirms_it(
    runtime: Runtime, reference: str, signed_in: Browser
) -> None:
    make.evidence(runtime, reference, make.delegate(runtime))
    client = signed_in(make.delegate(runtime, party="JP", role="verifier"))
    page = client.get(f"/proposals/{reference}").text
    assert "Verify as" in page
    answer = send(client, f"/proposals/{reference}/evidence/1/verify", {"party": "JP"})
    assert answer.status_code == 302
    assert "You have verified the document." in client.get(f"/proposals/{reference}").text


def test_the_suppliers_own_verifier_is_refused(
    runtime: Runtime, reference: str, signed_in: Browser
) -> None:
    make.evidence(runtime, reference, make.delegate(runtime))
    client = signed_in(make.delegate(runtime, role="verifier"))
    answer = send(client, f"/proposals/{reference}/evidence/1/verify", {"party": "UZ"})
    assert answer.status_code == 403


def test_an_upload_may_be_larger_than_a_form_and_no_larger_than_a_document(
    runtime: Runtime, reference: str, signed_in: Browser
) -> None:
    client = signed_in(make.delegate(runtime))
    address = f"/proposals/{reference}/evidence"
    fits = document(PDF + b" " * (2 * 1024 * 1024))
    assert send(client, address, fits).status_code == 302
    too_large = document(PDF + b" " * (21 * 1024 * 1024), idempotency_key="two")
    assert send(client, address, too_large).status_code == 413


def test_a_verifiers_inbox_lists_what_waits_for_them(runtime: Runtime, signed_in: Browser) -> None:
    reference = make.proposal(runtime)
    make.evidence(runtime, reference, make.delegate(runtime, "ada"))
    verifier = make.delegate(runtime, party="JP", role="verifier")
    client = signed_in(verifier)
    text = client.get("/inbox").text
    assert "Evidence to verify" in text
    assert f'href="/proposals/{reference}#evidence"' in text
    make.verified(runtime, reference, verifier)
    assert "No document waits for you to verify it." in client.get("/inbox").text
    assert "Evidence to verify" not in signed_in(make.person(runtime, "ada")).get("/inbox").text
