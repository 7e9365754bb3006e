"""One proposal with everybody who could act on it: what its page and its explanations read."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from workflow.domain.commands import Decision
from workflow.domain.explain import Answered
from workflow.domain.identity import JOINT_SECRETARIAT, Viewer, speaks_for_party
from workflow.domain.requirement import role_covers
from workflow.domain.signing import judge_sign
from workflow.domain.verdicts import Refusal
from workflow.domain.waits import OBSERVER
from workflow.persistence import people_tables as t
from workflow.persistence import proposals
from workflow.persistence.delegations import delegates_of
from workflow.persistence.evidence_tables import Evidence
from workflow.persistence.people import in_force
from workflow.persistence.signoffs import LiveSignOff
from workflow.persistence.situations import Signing, Situation, read_situations, signer_of
from workflow.persistence.unit_of_work import Tx


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who has a role of a party now, their own or by delegation."""

    party: str
    role: str
    summit: str | None
    person_id: int
    login: str
    through: tuple[int, ...] = ()
    """Everybody through whom it came by delegation, its holder last."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a rule and its verifiers must know of a piece of evidence."""

    type: str
    is_verified: bool
    supplied_by: int | None
    supplied_party: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """A proposal, its live sign-offs with names, its documents, and who holds which role."""

    viewer: Viewer
    at: Situation
    answers: tuple[Answered, ...]
    holders: tuple[Holder, ...]
    documents: tuple[Document, ...]

    def acting(self, role: str, party: str | None = None) -> list[Holder]:
        """Give who holds a role, of one party where given, for this proposal's summit."""
        return [
            holder
            for holder in self.holders
            if party in (None, holder.party)
            and role_covers(role, holder.role)
            and holder.summit in (None, self.at.row.summit)
        ]

    def colleagues(self) -> list[Holder]:
        """Give everybody who speaks for an acting party or the joint secretariat."""
        return [
            holder
            for holder in self.holders
            if self._acts(holder.party)
            and holder.summit in (None, self.at.row.summit)
            and speaks_for_party(holder.role)
        ]

    def _acts(self, party: str) -> bool:
        _, capacities = self.at.parties.get(party, ("", OBSERVER))
        return party == JOINT_SECRETARIAT or capacities != OBSERVER

    def present(self, party: str, role: str) -> frozenset[int]:
        """Give the persons who hold a role of a party, for whatever summit."""
        return frozenset(
            each.person_id
            for each in self.holders
            if each.party == party and role_covers(role, each.role)
        )

    def judge(
        self, step: str, holder: Holder, decision: Decision = Decision.APPROVE
    ) -> tuple[Refusal, ...]:
        """Give every reason why somebody may not sign so now."""
        signing = Signing(
            step, holder.party, holder.role, decision, gives_note=True, through=holder.through
        )
        present = self.present(holder.party, holder.role)
        signer = signer_of(self.at, holder.person_id, signing, present)
        return judge_sign(self.at.case, step, signer)


def open_dossier(tx: Tx, viewer: Viewer, reference: str) -> Dossier | None:
    """Read a proposal with its people; None if it does not exist for the viewer."""
    row = proposals.find(tx, viewer, reference)
    if row is None:
        return None
    situation = read_situations(tx, [row])[row.id]
    names = names_of(tx, (who for each in situation.live for who in each.persons))
    return Dossier(
        viewer,
        situation,
        answered(situation.live, names),
        _holders(tx, {*situation.parties, JOINT_SECRETARIAT}),
        _documents(tx, row.id),
    )


def answered(live: Iterable[LiveSignOff], names: dict[int, str]) -> tuple[Answered, ...]:
    """Give sign-offs with the names of who made them."""
    return tuple(
        Answered(
            step=each.step, party=each.party, role=each.role, decision=each.decision,
            person=names.get(each.person_id or 0, ""), at=each.signed_at, note=each.note,
            holder=names.get(each.holder_id or 0, ""),
            awaits_confirmation=each.awaits_confirmation, weighs=each.weighs,
        )
        for each in live
    )  # fmt: skip


def names_of(tx: Tx, ids: Iterable[int | None]) -> dict[int, str]:
    """Give the names of persons by their numbers."""
    wanted = sorted({each for each in ids if each is not None})
    rows = tx.connection.execute(select(t.Person.id, t.Person.name).where(t.Person.id.in_(wanted)))
    return {person_id: name for person_id, name in rows}  # noqa: C416 - a row is not a pair to mypy


def _holders(tx: Tx, parties: set[str]) -> tuple[Holder, ...]:
    rows = tx.connection.execute(
        select(
            t.Mandate.party, t.Mandate.role, t.Mandate.summit, t.Person.id, t.Person.login
        )
        .join(t.Person, t.Person.id == t.Mandate.person_id)
        .where(t.Mandate.party.in_(sorted(parties)), in_force(tx.at))
        .order_by(t.Mandate.party, t.Mandate.role, t.Person.login)
    )  # fmt: skip
    delegates = (
        Holder(
            each.mandate.party, each.mandate.role, each.mandate.summit, each.person_id,
            each.login, each.mandate.through,
        )
        for each in delegates_of(tx, parties, tx.at)
    )  # fmt: skip
    return (*(Holder(*row) for row in rows), *delegates)


def _documents(tx: Tx, proposal_id: int) -> tuple[Document, ...]:
    rows = tx.connection.execute(
        select(
            Evidence.type,
            Evidence.verified_at.is_not(None),
            Evidence.supplied_by,
            Evidence.supplied_party,
        ).where(Evidence.proposal_id == proposal_id)
    )
    return tuple(Document(row[0], bool(row[1]), row[2], row[3]) for row in rows)
