"""A log with its key, another history under the same key, and what types commands."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings
from tests import databases
from tests.audit.cosigning.parties import UZ, Type
from tests.fakes import FakeClock, FakeIds
from tests.sealed import with_key
from workflow.bootstrap import Runtime, build_runtime, now
from workflow.cli import summit
from workflow.cli.frame import run
from workflow.services.log_keys import public_keys


@pytest.fixture
def log(runtime: Runtime, tmp_path: Path, clock: FakeClock) -> Runtime:
    """Give a log with its key; the clock is the real one's, by which parties sign."""
    clock.set(now())
    return with_key(runtime, tmp_path)


@pytest.fixture
def typed(log: Runtime, capsys: pytest.CaptureFixture[str]) -> Type:
    """Give what types a command with --json, and returns its exit code and document."""

    def type_(*arguments: object, on: Runtime | None = log) -> tuple[int, Any]:
        capsys.readouterr()
        code = run(summit, ["audit", *map(str, arguments), "--json"], on)
        out = capsys.readouterr().out
        return code, json.loads(out) if out else None

    return type_


@pytest.fixture
def fork(log: Runtime, prepared_folder: Path, tmp_path: Path) -> Iterator[Runtime]:
    """Give another history under the same key, as a host that lies would keep it."""
    with databases.sqlite_copy(prepared_folder / "sqlite", tmp_path / "fork.sqlite") as url:
        other = build_runtime(Settings(database_url=url), clock=log.clock, ids=FakeIds())
        (tmp_path / "fork").mkdir()
        shutil.copy(tmp_path / "log.key", tmp_path / "fork" / "log.key")
        yield with_key(other, tmp_path / "fork")
        other.engine.dispose()


@pytest.fixture
def party(log: Runtime, tmp_path: Path, typed: Type) -> Type:
    """Give what signs a request as a party that keeps its key and memory in files."""
    key = tmp_path / "uz.key"
    key.write_text(UZ.text)

    def sign(request: bytes) -> tuple[int, Any]:
        asked = tmp_path / "asked"
        asked.write_bytes(request)
        return typed("cosign", "sign", asked, "--key", key, "--log", public_keys(log)[0], on=None)

    return sign
