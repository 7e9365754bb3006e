"""Many writers and some sealers at once, each a process, killed at random instants.

    python -m tests.race.storm URL FOLDER --seed 1 --writers 50 --seconds 8

The folder holds the log's key, and gets a file for every process: a writer's acts that the
database confirmed, or what a sealer or a reader complained of. The last line says how it went.
"""

import argparse
import gc
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sqlalchemy import delete, select, update

from config.settings import Settings
from tests.sealed import order
from workflow.bootstrap import Runtime, build_runtime
from workflow.domain.entry import Draft, Link
from workflow.persistence import proposals, sealing
from workflow.persistence.audit_tables import AuditEntry
from workflow.persistence.entries import append
from workflow.persistence.log_tables import AuditPending
from workflow.persistence.proposal_tables import Proposal
from workflow.persistence.retrying import retried
from workflow.persistence.sealing import Block
from workflow.services import seal as sealer
from workflow.services.audit_check import verify_database

CHAINS = ("log", "party/JP", "party/UZ")
KEY = "log.key"

Work = Callable[[Runtime, Random, Path], None]
"""One round of what a process does again and again; it writes to its own file."""


_TOLD: list[int] = []
"""The signals by which this process was told to finish."""


class ChangedMindError(Exception):
    """The writer gives its act up after it was written and before it is committed."""


def write(runtime: Runtime, random: Random, file: Path) -> None:
    """Act once, in several chains, as services do: their ends are locked, then followed."""
    tag = f"{file.stem}-{random.getrandbits(60):015x}"
    try:
        _act(runtime, random, tag)
    except ChangedMindError:
        return
    _note(file, tag)


@retried
def _act(runtime: Runtime, random: Random, tag: str) -> None:
    with runtime.uow.write() as tx:
        known = sorted(tx.connection.scalars(select(Proposal.reference)))
        rows = proposals.lock(tx, random.sample(known, random.choice((0, 1, 1, 2))))
        others = random.sample(CHAINS, random.choice((0, 0, 0, 1) if rows else (1, 2)))
        drafts = [
            Draft(
                chain=f"proposal/{row.reference}", kind="sign", via="api", facts={"tag": tag},
                proposal=row.reference, proposal_id=row.id, previous=Link(row.version, row.head),
            )
            for row in rows.values()
        ] + [
            Draft(chain=chain, kind="grant", via="api", facts={"tag": tag}) for chain in others
        ]  # fmt: skip
        written = append(tx, drafts)
        for row, entry in zip(rows.values(), written, strict=False):
            tx.connection.execute(
                update(Proposal)
                .where(Proposal.id == row.id)
                .values(version=entry.sequence, head=entry.leaf_hash)
            )
        # Numbers are taken and not committed: those of others overtake them.
        time.sleep(random.choice((0, 0, 0, 0.002, 0.02)))
        if random.randrange(12) == 0:
            raise ChangedMindError


def seal(runtime: Runtime, random: Random, file: Path) -> None:
    """Seal what waits, as every server does, and complain if that is refused."""
    try:
        sealer.seal(runtime)
    except Exception as error:  # noqa: BLE001 - whatever it is, it was a false alarm
        _note(file, repr(error))
    time.sleep(random.choice((0, 0.001, 0.01)))


def read(runtime: Runtime, random: Random, file: Path) -> None:
    """Verify the log while others write, and complain of what is found."""
    verdict = verify_database(runtime.uow)
    if not verdict.ok:
        _note(file, verdict.sentence)
    time.sleep(random.choice((0.1, 0.3)))


def seal_by_numbers(runtime: Runtime, random: Random, file: Path) -> None:
    """Do what a sealer must not: take everything with a number above the last one."""
    del random, file
    with runtime.uow.write() as tx:
        state, last = sealing.hold_log(tx), max(order(tx), default=0)
        rows = tx.connection.execute(
            select(AuditEntry.id, AuditEntry.leaf_hash)
            .where(AuditEntry.id > last)
            .order_by(AuditEntry.id)
        ).all()
        if rows:
            ids, hashes = zip(*rows, strict=True)
            sealer._extend(tx, state, [Block(sealing.pack_ids(ids), b"".join(hashes))])
        tx.connection.execute(delete(AuditPending))


