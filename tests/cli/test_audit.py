"""`summit audit` says in one line what it checked, and leaves with the contract's codes."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from tests import make
from tests.export.samples import sample_records, write_export
from workflow.bootstrap import Runtime
from workflow.cli import summit
from workflow.cli.frame import run
from workflow.export.verify import verify_export
from workflow.persistence import secrets
from workflow.persistence.audit_tables import AuditEntry
from workflow.persistence.sealing import add_pending


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
        "checked": [],
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
    scope = "every chain is whole from its first entry; 0 of them sealed"
    line = f"OK: 0 entries in 0 chains; {scope}.\n"
    assert capsys.readouterr().out == line * 2


def test_verify_takes_a_sqlite_file_by_its_path(sqlite_url: str) -> None:
    assert run(summit, ["audit", "verify", sqlite_url.removeprefix("sqlite:///")]) == 0


@pytest.fixture
def auditor(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the login of a joint secretariat's auditor, whose token is in the environment."""
    caller = make.delegate(runtime, "s.auditor", "SECRETARIAT", "auditor")
    with runtime.uow.write() as tx:
        _, token = secrets.add_token(tx, caller.person_id, tx.at + timedelta(hours=1))
    monkeypatch.setenv("SUMMIT_TOKEN", token)
    return caller.login


def test_export_tells_what_it_wrote(
    runtime: Runtime, auditor: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make.agreed(runtime, make.proposal(runtime))
    path = tmp_path / "log.csv"
    words = ["audit", "export", "--format", "csv", "--out", str(path), "--as", auditor, "--json"]
    assert run(summit, words, runtime) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["entries"], document["path"]) == (verify_export(path).entries, str(path))
    assert document["entries"] > 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--from", "yesterday"], "--from wants a date such as 2025-12-20."),
        (["--until", "2025-13-01"], "--until wants a date such as 2025-12-20."),
        (["--format", "pdf"], "'pdf' is not one of 'csv', 'jsonl', 'xlsx'"),
        (["--out", "/nowhere/log.csv"], "/nowhere/log.csv: No such file or directory"),
        (["--out", "/"], "/: is a folder"),
    ],
)
def test_export_refuses_wrong_words(
    runtime: Runtime,
    auditor: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    sentence: str,
) -> None:
    given = ["--format", "csv", "--out", str(tmp_path / "log.csv"), "--as", auditor, *words]
    assert run(summit, ["audit", "export", *given], runtime) == 2
    assert sentence in capsys.readouterr().err


def test_export_keeps_an_existing_file_unless_forced(
    runtime: Runtime, auditor: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text("kept")
    words = ["audit", "export", "--format", "jsonl", "--out", str(path), "--as", auditor]
    assert run(summit, words, runtime) == 2
    assert "exists already" in capsys.readouterr().err
    assert path.read_text() == "kept"
    assert run(summit, [*words, "--force"], runtime) == 0
    assert verify_export(path).ok


def test_export_names_a_damaged_entry(
    runtime: Runtime, auditor: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with runtime.uow.write() as tx:
        entry = {"chain": "log", "sequence": 1, "kind": "x", "at": tx.at, "leaf": b"no leaf"}
        tx.connection.execute(insert(AuditEntry).values(entry | {"id": 99, "leaf_hash": bytes(32)}))
        add_pending(tx, [99], [bytes(32)])
    words = ["--format", "csv", "--out", str(tmp_path / "log.csv"), "--as", auditor]
    assert run(summit, ["audit", "export", *words], runtime) == 3
    assert "The log is damaged at log #1" in capsys.readouterr().err
    assert run(summit, ["audit", "verify"], runtime) == 3
    assert "log #1: the leaf does not have the hash" in capsys.readouterr().out
