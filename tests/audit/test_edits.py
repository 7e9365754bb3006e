"""Whatever is edited in a bundle or a database is found by whoever kept a checkpoint.

This is a sample; `make edits` makes ten thousand.
"""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from tests.databases import postgresql_copy, sqlite_copy
from tests.edits import bundles, prepared
from tests.edits.bundles import Bundle
from tests.edits.databases import OWNERS_EDITS, Owned
from tests.postgresql import Folder
from workflow.log.bundle.verify import verify_bundle
from workflow.services.audit_check import verify_database

SEED = 20261122


@pytest.fixture(scope="module", params=["whole", "part"])
def bundle(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    chains = None if request.param == "whole" else ("proposal/A-1", "log")
    return Bundle.made(tmp_path_factory.mktemp("bundle"), 530, chains)


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Owned]:
    folder = tmp_path_factory.mktemp("owned")
    with sqlite_copy(folder / "prepared", folder / "log.sqlite") as url:
        yield prepared.on_sqlite(url, folder)


@pytest.fixture(scope="module")
def on_postgresql(
    postgresql: Folder, worker_name: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Owned]:
    folder = tmp_path_factory.mktemp("owned")
    with postgresql_copy(postgresql, f"{worker_name}_owned") as url:
        yield prepared.on_postgresql(url, folder, postgresql)


def unnoticed_in(bundle: Bundle, first: int, count: int) -> list[str]:
    return [
        f"{first + number}: {name} {sorted(changes)[:5]}"
        for number in range(count)
        for name, changes in [bundles.draw(Random(first + number), bundle)]  # noqa: S311 - chosen anew the same way each time
        if bundle.judge(changes).ok
    ]


def unnoticed_by(owned: Owned, first: int, count: int) -> list[str]:
    judged = (owned.judge(Random(first + number)) for number in range(count))  # noqa: S311 - as above
    return [f"{first + number}: {name}" for number, (name, found) in enumerate(judged) if found.ok]


def test_every_edit_of_a_bundle_is_found(bundle: Bundle) -> None:
    assert bundle.judge({}).ok
    assert unnoticed_in(bundle, SEED, 40) == []
    assert bundle.judge({}).ok


@pytest.mark.parametrize("edit", bundles.OWNERS_EDITS)
def test_a_bundle_signed_anew_is_exposed_by_the_kept_checkpoint_alone(
    bundle: Bundle, edit: str
) -> None:
    trusting = replace(bundle, trust=replace(bundle.trust, since=None))
    changes = bundles.OWNERS_EDITS[edit](Random(SEED), bundle)  # noqa: S311 - as above
    assert trusting.judge(changes).sentence.startswith("OK")
    found = bundle.judge(changes)
    assert found.fault is not None
    assert "kept" in found.fault.sentence


def test_every_edit_of_a_sqlite_file_is_found(on_sqlite: Owned) -> None:
    with on_sqlite.copied() as uow:
        assert verify_database(uow, on_sqlite.trust).ok
    assert unnoticed_by(on_sqlite, SEED, 80) == []


@pytest.mark.postgresql
def test_every_edit_of_a_database_on_a_server_is_found(on_postgresql: Owned) -> None:
    with on_postgresql.copied() as uow:
        assert verify_database(uow, on_postgresql.trust).ok
    assert unnoticed_by(on_postgresql, SEED + 1_000, 15) == []


@pytest.mark.parametrize("edit", OWNERS_EDITS)
def test_a_history_written_anew_is_exposed_by_the_kept_checkpoint_alone(
    on_sqlite: Owned, edit: str
) -> None:
    assert on_sqlite.judge_without(Random(SEED), edit).sentence.startswith("OK")  # noqa: S311 - as above
    with on_sqlite.copied() as uow:
        with uow.engine.begin() as connection:
            OWNERS_EDITS[edit](Random(SEED), connection, on_sqlite)  # noqa: S311 - as above
        found = verify_database(uow, on_sqlite.trust)
    assert found.fault is not None
    assert "that was kept" in found.fault.sentence


def test_one_byte_of_any_file_is_enough(bundle: Bundle) -> None:
    """Every file of the bundle is covered, by the tree or by the manifest that the log signed."""
    random = Random(SEED)  # noqa: S311 - as above
    for name, content in bundle.files.items():
        at = random.randrange(len(content))
        changed = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
        assert not bundle.judge({name: changed}).ok, (name, at)
    assert verify_bundle(bundle.folder / "bundle", bundle.trust).ok
