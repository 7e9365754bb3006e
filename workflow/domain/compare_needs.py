"""Compares what two rules need: which parts appear, vanish, change or move to another stage."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from workflow.domain.describe import describe_part
from workflow.domain.leaf import (
    ChildrenIn,
    DateReached,
    EvidenceCount,
    FieldFilled,
    Leaf,
    NamedSignOff,
    PartiesPresent,
    SignOffs,
    Silence,
)
from workflow.domain.requirement import Group, Part

if TYPE_CHECKING:
    from workflow.domain.explanation import Node


class Differing(StrEnum):
    """How two rules differ in one thing."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    ALTERNATIVES = "alternatives"
    STAGES = "stages"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing two rules differ in: a part, where a part stands, or an order."""

    how: Differing
    before: "Node | tuple[str, ...] | None"
    after: "Node | tuple[str, ...] | None"
    part: "Node | None" = None
    """The part that has moved from one place to the other."""


@dataclass(frozen=True, eq=False, slots=True)
class _Set:
    """A leaf where it stands: the stages and groups of alternatives around it."""

    leaf: Leaf
    where: tuple[str, ...]


def compare_needs(before: Part, after: Part) -> Iterator[Difference]:
    """Give what differs between two rules, in the order the newer one is read."""
    was, now = list(_leaves(before, ())), list(_leaves(after, ()))
    old_of = {new: old for old, new in _pairs(was, now)}
    for old in was:
        if old not in old_of.values():
            yield Difference(Differing.REMOVED, describe_part(old.leaf), None)
    for new in now:
        yield from _difference(old_of.get(new), new)
    if (old_stages := _stages(before)) != (new_stages := _stages(after)):
        yield Difference(Differing.STAGES, old_stages, new_stages)
    if (old_groups := _choices(before)) != (new_groups := _choices(after)):
        yield Difference(Differing.ALTERNATIVES, old_groups, new_groups)


def _difference(old: _Set | None, new: _Set) -> Iterator[Difference]:
    said = describe_part(new.leaf)
    if old is None:
        yield Difference(Differing.ADDED, None, said)
        return
    if old.leaf != new.leaf:
        yield Difference(Differing.CHANGED, describe_part(old.leaf), said)
    if old.where != new.where:
        yield Difference(Differing.MOVED, old.where, new.where, said)


def _leaves(part: Part, where: tuple[str, ...]) -> Iterator[_Set]:
    if not isinstance(part, Group):
        yield _Set(part, where)
        return
    stage = (part.stage,) if part.stage else ()
    choice = () if part.at_least is None else (f"at least {part.at_least} of these",)
    for each in part.parts:
        yield from _leaves(each, (*where, *stage, *choice))


def _pairs(was: list[_Set], now: list[_Set]) -> Iterator[tuple[_Set, _Set]]:
    """Pair what is the same thing, the most alike first; what is left was added or removed."""
    old, new = list(was), list(now)
    for alike in (_same, _leaf, _subject, _theme, _seat):
        for one in tuple(old):
            match = next((two for two in new if alike(one) == alike(two)), None)
            if match is not None:
                old.remove(one)
                new.remove(match)
                yield one, match


def _same(at: _Set) -> object:
    return at.leaf, at.where


def _leaf(at: _Set) -> object:
    return at.leaf


def _subject(at: _Set) -> object:
    """Say what a leaf is about, whatever its numbers."""
    return type(at.leaf), *(getattr(at.leaf, name) for name in _ABOUT[type(at.leaf)])


def _theme(at: _Set) -> object:
    """Say what a leaf is about if those it asks changed as well."""
    return type(at.leaf), *(getattr(at.leaf, name) for name in _ABOUT[type(at.leaf)][:1])


def _seat(at: _Set) -> object:
    """Say where a sign-off stands and of how many, whatever its role or party."""
    leaf = at.leaf
    if isinstance(leaf, SignOffs):
        return SignOffs, leaf.capacities, leaf.at_least, leaf.sort, at.where
    return (NamedSignOff, at.where) if isinstance(leaf, NamedSignOff) else _subject(at)


_ABOUT: Mapping[type, tuple[str, ...]] = {
    SignOffs: ("role", "capacities"),
    NamedSignOff: ("role", "party"),
    Silence: ("role",),
    EvidenceCount: ("type",),
    FieldFilled: ("name",),
    DateReached: ("field",),
    ChildrenIn: (),
    PartiesPresent: (),
}


def _stages(part: Part) -> tuple[str, ...]:
    return tuple(group.stage for group in _groups(part) if group.stage)


def _choices(part: Part) -> tuple[str, ...]:
    return tuple(
        f"{group.at_least} of {len(group.parts)}"
        for group in _groups(part)
        if group.at_least is not None
    )


def _groups(part: Part) -> Iterable[Group]:
    if isinstance(part, Group):
        yield part
        for each in part.parts:
            yield from _groups(each)
