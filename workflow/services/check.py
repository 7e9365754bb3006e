"""Checks a database as a whole: what it keeps is counted anew, and the log is verified."""

from collections.abc import Callable, Iterator
from hashlib import sha256

from workflow.domain.definition import Definition
from workflow.persistence import whole
from workflow.persistence.entry_rows import freeze
from workflow.persistence.revisions import newest_revision, present_revision
from workflow.persistence.unit_of_work import Tx
from workflow.services.audit_check import verify_database
from workflow.services.check_delegations import delegation_faults
from workflow.services.check_proposals import proposal_faults
from workflow.services.runtime import Runtime

Part = Callable[[Tx], Iterator[str]]


def find_faults(runtime: Runtime) -> Iterator[str]:
    """Yield every fault as a sentence; a database of another version is one, and the only one."""
    with runtime.uow.read() as tx:
        outdated = list(_version_faults(tx))
    yield from outdated
    if outdated:
        return
    with runtime.uow.read() as tx:
        freeze(tx)
        for part in _PARTS:
            yield from _told(part, tx)
    found = verify_database(runtime.uow)
    if found.fault is not None:
        yield f"the log is broken: {found.fault.sentence}"


def _told(part: Part, tx: Tx) -> Iterator[str]:
    """Give what a part finds; a value that cannot even be read is a fault, not a crash."""
    try:
        yield from part(tx)
    except (ValueError, LookupError, TypeError) as error:
        yield f"what is kept cannot be read ({error!r})"


def _version_faults(tx: Tx) -> Iterator[str]:
    present, newest = present_revision(tx.connection), newest_revision()
    if present != newest:
        yield f"the tables are of revision {present}, the program of {newest}: run 'summit init'"
        return
    for table in whole.missing_tables(tx):
        yield f"the table {table} is missing"


def _edition_faults(tx: Tx) -> Iterator[str]:
    for kind, number, digest, document in whole.editions(tx):
        if not _is_edition(document, digest):
            yield f"edition {number} of {kind} is not what its digest says"


def _is_edition(document: str, digest: str) -> bool:
    try:
        return Definition.from_document(document).digest == digest
    except ValueError:
        return False


def _file_faults(tx: Tx) -> Iterator[str]:
    for name, size_bytes, content in whole.files(tx):
        if sha256(content).hexdigest() != name or len(content) != size_bytes:
            yield f"the document {name} is not what its digest says"


_PARTS: tuple[Part, ...] = (
    whole.structure_faults, _edition_faults, _file_faults, delegation_faults, proposal_faults,
)  # fmt: skip
