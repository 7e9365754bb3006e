"""The keys that sign the log: the first one, its successors, and the entries that name them.

A log's keys all bear its name, which is the origin of its checkpoints, and differ by their ids.
While the file holds two of them each checkpoint is signed by both: whoever knows either one can
check it, and learns of the other by its entry.
"""

from collections.abc import Callable

from workflow.domain.entry import Draft
from workflow.domain.identity import Via
from workflow.log.note import SigningKey
from workflow.persistence import checkpoints, sealing
from workflow.persistence.entries import append
from workflow.persistence.entry_scope import LOG
from workflow.persistence.unit_of_work import Tx
from workflow.services.runtime import Runtime

LOG_KEY = "log-key"
"""The kind of the entry that makes a public key of the log known."""

LOG_KEY_RETIRED = "log-key-retired"
"""The kind of the entry that says that a key signs no later tree."""


def public_keys(runtime: Runtime) -> list[str]:
    """Return the log's public keys, the oldest first."""
    with runtime.uow.read() as tx:
        return checkpoints.read_vkeys(tx)


def ensure_first_key(runtime: Runtime, make: Callable[[], SigningKey]) -> str | None:
    """Make a new log's first key and make it known; return it, or None where one is known.

    Of several machines that start at once one makes the key; the others wait and find it.
    """
    with runtime.uow.write() as tx:
        sealing.hold_log(tx)
        if checkpoints.read_vkeys(tx):
            return None
        return _make_known(tx, make())


def add_key(runtime: Runtime, key: SigningKey) -> str:
    """Make a further public key of the log known, and return it."""
    with runtime.uow.write() as tx:
        sealing.hold_log(tx)
        return _make_known(tx, key)


def retire_key(runtime: Runtime, key: SigningKey) -> None:
    """Record that a key signs no more, which its file must see to afterwards.

    Whoever knows that key alone reads it in the last tree that it signs.
    """
    with runtime.uow.write() as tx:
        sealing.hold_log(tx)
        append(tx, [_draft(LOG_KEY_RETIRED, key.verifier.text)])


def _make_known(tx: Tx, key: SigningKey) -> str:
    vkey = key.verifier.text
    checkpoints.add_vkey(tx, vkey)
    append(tx, [_draft(LOG_KEY, vkey)])
    return vkey


def _draft(kind: str, vkey: str) -> Draft:
    return Draft(chain=LOG, kind=kind, via=Via.SETUP, facts={"vkey": vkey})
