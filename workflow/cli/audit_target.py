"""What `summit audit verify` is pointed at: a file, a database, or nothing (the settings')."""

import os
from pathlib import Path

import click

from config import settings
from workflow.bootstrap import Runtime, build_runtime
from workflow.cli.failures import require_ready
from workflow.cli.frame import reading
from workflow.export.verify import UnknownFileError, verify_export
from workflow.log.verdict import Verified
from workflow.services.audit_check import verify_database

_SQLITE_MAGIC = b"SQLite format 3\0"


def verify_target(path: str | None) -> Verified:
    """Check a file or a database. Raises: click.UsageError when it is neither."""
    if path is None:
        found: list[Verified] = []
        _verify_own(found)
        return found[0]
    if "://" in path:
        return _verify_url(path)
    file = Path(path)
    if not file.is_file():
        raise click.UsageError(f"There is no file {path}.")
    with file.open("rb") as content:
        is_database = content.read(len(_SQLITE_MAGIC)) == _SQLITE_MAGIC
    return _verify_url(f"sqlite:///{file}") if is_database else _verify_file(file)


@reading
def _verify_own(runtime: Runtime, /, found: list[Verified]) -> None:
    found.append(verify_database(runtime.uow))


def _verify_file(file: Path) -> Verified:
    try:
        return verify_export(file)
    except UnknownFileError as error:
        message = f"{file} is no export: 'summit audit export --format csv|jsonl' makes one."
        raise click.UsageError(message) from error


def _verify_url(url: str) -> Verified:
    runtime = build_runtime(settings.read({**os.environ, "SUMMIT_DATABASE_URL": url}))
    try:
        require_ready(runtime)
        return verify_database(runtime.uow)
    finally:
        runtime.engine.dispose()
