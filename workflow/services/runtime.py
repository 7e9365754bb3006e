"""What every use case is given: a database, a clock, ids and the deployment's words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import Engine

from workflow.domain.vocabulary import Labels, Vocabulary
from workflow.persistence.unit_of_work import Ids, UnitOfWork

Clock = Callable[[], datetime]


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """Everything a use case needs from outside; built in `workflow.bootstrap`."""

    engine: Engine
    uow: UnitOfWork
    clock: Clock
    ids: Ids
    read_vocabulary: Callable[[], Mapping[str, Mapping[str, Labels]]]

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Read the labels of roles, capacities and evidence types on first use."""
        return Vocabulary.from_mapping(self.read_vocabulary())
