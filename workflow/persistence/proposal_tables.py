"""Tables of definitions, proposals and everything a proposal gathers."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from workflow.persistence.base import Base
from workflow.persistence.types import Identifier, UtcMicros


class DefinitionEdition(Base):
    """A published, immutable workflow definition, known by its digest."""

    __tablename__ = "definition_edition"
    __table_args__ = (UniqueConstraint("kind", "number"), UniqueConstraint("digest"))

    id: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=True)
    kind: Mapped[str]
    number: Mapped[int]
    digest: Mapped[str]
    document: Mapped[str]
    published_at: Mapped[datetime] = mapped_column(UtcMicros)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Proposal(Base):
    """One promise: where it stands, and the facts the rules read (HOUSE.md, 'One is a set of one').

    `version` is the number of its last audit entry and `head` that entry's hash; `shape` counts
    its parties by their capacities; `standing` counts what each touched step has gathered.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        UniqueConstraint("reference"),
        CheckConstraint("version >= 1", name="version_positive"),
        CheckConstraint("revision >= 1", name="revision_positive"),
        CheckConstraint("round >= 1", name="round_positive"),
        CheckConstraint("length(head) = 32", name="head_length"),
        Index("ix_proposal_state_changed", "state", "changed_at", "id"),
        Index("ix_proposal_changed", "changed_at", "id"),
        Index("ix_proposal_parent", "parent_id"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=True)
    reference: Mapped[str]
    kind: Mapped[str]
    edition_id: Mapped[int] = mapped_column(ForeignKey("definition_edition.id"))
    summit: Mapped[str] = mapped_column(ForeignKey("summit.code"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"))
    state: Mapped[str]
    round: Mapped[int]
    revision: Mapped[int]
    revision_sha256: Mapped[str]
    version: Mapped[int]
    head: Mapped[bytes] = mapped_column(LargeBinary(32))
    shape: Mapped[str]
    standing: Mapped[str]
    awaits_revision: Mapped[bool]
    public: Mapped[bool]
    source: Mapped[str | None]
    imported: Mapped[bool]
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    edited_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcMicros)
    changed_at: Mapped[datetime] = mapped_column(UtcMicros)


class ProposalText(Base):
    """Title and summary of a proposal in one language, in NFC."""

    __tablename__ = "proposal_text"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    summary: Mapped[str]


class ProposalParty(Base):
    """One capacity of one party in one proposal."""

    __tablename__ = "proposal_party"
    __table_args__ = (
        CheckConstraint(
            "capacity IN ('proposer', 'lead', 'member', 'contributor', 'host', 'observer')",
            name="capacity",
        ),
        Index("ix_proposal_party_party", "party", "proposal_id"),
    )

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    party: Mapped[str] = mapped_column(ForeignKey("party.code"), primary_key=True)
    capacity: Mapped[str] = mapped_column(primary_key=True)


class ProposalField(Base):
    """The current value of one field: exactly one of the typed columns is filled."""

    __tablename__ = "proposal_field"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN text_value IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN integer_value IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN date_value IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_value",
        ),
        CheckConstraint("currency IS NULL OR length(currency) = 3", name="currency_length"),
    )

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    text_value: Mapped[str | None]
    integer_value: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None]
    date_value: Mapped[date | None]


class Revision(Base):
    """A numbered text of a proposal; `document` is the canonical JSON that `sha256` covers."""

    __tablename__ = "revision"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    document: Mapped[bytes] = mapped_column(LargeBinary)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcMicros)
    reason: Mapped[str | None]


