"""The audit page shows what its viewer may see, newest first, with as many queries for any size."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from tests.audit.conftest import World
from workflow.bootstrap import Runtime
from workflow.domain.identity import OPERATOR, Caller
from workflow.persistence import people
from workflow.persistence.entry_scope import EVERYTHING, EntryFilter
from workflow.persistence.leaf_search import places_of
from workflow.persistence.sealing import pack_ids, write_run
from workflow.queries.audit import AuditPage, audit_page, entry_by_hash


def read(
    runtime: Runtime,
    viewer: Caller | None = None,
    wanted: EntryFilter = EVERYTHING,
    after: int | None = None,
    limit: int = 50,
) -> AuditPage:
    with runtime.uow.read() as tx:
        eyes = people.viewer_of(tx, viewer) if viewer else OPERATOR
        return audit_page(tx, eyes, wanted, after, limit)


def test_page_says_who_when_what_and_why(runtime: Runtime, world: World) -> None:
    row = read(runtime, wanted=EntryFilter(proposal="UZ-2")).rows[0]
    assert row.actor is not None
    assert (row.actor.login, row.actor.name) == ("u.signer", "Name of u.signer")
    assert row.actor.pseudonym == world.signer.pseudonym
    assert (row.kind, row.step, row.from_state, row.to_state, row.reason, row.sequence) == (
        "step", "agree", "proposed", "agreed", "Everyone signed", 3,
    )  # fmt: skip
    assert (row.via, row.party, row.role) == ("web", "UZ", "line_ministry.transport")


@pytest.mark.usefixtures("world")
def test_pages_follow_one_another_without_gap_or_repeat(runtime: Runtime) -> None:
    whole = [row.leaf_hash for row in read(runtime).rows]
    found: list[str] = []
    after: int | None = None
    while True:
        page = read(runtime, after=after, limit=4)
        found += [row.leaf_hash for row in page.rows]
        after = page.after
        if after is None:
            break
    assert found == whole
    assert len(whole) == 13


@pytest.mark.usefixtures("world")
def test_last_full_page_has_no_next(runtime: Runtime) -> None:
    assert read(runtime, limit=13).after is None


def test_page_hides_what_the_viewer_may_not_see(runtime: Runtime, world: World) -> None:
    chains = {row.chain for row in read(runtime, world.of_jp).rows}
    assert chains == {"party/JP", "party/UZ", "proposal/BOTH-1", "proposal/JP-3"}


def test_entry_is_found_by_its_hash_by_those_who_may_see_it(runtime: Runtime, world: World) -> None:
    row = read(runtime, wanted=EntryFilter(proposal="UZ-2")).rows[0]
    digest = bytes.fromhex(row.leaf_hash)
    with runtime.uow.read() as tx:
        assert entry_by_hash(tx, digest) == row
        assert entry_by_hash(tx, digest, people.viewer_of(tx, world.of_uz)) == row
        assert entry_by_hash(tx, digest, people.viewer_of(tx, world.of_jp)) is None
        assert entry_by_hash(tx, bytes(32)) is None


@contextmanager
def statements(runtime: Runtime) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(runtime.engine, "before_cursor_execute", note)
    yield seen
    event.remove(runtime.engine, "before_cursor_execute", note)


@pytest.mark.usefixtures("world")
def test_page_of_one_and_of_all_take_the_same_queries(runtime: Runtime) -> None:
    with statements(runtime) as one:
        read(runtime, limit=1)
    with statements(runtime) as many:
        read(runtime, limit=30)
    assert len(one) == len(many)


def test_places_are_found_whatever_numbers_stand_side_by_side(runtime: Runtime) -> None:
    # 256 packed lies across 1 and 0, too, and 2**56 and 1 hold many more zeros in a row.
    ids = [1, 2**56, 256, 1 << 40, 65_536, 2]
    with runtime.uow.write() as tx:
        write_run(tx, 7, pack_ids(ids))
        assert places_of(tx, ids) == {each: 7 + place for place, each in enumerate(ids)}
        assert places_of(tx, [3, 257]) == {}
