"""The demo's documents: complete, in four languages, and every proposal can be signed through."""

import csv
import re
import unicodedata
from pathlib import Path

import pytest

from config.definitions import load_vocabulary, shipped_kinds
from workflow.domain.definition import Definition
from workflow.domain.names import (
    judge_login,
    judge_name,
    judge_party_code,
    login_skeleton,
    party_skeleton,
    tidy_name,
)
from workflow.domain.requirement import NamedSignOff, Seat, SignOffs, signing_leaves
from workflow.domain.shape import read_shape, write_shape
from workflow.domain.vocabulary import Vocabulary

DEMO = Path(__file__).parents[2] / "config" / "demo"


def rows(name: str) -> list[dict[str, str]]:
    """Read one document of the demo."""
    with (DEMO / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PROPOSALS = rows("proposals")
OFFICIALS = rows("officials")
SORTS = {row["code"]: row["sort"] for row in rows("parties")}
KINDS = {name: Definition.from_mapping(mapping) for name, mapping in shipped_kinds().items()}


def taking_part(proposal: dict[str, str]) -> dict[str, frozenset[str]]:
    """Give each party of a proposal with its capacities."""
    held: dict[str, set[str]] = {}
    for each in proposal["parties"].split("; "):
        party, capacity = each.split(":")
        held.setdefault(party, set()).add(capacity)
    return {party: frozenset(capacities) for party, capacities in held.items()}


def seats(proposal: dict[str, str]) -> list[Seat]:
    """Give the seat of every official whose party takes part."""
    parties = taking_part(proposal)
    return [
        Seat(row["party"], row["role"], parties[row["party"]], SORTS[row["party"]])
        for row in OFFICIALS
        if row["party"] in parties
    ]


def missing(proposal: dict[str, str], step: str) -> list[SignOffs | NamedSignOff]:
    """Give the leaves of a step that the officials' parties cannot fill."""
    parties = taking_part(proposal)
    shape = read_shape(write_shape({code: (SORTS[code], held) for code, held in parties.items()}))
    asked = signing_leaves(KINDS[proposal["kind"]].steps[step].needs)
    return [
        leaf
        for _, leaf in asked
        if len({seat.party for seat in seats(proposal) if leaf.asks(seat)}) < leaf.needed(shape)
    ]


@pytest.mark.parametrize("proposal", PROPOSALS, ids=lambda row: row["reference"])
@pytest.mark.parametrize(
    "step",
    ["agree", "implement", "return", "decline", "suspend", "resume", "discontinue", "supersede",
     "reopen"],
)  # fmt: skip
def test_the_demo_officials_can_sign_every_step(proposal: dict[str, str], step: str) -> None:
    assert missing(proposal, step) == []


@pytest.mark.parametrize("proposal", PROPOSALS, ids=lambda row: row["reference"])
@pytest.mark.parametrize("step", ["agree", "implement"])
def test_whoever_leads_or_hosts_signs_the_main_steps(proposal: dict[str, str], step: str) -> None:
    asked = [leaf for _, leaf in signing_leaves(KINDS[proposal["kind"]].steps[step].needs)]
    signing = {seat.party for seat in seats(proposal) for leaf in asked if leaf.asks(seat)}
    parties = taking_part(proposal)
    assert {party for party, held in parties.items() if held & {"lead", "host"}} <= signing


def test_the_demo_holds_the_25_proposals_of_the_two_summits() -> None:
    assert len(PROPOSALS) == 25
    assert {row["summit"] for row in PROPOSALS} == {row["code"] for row in rows("summits")}
    assert [row["reference"] for row in PROPOSALS if row["state"] == "agreed"] == [
        "CAJ-06", "UZJ-04", "UZJ-05", "UZJ-07", "UZJ-08", "UZJ-10",
    ]  # fmt: skip


def test_what_was_agreed_says_when_and_how_that_is_known() -> None:
    for row in PROPOSALS:
        known = bool(row["agreed_on"]), bool(row["agreed_on_basis"])
        assert known == (row["state"] == "agreed",) * 2


def test_every_proposal_has_a_title_a_summary_and_a_source() -> None:
    for row in PROPOSALS:
        for column in ("title", "summary"):
            assert all(row[f"{column}_{language}"] for language in ("en", "ja", "uz", "ru"))
        assert row["sources"]
        assert set(taking_part(row)) <= set(SORTS)


def test_claims_and_parents_belong_to_proposals() -> None:
    references = {row["reference"] for row in PROPOSALS}
    named = {row["reference"] for row in rows("claims")} | {row["parent"] for row in PROPOSALS}
    assert named - {""} <= references


def test_an_official_holds_one_mandate_under_a_login_of_their_own() -> None:
    logins = [row["login"] for row in OFFICIALS]
    names = [row["name"] for row in OFFICIALS]
    assert len(set(logins)) == len(set(names)) == len(OFFICIALS)
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+2?", login) for login in logins)


def test_the_names_of_the_demo_are_names_that_the_rules_allow() -> None:
    logins = [row["login"] for row in OFFICIALS]
    assert [judge_login(login) for login in logins] == [None] * len(logins)
    assert len({login_skeleton(login) for login in logins}) == len(logins)
    assert [judge_party_code(code) for code in SORTS] == [None] * len(SORTS)
    assert len({party_skeleton(code) for code in SORTS}) == len(SORTS)
    names = [row["name"] for row in OFFICIALS]
    assert [judge_name(name) for name in names] == [None] * len(names)
    assert [tidy_name(name) for name in names] == names


def test_officials_hold_known_roles_of_known_parties() -> None:
    vocabulary = Vocabulary.from_mapping(load_vocabulary())
    assert {row["party"] for row in OFFICIALS} <= set(SORTS)
    assert all(vocabulary.knows("roles", row["role"]) for row in OFFICIALS)


def test_every_party_has_an_administrator_and_every_state_a_verifier_and_an_auditor() -> None:
    for party, sort in SORTS.items():
        held = {row["role"] for row in OFFICIALS if row["party"] == party}
        assert "administrator" in held
        assert sort == "organisation" or {"verifier", "auditor"} <= held


def test_the_documents_are_normalised_and_hide_nothing() -> None:
    for path in DEMO.glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        assert text == unicodedata.normalize("NFC", text)
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b-\u200f]", text)
