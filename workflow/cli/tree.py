"""Says a verdict's tree in English for the command line."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workflow.domain.explain import Node

_SENTENCES = {
    "step": "{step} leads to {to}",
    "open_here": "open while the proposal is {state}",
    "revision_present": "there is a revision to sign",
    "no_objection": "objections: {objections}, and {block_at} would block",
    "somebody_can_sign": "somebody can sign",
    "all": "all of",
    "stage": "stage {stage}",
    "signoffs": "{role} of {capacities}: {have} of {need}",
    "signoff": "{party} {role}: {have} of {need}",
    "evidence": "evidence {type}: {have} of {need}",
    "field": "field {field}: {have} of {need}",
    "seat_signed": "{party} {signed_role} signed ({person})",
    "seat_objected": "{party} {signed_role} objected ({person})",
    "seat_waiting": "{party} {role} has not signed",
    "seat_not_open": "{party} {role}: not yet its turn",
    "seat_not_needed": "{party} {role}: not needed",
}


class _Params(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "–"


def say(node: "Node") -> str:
    """Say one node."""
    return _SENTENCES.get(node.code, str(node.code)).format_map(_Params(node.named))


def as_lines(node: "Node | None", depth: int = 0) -> Iterator[str]:
    """Draw a tree, each part under what it belongs to: + holds, - does not."""
    if node is not None:
        yield f"{'  ' * depth}{'+' if node.satisfied else '-'} {say(node)}"
        for part in node.parts:
            yield from as_lines(part, depth + 1)
