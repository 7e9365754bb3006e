"""A small world with a log: two parties, an auditor each, three proposals with their entries."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import insert, select

from workflow.bootstrap import Runtime
from workflow.domain.disclosure import make_subject
from workflow.domain.entry import START, Actor, Draft
from workflow.domain.identity import Caller, Via
from workflow.persistence import people_tables as people
from workflow.persistence import proposal_tables as proposals
from workflow.persistence.entries import append
from workflow.persistence.unit_of_work import Tx

SECRETARIAT = "SECRETARIAT"


@dataclass(frozen=True)
class World:
    """Who may audit: everything, what Uzbekistan sees, what Japan sees; and who may not."""

    everything: Caller
    of_uz: Caller
    of_jp: Caller
    signer: Caller


@pytest.fixture
def world(runtime: Runtime) -> World:
    with runtime.uow.write() as tx:
        _add_parties(tx)
        world = World(
            _add_person(tx, "s.auditor", SECRETARIAT, "auditor"),
            _add_person(tx, "u.auditor", "UZ", "auditor"),
            _add_person(tx, "j.auditor", "JP", "auditor"),
            _add_person(tx, "u.signer", "UZ", "line_ministry.transport"),
        )
        for reference, party in (("BOTH-1", "UZ"), ("UZ-2", "UZ"), ("JP-3", "JP")):
            _add_proposal(tx, reference, party, world.signer)
        tx.connection.execute(insert(proposals.ProposalParty), [
            {"proposal_id": 1, "party": "JP", "capacity": "member"},
        ])  # fmt: skip
    return world


def _add_parties(tx: Tx) -> None:
    tx.connection.execute(
        insert(people.Party),
        [
            {"code": code, "sort": "state", "time_zone": "UTC", "created_at": tx.at}
            for code in (SECRETARIAT, "UZ", "JP")
        ],
    )
    tx.connection.execute(
        insert(people.Summit).values(
            code="tokyo", host="JP", place="Tokyo",
            starts_on=date(2025, 12, 19), ends_on=date(2025, 12, 20),
        )
    )  # fmt: skip
    tx.connection.execute(
        insert(proposals.DefinitionEdition).values(
            kind="forum", number=1, digest="0" * 64, document="{}", published_at=tx.at
        )
    )


def _add_person(tx: Tx, login: str, party: str, role: str) -> Caller:
    person = make_subject(login, f"Name of {login}", tx.ids.salt())
    tx.connection.execute(
        insert(people.Person).values(
            login=login, name=person.name, pseudonym=person.pseudonym, origin="real",
            created_at=tx.at,
        )
    )  # fmt: skip
    number = tx.connection.scalar(select(people.Person.id).where(people.Person.login == login))
    assert number is not None
    tx.connection.execute(
        insert(people.Mandate).values(
            person_id=number, party=party, role=role, starts_at=tx.at, origin="real"
        )
    )
    append(tx, [
        Draft(
            chain=f"party/{party}", kind="grant", via="cli", person=person.pseudonym,
            facts={"role": role}, texts={"name": person.name}, subjects=(person,),
        ),
    ])  # fmt: skip
    return Caller(number, login, person.pseudonym, Via.CLI)


def _add_proposal(tx: Tx, reference: str, party: str, by: Caller) -> None:
    row = {
        "reference": reference, "kind": "forum", "edition_id": 1, "summit": "tokyo",
        "state": "agreed", "round": 2, "revision": 1, "revision_sha256": "a" * 64, "version": 3,
        "head": bytes(32), "shape": "", "standing": "", "awaits_revision": False,
        "public": False, "imported": False, "created_at": tx.at, "changed_at": tx.at,
    }  # fmt: skip
    tx.connection.execute(insert(proposals.Proposal).values(row))
    table = proposals.Proposal
    number = tx.connection.scalar(select(table.id).where(table.reference == reference))
    tx.connection.execute(
        insert(proposals.ProposalParty).values(proposal_id=number, party=party, capacity="lead")
    )
    actor = Actor(by.pseudonym, "UZ", "line_ministry.transport")
    chain = f"proposal/{reference}"
    entries = append(tx, [
        Draft(chain=chain, kind="propose", via="cli", actor=actor, proposal_id=number,
              proposal=reference, revision=1, previous=START),
        Draft(chain=chain, kind="sign", via="web", actor=actor, proposal_id=number,
              proposal=reference, revision=1, step="agree", facts={"decision": "approve"},
              texts={"note": "=agreed"}),
        Draft(chain=chain, kind="step", via="web", actor=actor, proposal_id=number,
              proposal=reference, revision=1, step="agree", from_state="proposed",
              to_state="agreed", texts={"reason": "Everyone signed"}),
    ])  # fmt: skip
    tx.connection.execute(
        table.__table__.update()  # type: ignore[attr-defined] # a declarative class has a Table
        .where(table.id == number)
        .values(head=entries[-1].leaf_hash)
    )


@pytest.fixture
def damage(runtime: Runtime, world: World) -> Callable[[str], None]:
    """Return what an owner of the database can do: switch the triggers off and change a row."""
    del world

    def run(statement: str) -> None:
        with runtime.engine.begin() as connection:
            if runtime.engine.dialect.name == "sqlite":
                for name in ("no_update", "no_delete", "no_replace"):
                    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS audit_entry_{name}")
            else:
                connection.exec_driver_sql(
                    "ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_append_only"
                )
            done = connection.exec_driver_sql(statement)
            assert done.rowcount > 0

    return run
