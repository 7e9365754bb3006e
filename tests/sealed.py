"""What a sealed log must look like, judged from its rows alone and with a tree of its own.

Nothing here asks the sealer: runs, tiles and checkpoints are compared with the entries.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from sqlalchemy import insert, select

from config.log_key import LogKeyFile
from workflow.bootstrap import Runtime
from workflow.domain.entry import START, Draft
from workflow.log.checkpoint import open_checkpoint
from workflow.log.cosignature import cosign
from workflow.log.growth import grow
from workflow.log.keys import COSIGNATURE, SigningKey, VerifierKey
from workflow.log.merkle import HASH_BYTES, hash_leaf, root_of
from workflow.log.note import parse_note
from workflow.persistence import checkpoints, sealing
from workflow.persistence.audit_tables import AuditEntry
from workflow.persistence.entries import Appended, append
from workflow.persistence.log_tables import (
    AuditCheckpoint,
    AuditCosignature,
    AuditPending,
    AuditRun,
    AuditTile,
    AuditWitness,
)
from workflow.persistence.unit_of_work import Tx
from workflow.services.audit_check import verify_database
from workflow.services.log_keys import ensure_first_key


def with_key(runtime: Runtime, folder: Path, name: str = "log.key") -> Runtime:
    """Return the runtime of a machine that signs, with the log's first key made if need be."""
    file = LogKeyFile(folder / name)
    ensure_first_key(runtime, lambda: file.make_first("localhost"))
    return replace(runtime, read_log_key=lambda: file)


def record(runtime: Runtime, *drafts: Draft) -> list[Appended]:
    """Write entries in one transaction."""
    with runtime.uow.write() as tx:
        return append(tx, drafts)


def acts(count: int, chain: str = "party/UZ") -> list[Draft]:
    """Return drafts of so many acts in one chain."""
    previous = START if chain.startswith("proposal/") else None
    facts = [{"number": number} for number in range(count)]
    return [
        Draft(chain=chain, kind="grant", via="cli", previous=previous, facts=each) for each in facts
    ]


def cosign_newest(runtime: Runtime, party: str = "UZ") -> None:
    """Let a party's witness cosign the newest checkpoint."""
    key = SigningKey.generate(f"{party.lower()}.example/witness", COSIGNATURE)
    with runtime.uow.write() as tx:
        newest = checkpoints.newest_checkpoint(tx)
        assert newest is not None
        line = cosign(key, parse_note(newest.note.encode()).text, int(tx.at.timestamp())).line
        witness = {"party": party, "name": key.name, "vkey": key.verifier.text, "added_at": tx.at}
        tx.connection.execute(insert(AuditWitness).values(id=1, **witness))
        row = {"size": newest.size, "witness_id": 1, "line": line, "cosigned_at": tx.at}
        tx.connection.execute(insert(AuditCosignature).values(row))


def order(tx: Tx) -> list[int]:
    """Return the entries in the order of the tree's leaves."""
    runs = tx.connection.execute(
        select(AuditRun.first_leaf, AuditRun.entry_ids).order_by(AuditRun.first_leaf)
    )
    return [number for _, ids in runs for number in sealing.unpack_ids(ids)]


def waiting(tx: Tx) -> list[int]:
    """Return the entries that wait, in their order."""
    blocks = tx.connection.scalars(select(AuditPending.entry_ids).order_by(AuditPending.id))
    return [number for ids in blocks for number in sealing.unpack_ids(ids)]


def faults(runtime: Runtime, *, all_sealed: bool = True) -> list[str]:
    """Return everything that is wrong with the log as it is sealed now."""
    with runtime.uow.read() as tx:
        found = [
            *_faults_of_order(tx, all_sealed=all_sealed),
            *_faults_of_tree(tx),
            *_faults_of_checkpoints(tx),
        ]
    verdict = verify_database(runtime.uow)
    return found if verdict.ok else [*found, verdict.sentence]


def _faults_of_order(tx: Tx, *, all_sealed: bool) -> Iterator[str]:
    rows = tx.connection.execute(select(AuditEntry.id, AuditEntry.chain, AuditEntry.sequence))
    places = {number: (chain, sequence) for number, chain, sequence in rows}
    sealed, unsealed = order(tx), waiting(tx)
    if all_sealed and unsealed:
        yield f"entries {unsealed} still wait"
    yield from _differences("entries", places, [*sealed, *unsealed])
    chains: dict[str, list[int]] = defaultdict(list)
    for number in (number for number in [*sealed, *unsealed] if number in places):
        chain, sequence = places[number]
        chains[chain].append(sequence)
    for chain, sequences in chains.items():
        if sequences != list(range(1, len(sequences) + 1)):
            yield f"the leaves of {chain} stand in the order {sequences}"


def _differences(what: str, expected: Iterable[int], found: list[int]) -> Iterator[str]:
    lost, twice = (
        set(expected) - set(found),
        [one for one, times in Counter(found).items() if times > 1],
    )
    strange = set(found) - set(expected)
    for name, numbers in (("lost", lost), ("there twice", twice), ("unknown", strange)):
        if numbers:
            yield f"{what} {sorted(numbers)} are {name}"


def _faults_of_tree(tx: Tx) -> Iterator[str]:
    leaves = dict(tx.connection.execute(select(AuditEntry.id, AuditEntry.leaf)).all())
    hashes = b"".join(hash_leaf(leaves[number]) for number in order(tx) if number in leaves)
    size, state = len(hashes) // HASH_BYTES, sealing.read_state(tx)
    if (state.size, state.root) != (size, root_of(hashes)):
        yield f"the state is not that of the tree over {size} entries"
    runs = tx.connection.execute(
        select(AuditRun.first_leaf, AuditRun.entries).order_by(AuditRun.first_leaf)
    ).all()
    for (first, entries), (following, _) in pairwise([*runs, (size, 0)]):
        if first + entries != following:
            yield f"the run from leaf {first} on does not reach {following}"
    expected = grow(0, {}, hashes).tiles
    tiles = tx.connection.execute(select(AuditTile.level, AuditTile.number, AuditTile.hashes))
    if {(level, number): bytes(row) for level, number, row in tiles} != {
        (name.level, name.number): row for name, row in expected.items()
    }:
        yield "the tiles are not those of the entries"


def _faults_of_checkpoints(tx: Tx) -> Iterator[str]:
    hashes = b"".join(
        tx.connection.scalars(
            select(AuditTile.hashes).where(AuditTile.level == 0).order_by(AuditTile.number)
        )
    )
    keys = [VerifierKey.parse(text) for text in checkpoints.read_vkeys(tx)]
    rows = tx.connection.execute(
        select(AuditCheckpoint.size, AuditCheckpoint.root, AuditCheckpoint.note)
    )
    for size, root, note in rows:
        said = open_checkpoint(note.encode(), *keys)
        if not (said.size, said.root) == (size, root) == (size, root_of(hashes[: 32 * size])):
            yield f"the checkpoint of {size} is not of this tree"
