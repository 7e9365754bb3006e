"""The JSON Schema that goes into bundles fits what is written, and what is read."""

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from config.settings import Settings
from tests import databases
from tests.fakes import FakeClock
from tests.log.json_schema import find_errors
from tests.services import demo_walk
from workflow.bootstrap import build_runtime
from workflow.log.leaf_form import KnownForm
from workflow.persistence.audit_tables import AuditEntry

WALKED = "UZJ-01"
SCHEMA: dict[str, Any] = json.loads(
    (files("workflow.log.schema") / "leaf-v1.schema.json").read_bytes()
)


@pytest.fixture(scope="module")
def leaves(
    prepared_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[dict[str, Any]]]:
    """Give every leaf that the demo writes, and that bringing a proposal to agreement does."""
    file = tmp_path_factory.mktemp("schema") / "demo.sqlite"
    with databases.sqlite_copy(prepared_folder / "walk", file, demo_walk.demonstrated) as url:
        runtime = build_runtime(Settings(database_url=url), clock=FakeClock())
        demo_walk.bring(runtime, WALKED, demo_walk.KIND_OF[WALKED], "agree")
        with runtime.uow.read() as tx:
            found = [json.loads(leaf) for leaf in tx.connection.scalars(select(AuditEntry.leaf))]
        yield found
        runtime.engine.dispose()


def errors(leaf: dict[str, Any]) -> list[str]:
    return list(find_errors(SCHEMA, leaf, SCHEMA))


def test_every_leaf_of_the_demo_fits(leaves: list[dict[str, Any]]) -> None:
    kinds = {leaf["kind"] for leaf in leaves}
    assert {"propose", "claim", "sign", "step", "evidence", "verify", "grant", "publish"} <= kinds
    assert [found for leaf in leaves if (found := errors(leaf))] == []


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"v": True},
        {"at": "2026-01-05T09:00:00Z"},
        {"name": "Ada"},
        {"definition": "x"},
        {"facts": {"reason": "free text"}},
        {"facts": {"many": [1, [2]]}},
        {"disclosures": {"note": "the note itself"}},
        {"object": {"chain": "log", "sequence": 0, "prev": None}},
        {"object": {"chain": "somewhere", "sequence": 1, "prev": None}},
        {"object": {"chain": "log", "sequence": 1}},
        {"actor": {"login": "ada"}},
    ],
    ids=str,
)
def test_what_no_leaf_may_say_does_not_fit(
    leaves: list[dict[str, Any]], change: dict[str, Any]
) -> None:
    assert errors(leaves[0] | change)


def test_schema_and_reader_know_the_same_fields() -> None:
    """A party's own signature is room for later, which the fast reader leaves to the other."""

    def names(struct: type[msgspec.Struct]) -> set[str]:
        return {each.encode_name for each in msgspec.structs.fields(struct)}

    parts = {each.encode_name: each.type for each in msgspec.structs.fields(KnownForm)}
    assert names(KnownForm) == set(SCHEMA["properties"]) - {"sig"}
    for part in ("actor", "object"):
        assert names(parts[part]) == set(SCHEMA["properties"][part]["properties"])
