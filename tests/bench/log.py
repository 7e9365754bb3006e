"""What the log costs: entries beside a bulk change, a bundle verified, an export.

The bulk change is made twice in turns: as it is, and with audit rows that are neither hashed nor
chained nor sealed, but otherwise the same.
"""

import json
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen

from tests.bench.figures import Figure, Took, interleaved, took
from tests.bench.filling import STEP, references
from tests.bench.grounds import Ground
from tests.processes import SUMMIT, environment_as
from workflow.bootstrap import Runtime
from workflow.domain.commands import StepLine
from workflow.domain.entry import Draft, Link, Sealed
from workflow.export.bundle import Contents, write_bundle
from workflow.export.new_folder import NewFolder
from workflow.log.bundle.verify import Trust, verify_bundle
from workflow.log.note import sign_note
from workflow.log.tiles import TileName, unpack_entries
from workflow.persistence import entries
from workflow.persistence.checkpoints import newest_checkpoint
from workflow.persistence.entry_rows import freeze
from workflow.persistence.unit_of_work import Tx
from workflow.services import bulk, bundle
from workflow.services.audit_records import Records
from workflow.services.bulk_plan import GRANTED, PlanLine
from workflow.services.tree import DatabaseTiles

PROMISED = 1_000_000


def bulk_change(ground: Ground, rounds: int) -> Iterator[Figure]:
    """Yield how much longer a bulk change takes because its entries are hashed and sealed."""

    def hashed() -> Took:
        with ground.copied() as runtime:
            return _apply(runtime, ground)

    def plain() -> Took:
        with ground.copied() as runtime, _unhashed():
            return _apply(runtime, ground)

    with_log, without = interleaved(rounds, hashed, plain)
    where = f"bulk change on {ground.name}"
    yield Figure(f"{where}, unhashed audit rows", without.clock, "s")
    yield Figure(f"{where}, hashed, chained and sealed", with_log.clock, "s")
    yield Figure(f"{where}, ratio", with_log.clock / without.clock, "x", goal=2)
    yield Figure(f"{where}, ratio of our work", with_log.processors / without.processors, "x")


def _apply(runtime: Runtime, ground: Ground) -> Took:
    lines = [PlanLine(STEP, StepLine(reference), GRANTED) for reference in references(runtime)]
    plan = bulk.plan_steps(runtime, ground.people.secretary, lines, STEP)
    assert all(line.will_change for line in plan.lines), plan.as_json()
    return took(lambda: bulk.apply_plan(runtime, ground.people.secretary, plan))


@contextmanager
def _unhashed() -> Iterator[None]:
    """Write audit rows of the same facts without digests, hashes, chains and a tree."""

    def as_row(tx: Tx, draft: Draft, ends: dict[str, Link]) -> tuple[Sealed, int]:
        sequence = ends[draft.chain].sequence + 1
        ends[draft.chain] = Link(sequence, bytes(32))
        facts = {"id": tx.ids.event_id(), "to": draft.to_state, "facts": dict(draft.facts)}
        return Sealed(json.dumps(facts).encode(), bytes(32), ()), sequence

    with ExitStack() as stack:
        for module, name, other in (
            (entries, "_seal", as_row), (entries, "add_pending", _nothing),
            (bulk, "seal_after", _nothing),
        ):  # fmt: skip
            stack.callback(setattr, module, name, getattr(module, name))
            setattr(module, name, other)
        yield


def _nothing(*_: object) -> None:
    """Do nothing."""


def verification(ground: Ground, size: int, rounds: int) -> Iterator[Figure]:
    """Yield how long a whole bundle takes to verify, and what hashing its leaves alone takes."""
    path, trust = _write_bundle(ground)

    def verified() -> Took:
        return took(lambda: _see_ok(path, trust))

    def hashed() -> Took:
        leaves = _leaves(path)
        return took(lambda: [sha256(b"\0" + leaf).digest() for leaf in leaves])

    verify, bare = interleaved(rounds, verified, hashed)
    yield Figure("bundle, its leaves hashed and nothing else", bare.clock, "s")
    yield Figure("bundle verified", verify.clock, "s", goal=3 if size >= PROMISED else None)
    yield Figure("bundle verified, processor time", verify.processors, "s")
    scaled = verify.clock * PROMISED / size
    yield Figure("bundle verified, for 1,000,000 entries", scaled, "s", goal=3)
    against = verify.processors / bare.processors
    yield Figure("bundle verified, against its hashing alone", against, "x")


def _write_bundle(ground: Ground) -> tuple[Path, Trust]:
    """Write the bundle of the whole log; its tables are left out, for nothing here reads them."""
    path = ground.folder / "bundle"
    with ground.opened() as runtime, runtime.uow.read() as tx, NewFolder(path) as folder:
        freeze(tx)
        newest, key = newest_checkpoint(tx), runtime.read_log_key()
        assert newest is not None
        assert key is not None
        contents = Contents(
            checkpoint=newest.note.encode(), tiles=DatabaseTiles(tx), is_whole=True,
            records=(record for batch in Records(tx).whole() for record in batch),
            made_at="2026-01-05T09:00:00.000000Z", with_views=False,
            rules=lambda digests: bundle._read_rules(tx, digests),
        )  # fmt: skip
        write_bundle(folder, contents, lambda text: sign_note(text, *key.signers()).content)
        folder.publish()
        return path, Trust(tuple(each.verifier for each in key.signers()))


def _see_ok(path: Path, trust: Trust) -> None:
    found = verify_bundle(path, trust)
    assert found.ok, found.sentence


def _leaves(path: Path) -> list[bytes]:
    found: list[bytes] = []
    while (file := path / TileName(0, len(found) // 256).entries_path).exists():
        found += unpack_entries(file.read_bytes())
    return found


def exports(ground: Ground, size: int, rounds: int) -> Iterator[Figure]:
    """Yield how long the command takes to export the log as JSON Lines, and its memory.

    What it takes to start does not grow with the log, and is measured by a command that does
    next to nothing.
    """
    with ground.opened() as runtime:
        env = environment_as(runtime, ground.people.auditor)
    env["SUMMIT_LOG_KEY_FILE"] = str(ground.folder / "log.key")
    out = ground.folder / "log.jsonl"
    command = ["audit", "export", "--format", "jsonl", "--out", str(out), "--force", "--as"]
    memory = []

    def exported() -> Took:
        return took(lambda: memory.append(_run(env, *command, ground.people.auditor.login)))

    def started() -> Took:
        return took(lambda: _run(env, "audit", "key"))

    export, start = interleaved(rounds, exported, started)
    where, promised = f"export to JSON Lines from {ground.name}", size >= PROMISED
    yield Figure(where, export.clock, "s", goal=30 if promised else None)
    yield Figure(f"{where}, processor time", export.processors, "s")
    scaled = start.clock + (export.clock - start.clock) * PROMISED / size
    yield Figure(f"{where}, for 1,000,000 entries", scaled, "s", goal=30)
    yield Figure(f"{where}, peak memory", max(memory), "MB", goal=200)


def _run(env: dict[str, str], *words: str) -> float:
    """Run the command to its end; return the most memory it held, in MB.

    It is asked while it runs: what is known of it afterwards counts this process in, from which
    it was forked.
    """
    most = 0.0
    with Popen([SUMMIT, *words], env=env, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE) as process:
        while process.poll() is None:
            most = max(most, _held(process.pid))
            time.sleep(0.02)
        assert process.stderr is not None
        assert process.returncode == 0, process.stderr.read().decode()
    return most


def _held(pid: int) -> float:
    """Return the most memory that a process held, in MB; 0 where the system does not say."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0
