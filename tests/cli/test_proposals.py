"""`summit proposals`, `explain`, `inbox`, `sign` and `step`, as typed."""

import json
from pathlib import Path

import pytest

from tests import make
from tests.cli.conftest import Type
from workflow.bootstrap import Runtime
from workflow.domain.identity import Caller
from workflow.services.check import find_faults

SEAT = ("--party", "UZ", "--role", "line_ministry")
LISTED = {"reference", "kind", "summit", "state", "title", "revision", "version"}
SHOWN = LISTED | {"parties", "claims", "evidence", "signoffs", "steps", "history"}


@pytest.fixture
def fund(runtime: Runtime) -> str:
    return make.proposal(runtime)


def test_a_signature_is_granted_once_and_refused_the_second_time(
    runtime: Runtime, typed_as: Type, fund: str
) -> None:
    ada = make.delegate(runtime)
    code, answer = typed_as(ada, "sign", fund, "agree", *SEAT)
    assert (code, answer["outcome"], answer["state"], answer["revision"]) == (
        0, "granted", "proposed", 1,
    )  # fmt: skip
    assert len(bytes.fromhex(answer["entry"])) == 32
    code, answer = typed_as(ada, "sign", fund, "agree", *SEAT)
    assert (code, answer["outcome"], answer["reasons"][0]["code"], answer["entry"]) == (
        1, "refused", "seat_already_signed", None,
    )  # fmt: skip


def test_a_paper_act_is_recorded_and_confirmed_by_another(
    runtime: Runtime, typed_as: Type, fund: str, tmp_path: Path
) -> None:
    make.delegate(runtime, "ada")
    paper = tmp_path / "note.txt"
    paper.write_text("We approve.", encoding="utf-8")
    act = ("sign", fund, "agree", *SEAT, "--on-behalf", "ada", "--occurred-on", "2026-01-05")
    secretary = make.secretary(runtime)
    assert typed_as(secretary, *act)[0] == 2
    code, answer = typed_as(secretary, *act, "--document", str(paper))
    assert (code, answer["outcome"]) == (0, "granted")
    _, shown = typed_as(secretary, "proposals", "show", fund)
    (signoff,) = shown["signoffs"]
    assert (signoff["person"], signoff["recorded_by"]) == ("Ada", "Secretary")
    assert (signoff["occurred_on"], signoff["weighs"]) == ("2026-01-05", False)
    bo = make.delegate(runtime, "bo")
    assert typed_as(bo, "sign", fund, "agree", *SEAT, "--decision", "confirm")[0] == 0


def test_one_key_signs_once_and_is_answered_alike(
    runtime: Runtime, typed_as: Type, fund: str
) -> None:
    ada = make.delegate(runtime)
    words = ("sign", fund, "agree", *SEAT, "--key", "k")
    assert typed_as(ada, *words) == typed_as(ada, *words)


def test_a_colleague_of_another_role_is_refused_with_every_reason(
    runtime: Runtime, typed_as: Type, fund: str
) -> None:
    code, answer = typed_as(
        make.delegate(runtime, role="finance_ministry"), "sign", fund, "agree", *SEAT
    )
    assert (code, [each["code"] for each in answer["reasons"]]) == (1, ["no_mandate"])


def test_a_step_without_what_it_needs_is_refused(
    runtime: Runtime, typed_as: Type, clerk: Caller, fund: str
) -> None:
    make.agreed(runtime, fund)
    code, answer = typed_as(clerk, "step", fund, "implement")
    assert (code, answer["outcome"], answer["reasons"][0]["code"]) == (
        1, "refused", "evidence_missing",
    )  # fmt: skip


