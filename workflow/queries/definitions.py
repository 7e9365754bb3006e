"""The rules of a kind, for people to read."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from workflow.domain.definition import Definition, FieldRule, StepRule
from workflow.domain.explain import Node, describe
from workflow.domain.texts import is_storable
from workflow.domain.vocabulary import Labels
from workflow.persistence import definitions
from workflow.persistence.proposal_tables import DefinitionEdition
from workflow.persistence.unit_of_work import Tx


@dataclass(frozen=True, slots=True)
class StateView:
    """A state, and what being in it means for this kind."""

    name: str
    labels: Labels
    meaning: Labels


@dataclass(frozen=True, slots=True)
class RuleView:
    """A step and what it asks for, as a tree without counts."""

    step: StepRule
    needs: Node


@dataclass(frozen=True, slots=True)
class DefinitionPage:
    """The newest edition of a kind."""

    kind: str
    number: int
    digest: str
    published_at: datetime
    labels: Labels
    states: tuple[StateView, ...]
    fields: tuple[tuple[str, FieldRule], ...]
    material: tuple[str, ...]
    steps: tuple[RuleView, ...]
    definition: Definition
    """What it is a view of, for a drawing."""


def definition_page(tx: Tx, kind: str) -> DefinitionPage | None:
    """Read a kind's newest edition; None for an unknown kind."""
    if not is_storable(kind):
        return None
    row = tx.connection.execute(
        select(DefinitionEdition.id, DefinitionEdition.number, DefinitionEdition.published_at)
        .where(DefinitionEdition.kind == kind)
        .order_by(DefinitionEdition.number.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return _page(definitions.edition(tx, row.id), row.number, row.published_at)


def kinds(tx: Tx) -> dict[str, Labels]:
    """Give every kind's labels, by name."""
    newest = (
        select(DefinitionEdition.id, DefinitionEdition.kind)
        .order_by(DefinitionEdition.kind, DefinitionEdition.number)
    )  # fmt: skip
    ids = {kind: number for number, kind in tx.connection.execute(newest)}
    editions = definitions.editions(tx, ids.values())
    return {kind: editions[number].labels for kind, number in ids.items()}


def _page(definition: Definition, number: int, published_at: datetime) -> DefinitionPage:
    return DefinitionPage(
        kind=definition.kind,
        number=number,
        digest=definition.digest,
        published_at=published_at,
        labels=definition.labels,
        states=tuple(
            StateView(name, labels, definition.meaning.get(name, {}))
            for name, labels in definition.states.items()
        ),
        fields=tuple(definition.fields.items()),
        material=tuple(sorted(definition.material)),
        steps=tuple(RuleView(step, describe(step)) for step in definition.steps.values()),
        definition=definition,
    )
