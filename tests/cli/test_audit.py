"""`summit audit` says in one line what it checked, and leaves with the contract's codes."""

import json
from pathlib import Path

import pytest

from tests.export.samples import sample_records, write_export
from workflow.bootstrap import Runtime
from workflow.cli import summit
from workflow.cli.frame import run


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return write_export(tmp_path / "log.jsonl", "jsonl", sample_records())


def test_verify_needs_no_database(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(summit, ["audit", "verify", str(export), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "ok": True,
        "entries": 9,
        "checkpoint": None,
        "first_fault": None,
        "chains": 3,
        "partial": [],
    }


def test_verify_names_the_first_broken_entry(
    export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = export.read_bytes().replace(b'"ada"', b'"eve"', 1)
    export.write_bytes(content)
    assert run(summit, ["audit", "verify", str(export)]) == 3
    assert capsys.readouterr().out == (
        "Broken at line 1, proposal/A-1 #1: actor is not what the leaf says.\n"
    )


def test_verify_refuses_another_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.txt"
    other.write_text("hello")
    assert run(summit, ["audit", "verify", str(other)]) == 2
    assert "is no export" in capsys.readouterr().err


@pytest.mark.parametrize("path", ["/nowhere/log.csv", "mysql://host/database", "sqlite:///"])
def test_verify_refuses_what_is_not_there(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(summit, ["audit", "verify", path]) in {2, 4}
    assert "Traceback" not in capsys.readouterr().err


def test_verify_checks_a_database_by_address_or_by_the_settings(
    runtime: Runtime, capsys: pytest.CaptureFixture[str]
) -> None:
    address = runtime.engine.url.render_as_string(hide_password=False)
    assert run(summit, ["audit", "verify", address]) == 0
    assert run(summit, ["audit", "verify"], runtime) == 0
    line = "OK: 0 entries in 0 chains; every chain is whole from its first entry.\n"
    assert capsys.readouterr().out == line * 2


def test_verify_takes_a_sqlite_file_by_its_path(sqlite_url: str) -> None:
    assert run(summit, ["audit", "verify", sqlite_url.removeprefix("sqlite:///")]) == 0