def _note(file: Path, line: str) -> None:
    with file.open("a", encoding="utf-8") as out:
        out.write(f"{line}\n")


@dataclass
class Storm:
    """The processes that are out, by their number, each with what it does and its name."""

    runtime: Runtime
    folder: Path
    random: Random
    out: dict[int, tuple[str, Work]] = field(default_factory=dict)
    started: int = 0
    killed: int = 0

    def start(self, name: str, work: Work) -> None:
        """Start a process that works until it is told to stop."""
        self.started += 1
        seed, file = self.random.getrandbits(64), self.folder / f"{name}-{self.started}.txt"
        pid = os.fork()
        if pid == 0:
            _work_until_told(self.runtime, work, seed, file)
        self.out[pid] = name, work

    def kill_one(self) -> None:
        """Kill one process, a sealer or reader more often than its share, and start another."""
        helpers = [pid for pid, (name, _) in self.out.items() if name != "writer"]
        pool = helpers if helpers and self.random.random() < 0.3 else sorted(self.out)
        pid = self.random.choice(pool)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        self.killed += 1
        self.start(*self.out.pop(pid))

    def calm(self) -> list[str]:
        """Let every process finish its round; return those that ended in another way."""
        found: list[str] = []
        while self.out:
            for pid, (name, _) in list(self.out.items()):
                # Again and again: Python forgets a signal that comes while it is just forked.
                os.kill(pid, signal.SIGTERM)
                ended, status = os.waitpid(pid, os.WNOHANG)
                if ended:
                    del self.out[pid]
                    found += [f"a {name} ended with {status}"] if status else []
            time.sleep(0.01)
        return found


def _work_until_told(runtime: Runtime, work: Work, seed: int, file: Path) -> None:
    """Work in the child, which never returns."""
    status, random = 1, Random(seed)  # noqa: S311 - chosen anew the same way each time
    parent = os.getppid()
    try:
        while not _TOLD and os.getppid() == parent:
            work(runtime, random, file)
        status = 0
    except Exception as error:  # noqa: BLE001 - the parent hears of it by the file
        _note(file.with_name(f"trouble-{file.name}"), repr(error))
    finally:
        os._exit(status)


def main() -> int:
    """Let the storm blow for some seconds; print what came of it."""
    asked = _read_order()
    random = Random(asked.seed)  # noqa: S311 - as above
    signal.signal(signal.SIGTERM, lambda number, _: _TOLD.append(number))
    storm = Storm(_warm_runtime(asked.url, asked.folder, random), asked.folder, random)
    for _ in range(asked.writers):
        storm.start("writer", write)
    for _ in range(asked.sealers):
        storm.start("sealer", seal_by_numbers if asked.planted else seal)
    if not asked.planted:
        storm.start("reader", read)
    end = time.monotonic() + asked.seconds
    while time.monotonic() < end:
        time.sleep(random.choice((0.005, 0.02, 0.05)))
        storm.kill_one()
    complaints = storm.calm()
    for name in ("sealer", "reader", "trouble"):
        complaints += _lines(asked.folder, name)
    acts = _lines(asked.folder, "writer")
    sys.stdout.write(
        json.dumps({"killed": storm.killed, "acts": acts, "complaints": complaints}) + "\n"
    )
    return 0


def _warm_runtime(url: str, folder: Path, random: Random) -> Runtime:
    """Return a runtime that has compiled its statements, and holds no connection to be shared."""
    settings = Settings(database_url=url, log_key_file=folder / KEY)
    runtime = build_runtime(settings)
    for work in [write] * 9 + [seal, read]:
        work(runtime, random, folder / "writer-0.txt")
    runtime.engine.dispose()
    gc.freeze()
    return runtime


def _lines(folder: Path, name: str) -> list[str]:
    files = sorted(folder.glob(f"{name}-*.txt"))
    return [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def _read_order() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="storm", description="Write, seal, kill.")
    parser.add_argument("url")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--writers", type=int, default=50)
    parser.add_argument("--sealers", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--planted", type=int, default=0, help="1: seal in a wrong way on purpose")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
