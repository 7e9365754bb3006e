"""A large log, quickly: proposals that are copies of one, and entries as services write them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, bindparam, insert, select, update

from tests import make
from workflow.bootstrap import Runtime
from workflow.domain.entry import START, Actor, Draft
from workflow.domain.identity import JOINT_SECRETARIAT, Caller
from workflow.persistence.entries import append
from workflow.persistence.numbers import claim
from workflow.persistence.proposal_tables import Proposal, ProposalParty
from workflow.persistence.unit_of_work import Tx

KIND = "bench"
STEP = "implement"
AT_ONCE = 2_000
"""Proposals of one transaction."""

_NOTED = 10
_NEEDS_NOTHING_MORE = {"parties": {"in": ["lead"], "at_least": 1}}
_TABLE: Table = Proposal.__table__  # type: ignore[assignment] # a declarative class has a Table


@dataclass(frozen=True)
class People:
    """Who acts in the log, and who reads it."""

    secretary: Caller
    auditor: Caller
    signers: Sequence[Caller]


@dataclass(frozen=True)
class _Original:
    """The proposal that the others are copies of, and the digest of its rules."""

    row: dict[str, Any]
    parties: Sequence[dict[str, Any]]
    rules: str


def fill(runtime: Runtime, proposals: int, acts: int) -> People:
    """Put so many proposals on record that wait for one step, each with so many entries."""
    step = {"by": ["secretariat"], "needs": _NEEDS_NOTHING_MORE}
    rules = make.definition(runtime, KIND, implement=step).digest
    reference = make.proposal(runtime, kind=KIND)
    people = People(
        make.secretary(runtime),
        make.delegate(runtime, "auditor", JOINT_SECRETARIAT, "auditor"),
        [make.delegate(runtime, party=party) for party in ("UZ", "JP")],
    )
    original = _read_original(runtime, reference, rules)
    for first in range(0, proposals, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, proposals))
        with runtime.uow.write() as tx:
            _copy(tx, original, [f"B-{number:07}" for number in numbers], people, acts)
    return people


def references(runtime: Runtime) -> list[str]:
    """Return the proposals that wait for the step."""
    with runtime.uow.read() as tx:
        waiting = select(Proposal.reference).where(Proposal.state == "agreed")
        return list(tx.connection.scalars(waiting.order_by(Proposal.id)))


def _read_original(runtime: Runtime, reference: str, rules: str) -> _Original:
    with runtime.uow.read() as tx:
        row = tx.connection.execute(select(_TABLE).where(Proposal.reference == reference)).one()
        columns = ProposalParty.__table__.c
        parties = tx.connection.execute(select(*columns).where(columns.proposal_id == row.id))
        return _Original(dict(row._mapping), [dict(each._mapping) for each in parties], rules)


def _copy(tx: Tx, original: _Original, names: Sequence[str], people: People, acts: int) -> None:
    ids = claim(tx, "proposal", len(names))
    rows = [
        original.row | {"id": number, "reference": name, "state": "agreed"}
        for number, name in zip(ids, names, strict=True)
    ]
    tx.connection.execute(insert(_TABLE), rows)
    parties = [each | {"proposal_id": number} for number in ids for each in original.parties]
    tx.connection.execute(insert(ProposalParty), parties)
    drafts = [
        draft
        for number, name in zip(ids, names, strict=True)
        for draft in _drafts(number, name, people, acts, original.rules)
    ]
    written = append(tx, drafts)[acts - 1 :: acts]
    tx.connection.execute(
        update(_TABLE)
        .where(_TABLE.c.id == bindparam("number"))
        .values(version=bindparam("last"), head=bindparam("hash")),
        [
            {"number": number, "last": last.sequence, "hash": last.leaf_hash}
            for number, last in zip(ids, written, strict=True)
        ],
    )


def _drafts(number: int, name: str, people: People, acts: int, rules: str) -> Iterator[Draft]:
    same: dict[str, Any] = {
        "chain": f"proposal/{name}", "via": "web", "previous": START, "proposal_id": number,
        "proposal": name, "revision": 1, "definition": rules, "change": f"change-{number}",
    }  # fmt: skip
    secretary = Actor(people.secretary.pseudonym, JOINT_SECRETARIAT, "secretariat")
    yield Draft(kind="propose", actor=secretary, to_state="proposed", **same)
    for act in range(1, acts - 1):
        signer, party = people.signers[act % 2], ("UZ", "JP")[act % 2]
        note = {"note": f"We agree to {name}."} if (number + act) % _NOTED == 0 else {}
        yield Draft(
            kind="sign", step="agree", facts={"decision": "approve"}, texts=note,
            actor=Actor(signer.pseudonym, party, "line_ministry"), **same,
        )  # fmt: skip
    if acts > 1:
        yield Draft(
            kind="step", step="agree", from_state="proposed", to_state="agreed",
            actor=secretary, facts={"by_itself": True}, **same,
        )  # fmt: skip
