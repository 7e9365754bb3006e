"""What a source tells that cannot have been so, and what an import may never do."""

import pytest
from sqlalchemy import select

from tests import make
from tests.history import past
from tests.history.conftest import Import
from workflow.bootstrap import Runtime
from workflow.log.leaf import read_leaf
from workflow.persistence.audit_tables import AuditEntry
from workflow.persistence.proposal_tables import Proposal, SignOff
from workflow.services.check import find_faults

TWO = {"NO": "lead", "SE": "member"}
OPENED = [*past.parties("NO", "SE"), past.propose(TWO)]
PERSON = {"act": "person", "login": "o.nord", "name": "O. Nord", "at": past.at("1990-02-01")}
OFFICE = {"login": "o.nord", "party": "NO", "role": "line_ministry"}


def state(runtime: Runtime) -> str | None:
    with runtime.uow.read() as tx:
        return tx.connection.scalar(select(Proposal.state))


def test_nothing_happens_that_is_yet_to_happen(runtime: Runtime, imported: Import) -> None:
    make.definition(runtime)
    told = imported(
        *OPENED,
        past.sign("NO", "2199-01-01"),
        past.step("agree", "2199-01-01", to="agreed"),
        past.propose(TWO, "X-2", day="2199-01-01"),
        past.sign("NO", "1992-01-01"),
    )
    in_future = ("irregular", ("date_in_future",))
    assert told[3:] == [in_future, in_future, in_future, ("recorded", ())]
    assert state(runtime) == "proposed"


def test_a_late_step_leads_where_it_led(runtime: Runtime, imported: Import) -> None:
    make.definition(runtime)
    told = imported(
        *OPENED,
        past.step("agree", "1992-01-01", to="agreed"),
        past.step("implement", "1991-06-01", to="implemented"),
    )
    assert told[-1] == ("irregular", ("out_of_order", "evidence_missing"))
    assert state(runtime) == "implemented"
    assert list(find_faults(runtime)) == []


def test_a_step_to_where_it_stands_already_voids_nothing(
    runtime: Runtime, imported: Import
) -> None:
    make.definition(runtime)
    imported(
        *OPENED,
        past.sign("NO", "1991-02-01"),
        past.step("return", "1991-02-02", to="proposed"),
        past.sign("SE", "1991-03-01"),
    )
    assert state(runtime) == "agreed"


def test_whoever_was_granted_twice_and_revoked_once_signs_no_more(
    runtime: Runtime, imported: Import
) -> None:
    make.definition(runtime)
    granted = {"act": "grant", **OFFICE, "at": past.at("1990-03-01")}
    told = imported(
        *past.parties("NO", "SE"), PERSON, granted, granted,
        {"act": "revoke", **OFFICE, "at": past.at("1990-04-01")},
        past.propose(TWO), past.sign("NO", "1991-02-01", login="o.nord"),
    )  # fmt: skip
    assert told[-1] == ("irregular", ("no_mandate",))


def test_a_step_by_somebody_without_the_role_is_irregular(
    runtime: Runtime, imported: Import
) -> None:
    make.definition(runtime, agree={"by": ["foreign_ministry"], "needs": {"field": "venue"}})
    granted = {"act": "grant", **OFFICE, "at": past.at("1990-03-01")}
    told = imported(
        *past.parties("NO", "SE"), PERSON, granted,
        past.propose(TWO, fields={"venue": "Oslo"}),
        past.step("agree", "1991-02-01", login="o.nord"),
        past.step("agree", "1991-02-02"),
    )  # fmt: skip
    assert told[-2:] == [("irregular", ("may_not_take_step",)), ("recorded", ())]
    assert state(runtime) == "agreed"


def test_what_is_known_may_be_said_again_but_not_otherwise(imported: Import) -> None:
    told = imported(
        *past.parties("NO", "NO"),
        past.parties("NO")[0] | {"name": "Norge"},
        PERSON, PERSON, PERSON | {"name": "P. Nord"},
    )  # fmt: skip
    assert [outcome for outcome, _ in told] == [
        "recorded", "recorded", "irregular", "recorded", "recorded", "irregular",
    ]  # fmt: skip


