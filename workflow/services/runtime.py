"""What every use case is given: a database, a clock, ids and the deployment's words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import Engine

from workflow.domain.vocabulary import Labels, Vocabulary
from workflow.persistence.unit_of_work import Ids, UnitOfWork

if TYPE_CHECKING:
    from workflow.log.note import SigningKey  # cryptography costs start-up time

Clock = Callable[[], datetime]


class LogKey(Protocol):
    """The private keys that sign the log, which live outside the database."""

    def signers(self) -> "tuple[SigningKey, ...]":
        """Return the keys that sign each checkpoint, the oldest first."""

    def last(self) -> str | None:
        """Return the last checkpoint that they signed, as a note."""

    def keep(self, note: str) -> None:
        """Keep a checkpoint that they signed, before anybody is shown it."""


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """Everything a use case needs from outside; built in `workflow.bootstrap`."""

    engine: Engine
    uow: UnitOfWork
    clock: Clock
    ids: Ids
    read_vocabulary: Callable[[], Mapping[str, Mapping[str, Labels]]]
    read_log_key: Callable[[], LogKey | None] = lambda: None
    """Returns None on a machine that does not sign."""

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Read the labels of roles, capacities and evidence types on first use."""
        return Vocabulary.from_mapping(self.read_vocabulary())
