"""Random edits of a database by its owner, who switches the triggers off and may have the key.

Left out is what a log does not vouch for: people's names, the time at which a checkpoint came
into the database, and rows whose absence is an erasure. Checkpoints that nobody kept may be
dropped.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from tests.edits.leaves import altered, flipped
from tests.edits.rewriting import Stored, rewrite, sealed_entries
from workflow.log.bundle.verify import Trust
from workflow.log.keys import SigningKey
from workflow.log.verdict import Verified
from workflow.persistence.schema import metadata
from workflow.persistence.unit_of_work import UnitOfWork
from workflow.services.audit_check import verify_database

COLUMNS: Mapping[str, Sequence[str]] = {
    "audit_entry": (
        "chain", "sequence", "proposal_id", "at", "kind", "actor", "party", "role", "step",
        "change_id", "leaf", "leaf_hash", "id",
    ),
    "audit_tile": ("level", "number", "hashes"),
    "audit_run": ("first_leaf", "entries", "entry_ids", "lowest_id", "highest_id"),
    "log_state": ("size", "root"),
    "audit_checkpoint": ("size", "root", "note"),
    "audit_detail": ("field", "salt", "value"),
    "audit_chain": ("chain", "sequence", "head"),
    "audit_pending": ("entries", "entry_ids", "hashes"),
    "proposal": ("reference", "version", "head"),
    "log_key": ("vkey",),
    "audit_cosignature": ("line",),
}  # fmt: skip
"""What the log vouches for."""

HEAVY = ("audit_entry", "audit_entry", "audit_entry", "audit_tile", "audit_run", "audit_detail")
"""Tables that are edited more often than others."""

SAME_CHAIN = 4
"""How many entries at the beginning of the first block that waits are of one chain."""

HAND_SHARE = 0.85
"""How many edits are made by hand; a history written anew takes longer."""

MAY_VANISH = ("audit_detail", "audit_checkpoint", "audit_cosignature", "proposal", "log_key")


@dataclass(frozen=True)
class Owned:
    """A prepared database without triggers: how to copy it, and what somebody kept of its log."""

    copied: Callable[[], AbstractContextManager[UnitOfWork]]
    trust: Trust
    key: SigningKey
    kept_size: int

    def judge(self, random: Random) -> tuple[str, Verified]:
        """Carry out a random edit on a copy, and verify that against the kept checkpoint."""
        with self.copied() as uow:
            name = self._edit(random, uow)
            return name, verify_database(uow, self.trust)

    def judge_without(self, random: Random, name: str) -> Verified:
        """Carry out an owner's edit, and verify it without a kept checkpoint."""
        with self.copied() as uow:
            with uow.engine.begin() as connection:
                OWNERS_EDITS[name](random, connection, self)
            return verify_database(uow, replace(self.trust, since=None))

    def _edit(self, random: Random, uow: UnitOfWork) -> str:
        while True:
            by_hand = random.random() < HAND_SHARE
            often = [change_a_value.__name__] * 3 + [exchange_values.__name__] * 2
            name = random.choice([*EDITS, *often] if by_hand else [*OWNERS_EDITS])
            try:
                with uow.engine.begin() as connection:
                    if name in OWNERS_EDITS:
                        return f"{name}{OWNERS_EDITS[name](random, connection, self)}"
                    if what := EDITS[name](random, connection):
                        return f"{name} {what}"
            except IntegrityError:
                continue  # what the tables' own constraints refuse is no edit


# --- by hand: each returns what it changed, or nothing -----------------------------------------


def change_a_value(random: Random, connection: Connection) -> str:
    """Put another value into one column of one row."""
    table, row = _any_row(random, connection)
    column = random.choice(COLUMNS[table.name])
    before = getattr(row, column)
    after = _another(random, before, [getattr(r, column) for r in _rows(connection, table)])
    if after == before:
        return ""
    connection.execute(_at(update(table), table, row).values({column: after}))
    return f"{table.name}.{column}"


def exchange_values(random: Random, connection: Connection) -> str:
    """Let two rows exchange some of their columns, such as a leaf and its hash."""
    table, one = _any_row(random, connection)
    other = random.choice(_rows(connection, table))
    keys = {column.name for column in table.primary_key}
    names = [name for name in COLUMNS[table.name] if name not in keys | {"sequence", "chain"}]
    chosen = random.sample(names, random.randint(1, len(names))) if names else []
    values = [{name: getattr(row, name) for name in chosen} for row in (one, other)]
    if table.name == "audit_pending" and {"entry_ids", "hashes"} <= set(chosen):
        return ""  # blocks of different chains have no order yet
    if values[0] == values[1]:
        return ""
    connection.execute(_at(update(table), table, one).values(values[1]))
    connection.execute(_at(update(table), table, other).values(values[0]))
    return f"{table.name} {sorted(chosen)}"


