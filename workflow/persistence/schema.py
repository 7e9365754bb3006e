"""Every table of the product, and the metadata that migrations are compared with."""

from workflow.persistence import (
    audit_tables,
    evidence_tables,
    installation_tables,
    log_tables,
    people_tables,
    proposal_tables,
)
from workflow.persistence.base import Base

metadata = Base.metadata

__all__ = [
    "audit_tables", "evidence_tables", "installation_tables", "log_tables", "metadata",
    "people_tables", "proposal_tables",
]  # fmt: skip
