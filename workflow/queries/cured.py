"""A verdict's tree with who could bring each part of it forward today."""

from collections.abc import Iterable
from dataclasses import dataclass

from workflow.domain.definition import StepRule
from workflow.domain.explain import Node, Word
from workflow.queries.cures import (
    Cure,
    editors,
    leaf_cures,
    names_of_cures,
    objectors,
    party_changers,
)
from workflow.queries.dossier import Dossier


@dataclass(frozen=True, slots=True)
class Cured:
    """A node, who can cure it (as `Reason.who_can_cure` names them), and its parts alike."""

    node: Node
    who: tuple[str, ...]
    parts: tuple["Cured", ...]


def with_who(dossier: Dossier, step: StepRule, node: Node) -> Cured:
    """Say of each part of a tree who can cure it; of one that holds, nobody needs to."""
    return _told(dossier, step, node, [])[0]


def _told(
    dossier: Dossier, step: StepRule, node: Node, around: list[Cure]
) -> tuple[Cured, list[Cure]]:
    """Tell a node and give its cures; `around` are those of the leaf that a seat belongs to."""
    if node.satisfied:
        parts = tuple(_told(dossier, step, part, [])[0] for part in node.parts)
        return Cured(node, (), parts), []
    own = _own(dossier, step, node, around)
    told = [_told(dossier, step, part, own) for part in node.parts]
    cures = own if _is_whole(node) else [cure for _, each in told for cure in each]
    return Cured(node, names_of_cures(dossier, cures), tuple(part for part, _ in told)), cures


def _is_whole(node: Node) -> bool:
    """Say whether a node has cures of its own, not those of its parts."""
    return "leaf" in node.named or not node.parts


def _own(dossier: Dossier, step: StepRule, node: Node, around: Iterable[Cure]) -> list[Cure]:
    named = node.named
    if "leaf" in named:
        return leaf_cures(dossier, step, int(named["leaf"]))
    if "party" in named:
        return [cure for cure in around if cure.holder.party == named["party"]]
    match node.code:
        case Word.NO_OBJECTION:
            return objectors(dossier, step)
        case Word.REVISION_PRESENT:
            return editors(dossier)
        case Word.SOMEBODY_CAN_SIGN:
            return party_changers(dossier)
        case _:
            return []