def exchange_two_that_wait(random: Random, connection: Connection) -> str:
    """Let two entries of one chain wait in the wrong order."""
    table = metadata.tables["audit_pending"]
    block = _rows(connection, table)[0]
    values = {"entry_ids": block.entry_ids, "hashes": block.hashes}
    one = random.randrange(SAME_CHAIN - 1)
    for name, width in (("entry_ids", 8), ("hashes", 32)):
        pieces = [values[name][at : at + width] for at in range(0, len(values[name]), width)]
        pieces[one], pieces[one + 1] = pieces[one + 1], pieces[one]
        values[name] = b"".join(pieces)
    connection.execute(_at(update(table), table, block).values(values))
    return f"{one}"


def delete_a_row(random: Random, connection: Connection) -> str:
    """Take a row away."""
    table, row = _any_row(random, connection)
    if table.name in MAY_VANISH:
        return ""
    connection.execute(_at(delete(table), table, row))
    return table.name


def double_a_row(random: Random, connection: Connection) -> str:
    """Put a copy of a row beside it, under another key."""
    table, row = _any_row(random, connection)
    values = dict(row._mapping)
    for column in table.primary_key:
        if isinstance(values[column.name], int):
            values[column.name] += random.randint(1, 1_000)
    if table.name == "audit_detail":
        values["entry_id"] = random.choice(_rows(connection, metadata.tables["audit_entry"])).id
    if table.name == "audit_entry":
        values["sequence"] += random.randint(1, 1_000)
    if table.name in ("proposal", "audit_checkpoint", "audit_cosignature"):
        return ""
    connection.execute(insert(table).values(values))
    return table.name


def truncate_the_tail(random: Random, connection: Connection) -> str:
    """Take the newest rows of a table away."""
    name = random.choice(["audit_entry", "audit_tile", "audit_run", "audit_pending"])
    table = metadata.tables[name]
    rows = _rows(connection, table)
    for row in rows[random.randrange(len(rows)) :]:
        connection.execute(_at(delete(table), table, row))
    return name


EDITS: Mapping[str, Callable[[Random, Connection], str]] = {
    each.__name__: each
    for each in (
        change_a_value, exchange_values, exchange_two_that_wait, delete_a_row, double_a_row,
        truncate_the_tail,
    )
}  # fmt: skip


# --- by an owner with the key: only the kept checkpoint exposes them ---------------------------


def rewrite_an_entry(random: Random, connection: Connection, owned: Owned) -> str:
    """Alter an entry, and everything that follows from it."""
    entries = sealed_entries(connection)
    at = random.randrange(owned.kept_size)
    entries[at] = replace(entries[at], leaf=altered(random, entries[at].leaf))
    rewrite(connection, entries, owned.key)
    return f" {at}"


def exchange_two_entries(random: Random, connection: Connection, owned: Owned) -> str:
    """Let two neighbours in the tree change places, as if they had come in another order."""
    entries = sealed_entries(connection)
    at = random.randrange(owned.kept_size - 1)
    entries[at], entries[at + 1] = entries[at + 1], entries[at]
    rewrite(connection, entries, owned.key)
    return f" {at}"


def leave_an_entry_out(random: Random, connection: Connection, owned: Owned) -> str:
    """Take an entry away, and close the gap."""
    entries = sealed_entries(connection)
    at = random.choice([n for n in range(owned.kept_size) if b'"number":' in entries[n].leaf])
    rewrite(connection, [*entries[:at], *entries[at + 1 :]], owned.key)
    return f" {at}"


def roll_back(random: Random, connection: Connection, owned: Owned) -> str:
    """Take the newest entries away, as an old backup would."""
    entries = sealed_entries(connection)
    size = random.randrange(owned.kept_size - 200, owned.kept_size)
    rewrite(connection, entries[:size], owned.key)
    return f" to {size}"


OWNERS_EDITS: Mapping[str, Callable[[Random, Connection, Owned], str]] = {
    each.__name__: each
    for each in (rewrite_an_entry, exchange_two_entries, leave_an_entry_out, roll_back)
}


def _any_row(random: Random, connection: Connection) -> tuple[Table, Row[Any]]:
    table = metadata.tables[random.choice([*COLUMNS, *HEAVY])]
    return table, random.choice(_rows(connection, table))


def _rows(connection: Connection, table: Table) -> Sequence[Row[Any]]:
    return connection.execute(select(table).order_by(*table.primary_key)).all()


def _at(statement: Any, table: Table, row: Row[Any]) -> Any:  # noqa: ANN401 - any DML
    return statement.where(*(column == getattr(row, column.name) for column in table.primary_key))


def _another(random: Random, value: object, others: Sequence[object]) -> object:
    """Return another value of the sort, or another row's."""
    if value is None or random.random() < 0.3:
        return random.choice(others)
    if isinstance(value, bytes):
        return flipped(random, value)
    if isinstance(value, datetime):
        return value + timedelta(microseconds=random.choice([1, -1, 3_600_000_000]))
    if isinstance(value, int):
        return value + random.choice([-1, 1, 256, random.randint(-(2**31), 2**31)])
    text = str(value)
    at = random.randrange(len(text))
    return text[:at] + random.choice("abcXYZ0189-/ ") + text[at + 1 :]


__all__ = ["EDITS", "OWNERS_EDITS", "Owned", "Stored"]
