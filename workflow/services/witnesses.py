"""A party names the key by which it cosigns the log, and withdraws it: its administrator alone."""

import re
from dataclasses import dataclass

from workflow.domain import names
from workflow.domain.identity import Caller
from workflow.domain.verdicts import Code, Refusal, Refused, refuse
from workflow.log.keys import COSIGNATURE, NoteError, VerifierKey
from workflow.persistence import checkpoints, sealing, witnesses
from workflow.persistence.retrying import retried
from workflow.persistence.unit_of_work import Tx
from workflow.persistence.witnesses import WitnessRow
from workflow.services.mandates import judge_administrator
from workflow.services.people_entries import record
from workflow.services.runtime import Runtime

# A name is a fact of an entry, where nothing but codes may stand.
# 'none' is the quorum of nobody in a policy.
_NAME = re.compile(r"(?!none$)[0-9A-Za-z][0-9A-Za-z._:/-]{0,99}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Named:
    """A witness was named or withdrawn; `entry` is the leaf hash of the act in hex."""

    party: str
    name: str
    vkey: str
    entry: str


@retried
def add_witness(runtime: Runtime, caller: Caller, party: str, vkey: str) -> Named | Refused:
    """Name a witness of the caller's own party by its public key."""
    with runtime.uow.write() as tx:
        if reason := judge_administrator(tx, caller, party):
            return Refused((reason,))
        # Held, so that two parties cannot take one name at the same time.
        sealing.hold_log(tx)
        key = _read(tx, vkey)
        if isinstance(key, Refusal):
            return Refused((key,))
        witnesses.add_witness(tx, party, key.name, key.text, caller.person_id)
        entry = record(tx, caller, party, "witness-add", facts={"vkey": key.text})
        return Named(party, key.name, key.text, entry)


@retried
def remove_witness(runtime: Runtime, caller: Caller, name: str) -> Named | Refused:
    """Withdraw a witness of the caller's own party; what it cosigned stays.

    A key that was withdrawn is never a witness again: nobody could say what it signed between.
    """
    with runtime.uow.write() as tx:
        found = find_witness(tx, name)
        if isinstance(found, Refusal):
            return Refused((found,))
        if reason := judge_administrator(tx, caller, found.party):
            return Refused((reason,))
        sealing.hold_log(tx)
        found = find_witness(tx, name)
        if isinstance(found, Refusal):
            return Refused((found,))
        witnesses.remove_witness(tx, found.id)
        entry = record(tx, caller, found.party, "witness-remove", facts={"vkey": found.vkey})
        return Named(found.party, found.name, found.vkey, entry)


def current_witnesses(tx: Tx) -> list[WitnessRow]:
    """Return the witnesses that are not withdrawn, by party and name."""
    return [each for each in witnesses.all_witnesses(tx) if each.removed_at is None]


def find_witness(tx: Tx, name: str) -> WitnessRow | Refusal:
    """Find a witness that is not withdrawn by its name or key, or say that there is none."""
    for each in current_witnesses(tx):
        if name in (each.name, each.vkey):
            return each
    return refuse(Code.WITNESS_UNKNOWN, witness=names.shown(name))


def _read(tx: Tx, vkey: str) -> VerifierKey | Refusal:
    """Read a key that nobody has taken: neither the log itself nor any witness, by any name."""
    try:
        key = VerifierKey.parse(vkey)
    except NoteError:
        return refuse(Code.WITNESS_KEY_MALFORMED)
    if key.sort != COSIGNATURE or not _NAME.fullmatch(key.name):
        return refuse(Code.WITNESS_KEY_MALFORMED)
    everybody = witnesses.all_witnesses(tx)
    taken = [*checkpoints.read_vkeys(tx), *(each.vkey for each in everybody)]
    known = [VerifierKey.parse(text) for text in taken]
    gone = {each.vkey for each in everybody if each.removed_at is not None}
    for other in known:
        same_name = other.name == key.name and other.text not in gone
        if same_name or other.public == key.public:
            return refuse(Code.WITNESS_TAKEN, witness=other.name)
    return key