class Claim(Base):
    """A sourced figure; two sources that disagree stand side by side."""

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("meaning IN ('pledge', 'commitment', 'disbursement')", name="meaning"),
        CheckConstraint("length(currency) = 3", name="currency_length"),
        Index("ix_claim_proposal", "proposal_id"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    what: Mapped[str]
    minor_units: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    meaning: Mapped[str]
    said_by: Mapped[str]
    said_where: Mapped[str | None]
    said_on: Mapped[date | None]
    note: Mapped[str | None]


class SignOff(Base):
    """One person's act for one seat on one revision in one round; never deleted.

    It is live until `ended_at`; `ended_because` then says why in a code
    (replaced, confirmed, withdrawn, lifted, spent, no-longer-open, new-revision, returned).

    `person_id` decided, for the mandate's holder `holder_id` where it was delegated. A paper act
    was `recorded_by` somebody from a document and weighs nothing until it is `confirmed_by`
    another; nor does an objection after the deadline of a silence.
    """

    __tablename__ = "sign_off"
    __table_args__ = (
        CheckConstraint(
            "decision IN ('approve', 'reserve', 'ad-referendum', 'confirm', 'abstain', 'object')",
            name="decision",
        ),
        CheckConstraint(
            "recorded_by IS NULL OR (occurred_on IS NOT NULL AND document_sha256 IS NOT NULL)",
            name="paper_act_whole",
        ),
        CheckConstraint("(ended_at IS NULL) = (ended_because IS NULL)", name="ended_with_reason"),
        # The last defence: one live sign-off a seat, one counting sign-off a person.
        Index(
            "uq_sign_off_live_seat",
            "proposal_id",
            "revision",
            "round",
            "step",
            "party",
            "role",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "uq_sign_off_person_once",
            "proposal_id",
            "round",
            "step",
            "counted_person",
            unique=True,
            sqlite_where=text("ended_at IS NULL AND counted_person IS NOT NULL"),
            postgresql_where=text("ended_at IS NULL AND counted_person IS NOT NULL"),
        ),
        Index("ix_sign_off_proposal", "proposal_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    revision: Mapped[int]
    round: Mapped[int]
    step: Mapped[str]
    party: Mapped[str] = mapped_column(ForeignKey("party.code"))
    role: Mapped[str]
    decision: Mapped[str]
    counted_person: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    mandate_id: Mapped[int | None] = mapped_column(ForeignKey("mandate.id"))
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    weighs: Mapped[bool] = mapped_column(default=True)
    occurred_on: Mapped[date | None]
    occurred_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    document_sha256: Mapped[str | None] = mapped_column(ForeignKey("evidence_file.sha256"))
    note: Mapped[str | None]
    meaning: Mapped[str | None]
    signed_at: Mapped[datetime] = mapped_column(UtcMicros)
    ended_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    ended_because: Mapped[str | None]


class Transition(Base):
    """A change of state; one a (proposal, version)."""

    __tablename__ = "transition"
    __table_args__ = (Index("ix_transition_change", "change_id"),)

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[str]
    from_state: Mapped[str]
    to_state: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcMicros)
    change_id: Mapped[str]


class Deadline(Base):
    """A day on which something becomes true of a proposal's step without anybody acting.

    `leaf` numbers the part of the step's rule, as in its standing; -1 is the step's own delay
    and -2 asks that the step be looked at, since a child of the proposal has moved. It happens
    at `due_at`, which is the start of `due_on`'s day (of the day after, for a silence) in the
    rule's place. `since` is the instant that the days are counted from. Due work sets
    `handled_at` once it has looked.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        CheckConstraint("leaf >= -2", name="leaf"),
        Index(
            "ix_deadline_due",
            "due_at",
            sqlite_where=text("handled_at IS NULL"),
            postgresql_where=text("handled_at IS NULL"),
        ),
    )

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    leaf: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcMicros)
    due_on: Mapped[date]
    due_at: Mapped[datetime] = mapped_column(UtcMicros)
    handled_at: Mapped[datetime | None] = mapped_column(UtcMicros)


class Waiting(Base):
    """The roles of one party that one proposal waits for: what the inbox reads.

    `seats` is a list `step:role:act` joined by spaces; `act` is sign or take.
    """

    __tablename__ = "waiting"
    __table_args__ = (Index("ix_waiting_party", "party", "since", "proposal_id"),)

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    party: Mapped[str] = mapped_column(ForeignKey("party.code"), primary_key=True)
    seats: Mapped[str]
    since: Mapped[datetime] = mapped_column(UtcMicros)
