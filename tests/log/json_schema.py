"""As much of JSON Schema (2020-12) as our schemas use; an unknown word is an error."""

import re
from collections.abc import Iterator
from typing import Any

_SORTS: dict[str, type] = {
    "object": dict,
    "array": list,
    "string": str,
    "null": type(None),
    "boolean": bool,
}
_TOLD = {"$schema", "$defs", "title", "description"}


def find_errors(schema: dict[str, Any], value: Any, root: dict[str, Any]) -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Yield why a value is not what a schema says."""
    for word, wanted in schema.items():
        if word not in _TOLD:
            yield from _RULES[word](wanted, value, schema, root)


def _type(wanted: str, value: Any, _: dict[str, Any], __: dict[str, Any]) -> Iterator[str]:  # noqa: ANN401 - any JSON
    sort = int if wanted == "integer" else _SORTS[wanted]
    if not isinstance(value, sort) or (sort is int and isinstance(value, bool)):
        yield f"{value!r} is no {wanted}"


def _properties(
    wanted: dict[str, Any], value: dict[str, Any], _: dict[str, Any], root: dict[str, Any]
) -> Iterator[str]:
    for name in wanted.keys() & value.keys():
        yield from (f"{name}: {error}" for error in find_errors(wanted[name], value[name], root))


def _additional(
    wanted: Any,  # noqa: ANN401 - a schema or false
    value: dict[str, Any],
    schema: dict[str, Any],
    root: dict[str, Any],
) -> Iterator[str]:
    for name in value.keys() - schema.get("properties", {}).keys():
        if wanted is False:
            yield f"{name} is not known"
        else:
            yield from find_errors(wanted, value[name], root)


def _any_of(
    wanted: list[Any],
    value: Any,  # noqa: ANN401 - any JSON
    _: dict[str, Any],
    root: dict[str, Any],
) -> Iterator[str]:
    if all(any(find_errors(each, value, root)) for each in wanted):
        yield f"{value!r} is none of them"


_RULES: dict[str, Any] = {
    "type": _type,
    "properties": _properties,
    "additionalProperties": _additional,
    "anyOf": _any_of,
    "required": lambda w, v, _, __: (f"{name} is absent" for name in w if name not in v),
    "const": lambda w, v, _, __: [f"{v!r} is not {w!r}"] * (v != w or type(v) is not type(w)),
    "pattern": lambda w, v, _, __: [f"{v!r} is not {w}"] * (not re.search(w, v)),
    "minLength": lambda w, v, _, __: ["too short"] * (len(v) < w),
    "minimum": lambda w, v, _, __: ["too small"] * (v < w),
    "maximum": lambda w, v, _, __: ["too large"] * (v > w),
    "items": lambda w, v, _, root: (e for each in v for e in find_errors(w, each, root)),
    "$ref": lambda w, v, _, root: find_errors(root["$defs"][w.rpartition("/")[2]], v, root),
}
