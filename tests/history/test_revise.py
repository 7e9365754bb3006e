"""Texts, parties and fields that changed in the past."""

from sqlalchemy import select

from tests import make
from tests.history import past
from tests.history.conftest import Import
from workflow.bootstrap import Runtime
from workflow.persistence.proposal_tables import (
    Proposal,
    ProposalField,
    ProposalParty,
    ProposalText,
    Revision,
    SignOff,
)
from workflow.services.check import find_faults

TWO = {"NO": "lead", "SE": "member"}
OPENED = [*past.parties("NO", "SE", "DK"), past.propose(TWO)]


def row(runtime: Runtime) -> tuple[str, int]:
    with runtime.uow.read() as tx:
        found = tx.connection.execute(select(Proposal.state, Proposal.revision)).one()
    return found.state, found.revision


def test_a_material_change_opens_a_revision_and_voids_what_was_signed(
    runtime: Runtime, imported: Import
) -> None:
    make.definition(runtime)
    told = imported(
        *OPENED,
        past.sign("NO", "1991-02-01"),
        past.revise("1991-03-01", title={"en": "A better charter"}),
        past.sign("SE", "1991-04-01"),
    )
    assert {outcome for outcome, _ in told} == {"recorded"}
    assert row(runtime) == ("proposed", 2)
    with runtime.uow.read() as tx:
        signed = tx.connection.execute(select(SignOff.party, SignOff.ended_because)).all()
        assert sorted(map(tuple, signed)) == [("NO", "new-revision"), ("SE", None)]
        assert list(tx.connection.scalars(select(Revision.number))) == [1, 2]
        assert tx.connection.scalar(select(ProposalText.title)) == "A better charter"
    assert list(find_faults(runtime)) == []


def test_what_is_not_material_voids_nothing(runtime: Runtime, imported: Import) -> None:
    make.definition(runtime)
    imported(
        *OPENED,
        past.sign("NO", "1991-02-01"),
        past.revise("1991-03-01", fields={"venue": "Oslo"}),
        past.sign("SE", "1991-04-01"),
    )
    assert row(runtime) == ("agreed", 1)
    assert list(find_faults(runtime)) == []


def test_fields_are_read_by_their_types_and_emptied_by_nothing(
    runtime: Runtime, imported: Import
) -> None:
    make.definition(runtime)
    told = imported(
        *past.parties("NO", "SE"),
        past.propose(TWO, fields={"amount": "1200.50 USD", "venue": "Oslo"}),
        past.revise("1991-02-01", fields={"venue": None}),
        past.revise("1991-02-02", fields={"amount": "lots"}),
        past.revise("1991-02-03", fields={"colour": "blue"}),
    )
    assert told[3:] == [
        ("recorded", ()),
        ("irregular", ("field_malformed",)),
        ("irregular", ("field_unknown",)),
    ]
    with runtime.uow.read() as tx:
        kept = tx.connection.execute(
            select(ProposalField.name, ProposalField.integer_value, ProposalField.currency)
        ).all()
    assert list(map(tuple, kept)) == [("amount", 120050, "USD")]


def test_a_party_that_comes_later_is_asked_too(runtime: Runtime, imported: Import) -> None:
    make.definition(runtime)
    imported(
        *OPENED,
        past.revise("1991-02-01", parties=TWO | {"DK": "member"}),
        past.sign("NO", "1991-03-01"),
        past.sign("SE", "1991-03-02"),
    )
    assert row(runtime) == ("proposed", 2)
    imported(past.sign("DK", "1991-03-03"))
    assert row(runtime) == ("agreed", 2)
    with runtime.uow.read() as tx:
        assert len(list(tx.connection.scalars(select(ProposalParty.party)))) == 3
    assert list(find_faults(runtime)) == []


def test_what_was_agreed_is_not_changed_any_more(runtime: Runtime, imported: Import) -> None:
    make.definition(runtime)
    told = imported(
        *OPENED,
        past.sign("NO", "1991-02-01"),
        past.sign("SE", "1991-02-01"),
        past.revise("1991-03-01", title={"en": "Another charter"}),
    )
    assert told[-1] == ("irregular", ("not_editable",))
    assert row(runtime) == ("agreed", 1)


def test_a_returned_text_is_signed_again_once_it_is_revised(
    runtime: Runtime, imported: Import
) -> None:
    make.definition(runtime)
    told = imported(
        *OPENED,
        past.sign("NO", "1991-02-01", step="return", role="foreign_ministry"),
        past.step("return", "1991-02-02"),
        past.sign("NO", "1991-02-03"),
        past.revise("1991-02-04", fields={"venue": "Bergen"}),
        past.sign("NO", "1991-02-05"),
    )
    assert [outcome for outcome, _ in told[4:]] == [
        "recorded", "recorded", "irregular", "recorded", "recorded",
    ]  # fmt: skip
    assert told[6] == ("irregular", ("revision_awaited",))
    assert row(runtime) == ("proposed", 2)
    assert list(find_faults(runtime)) == []
