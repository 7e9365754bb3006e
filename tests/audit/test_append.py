"""Entries are appended in the act's transaction, chained, and never changed again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.fakes import FakeIds
from workflow.bootstrap import Runtime
from workflow.domain.disclosure import make_subject
from workflow.domain.entry import START, Actor, Draft, Link, leaf_hash
from workflow.log.chain import Chains
from workflow.log.leaf import read_leaf
from workflow.persistence.audit_tables import AuditChain, AuditDetail, AuditEntry, AuditSubject
from workflow.persistence.entries import Appended, UnlinkedDraftError, append

PROPOSE = Draft(chain="proposal/A-1", kind="propose", via="cli", proposal="A-1", previous=START)
SIGN = Draft(chain="proposal/A-1", kind="sign", via="cli", proposal="A-1")
EXPORT = Draft(chain="log", kind="export", via="cli", actor=Actor("p1", "UZ", "auditor"))


def record(runtime: Runtime, *drafts: Draft) -> list[Appended]:
    with runtime.uow.write() as tx:
        return append(tx, drafts)


def test_append_numbers_and_links_the_entries_of_a_chain(runtime: Runtime) -> None:
    first, second, third = record(runtime, PROPOSE, SIGN, SIGN)
    with runtime.uow.read() as tx:
        leaves = list(tx.connection.scalars(select(AuditEntry.leaf).order_by(AuditEntry.id)))
    assert [read_leaf(leaf).sequence for leaf in leaves] == [1, 2, 3]
    assert [read_leaf(leaf).prev for leaf in leaves] == [
        None,
        first.leaf_hash.hex(),
        second.leaf_hash.hex(),
    ]
    assert third.link == Link(3, leaf_hash(leaves[2]))


def test_append_continues_a_proposal_where_its_row_says(runtime: Runtime) -> None:
    (first,) = record(runtime, PROPOSE)
    draft = Draft(chain="proposal/A-1", kind="sign", via="web", previous=first.link)
    assert record(runtime, draft)[0].sequence == 2


def test_append_refuses_a_proposals_draft_that_follows_nothing(runtime: Runtime) -> None:
    with pytest.raises(UnlinkedDraftError):
        record(runtime, SIGN)


def test_append_keeps_the_end_of_every_other_chain(runtime: Runtime) -> None:
    record(runtime, EXPORT)
    party = Draft(chain="party/UZ", kind="grant", via="cli")
    *_, last, _ = record(runtime, party, EXPORT, EXPORT, PROPOSE)
    with runtime.uow.read() as tx:
        ends = tx.connection.execute(
            select(AuditChain.chain, AuditChain.sequence).order_by(AuditChain.chain)
        )
        assert [tuple(end) for end in ends] == [("log", 3), ("party/UZ", 1)]
        head = tx.connection.scalar(select(AuditChain.head).where(AuditChain.chain == "log"))
    assert head == last.leaf_hash


def test_append_of_nothing_writes_nothing(runtime: Runtime) -> None:
    assert record(runtime) == []


def test_append_keeps_texts_beside_the_entry(runtime: Runtime) -> None:
    ada = make_subject("ada", "Ada", FakeIds().salt())
    draft = Draft(
        chain="party/UZ", kind="person", via="cli", texts={"reason": "wanted"}, subjects=(ada,)
    )
    (entry,) = record(runtime, draft)
    with runtime.uow.read() as tx:
        detail = tx.connection.execute(select(AuditDetail.entry_id, AuditDetail.value)).one()
        subject = tx.connection.execute(select(AuditSubject.login, AuditSubject.name)).one()
    assert tuple(detail) == (entry.entry_id, '"wanted"')
    assert tuple(subject) == ("ada", "Ada")


def test_append_of_a_new_name_replaces_the_old_one(runtime: Runtime) -> None:
    for name in ("Ada B.", "Ada L."):
        ada = make_subject("ada", name, bytes(16))
        record(runtime, Draft(chain="party/UZ", kind="person", via="cli", subjects=(ada,)))
    with runtime.uow.read() as tx:
        assert list(tx.connection.scalars(select(AuditSubject.name))) == ["Ada L."]


def test_failed_act_leaves_no_entry(runtime: Runtime) -> None:
    def act() -> None:
        with runtime.uow.write() as tx:
            append(tx, [PROPOSE, EXPORT])
            raise KeyError

    with pytest.raises(KeyError):
        act()
    with runtime.uow.read() as tx:
        assert tx.connection.scalar(text("SELECT count(*) FROM audit_entry")) == 0
        assert tx.connection.scalar(text("SELECT count(*) FROM audit_chain")) == 0


ANYWHERE = ["UPDATE audit_entry SET kind = 'x'", "DELETE FROM audit_entry"]
ON_SQLITE = [
    "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry",
    (
        "INSERT INTO audit_entry SELECT * FROM audit_entry WHERE true"
        " ON CONFLICT DO UPDATE SET kind = 'x'"
    ),
    "UPDATE OR REPLACE audit_entry SET id = 2",
    (
        "INSERT OR REPLACE INTO audit_entry"
        " SELECT 99, chain, sequence, proposal_id, at, 'x', actor, party, role, step, change_id,"
        " leaf, leaf_hash FROM audit_entry"
    ),
]
ON_POSTGRESQL = [
    "TRUNCATE audit_entry CASCADE",
    "INSERT INTO audit_entry SELECT * FROM audit_entry ON CONFLICT (id) DO UPDATE SET kind = 'x'",
    "MERGE INTO audit_entry a USING audit_entry b ON a.id = b.id WHEN MATCHED THEN DELETE",
    "SET session_replication_role = replica; DELETE FROM audit_entry",
]


@pytest.fixture
def attempt(runtime: Runtime) -> Callable[[str], None]:
    """Return a way to run SQL as somebody who has the database but forgot our pragmas."""
    record(runtime, PROPOSE)

    def run(statement: str) -> None:
        with runtime.engine.connect() as connection:
            if runtime.engine.dialect.name == "sqlite":
                connection.exec_driver_sql("ROLLBACK")
                connection.exec_driver_sql("PRAGMA recursive_triggers = OFF")
                connection.exec_driver_sql("BEGIN")
            try:
                connection.exec_driver_sql(statement)
                connection.commit()
            finally:
                if runtime.engine.dialect.name == "sqlite":
                    connection.exec_driver_sql("PRAGMA recursive_triggers = ON")

    return run


def test_database_refuses_to_change_an_entry(
    runtime: Runtime, attempt: Callable[[str], None]
) -> None:
    own = ON_SQLITE if runtime.engine.dialect.name == "sqlite" else ON_POSTGRESQL
    for statement in [*ANYWHERE, *own]:
        with pytest.raises(DBAPIError, match="append-only"):
            attempt(statement)
    with runtime.uow.read() as tx:
        rows = tx.connection.execute(select(AuditEntry.id, AuditEntry.kind))
        assert [kind for _, kind in rows] == ["propose"]


def test_concurrent_acts_leave_one_unbroken_chain(runtime: Runtime) -> None:
    """Also the first entry of a chain, which nobody can lock before it exists."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: record(runtime, EXPORT), range(40)))
    with runtime.uow.read() as tx:
        leaves = list(tx.connection.scalars(select(AuditEntry.leaf).order_by(AuditEntry.sequence)))
    chains = Chains()
    assert [chains.follow(read_leaf(leaf), leaf_hash(leaf)) for leaf in leaves] == [None] * 40
