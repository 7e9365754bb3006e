"""The check of a database names the first entry that is not as it was written."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete

from workflow.bootstrap import Runtime
from workflow.persistence.audit_tables import AuditDetail, AuditSubject
from workflow.services.audit_check import verify_database

Damage = Callable[[str], None]


def first_fault(runtime: Runtime) -> str | None:
    fault = verify_database(runtime.uow).fault
    return fault.sentence if fault else None


@pytest.mark.usefixtures("world")
def test_untouched_log_is_whole(runtime: Runtime) -> None:
    assert verify_database(runtime.uow).sentence == (
        "OK: 13 entries in 6 chains; every chain is whole from its first entry;"
        " 0 of them sealed, 13 not yet."
    )


def test_empty_log_is_whole(runtime: Runtime) -> None:
    assert verify_database(runtime.uow).ok


@pytest.mark.usefixtures("world")
def test_erasure_of_people_and_texts_breaks_nothing(runtime: Runtime) -> None:
    with runtime.uow.write() as tx:
        tx.connection.execute(delete(AuditDetail))
        tx.connection.execute(delete(AuditSubject))
    assert verify_database(runtime.uow).ok


PLACE = " WHERE chain = 'proposal/UZ-2' AND sequence = 2"
ITS_TEXT = " WHERE entry_id = 9"
CHANGES = {
    "UPDATE audit_entry SET kind = 'propose'": "kind is not what the leaf says",
    "UPDATE audit_entry SET party = 'JP'": "party is not what the leaf says",
    "UPDATE audit_entry SET actor = NULL": "actor is not what the leaf says",
    "UPDATE audit_entry SET role = 'auditor'": "role is not what the leaf says",
    "UPDATE audit_entry SET step = 'implement'": "step is not what the leaf says",
    "UPDATE audit_entry SET change_id = 'c'": "change_id is not what the leaf says",
    "UPDATE audit_entry SET proposal_id = 3": "proposal_id is not that of the leaf's proposal",
    "UPDATE audit_entry SET at = '2020-01-01T00:00:00.000000Z'": "at is not what the leaf says",
    "UPDATE audit_detail SET value = '\"forged\"'": (
        "the disclosure of note does not match its digest in the leaf"
    ),
    "UPDATE audit_detail SET value = 'no json'": (
        "the disclosure of note does not match its digest in the leaf"
    ),
    "UPDATE audit_detail SET salt = 'AAAA'": (
        "the disclosure of note does not match its digest in the leaf"
    ),
    "UPDATE audit_detail SET field = 'other'": "the leaf has no digest for other",
}


@pytest.mark.parametrize("statement", CHANGES)
def test_change_to_a_row_is_named(runtime: Runtime, damage: Damage, statement: str) -> None:
    damage(statement + (ITS_TEXT if "detail" in statement else PLACE))
    assert first_fault(runtime) == f"proposal/UZ-2 #2: {CHANGES[statement]}"


LEAVES = {
    "sqlite": (
        "UPDATE audit_entry SET leaf = CAST(replace(CAST(leaf AS TEXT), 'web', 'cli') AS BLOB)",
        "UPDATE audit_entry SET leaf = substr(leaf, 2)",
        "UPDATE audit_entry SET leaf = x''",
        "UPDATE audit_entry SET leaf = CAST(leaf AS TEXT)",
    ),
    "postgresql": (
        (
            "UPDATE audit_entry SET"
            " leaf = convert_to(replace(convert_from(leaf, 'UTF8'), 'web', 'cli'), 'UTF8')"
        ),
        "UPDATE audit_entry SET leaf = substr(leaf, 2)",
        "UPDATE audit_entry SET leaf = ''::bytea",
        "UPDATE audit_entry SET leaf = leaf || ' '::bytea",
    ),
}


@pytest.mark.parametrize("which", range(4))
def test_change_to_a_leaf_is_named(runtime: Runtime, damage: Damage, which: int) -> None:
    damage(LEAVES[runtime.engine.dialect.name][which] + PLACE)
    assert (first_fault(runtime) or "").startswith("proposal/UZ-2 #2: the leaf ")


ENDS = {
    "DELETE FROM audit_detail; DELETE FROM audit_entry"
    " WHERE chain = 'proposal/UZ-2' AND sequence = 2": (
        "proposal/UZ-2 #3: #2 is missing before it"
    ),
    "DELETE FROM audit_detail; DELETE FROM audit_entry"
    " WHERE chain = 'proposal/UZ-2' AND sequence = 3": (
        "proposal/UZ-2 #2: #3 to #3 are missing after it"
    ),
    "DELETE FROM audit_detail; DELETE FROM audit_entry WHERE chain = 'proposal/UZ-2'": (
        "proposal/UZ-2: its entries are missing"
    ),
    "DELETE FROM audit_detail; DELETE FROM audit_entry WHERE chain = 'party/JP'": (
        "party/JP: its entries are missing"
    ),
    "UPDATE proposal SET version = 2 WHERE reference = 'UZ-2'": (
        "proposal/UZ-2 #3: the chain should have ended at #2"
    ),
    "UPDATE audit_subject SET login = 'x' || login WHERE login = 'j.auditor'": (
        "party/JP #1: the disclosure of person does not match its digest in the leaf"
    ),
    "DELETE FROM audit_chain WHERE chain = 'party/JP'": (
        "party/JP #1: nothing in the database belongs to this chain"
    ),
    "UPDATE proposal SET head = (SELECT leaf_hash FROM audit_entry WHERE chain ="
    " 'proposal/JP-3' AND sequence = 3) WHERE reference = 'UZ-2'": (
        "proposal/UZ-2 #3: the head kept for the chain is not this entry's hash"
    ),
}


@pytest.mark.parametrize("statement", ENDS)
def test_missing_entries_and_false_ends_are_named(
    runtime: Runtime, damage: Damage, statement: str
) -> None:
    for part in statement.split("; "):
        damage(part)
    assert first_fault(runtime) == ENDS[statement]
