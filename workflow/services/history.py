"""Import acts that already happened: judged by their own moment, recorded now, nothing repaired.

A file is taken in by shares, one a transaction, and never held in memory as a whole. Each share
ends with an entry that names the file's digest and its last line, so that an import that was cut
off is run again and takes in what is left.
"""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import BinaryIO

from workflow.domain.identity import JOINT_SECRETARIAT, Caller, Mandate, Via
from workflow.domain.requirement import role_covers
from workflow.domain.verdicts import Code, Refused, refuse
from workflow.persistence import imports, people
from workflow.persistence.imports import Part
from workflow.persistence.retrying import retried
from workflow.persistence.unit_of_work import BusyError, Tx
from workflow.services.change import Change
from workflow.services.history_acts import Act, read_acts
from workflow.services.history_taking import (
    IRREGULAR,
    RECORDED,
    REFUSED,
    Taking,
    Told,
    Trail,
    refuse_all,
    told_before,
)
from workflow.services.runtime import Runtime
from workflow.services.seal import seal_after

CHUNK = 5_000
"""Acts a transaction: others who write wait for one of them, a few seconds at most."""

Share = tuple[Sequence[Act], Part | None]
"""Acts, and where an earlier run has recorded them."""

Watch = Callable[[Iterable[Share], int], Iterable[Share]]
"""Goes through the shares, which are about so many."""

Tell = Callable[[Sequence[Told]], None]


@dataclass(slots=True)
class HistoryReport:
    """How many acts were taken in, and how."""

    outcomes: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, int]:
        """Write the numbers as the contract's `history import` does."""
        return {"acts": self.outcomes.total()} | {
            name: self.outcomes[name] for name in (RECORDED, IRREGULAR, REFUSED)
        }


def import_history(
    runtime: Runtime, caller: Caller, file: BinaryIO, *, strict: bool = False,
    tell: Tell | None = None, watch: Watch | None = None,
) -> HistoryReport | Refused:  # fmt: skip
    """Take a file of acts in on a secretariat's mandate; `strict` refuses irregular ones.

    `tell` is told what became of each act, in the file's order, as it is known.

    Raises: BusyError when somebody else takes the same file in.
    """
    recorder = replace(caller, via=Via.IMPORT)
    with _rewindable(file) as source:
        digest, lines = _measure(source)
        with runtime.uow.read() as tx:
            mandate, parts = _mandate(tx, recorder), imports.parts(tx, digest)
        if mandate is None:
            return Refused((_NO_MANDATE,))
        report = HistoryReport()
        journey = _Journey(runtime, recorder, digest, strict=strict)
        shares: Iterable[Share] = _shares(read_acts(source), parts)
        for acts, part in watch(shares, lines // CHUNK + 1) if watch else shares:
            told = journey.recall(acts, part) if part else journey.take(acts)
            report.outcomes.update(each.outcome for each in told)
            if tell:
                tell(told)
        journey.finish()
        seal_after(runtime)
        return report


class _Journey:
    """The way through one file."""

    def __init__(self, runtime: Runtime, caller: Caller, digest: str, *, strict: bool) -> None:
        self._runtime, self._caller, self._digest, self._strict = runtime, caller, digest, strict
        self._trail, self._after = Trail(), 0

    def recall(self, acts: Sequence[Act], part: Part) -> list[Told]:
        """Pass by what an earlier run has recorded."""
        with self._runtime.uow.read() as tx:
            self._trail = self._trail.after(acts, tx.at)
            told = told_before(tx, self._digest, acts, self._after, part.entry_id)
        self._after = part.entry_id
        return told

    def take(self, acts: Sequence[Act]) -> list[Told]:
        """Take the next acts in."""
        told, self._trail = _take(
            self._runtime, self._caller, self._digest, acts, self._trail, strict=self._strict
        )
        return told

    def finish(self) -> None:
        """Do what has become due since the last act, until nothing is."""
        seen = 0
        while (last := _settle(self._runtime, self._caller, self._digest, seen)) is not None:
            seen = last


@retried
def _take(
    runtime: Runtime, caller: Caller, digest: str, acts: Sequence[Act], trail: Trail, *,
    strict: bool,
) -> tuple[list[Told], Trail]:  # fmt: skip
    with runtime.uow.write() as tx:
        imports.hold(tx)
        mandate = _mandate(tx, caller)
        if mandate is None:
            return refuse_all(acts, _NO_MANDATE), trail
        if imports.last_line(tx, digest) >= acts[0].line:
            raise BusyError
        imports.begin(tx, digest)
        taking = Taking(tx, caller, digest, mandate, acts, trail, strict=strict)
        told = taking.take_all()
        return told, taking.write(told)


@retried
def _settle(runtime: Runtime, caller: Caller, digest: str, seen: int) -> int | None:
    """Do what is due for some proposals of history; give the number of the last of them."""
    with runtime.uow.write() as tx:
        imports.hold(tx)
        found = imports.due(tx, seen, CHUNK)
        if not found:
            imports.end(tx, digest)
            return None
        own = imports.only_imported(tx, (reference for _, reference in found))
        change = Change(tx, caller, digest)
        for work in change.open_all([number for number, reference in found if reference in own]):
            change.settle_until(work, tx.at)
        change.write()
        return found[-1][0]


def _shares(acts: Iterator[Act], parts: Iterable[Part]) -> Iterator[Share]:
    """Cut the acts where an earlier run has cut them, and from there on by number."""
    waiting = iter(parts)
    part, share = next(waiting, None), list[Act]()
    for act in acts:
        while part is not None and act.line > part.last:
            yield share, part
            part, share = next(waiting, None), []
        if part is None and len(share) == CHUNK:
            yield share, None
            share = []
        share.append(act)
    if share:
        yield share, part


def _measure(file: BinaryIO) -> tuple[str, int]:
    """Give the digest of a file and the number of its lines, and go back to its beginning."""
    digest, lines = sha256(), 0
    while block := file.read(1 << 20):
        digest.update(block)
        lines += block.count(b"\n")
    file.seek(0)
    return digest.hexdigest(), lines


@contextmanager
def _rewindable(file: BinaryIO) -> Iterator[BinaryIO]:
    """Give a file that can be read twice: a pipe's content is put aside first."""
    if file.seekable():
        yield file
        return
    with tempfile.TemporaryFile() as kept:
        shutil.copyfileobj(file, kept)
        kept.seek(0)
        yield kept


def _mandate(tx: Tx, caller: Caller) -> Mandate | None:
    for mandate in people.own_mandates_of(tx, caller.person_id):
        everywhere = mandate.party == JOINT_SECRETARIAT and mandate.summit is None
        if everywhere and role_covers("secretariat", mandate.role):
            return mandate
    return None


_NO_MANDATE = refuse(Code.NO_MANDATE, party=JOINT_SECRETARIAT, role="secretariat")
