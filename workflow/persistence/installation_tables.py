"""Tables that belong to no proposal or person: answers to keys, and facts about the database."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from workflow.persistence.base import Base
from workflow.persistence.types import UtcMicros


class IdempotencyKey(Base):
    """What a caller's key was used for and what was answered; keys are per caller."""

    __tablename__ = "idempotency_key"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_sha256: Mapped[str]
    answer: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcMicros)


class InstallationFact(Base):
    """A fact about this database, such as whether it holds a demo."""

    __tablename__ = "installation_fact"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
