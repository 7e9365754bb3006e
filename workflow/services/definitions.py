"""Publish workflow definitions; an edition is immutable and proposals stay pinned to theirs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from workflow.domain.definition import Definition, DefinitionError
from workflow.domain.entry import Actor, Draft
from workflow.domain.identity import JOINT_SECRETARIAT, Caller, Mandate, Via
from workflow.domain.lint import errors, lint
from workflow.domain.requirement import role_covers
from workflow.domain.verdicts import Code, Refused, refuse
from workflow.persistence import definitions, people
from workflow.persistence.entries import append
from workflow.persistence.installation import lock_installation
from workflow.persistence.unit_of_work import Tx
from workflow.services.runtime import Runtime

LOG = "log"


@dataclass(frozen=True, slots=True)
class Published:
    """An edition on record; `is_new` is false where it already was."""

    kind: str
    number: int
    digest: str
    is_new: bool


def publish_shipped(
    runtime: Runtime, shipped: Iterable[Mapping[str, Any]]
) -> tuple[Published, ...]:
    """Publish each shipped definition that was never published; give what is new.

    Raises: DefinitionError, and nothing is published.
    """
    made = [Definition.from_mapping(mapping) for mapping in shipped]
    with runtime.uow.write() as tx:
        lock_installation(tx)
        editions = [_publish(tx, definition, None, None) for definition in made]
    return tuple(each for each in editions if each.is_new)


def publish(
    runtime: Runtime, caller: Caller, definitions_made: Iterable[Definition]
) -> tuple[Published, ...] | Refused:
    """Publish definitions on the joint secretariat's authority, all or none.

    Raises: DefinitionError for one that has errors; whoever publishes lints first, and tells them.
    """
    made = tuple(definitions_made)
    for each in made:
        if faults := errors(lint(each, runtime.vocabulary)):
            raise DefinitionError(faults)
    with runtime.uow.write() as tx:
        lock_installation(tx)
        mandate = authority(tx, caller)
        if mandate is None:
            return Refused((refuse(Code.NO_MANDATE, party=JOINT_SECRETARIAT, role="secretariat"),))
        return tuple(_publish(tx, each, caller, mandate) for each in made)


def newest_editions(runtime: Runtime) -> dict[str, tuple[int, Definition]]:
    """Give {kind: (number, definition)} of every published kind."""
    with runtime.uow.read() as tx:
        numbers = definitions.newest_of_all(tx)
        found = {kind: definitions.newest(tx, kind) for kind in numbers}
    return {kind: (numbers[kind][0], each[1]) for kind, each in found.items() if each}


def authority(tx: Tx, caller: Caller) -> Mandate | None:
    """Find the mandate by which a person may decide on rules: the joint secretariat's."""
    for mandate in people.mandates_of(tx, caller.person_id):
        # Rules hold for every summit, so a mandate for one summit does not reach them.
        everywhere = mandate.party == JOINT_SECRETARIAT and mandate.summit is None
        if everywhere and role_covers("secretariat", mandate.role):
            return mandate
    return None


def _publish(
    tx: Tx, definition: Definition, caller: Caller | None, mandate: Mandate | None
) -> Published:
    known = definitions.number_of(tx, definition.digest)
    if known is not None:
        # An older edition stays what it was: a deployment that published its own after the
        # shipped one keeps its own when it is upgraded.
        return Published(definition.kind, known, definition.digest, is_new=False)
    number = definitions.publish(tx, definition, tx.at, caller.person_id if caller else None)
    append(
        tx,
        [
            Draft(
                chain=LOG,
                kind="publish",
                via=caller.via if caller else Via.SETUP,
                actor=_actor(caller, mandate),
                definition=definition.digest,
                facts={"kind": definition.kind, "number": number},
            )
        ],
    )
    return Published(definition.kind, number, definition.digest, is_new=True)


def _actor(caller: Caller | None, mandate: Mandate | None) -> Actor:
    if caller is None or mandate is None:
        return Actor()
    return Actor(
        caller.pseudonym, mandate.party, mandate.role, mandate.holder_pseudonym, caller.credential
    )
