"""The log as anybody may see it: its keys, its newest checkpoint, and how far each witness came."""

from dataclasses import dataclass

from workflow.persistence import checkpoints, covering
from workflow.persistence.checkpoints import Signed
from workflow.persistence.unit_of_work import Tx
from workflow.persistence.witnesses import WitnessRow, all_witnesses
from workflow.queries.log_badge import LogBadge, log_badge


@dataclass(frozen=True, slots=True)
class LogPage:
    """How the log stands, with what it takes to check it; `note` carries every cosignature."""

    badge: LogBadge
    vkeys: tuple[str, ...]
    checkpoint: Signed | None
    note: str | None
    witnesses: tuple[WitnessRow, ...]

    @property
    def origin(self) -> str:
        """Return the log's name, which every key of it bears."""
        return self.vkeys[0].partition("+")[0] if self.vkeys else ""


def log_page(tx: Tx) -> LogPage:
    """Read everything that the page of the log shows."""
    signed = checkpoints.newest_checkpoint(tx)
    return LogPage(
        badge=log_badge(tx),
        vkeys=tuple(checkpoints.read_vkeys(tx)),
        checkpoint=signed,
        note=covering.cosigned_note(tx, signed) if signed else None,
        witnesses=tuple(each for each in all_witnesses(tx) if each.removed_at is None),
    )