def test_explain_names_who_can_cure_and_simulates(
    runtime: Runtime, typed: Type, typed_as: Type, fund: str
) -> None:
    ada = make.delegate(runtime)
    code, answer = typed_as(ada, "explain", fund, "agree")
    assert (code, answer["granted"]) == (0, False)
    (reason,) = answer["reasons"]
    assert (reason["code"], reason["who_can_cure"][0]) == ("signoffs_missing", ada.login)
    assert {"text", "satisfied", "parts", "code", "params", "who_can_cure"} == set(answer["tree"])
    (rule,) = (part for part in answer["tree"]["parts"] if part["code"] == "signoffs")
    assert rule["text"] == "The Line ministry of every lead or member signs (so far 0 of 2)"
    assert (rule["params"]["role"], rule["who_can_cure"]) == ("line_ministry", [ada.login])
    seats = ("--if-signed", "UZ:line_ministry", "--if-signed", "JP:line_ministry")
    assert typed("explain", fund, "agree", *seats)[1]["granted"] is True
    assert typed("explain", fund, "agree")[1]["granted"] is False


def test_explain_looks_at_a_later_day(runtime: Runtime, typed: Type) -> None:
    silence = {"of": ["lead"], "role": "line_ministry", "days": 14, "place": "Asia/Tokyo"}
    make.definition(runtime, agree={"needs": {"silence": silence}})
    fund = make.proposal(runtime)
    last, after = "2026-01-19", "2026-01-20"
    assert typed("explain", fund, "agree", "--at", last)[1]["granted"] is False
    assert typed("explain", fund, "agree", "--at", after)[1]["granted"] is True
    assert typed("explain", fund, "agree", "--at", "2026-01-04")[0] == 2


def test_the_inbox_lists_what_waits_until_it_is_done(
    runtime: Runtime, typed_as: Type, fund: str
) -> None:
    ada = make.delegate(runtime)
    _, before = typed_as(ada, "inbox")
    assert [{**each, "since": ""} for each in before] == [
        {"reference": fund, "step": "agree", "party": "UZ", "role": "line_ministry",
         "revision": 1, "due": None, "act": "sign", "since": ""}
    ]  # fmt: skip
    typed_as(ada, "sign", fund, "agree", *SEAT)
    assert typed_as(ada, "inbox") == (0, [])


def test_lists_and_pages_have_the_promised_shapes(typed: Type, fund: str) -> None:
    code, listed = typed("proposals", "list")
    assert (code, [set(each) for each in listed]) == (0, [LISTED])
    code, shown = typed("proposals", "show", fund)
    assert code == 0
    assert set(shown) >= SHOWN
    assert typed("proposals", "list", "--state", "agreed") == (0, [])


@pytest.mark.parametrize(
    "words",
    [("proposals", "show", "NOPE"), ("explain", "NOPE", "agree")],
)
def test_what_is_not_there_is_told_with_code_1(typed: Type, words: tuple[str, ...]) -> None:
    code, answer = typed(*words)
    assert (code, answer["reasons"][0]["code"]) == (1, "not_found")


def test_what_is_hidden_is_not_there(runtime: Runtime, typed_as: Type, fund: str) -> None:
    stranger = make.delegate(runtime, party="KZ")
    assert typed_as(stranger, "proposals", "show", fund) == typed_as(
        stranger, "proposals", "show", fund
    )
    assert typed_as(stranger, "proposals", "list") == (0, [])
    code, answer = typed_as(stranger, "sign", fund, "agree", *SEAT)
    assert (code, answer["reasons"][0]["code"]) == (1, "not_found")


def test_a_proposal_is_proposed_and_revised(runtime: Runtime, typed_as: Type, fund: str) -> None:
    ada = make.delegate(runtime)
    code, answer = typed_as(
        ada, "proposals", "propose", "X-1", "--kind", make.KIND, "--summit", make.SUMMIT,
        "--title", "en=A = B", "--party", "UZ:lead", "--party", "JP:member",
        "--field", "amount=1200 USD",
    )  # fmt: skip
    assert (code, answer["state"]) == (0, "proposed")
    code, answer = typed_as(ada, "proposals", "revise", "X-1", "--field", "amount=5 USD")
    assert (code, answer["revision"]) == (0, 2)
    code, answer = typed_as(ada, "proposals", "revise", "X-1", "--field", "amount=five")
    assert (code, answer["reasons"][0]["code"]) == (1, "field_malformed")
    assert fund != "X-1"


