"""Published editions of the rules, by kind and number."""

from dataclasses import dataclass

from sqlalchemy import select

from workflow.domain.definition import Definition
from workflow.domain.texts import is_storable
from workflow.domain.verdicts import Code, Refused, refuse
from workflow.persistence import definitions
from workflow.persistence.proposal_tables import DefinitionEdition
from workflow.persistence.unit_of_work import Tx

_LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition with its number within its kind."""

    number: int
    definition: Definition


def find_edition(tx: Tx, kind: str, number: int | None = None) -> Edition | Refused:
    """Give a kind's edition of a number, else its newest."""
    wanted = select(DefinitionEdition.id, DefinitionEdition.number).where(
        DefinitionEdition.kind == kind
    )
    newest = wanted.order_by(DefinitionEdition.number.desc()).limit(1)
    row = tx.connection.execute(newest).one_or_none() if is_storable(kind) else None
    if row is None:
        return Refused((refuse(Code.KIND_UNKNOWN, kind=kind[:80]),))
    if number is not None and number != row.number:
        # A number beyond the newest is beyond what the column holds, too, for all we know.
        of_number = wanted.where(DefinitionEdition.number == min(number, _LARGEST))
        row = tx.connection.execute(of_number).one_or_none()
    if row is None:
        return Refused((refuse(Code.EDITION_UNKNOWN, kind=kind, number=str(number)),))
    return Edition(row.number, definitions.edition(tx, row.id))
