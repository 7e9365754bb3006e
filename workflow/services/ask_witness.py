"""Ask a witness over HTTP, and raise an alarm when it has seen another log than ours.

No transaction is open while a stranger's machine is waited for. Source: C2SP tlog-witness.
"""

from dataclasses import dataclass
from typing import Final

from workflow.domain.verdicts import Code, Refusal, Refused, refuse
from workflow.log.checkpoint import parse_checkpoint
from workflow.log.keys import VerifierKey
from workflow.log.witness_client import (
    Ahead,
    Behind,
    Declined,
    Forked,
    Lines,
    Reply,
    Unreachable,
    ask,
)
from workflow.log.witness_request import Request
from workflow.persistence.installation import read_fact, write_fact
from workflow.persistence.retrying import retried
from workflow.persistence.unit_of_work import Tx
from workflow.services.cosigning import add_lines, prepare_request
from workflow.services.runtime import Runtime
from workflow.services.witnesses import find_witness

ALARM: Final = "log/alarm"
"""The fact that a witness has seen another log: the first alarm, which nothing takes away."""

_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Kept:
    """The witness cosigned the checkpoint of a size, and its line is kept."""

    witness: str
    size: int


@dataclass(frozen=True, slots=True)
class Alarm:
    """A witness has cosigned `seen` entries that the log's `size` entries do not continue."""

    witness: str
    seen: int
    size: int

    @property
    def sentence(self) -> str:
        """Say what the witness has seen, and what to do."""
        what = (
            f"has cosigned {self.seen} entries of this log, and this database holds {self.size}:"
            " it was rolled back, or a copy of it goes on elsewhere"
            if self.seen > self.size
            else f"has cosigned {self.seen} entries that this log does not continue: it has forked"
        )
        return (
            f"{self.witness} {what}. Keep this database as it is, and compare it with a backup and"
            " with the checkpoints that the parties kept."
        )


Asked = Kept | Alarm | Unreachable


def ask_witness(runtime: Runtime, name: str, url: str) -> Asked | Refused:
    """Ask a witness at its address for the newest checkpoint, from wherever it stands.

    Raises: AddressError, BrokenTreeError.
    """
    with runtime.uow.read() as tx:
        found = find_witness(tx, name)
    if isinstance(found, Refusal):
        return Refused((found,))
    key = VerifierKey.parse(found.vkey)
    begins: int | None = None
    for _ in range(_ATTEMPTS):
        request = prepare_request(runtime, found.vkey, begins)
        if isinstance(request, Refused):
            return request
        reply = ask(url, request, key)
        if not isinstance(reply, Behind):
            return _settle(runtime, found.name, request, reply)
        begins = reply.size
    return _declined(found.name, "it names another size each time")


def read_alarm(tx: Tx) -> str | None:
    """Return the first alarm as 'witness seen size', if there ever was one."""
    return read_fact(tx, ALARM)


def _settle(runtime: Runtime, name: str, request: Request, reply: Reply) -> Asked | Refused:
    checkpoint, _ = parse_checkpoint(request.checkpoint)
    if isinstance(reply, Lines):
        added = add_lines(runtime, reply.lines.encode())
        return added if isinstance(added, Refused) else Kept(name, added[name])
    if isinstance(reply, Ahead | Forked):
        alarm = Alarm(name, reply.size, checkpoint.size)
        _keep(runtime, alarm)
        return alarm
    if isinstance(reply, Declined):
        return _declined(name, reply.sentence)
    assert isinstance(reply, Unreachable)  # noqa: S101 - the one that is left
    return reply


@retried
def _keep(runtime: Runtime, alarm: Alarm) -> None:
    with runtime.uow.write() as tx:
        if read_fact(tx, ALARM) is None:
            write_fact(tx, ALARM, f"{alarm.witness} {alarm.seen} {alarm.size}")


def _declined(name: str, why: str) -> Refused:
    return Refused((refuse(Code.WITNESS_DECLINED, witness=name, why=why),))