def test_evidence_is_supplied_and_verified_by_another(
    runtime: Runtime, typed_as: Type, fund: str, tmp_path: Path
) -> None:
    file = tmp_path / "report.txt"
    file.write_text("It was held.")
    ada = make.delegate(runtime)
    add = ("proposals", "evidence", "add", fund, "--type", "meeting_report", "--title", "Report")
    dated = ("--dated-on", "2026-01-02", "--party", "UZ")
    assert typed_as(ada, *add, *dated, "--file", str(file))[0] == 0
    assert typed_as(ada, *add, *dated)[0] == 2
    verify = ("proposals", "evidence", "verify", fund, "1", "--party")
    code, answer = typed_as(ada, *verify, "UZ")
    assert (code, answer["reasons"][-1]["code"]) == (1, "supplier_may_not_verify")
    verifier = make.delegate(runtime, party="JP", role="verifier")
    assert typed_as(verifier, *verify, "JP")[0] == 0


def test_a_file_of_proposals_comes_on_record_as_a_whole(
    runtime: Runtime, typed: Type, typed_as: Type, clerk: Caller, tmp_path: Path, fund: str
) -> None:
    file = tmp_path / "new.csv"
    head = "reference,kind,summit,parties,title_en,fields\n"
    good = f"Y-1,{make.KIND},{make.SUMMIT},UZ:lead; JP:member,One,amount=12 USD\n"
    file.write_text(head + good + f"Y-2,nope,{make.SUMMIT},XX:lead,Two,\n")
    code, answer = typed_as(clerk, "proposals", "import", str(file))
    assert (code, answer["outcome"]) == (1, "refused")
    assert {each["line"] for each in answer["reasons"]} == {3}
    assert [each["reference"] for each in typed("proposals", "list")[1]] == [fund]
    file.write_text(head + good)
    assert typed_as(clerk, "proposals", "import", str(file)) == (
        0, {"imported": 1, "references": ["Y-1"]},
    )  # fmt: skip
    assert list(find_faults(runtime)) == []


@pytest.mark.parametrize(
    "words",
    [
        ("sign", "P-1", "agree", "--party", "UZ"),
        ("sign", "P-1", "agree", *SEAT, "--decision", "shout"),
        ("step", "P-1", "implement", "--occurred-on", "yesterday"),
        ("proposals", "propose", "X-1", "--kind", "a", "--summit", "b", "--title", "nothing"),
        ("proposals", "import", "/nowhere.csv"),
    ],
)
def test_wrong_use_is_told_with_code_2(
    typed_as: Type, clerk: Caller, words: tuple[str, ...]
) -> None:
    assert typed_as(clerk, *words)[0] == 2


@pytest.mark.parametrize("text", ["\u202e", "'; DROP TABLE proposal; --", "x" * 70_000])
def test_hostile_words_are_refused_with_a_sentence(
    runtime: Runtime, typed_as: Type, fund: str, text: str
) -> None:
    ada = make.delegate(runtime)
    assert typed_as(ada, "proposals", "show", text)[0] == 1
    code, answer = typed_as(ada, "sign", fund, "agree", "--party", text, "--role", text)
    assert (code, answer["outcome"]) == (1, "refused")
    assert json.dumps(answer)


def test_a_database_that_somebody_changed_by_hand_is_broken(
    runtime: Runtime, typed: Type, fund: str
) -> None:
    assert typed("check") == (0, {"ok": True, "faults": []})
    with runtime.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE proposal SET state = 'implemented'")
    code, answer = typed("check")
    assert (code, answer["ok"]) == (3, False)
    assert f"{fund}: its state is implemented, and its steps lead to proposed" in answer["faults"]
