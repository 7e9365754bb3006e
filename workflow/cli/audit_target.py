"""What `summit audit verify` is pointed at: a folder, a file, a database, or nothing."""

import os
import re
from pathlib import Path

import click

from config import settings
from workflow.bootstrap import Runtime, build_runtime
from workflow.cli.failures import require_ready
from workflow.cli.frame import reading
from workflow.cli.log_files import as_wrong_use
from workflow.export.bundle_check import find_false_view
from workflow.export.verify import NotComparableError, UnknownFileError, verify_export
from workflow.log.bundle.verify import Trust, verify_bundle
from workflow.log.receipt import START, verify_receipt
from workflow.log.tlog_proof import MAX_PROOF_BYTES
from workflow.log.verdict import Verified
from workflow.services.audit_check import verify_database

_SQLITE_MAGIC = b"SQLite format 3\0"
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


def verify_target(path: str | None, trust: Trust | None, *, views: bool = False) -> Verified:
    """Check what a path leads to. Raises: click.UsageError when it is nothing of ours."""
    if views and (path is None or not Path(path).is_dir()):
        raise click.UsageError("--views is for the folder of a bundle.")
    with as_wrong_use():
        if path is None:
            found: list[Verified] = []
            _verify_own(trust, found)
            return found[0]
        if "://" in path:
            return _verify_url(path, trust)
        if Path(path).is_dir():
            return _verify_folder(Path(path), _needed(trust, "a bundle"), views=views)
        return _verify_one(Path(path), trust)


def _verify_folder(folder: Path, trust: Trust, *, views: bool) -> Verified:
    result = verify_bundle(folder, trust)
    if not views or not result.ok:
        return result
    fault = find_false_view(folder)
    return result.with_more(fault, "the tables in views/ are what the leaves say")


def _verify_one(file: Path, trust: Trust | None) -> Verified:
    if not file.is_file():
        raise click.UsageError(f"There is no file or folder {file}.")
    with file.open("rb") as opened:
        start = opened.read(MAX_PROOF_BYTES + 1)
    if start.startswith(_SQLITE_MAGIC):
        return _verify_url(f"sqlite:///{file}", trust)
    if start.startswith(START):
        return _verify_receipt(file, start, _needed(trust, "a receipt"))
    return _verify_file(file, trust)


def _verify_receipt(file: Path, content: bytes, trust: Trust) -> Verified:
    name = _HASH.match(file.name)
    return verify_receipt(content, trust, bytes.fromhex(name.group()) if name else None)


def _verify_file(file: Path, trust: Trust | None) -> Verified:
    try:
        return verify_export(file, trust) if trust else verify_export(file)
    except UnknownFileError as error:
        message = f"{file} is no export: 'summit audit export --format csv|jsonl' makes one."
        raise click.UsageError(message) from error
    except NotComparableError as error:
        message = f"{file} cannot be compared with that: take a bundle or an export of everything."
        raise click.UsageError(message) from error


@reading
def _verify_own(runtime: Runtime, /, trust: Trust | None, found: list[Verified]) -> None:
    found.append(_verify_database(runtime, trust))


def _verify_url(url: str, trust: Trust | None) -> Verified:
    runtime = build_runtime(settings.read({**os.environ, "SUMMIT_DATABASE_URL": url}))
    try:
        require_ready(runtime)
        return _verify_database(runtime, trust)
    finally:
        runtime.engine.dispose()


def _verify_database(runtime: Runtime, trust: Trust | None) -> Verified:
    if trust is not None and trust.receipt is not None:
        raise click.UsageError("A receipt is compared with a bundle: export one, and name it here.")
    return verify_database(runtime.uow, trust)


def _needed(trust: Trust | None, what: str) -> Trust:
    if trust is None:
        raise click.UsageError(
            f"To check {what} give the log's public key with --vkey, as text or as a file."
        )
    return trust
