"""Tables of parties, persons, mandates and how a person proves who they are."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.persistence.base import Base
from workflow.persistence.types import Identifier, UtcMicros


class Party(Base):
    """A state or organisation that can hold a mandate; never deleted."""

    __tablename__ = "party"
    __table_args__ = (
        CheckConstraint("sort IN ('state', 'organisation')", name="sort"),
        CheckConstraint("length(code) BETWEEN 2 AND 20", name="code_length"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    sort: Mapped[str]
    time_zone: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcMicros)
    imported: Mapped[bool] = mapped_column(default=False)


class PartyName(Base):
    """A party's name in one language, in NFC."""

    __tablename__ = "party_name"

    party: Mapped[str] = mapped_column(ForeignKey("party.code"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class PartyBootstrap(Base):
    """The document by which a party's first administrator was made; once a party."""

    __tablename__ = "party_bootstrap"

    party: Mapped[str] = mapped_column(ForeignKey("party.code"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    document_sha256: Mapped[str]
    document_name: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcMicros)


class Person(Base):
    """Somebody who may hold mandates; `pseudonym` is their name in the log."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("login"),
        UniqueConstraint("pseudonym"),
        CheckConstraint("origin IN ('real', 'demo', 'import')", name="origin"),
        CheckConstraint(
            "origin <> 'import' OR password_hash IS NULL", name="imported_cannot_sign_in"
        ),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=True)
    login: Mapped[str]
    name: Mapped[str]
    pseudonym: Mapped[str]
    password_hash: Mapped[str | None]
    language: Mapped[str | None]
    time_zone: Mapped[str | None]
    origin: Mapped[str]
    disabled_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    created_at: Mapped[datetime] = mapped_column(UtcMicros)


class Mandate(Base):
    """A role of a party, held by a person from an instant (inclusive) to another (exclusive)."""

    __tablename__ = "mandate"
    __table_args__ = (
        CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", name="ends_after_start"),
        CheckConstraint("origin IN ('real', 'demo', 'import')", name="origin"),
        Index("ix_mandate_person", "person_id"),
        Index("ix_mandate_party_role", "party", "role"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    party: Mapped[str] = mapped_column(ForeignKey("party.code"))
    role: Mapped[str]
    summit: Mapped[str | None] = mapped_column(ForeignKey("summit.code"))
    starts_at: Mapped[datetime] = mapped_column(UtcMicros)
    ends_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    origin: Mapped[str]


class Delegation(Base):
    """The holder of a mandate lets somebody act for it, from an instant to another.

    `parent_id` is the delegation that the giver holds it by themselves, where it is passed on;
    `depth` is 1 for what a mandate's own holder gave.
    """

    __tablename__ = "delegation"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("giver_id <> delegate_id", name="not_to_oneself"),
        CheckConstraint("(depth = 1) = (parent_id IS NULL)", name="depth_of_chain"),
        Index("ix_delegation_delegate", "delegate_id"),
        Index("ix_delegation_mandate", "mandate_id"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=True)
    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandate.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    depth: Mapped[int]
    giver_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    delegate_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcMicros)
    ends_at: Mapped[datetime] = mapped_column(UtcMicros)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class AccessToken(Base):
    """A secret for the command line, stored hashed; 24 hours at most."""

    __tablename__ = "access_token"
    __table_args__ = (
        UniqueConstraint("token_sha256"),
        Index("ix_access_token_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=True)
    token_sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcMicros)
    expires_at: Mapped[datetime] = mapped_column(UtcMicros)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcMicros)


class OneTimeLink(Base):
    """An invitation or reset: sets a password once, before it expires."""

    __tablename__ = "one_time_link"
    __table_args__ = (CheckConstraint("purpose IN ('invitation', 'reset')", name="purpose"),)

    token_sha256: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[str]
    expires_at: Mapped[datetime] = mapped_column(UtcMicros)
    used_at: Mapped[datetime | None] = mapped_column(UtcMicros)


class WebSession(Base):
    """A signed-in browser; its token is stored hashed, its content is small JSON."""

    __tablename__ = "web_session"
    __table_args__ = (
        UniqueConstraint("token_sha256"),
        Index("ix_web_session_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=True)
    token_sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    content: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcMicros)
    last_seen_at: Mapped[datetime] = mapped_column(UtcMicros)
    expires_at: Mapped[datetime] = mapped_column(UtcMicros)
    ended_at: Mapped[datetime | None] = mapped_column(UtcMicros)


class SignInThrottle(Base):
    """Sign-in attempts of one account or one address in the current window."""

    __tablename__ = "sign_in_throttle"

    subject: Mapped[str] = mapped_column(primary_key=True)
    attempts: Mapped[int]
    window_started_at: Mapped[datetime] = mapped_column(UtcMicros)
    blocked_until: Mapped[datetime | None] = mapped_column(UtcMicros)


class Summit(Base):
    """A meeting that proposals came from."""

    __tablename__ = "summit"

    code: Mapped[str] = mapped_column(primary_key=True)
    host: Mapped[str] = mapped_column(ForeignKey("party.code"))
    place: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]


class SummitTitle(Base):
    """A summit's title in one language."""

    __tablename__ = "summit_title"

    summit: Mapped[str] = mapped_column(ForeignKey("summit.code"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
