"""What `summit audit verify` is pointed at: a folder, a file, a database, or nothing."""

import re
from pathlib import Path

import click

from workflow.cli.log_files import as_wrong_use
from workflow.log.bundle.verify import Trust, verify_bundle
from workflow.log.receipt import START, verify_receipt
from workflow.log.tlog_proof import MAX_PROOF_BYTES
from workflow.log.verdict import Verified

_SQLITE_MAGIC = b"SQLite format 3\0"
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


def verify_target(path: str | None, trust: Trust | None, *, views: bool = False) -> Verified:
    """Check what a path leads to. Raises: click.UsageError when it is nothing of ours."""
    if views and (path is None or not Path(path).is_dir()):
        raise click.UsageError("--views is for the folder of a bundle.")
    with as_wrong_use():
        if path is None:
            return _verify_database(None, trust)
        if "://" in path:
            return _verify_database(path, trust)
        if Path(path).is_dir():
            return _verify_folder(Path(path), _needed(trust, "a bundle"), views=views)
        return _verify_one(Path(path), trust)


def _verify_folder(folder: Path, trust: Trust, *, views: bool) -> Verified:
    result = verify_bundle(folder, trust)
    if not views or not result.ok:
        return result
    from workflow.export.bundle_check import find_false_view, tell_views  # noqa: PLC0415 - below

    return result.with_more(find_false_view(folder), tell_views(folder))


def _verify_one(file: Path, trust: Trust | None) -> Verified:
    if not file.is_file():
        raise click.UsageError(f"There is no file or folder {file}.")
    with file.open("rb") as opened:
        start = opened.read(MAX_PROOF_BYTES + 1)
    if start.startswith(_SQLITE_MAGIC):
        return _verify_database(f"sqlite:///{file}", trust)
    if start.startswith(START):
        return _verify_receipt(file, start, _needed(trust, "a receipt"))
    return _verify_file(file, trust)


def _verify_receipt(file: Path, content: bytes, trust: Trust) -> Verified:
    if trust.since is not None or trust.receipt is not None:
        raise click.UsageError(
            "A receipt proves its entry alone: --since and --receipt want the bundle's folder."
        )
    name = _HASH.match(file.name)
    return verify_receipt(content, trust, bytes.fromhex(name.group()) if name else None)


def _verify_file(file: Path, trust: Trust | None) -> Verified:
    from workflow.export.verify import (  # noqa: PLC0415 - below
        NotComparableError,
        UnknownFileError,
        verify_export,
    )

    try:
        return verify_export(file, trust) if trust else verify_export(file)
    except UnknownFileError as error:
        message = f"{file} is no export: 'summit audit export --format csv|jsonl' makes one."
        raise click.UsageError(message) from error
    except NotComparableError as error:
        message = f"{file} cannot be compared with that: take a bundle or an export of everything."
        raise click.UsageError(message) from error


def _verify_database(url: str | None, trust: Trust | None) -> Verified:
    # A receipt is checked in a tenth of the time that loading a database's library takes.
    from workflow.cli.audit_database import verify_own, verify_url  # noqa: PLC0415 - see above

    return verify_own(trust) if url is None else verify_url(url, trust)


def _needed(trust: Trust | None, what: str) -> Trust:
    if trust is None:
        raise click.UsageError(
            f"To check {what} give the log's public key with --vkey, as text or as a file."
        )
    return trust
