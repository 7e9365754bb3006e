"""Lints the order of a rule: stages that two readers could read in two ways."""

from collections.abc import Iterator

from workflow.domain.findings import Fault, Finding, Level
from workflow.domain.lint_places import PlacedRule
from workflow.domain.requirement import Group, Part, signing_leaves


def lint_stages(rule: PlacedRule) -> Iterator[Finding]:
    """Find stages whose order is not clear, or that ask for nothing new."""
    yield from _named_twice(rule)
    yield from _alternatives(rule)
    for placed, group in rule.groups:
        if any(_is_stage(part) for part in group.parts):
            yield from _mixed(placed.place, group)
            yield from _nothing_new(placed.place, group)


def _named_twice(rule: PlacedRule) -> Iterator[Finding]:
    places: dict[str, str] = {}
    for placed, group in rule.groups:
        if group.stage is None:
            continue
        first = places.setdefault(group.stage, placed.place)
        if first != placed.place:
            inside = placed.place.startswith(f"{first}.")
            yield Finding(
                Fault.STAGE_ORDER,
                f"{placed.place}.stage",
                f"{group.stage!r} is the name of "
                + ("the stage around it, too" if inside else "an earlier stage, too"),
                "Give each stage a name of its own.",
            )


def _alternatives(rule: PlacedRule) -> Iterator[Finding]:
    for placed, group in rule.groups:
        if group.needed >= len(group.parts):
            continue
        staged = [part.stage for part in group.parts if isinstance(part, Group) and part.stage]
        if len(staged) > 1:
            yield Finding(
                Fault.STAGE_ORDER,
                placed.place,
                f"puts alternatives in an order: {', '.join(staged)}; one would wait for another "
                "that may never be needed",
                "Take the stages out of the alternatives, or ask for all of them.",
            )


def _mixed(place: str, group: Group) -> Iterator[Finding]:
    loose = [part for part in group.parts if not _is_stage(part) and any(signing_leaves(part))]
    if loose:
        yield Finding(
            Fault.STAGE_ORDER,
            place,
            "has sign-offs outside its stages, which may be given at any time",
            "Put them into a stage, or all of the stages into a group of their own.",
            Level.WARNING,
        )


def _nothing_new(place: str, group: Group) -> Iterator[Finding]:
    if group.needed < len(group.parts):
        return
    asked: set[object] = set()
    for part in group.parts:
        own = {leaf for _, leaf in signing_leaves(part)}
        if isinstance(part, Group) and part.stage and own and own <= asked:
            yield Finding(
                Fault.STAGE_ORDER,
                place,
                f"its stage {part.stage!r} asks nobody who has not signed in an earlier one",
                "A seat signs a step once: leave the stage out, or ask another role.",
                Level.WARNING,
            )
        asked |= own


def _is_stage(part: Part) -> bool:
    return isinstance(part, Group) and part.stage is not None
