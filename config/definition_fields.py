"""Gives a kind the fields that its ancestor offers and that it names without declaring them."""

from collections.abc import Iterator
from typing import Any

OFFERED = "offered-fields"


def take_offered_fields(mapping: dict[str, Any]) -> None:
    """Take up each offered field that the kind calls material or that a rule asks for.

    A kind that declares a field of the same name has its own; one that names none has none.
    """
    offered = mapping.pop(OFFERED, None)
    fields = mapping.get("fields") or {}
    if not isinstance(offered, dict) or not isinstance(fields, dict):
        return
    named = set(_named(mapping))
    taken = {name: rule for name, rule in offered.items() if name in named and name not in fields}
    if taken:
        mapping["fields"] = {**fields, **taken}


def _named(mapping: dict[str, Any]) -> Iterator[str]:
    material = mapping.get("material")
    if isinstance(material, list):
        yield from (name for name in material if isinstance(name, str))
    steps = mapping.get("steps")
    for step in steps.values() if isinstance(steps, dict) else ():
        yield from _asked(step.get("needs") if isinstance(step, dict) else None)


def _asked(need: Any) -> Iterator[str]:  # noqa: ANN401 - untrusted
    """Give what stands after `field:` anywhere in a rule."""
    if isinstance(need, list):
        for each in need:
            yield from _asked(each)
    elif isinstance(need, dict):
        for key, value in need.items():
            if key == "field" and isinstance(value, str):
                yield value
            else:
                yield from _asked(value)
