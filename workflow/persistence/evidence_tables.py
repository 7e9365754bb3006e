"""Tables of the documents a proposal gathers."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from workflow.persistence.base import Base
from workflow.persistence.types import UtcMicros


class EvidenceFile(Base):
    """The bytes of a document, known by their digest."""

    __tablename__ = "evidence_file"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Evidence(Base):
    """A document that shows something was done: a file or a link, who supplied and verified it."""

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("(sha256 IS NULL) <> (link IS NULL)", name="file_or_link"),
        CheckConstraint("(verified_at IS NULL) = (verified_party IS NULL)", name="verified_whole"),
        CheckConstraint(
            "verified_by IS NULL OR verified_by <> supplied_by", name="verified_by_another"
        ),
    )

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str]
    title: Mapped[str]
    sha256: Mapped[str | None] = mapped_column(ForeignKey("evidence_file.sha256"))
    file_name: Mapped[str | None]
    link: Mapped[str | None]
    dated_on: Mapped[date]
    supplied_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    supplied_party: Mapped[str] = mapped_column(ForeignKey("party.code"))
    supplied_at: Mapped[datetime] = mapped_column(UtcMicros)
    verified_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    verified_party: Mapped[str | None] = mapped_column(ForeignKey("party.code"))
    verified_at: Mapped[datetime | None] = mapped_column(UtcMicros)
