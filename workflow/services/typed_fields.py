"""Reads a kind's fields from what people type, by the definition that rules the proposal."""

from collections.abc import Mapping

from workflow.domain.commands import FieldValue
from workflow.domain.definition import Definition
from workflow.domain.identity import Caller
from workflow.domain.verdicts import Code, Refusal, refuse
from workflow.persistence import definitions, people, proposals
from workflow.services.fields import read_field
from workflow.services.runtime import Runtime


def fields_of_kind(
    runtime: Runtime, kind: str, typed: Mapping[str, str]
) -> dict[str, FieldValue] | list[Refusal]:
    """Read fields for a new proposal; an unknown kind is for `propose` to refuse."""
    with runtime.uow.read() as tx:
        found = definitions.newest(tx, kind)
    if found is None:
        return {}
    read = read_typed(found[1], typed)
    if isinstance(read, list):
        return read
    return {name: value for name, value in read.items() if value is not None}


def fields_of_proposal(
    runtime: Runtime, caller: Caller, reference: str, typed: Mapping[str, str]
) -> dict[str, FieldValue | None] | list[Refusal]:
    """Read fields for a proposal on record; an unknown one is for `revise` to refuse."""
    with runtime.uow.read() as tx:
        row = proposals.find(tx, people.viewer_of(tx, caller), reference)
        definition = definitions.edition(tx, row.edition_id) if row else None
    return {} if definition is None else read_typed(definition, typed)


def read_typed(
    definition: Definition, typed: Mapping[str, str]
) -> dict[str, FieldValue | None] | list[Refusal]:
    """Read each value by its field's type; an empty text empties the field."""
    values: dict[str, FieldValue | None] = {}
    reasons = []
    for name, text in typed.items():
        rule = definition.fields.get(name)
        value = read_field(rule.type, text) if rule and text.strip() else None
        if rule is None:
            reasons.append(refuse(Code.FIELD_UNKNOWN, field=name[:80], kind=definition.kind))
        elif value is None and text.strip():
            reasons.append(refuse(Code.FIELD_MALFORMED, field=name, type=rule.type))
        values[name] = value
    return reasons or values
