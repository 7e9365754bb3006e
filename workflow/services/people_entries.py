"""Writes entries of acts on people into the chains of the parties they concern."""

from collections.abc import Mapping

from workflow.domain.canonical import Json
from workflow.domain.disclosure import Subject
from workflow.domain.entry import Actor, Draft, write_instant
from workflow.domain.identity import Caller, Mandate, Via
from workflow.persistence import people
from workflow.persistence.entries import append
from workflow.persistence.people import PersonRow
from workflow.persistence.unit_of_work import Tx

ADMINISTRATOR = "administrator"


def party_chain(party: str) -> str:
    """Name the chain of a party, in which its people and mandates are recorded."""
    return f"party/{party}"


def actor_of(caller: Caller | None, party: str | None) -> Actor:
    """Name the caller as the administrator of a party; nobody when the set-up itself acts."""
    if caller is None:
        return Actor()
    role = ADMINISTRATOR if party is not None else None
    return Actor(caller.pseudonym, party, role, token=caller.credential)


def record(
    tx: Tx,
    caller: Caller | None,
    party: str,
    kind: str,
    *,
    person: str | None = None,
    facts: Mapping[str, Json] | None = None,
    texts: Mapping[str, Json] | None = None,
    subjects: tuple[Subject, ...] = (),
    acts_for: str | None = None,
    actor: Actor | None = None,
) -> str:
    """Record an act in a party's chain and return the entry's leaf hash in hex.

    `person` is a pseudonym; `acts_for` is the party in whose name the caller acts, else the same.
    The caller acts as an administrator unless an `actor` says otherwise.
    """
    draft = Draft(
        chain=party_chain(party),
        kind=kind,
        via=caller.via if caller is not None else Via.SETUP,
        actor=actor or actor_of(caller, acts_for or party),
        person=person,
        facts=facts or {},
        texts=texts or {},
        subjects=subjects,
    )
    (appended,) = append(tx, [draft])
    return appended.leaf_hash.hex()


def record_of_person(
    tx: Tx, person: PersonRow, kind: str, *, credential: str | None = None, via: Via = Via.CLI
) -> None:
    """Record what a person did to their own account, in the chain of each party they act for."""
    chains = sorted({party_chain(each.party) for each in people.mandates_of(tx, person.id)})
    actor = Actor(person.pseudonym, token=credential)
    append(
        tx,
        [
            Draft(chain=chain, kind=kind, via=via, actor=actor, person=person.pseudonym)
            for chain in chains or ["log"]
        ],
    )


def mandate_facts(mandate: Mandate) -> Mapping[str, Json]:
    """Write a mandate as facts: party, role, summit and its days."""
    facts: dict[str, Json] = {
        "party": mandate.party,
        "role": mandate.role,
        "from": write_instant(mandate.starts_at),
    }
    if mandate.ends_at is not None:
        facts["until"] = write_instant(mandate.ends_at)
    if mandate.summit is not None:
        facts["summit"] = mandate.summit
    return facts