def test_real_people_neither_sign_in_the_past_nor_are_granted_it(
    runtime: Runtime, imported: Import
) -> None:
    make.definition(runtime)
    real = make.delegate(runtime, "ada", party="NO")
    told = imported(
        past.propose({"NO": "lead"}),
        {"act": "grant", "login": "ada", "party": "NO", "role": "line_ministry",
         "at": past.at("1991-01-02")},
        past.sign("NO", "1991-02-01", login=real.login),
        PERSON | {"login": "ada", "at": past.at("1991-03-01")},
    )  # fmt: skip
    assert told[1:] == [
        ("irregular", ("person_unknown",)),
        ("irregular", ("no_mandate",)),
        ("irregular", ("login_taken",)),
    ]


@pytest.mark.parametrize("name", ["ノート", "note\u0000"])
def test_words_of_any_script_are_kept_beside_an_irregular_act(
    runtime: Runtime, imported: Import, name: str
) -> None:
    make.definition(runtime)
    told = imported(*OPENED, past.sign("NO", "1991-02-01", "nod", **{name: "なし"}))
    assert told[-1][1] == ("row_malformed",)
    assert list(find_faults(runtime)) == []


def test_every_decision_of_the_language_is_taken_in(runtime: Runtime, imported: Import) -> None:
    make.definition(
        runtime,
        agree={"needs": {"signoffs": {"each": ["member"], "role": "line_ministry"}}},
    )
    everybody = dict.fromkeys(["NO", "SE", "DK", "FI"], "member")
    told = imported(
        *past.parties(*everybody),
        past.propose(everybody),
        past.sign("NO", "1991-02-01", "reserve", note="But not on Sundays."),
        past.sign("SE", "1991-02-02", "ad-referendum"),
        past.sign("DK", "1991-02-03", "abstain"),
        past.sign("FI", "1991-02-04", "object"),
        past.sign("FI", "1991-02-05", "lift"),
        past.sign("FI", "1991-02-06"),
        past.sign("SE", "1991-02-07", "confirm"),
        past.sign("NO", "1991-02-08", "confirm"),
        past.sign("DK", "1991-02-09"),
    )
    assert [outcome for outcome, _ in told[5:]] == ["recorded"] * 7 + ["irregular", "recorded"]
    assert told[12] == ("irregular", ("nothing_to_confirm",))
    assert state(runtime) == "agreed"
    with runtime.uow.read() as tx:
        ended = dict(tx.connection.execute(select(SignOff.decision, SignOff.ended_because)).all())
    assert (ended["ad-referendum"], ended["confirm"], ended["object"]) == (
        "confirmed", "spent", "lifted",
    )  # fmt: skip
    assert list(find_faults(runtime)) == []


def test_a_silence_of_the_past_is_broken_in_time_or_not_at_all(
    runtime: Runtime, imported: Import
) -> None:
    make.definition(
        runtime,
        agree={
            "objections": {"from": ["lead", "member"], "block_at": 1},
            "needs": {
                "silence": {"of": ["lead", "member"], "role": "line_ministry", "days": 14,
                            "place": "Asia/Tokyo"},
            },
        },
    )  # fmt: skip
    told = imported(
        *OPENED,
        past.propose(TWO, "X-2"),
        past.sign("SE", "1991-01-10", "object", "X-2"),
        past.sign("SE", "1991-02-01", "object"),
    )
    assert told[-2:] == [("recorded", ()), ("irregular", ("step_not_open",))]
    with runtime.uow.read() as tx:
        states = tx.connection.execute(select(Proposal.reference, Proposal.state)).all()
        leaves = tx.connection.scalars(select(AuditEntry.leaf).where(AuditEntry.kind == "step"))
        (adopted,) = map(read_leaf, leaves)
    assert sorted(map(tuple, states)) == [("X-1", "agreed"), ("X-2", "proposed")]
    # The fifteenth of January ends in Tokyo at three in the afternoon of UTC.
    assert (adopted.occurred, adopted.via) == ("1991-01-15T15:00:00.000000Z", "import")
    assert list(find_faults(runtime)) == []


def test_strict_puts_nothing_irregular_on_record(runtime: Runtime, imported: Import) -> None:
    make.definition(runtime)
    told = imported(
        *OPENED,
        past.sign("NO", "1990-06-01"),
        past.propose(TWO, "X-2", day="1990-06-01"),
        past.step("leap", "1991-03-01", to="agreed"),
        strict=True,
    )
    assert [outcome for outcome, _ in told[3:]] == ["refused"] * 3
    with runtime.uow.read() as tx:
        assert list(tx.connection.scalars(select(Proposal.version))) == [1]
