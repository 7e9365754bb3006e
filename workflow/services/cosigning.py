"""Ask parties to cosign the log's newest checkpoint, and keep what they sign.

By mail: a request goes out as a file and a line comes back. Over HTTP: the same, at once. A
witness that has seen more than this database holds, or something else, shows that the log was
rolled back or forked; that is kept as an alarm, and told to everybody who looks.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from workflow.domain import names
from workflow.domain.verdicts import Code, Refusal, Refused, refuse
from workflow.log.cosignature import cosigned_at, is_cosigned
from workflow.log.keys import NoteError, Signature, VerifierKey
from workflow.log.note import parse_note, parse_signatures
from workflow.log.proofs import consistency_proof
from workflow.log.tiles import TileError
from workflow.log.witness_request import Request
from workflow.persistence import witnesses
from workflow.persistence.checkpoints import newest_checkpoint
from workflow.persistence.retrying import retried
from workflow.persistence.unit_of_work import Tx
from workflow.persistence.witnesses import WitnessRow
from workflow.services.runtime import Runtime
from workflow.services.tree import BrokenTreeError, read_tree
from workflow.services.witnesses import current_witnesses, find_witness

CLOCKS_DIFFER_BY: Final = timedelta(hours=1)
"""How far ahead of ours a witness's clock may be."""


def prepare_request(
    runtime: Runtime, witness: str | None = None, old_size: int | None = None
) -> Request | Refused:
    """Return what a witness is asked: to cosign the newest checkpoint, from its last one on.

    Without a witness, or before its first cosignature, the request begins at nothing, unless an
    old size says where the witness stands.

    Raises: BrokenTreeError.
    """
    with runtime.uow.read() as tx:
        found = find_witness(tx, witness) if witness is not None else None
        newest = newest_checkpoint(tx)
        if isinstance(found, Refusal):
            return Refused((found,))
        if newest is None:
            return Refused((refuse(Code.CHECKPOINT_MISSING),))
        last = found.size if found is not None else 0
        begins = last if old_size is None else old_size
        if begins > newest.size:
            reason = refuse(Code.CHECKPOINT_SMALLER, size=newest.size, begins=begins)
            return Refused((reason,))
        try:
            proof = consistency_proof(read_tree(tx), begins, newest.size)
        except (TileError, IndexError) as error:
            raise BrokenTreeError(f"The tree of the log is damaged: {error}.") from error
        return Request(begins, tuple(proof), newest.note.encode())


@retried
def add_lines(runtime: Runtime, content: bytes) -> dict[str, int] | Refused:
    """Keep the lines that witnesses returned, alone or below a checkpoint; all, or none.

    Returns the size that each witness cosigned. A line that is kept already is not kept twice.
    """
    lines = _read_lines(content)
    if lines is None:
        return Refused((refuse(Code.COSIGNATURE_MALFORMED),))
    # Every checkpoint may have to be tried, and nobody should wait for that: they do not change.
    with runtime.uow.read() as tx:
        known = current_witnesses(tx)
        found = [_find(tx, known, line) for line in lines]
    reasons = tuple(each for each in found if isinstance(each, Refusal))
    if reasons:
        return Refused(reasons)
    fitting = [each for each in found if isinstance(each, _Fitting)]
    with runtime.uow.write() as tx:
        return _keep(tx, fitting)


def _keep(tx: Tx, fitting: "list[_Fitting]") -> dict[str, int] | Refused:
    known = {each.id for each in current_witnesses(tx)}
    gone = [each.witness.name for each in fitting if each.witness.id not in known]
    if gone:
        return Refused(tuple(refuse(Code.WITNESS_UNKNOWN, witness=name) for name in gone))
    for each in fitting:
        if not witnesses.has_cosigned(tx, each.witness.id, each.size):
            witnesses.write_cosignature(tx, each.witness.id, each.size, each.line, each.at)
    return {each.witness.name: each.size for each in fitting}


def _read_lines(content: bytes) -> tuple[Signature, ...] | None:
    try:
        if b"\n\n" in content.strip(b"\n"):
            note = parse_note(content)
            # The log's own signature stands above those of the witnesses.
            origin = note.text.partition("\n")[0]
            return tuple(each for each in note.signatures if each.name != origin) or None
        return parse_signatures(content.decode().strip("\n") + "\n")
    except (NoteError, UnicodeDecodeError):
        return None


@dataclass(frozen=True, slots=True)
class _Fitting:
    """A line that a witness made, the size that it is about, and when."""

    witness: WitnessRow
    size: int
    line: str
    at: datetime


def _find(tx: Tx, known: list[WitnessRow], line: Signature) -> _Fitting | Refusal:
    keys = {each: VerifierKey.parse(each.vkey) for each in known if each.name == line.name}
    witness = next((each for each, key in keys.items() if key.made(line)), None)
    if witness is None:
        return refuse(Code.WITNESS_UNKNOWN, witness=names.shown(line.name))
    at = _time_of(line, tx.at)
    size = _find_size(tx, keys[witness], line) if at is not None else None
    if at is None or size is None:
        return refuse(Code.COSIGNATURE_FALSE, witness=witness.name)
    return _Fitting(witness, size, line.line, at)


def _time_of(line: Signature, now: datetime) -> datetime | None:
    """Return when a line says that it was signed, unless that is to come."""
    try:
        seconds = cosigned_at(line)
    except NoteError:
        return None
    latest = now + CLOCKS_DIFFER_BY
    return datetime.fromtimestamp(seconds, UTC) if seconds <= latest.timestamp() else None


def _find_size(tx: Tx, key: VerifierKey, line: Signature) -> int | None:
    """Return the size of the checkpoint that a line signs: by mail it need not be the newest."""
    for each in witnesses.checkpoints_from_newest(tx):
        body, _, _ = each.note.rpartition("\n\n")
        if is_cosigned(key, f"{body}\n", line):
            return each.size
    return None
