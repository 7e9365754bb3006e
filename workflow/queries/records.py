"""What a proposal has on record: claims, documents, revisions, sign-offs live and ended."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from workflow.persistence.evidence_tables import Evidence, EvidenceFile
from workflow.persistence.people_tables import Person
from workflow.persistence.proposal_tables import (
    Claim,
    Revision,
    SignOff,
)
from workflow.persistence.unit_of_work import Tx


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A sourced figure, in the currency's minor units."""

    what: str
    minor: int
    currency: str
    meaning: str
    said_by: str
    said_where: str | None
    said_on: date | None
    note: str | None


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """A document, who supplied it and who verified it; a file has a digest, a link an address."""

    number: int
    type: str
    title: str
    sha256: str | None
    link: str | None
    file_name: str | None
    dated_on: date
    supplier_party: str
    supplied_at: datetime
    verified_party: str | None
    verified_at: datetime | None
    media_type: str | None
    size_bytes: int | None
    supplier: str | None
    verified_by: str | None


@dataclass(frozen=True, slots=True)
class RevisionView:
    """A numbered text and why it was made."""

    number: int
    sha256: str
    made_at: datetime
    reason: str | None
    made_by: str | None


@dataclass(frozen=True, slots=True)
class SignOffView:
    """A sign-off; one that has ended says why."""

    step: str
    party: str
    role: str
    decision: str
    revision: int
    round: int
    signed_at: datetime
    note: str | None
    meaning: str | None
    ended_at: datetime | None
    ended_because: str | None
    person: str | None
    holder: str | None = None
    """Whose mandate it was, where they let the person sign for them."""
    weighs: bool = True
    occurred_on: date | None = None
    recorded_by: str | None = None
    confirmed_by: str | None = None
    document_sha256: str | None = None
    """The document of a paper act, which weighs nothing until it is confirmed."""

    @property
    def is_void(self) -> bool:
        """Say whether it was made void by a later text."""
        return self.ended_because in ("new-revision", "returned")

    @property
    def is_on_paper(self) -> bool:
        """Say whether it shows an act on paper; once confirmed, the row that counts does."""
        return self.recorded_by is not None and self.ended_because != "confirmed"

    @property
    def awaits_confirmation(self) -> bool:
        """Say whether it is a paper act that nobody of the party has confirmed."""
        return self.recorded_by is not None and self.confirmed_by is None


def claims_of(tx: Tx, proposal_id: int) -> tuple[ClaimView, ...]:
    """Read the claims in the order they were recorded."""
    rows = tx.connection.execute(
        select(
            Claim.what, Claim.minor_units, Claim.currency, Claim.meaning, Claim.said_by,
            Claim.said_where, Claim.said_on, Claim.note,
        )
        .where(Claim.proposal_id == proposal_id)
        .order_by(Claim.id)
    )  # fmt: skip
    return tuple(ClaimView(*row) for row in rows)


def evidence_of(tx: Tx, proposal_id: int) -> tuple[EvidenceView, ...]:
    """Read the documents without their bytes."""
    supplier, verifier = aliased(Person), aliased(Person)
    rows = tx.connection.execute(
        select(
            Evidence.number, Evidence.type, Evidence.title, Evidence.sha256, Evidence.link,
            Evidence.file_name, Evidence.dated_on, Evidence.supplied_party, Evidence.supplied_at,
            Evidence.verified_party, Evidence.verified_at, EvidenceFile.media_type,
            EvidenceFile.size_bytes, supplier.name, verifier.name.label("verified_by"),
        )
        .outerjoin(EvidenceFile, EvidenceFile.sha256 == Evidence.sha256)
        .outerjoin(supplier, supplier.id == Evidence.supplied_by)
        .outerjoin(verifier, verifier.id == Evidence.verified_by)
        .where(Evidence.proposal_id == proposal_id)
        .order_by(Evidence.number)
    )  # fmt: skip
    return tuple(EvidenceView(*list(row)) for row in rows)


def revisions_of(tx: Tx, proposal_id: int) -> tuple[RevisionView, ...]:
    """Read the revisions, newest first, without their texts."""
    rows = tx.connection.execute(
        select(
            Revision.number, Revision.sha256, Revision.made_at, Revision.reason, Person.name
        )
        .outerjoin(Person, Person.id == Revision.made_by)
        .where(Revision.proposal_id == proposal_id)
        .order_by(Revision.number.desc())
    )  # fmt: skip
    return tuple(RevisionView(*row) for row in rows)


def signoffs_of(tx: Tx, proposal_id: int) -> tuple[SignOffView, ...]:
    """Read every sign-off there was, oldest first."""
    holder, recorder, confirmer = aliased(Person), aliased(Person), aliased(Person)
    rows = tx.connection.execute(
        select(
            SignOff.step, SignOff.party, SignOff.role, SignOff.decision, SignOff.revision,
            SignOff.round, SignOff.signed_at, SignOff.note, SignOff.meaning, SignOff.ended_at,
            SignOff.ended_because, Person.name, holder.name.label("holder"), SignOff.weighs,
            SignOff.occurred_on, recorder.name.label("recorder"),
            confirmer.name.label("confirmer"), SignOff.document_sha256,
        )
        .outerjoin(Person, Person.id == SignOff.person_id)
        .outerjoin(holder, holder.id == SignOff.holder_id)
        .outerjoin(recorder, recorder.id == SignOff.recorded_by)
        .outerjoin(confirmer, confirmer.id == SignOff.confirmed_by)
        .where(SignOff.proposal_id == proposal_id)
        .order_by(SignOff.id)
    )  # fmt: skip
    return tuple(SignOffView(*list(row)) for row in rows)
