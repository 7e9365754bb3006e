"""Published editions of the rules, by kind and number."""

from dataclasses import dataclass

from workflow.domain.definition import Definition
from workflow.domain.verdicts import Code, Refused, refuse
from workflow.persistence import definitions
from workflow.persistence.unit_of_work import Tx


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition with its number within its kind."""

    number: int
    definition: Definition


def find_edition(tx: Tx, kind: str, number: int | None = None) -> Edition | Refused:
    """Give a kind's edition of a number, else its newest."""
    newest, _ = definitions.newest_of_all(tx).get(kind, (0, ""))
    if not newest:
        return Refused((refuse(Code.KIND_UNKNOWN, kind=kind[:80]),))
    wanted = newest if number is None else number
    # What is beyond the newest may be beyond what the column can be compared with.
    found = definitions.numbered(tx, kind, wanted) if wanted <= newest else None
    if found is None:
        return Refused((refuse(Code.EDITION_UNKNOWN, kind=kind, number=str(wanted)),))
    return Edition(wanted, found[1])
