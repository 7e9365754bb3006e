"""Exports a large log in every format and checks the files; `make soak` starts it.

    python -m tests.soak.exports --entries 1000000 --postgresql

Each piece of work runs in a process of its own, which tells its time and the most memory it took.
"""

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from config.settings import Settings
from tests import make
from tests.databases import postgresql_copy, sqlite_copy
from tests.postgresql import Folder
from tests.sealed import with_key
from workflow.bootstrap import Runtime, build_runtime
from workflow.domain.entry import START, Actor, Draft, Link
from workflow.domain.identity import JOINT_SECRETARIAT, Caller, Via
from workflow.export.verify import Trust, verify_export
from workflow.export.write import FORMS, LAYOUTS
from workflow.log.keys import VerifierKey
from workflow.persistence import people
from workflow.persistence.entries import append
from workflow.services.audit import Export, ExportReport, export_entries
from workflow.services.log_keys import public_keys
from workflow.services.seal import seal

ENTRIES_OF_A_PROPOSAL = 40
AT_ONCE = 10_000


def main() -> int:
    """Do what the command line asks for; 1 if an export did not verify."""
    order = _read_order()
    sound = True
    with _database(postgresql=order.postgresql) as (url, folder):
        _measure("written and sealed", _fill, url, folder, order.entries)
        for form in order.form or FORMS:
            path = folder / f"log.{form}"
            _measure(f"exported as {form}", _export, url, folder, path)
            if form in LAYOUTS:
                sound &= _measure(f"{form} verified", _verify, url, path)
            _say(f"  {path.stat().st_size / 2**20:.0f} MiB")
    return 0 if sound else 1


def _read_order() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="exports", description="Export a large log.")
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--postgresql", action="store_true", help="instead of SQLite")
    parser.add_argument("--form", action="append", choices=FORMS, help="only this format")
    return parser.parse_args()


@contextmanager
def _database(*, postgresql: bool) -> Iterator[tuple[str, Path]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if not postgresql:
            with sqlite_copy(folder / "prepared", folder / "log.sqlite") as url:
                yield url, folder
            return
        with Folder.opened() as opened, postgresql_copy(opened.server(), "exports") as url:
            yield url, folder


def _measure(what: str, work: Callable[..., bool], *arguments: object) -> bool:
    """Do a piece of work in a fresh process, and say what it took."""
    start = multiprocessing.get_context("spawn")
    receive, send = start.Pipe(duplex=False)
    child = start.Process(target=_work, args=(send, work, arguments))
    child.start()
    send.close()
    done, seconds, busy, mebibytes = receive.recv()
    child.join()
    _say(f"{what}: {seconds:.1f} s ({busy:.1f} s of a processor), at most {mebibytes:.0f} MiB")
    return bool(done)


def _work(send: object, work: Callable[..., bool], arguments: tuple[object, ...]) -> None:
    started, idle = time.perf_counter(), time.process_time()
    done = work(*arguments)
    seconds, busy = time.perf_counter() - started, time.process_time() - idle
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    send.send((done, seconds, busy, peak))  # type: ignore[attr-defined] # a Connection


def _runtime(url: str, folder: Path) -> Runtime:
    return with_key(build_runtime(Settings(database_url=url)), folder)


def _fill(url: str, folder: Path, entries: int) -> bool:
    """Write acts of many people on many proposals, as a bulk change does."""
    runtime = _runtime(url, folder)
    make.delegate(runtime, "auditor", JOINT_SECRETARIAT, "auditor")
    signers = [make.delegate(runtime, f"signer{number}") for number in range(100)]
    ends: dict[int, Link] = {}
    proposals = max(1, entries // ENTRIES_OF_A_PROPOSAL)
    for first in range(0, entries, AT_ONCE):
        numbers = [n % proposals for n in range(first, min(first + AT_ONCE, entries))]
        # One draft a chain: the next one must name it.
        drafts = [_draft(number, signers[number % 100], ends) for number in numbers]
        with runtime.uow.write() as tx:
            written = append(tx, drafts)
        ends |= dict(zip(numbers, (each.link for each in written), strict=True))
    seal(runtime)
    return True


def _draft(number: int, signer: Caller, ends: dict[int, Link]) -> Draft:
    reference = f"TOKYO-{number:06}"
    return Draft(
        chain=f"proposal/{reference}", kind="sign", via="web", proposal=reference, revision=1,
        actor=Actor(signer.pseudonym, "UZ", "line_ministry"), step="agree",
        facts={"decision": "approve"}, previous=ends.get(number, START),
        definition="0" * 64, change="019a0000-0000-7000-8000-000000000000",
        revision_digest="f" * 64, texts={"note": f"Agreed by the ministry, case {number}"},
    )  # fmt: skip


def _export(url: str, folder: Path, path: Path) -> bool:
    runtime = _runtime(url, folder)
    with runtime.uow.read() as tx:
        number = people.find_person(tx, "auditor")
        caller = people.caller_of(tx, number, Via.CLI) if number else None
    assert caller is not None
    report = export_entries(runtime, caller, Export(path=path, form=path.suffix[1:]))
    return isinstance(report, ExportReport)


def _verify(url: str, path: Path) -> bool:
    runtime = build_runtime(Settings(database_url=url))
    keys = [VerifierKey.parse(text) for text in public_keys(runtime)]
    result = verify_export(path, Trust(keys=keys))
    _say(f"  {result.sentence}")
    return result.ok


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
