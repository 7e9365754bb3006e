"""The audit page: who, when, why and what is different; its exports, and single entries."""

import json
from html import unescape
from pathlib import Path

from flask.testing import FlaskClient

from tests import make
from tests.web.conftest import Browser, send
from tests.web.sealing import sealed, shown
from tests.web.test_pages import questions
from workflow.bootstrap import Runtime
from workflow.domain.commands import Revise
from workflow.domain.entry import leaf_hash
from workflow.domain.identity import JOINT_SECRETARIAT
from workflow.services.mandates import Office
from workflow.services.people import Done, grant
from workflow.services.revise import revise


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


def test_the_log_tells_the_time_of_both_capitals_in_two_lines(
    runtime: Runtime, signed_in: Browser
) -> None:
    make.proposal(runtime)
    page = auditor(runtime, signed_in).get("/audit").text
    assert " Tashkent</span><span>" in page


def test_a_new_text_is_shown_beside_the_old_one(runtime: Runtime, signed_in: Browser) -> None:
    reference = make.proposal(runtime, titles={"en": "A bridge"})
    secretary = make.secretary(runtime)
    for title in ("A longer bridge", "A tunnel"):
        revise(runtime, secretary, Revise(reference, titles={"en": title}, reason="Better"))
    page = auditor(runtime, signed_in).get("/audit").text
    newest, older = page.index("<del>A longer bridge</del>"), page.index("<del>A bridge</del>")
    assert newest < older
    assert "<ins>A tunnel</ins>" in page[newest:older]
    assert "<ins>A longer bridge</ins>" in page[older:]
    assert page.count("Changed: Title (en)") == 2


def test_a_step_a_sign_off_and_a_mandate_say_what_they_changed(
    runtime: Runtime, signed_in: Browser
) -> None:
    admin = make.delegate(runtime, "uz.admin", "UZ", "administrator")
    make.person(runtime, "new", "New Person")
    given = grant(runtime, admin, "new", Office(party="UZ", role="finance_ministry"))
    reference = make.proposal(runtime)
    make.approve(runtime, reference, make.delegate(runtime, "ada"))
    make.approve(runtime, reference, make.delegate(runtime, "bo", "JP"))
    page = auditor(runtime, signed_in).get("/audit").text
    assert isinstance(given, Done), given
    assert "<del>proposed</del> → <ins>agreed</ins>" in page.lower()
    assert "Revision 1</ins>" in page
    assert "finance" in page.lower().partition("<dt>mandate</dt>")[2].partition("</dd>")[0]


def test_each_row_says_whether_it_is_sealed(
    runtime: Runtime, signed_in: Browser, tmp_path: Path
) -> None:
    client = auditor(runtime, signed_in)
    make.proposal(runtime, reference="P-1")
    size = sealed(runtime, tmp_path)
    make.proposal(runtime, reference="P-2")
    page = shown(client, "/audit")
    assert page.count("waits to be sealed") == 1
    assert [f">Leaf {index}<" in page for index in range(size + 1)] == [True] * size + [False]


def test_an_entry_has_a_page_with_the_bytes_that_are_hashed(
    runtime: Runtime, signed_in: Browser
) -> None:
    reference = make.proposal(runtime)
    signed = make.approve(runtime, reference, make.delegate(runtime))
    client = auditor(runtime, signed_in)
    assert f'href="/audit/entries/{signed.entry}"' in client.get("/audit").text
    page = shown(client, f"/audit/entries/{signed.entry}")
    leaf = unescape(page.partition("<pre")[2].partition("<code>")[2].partition("</code>")[0])
    assert leaf_hash(leaf.encode()).hex() == signed.entry
    before = json.loads(leaf)["object"]["prev"]
    assert "Proposed" in shown(client, f"/audit/entries/{before}")


def test_an_entry_is_for_auditors_who_may_see_it(runtime: Runtime, signed_in: Browser) -> None:
    signed = make.approve(runtime, make.proposal(runtime), make.delegate(runtime))
    address = f"/audit/entries/{signed.entry}"
    assert signed_in(make.delegate(runtime)).get(address).status_code == 403
    kazakh = signed_in(make.delegate(runtime, "kz.aud", "KZ", "auditor"))
    assert [kazakh.get(each).status_code for each in (address, f"/audit/entries/{'0' * 64}")] == [
        404, 404,
    ]  # fmt: skip
    assert auditor(runtime, signed_in).get("/audit/entries/12").status_code == 404


def test_the_log_asks_as_much_for_one_entry_as_for_many(
    runtime: Runtime, signed_in: Browser, tmp_path: Path
) -> None:
    client = auditor(runtime, signed_in)
    secretary = make.secretary(runtime)
    make.proposal(runtime, reference="P-1")
    make.proposal(runtime, reference="P-2")
    sealed(runtime, tmp_path)
    questions(runtime, client, "/audit?proposal=P-1")
    one = questions(runtime, client, "/audit?proposal=P-1")
    for number in range(9):
        order = Revise("P-1", titles={"en": f"Title {number}"}, reason="Again")
        revise(runtime, secretary, order)
    sealed(runtime, tmp_path)
    assert questions(runtime, client, "/audit?proposal=P-1") == one


def test_filters_stay_in_the_address_of_the_next_page_and_of_exports(
    runtime: Runtime, signed_in: Browser
) -> None:
    secretary = make.secretary(runtime)
    make.proposal(runtime, reference="P-1")
    for number in range(51):
        order = Revise("P-1", titles={"en": f"Title {number}"}, reason="Again")
        revise(runtime, secretary, order)
    chosen = "proposal=P-1&actor=secretary"
    page = auditor(runtime, signed_in).get(f"/audit?{chosen}").text
    escaped = chosen.replace("&", "&amp;")
    assert f'rel="next" href="/audit?{escaped}&amp;after=' in page
    for form in ("csv", "jsonl", "xlsx"):
        assert f'action="/audit/export?{escaped}&amp;format={form}"' in page
    assert "summit audit export --format bundle" in page
