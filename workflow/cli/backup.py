"""`summit backup` and `summit restore`: a verified copy of the database, and back."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from workflow.cli.exits import BROKEN, BUSY, REFUSED
from workflow.cli.frame import Command, installing, leave, reading, show

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from workflow.bootstrap import Runtime
    from workflow.log.keys import SigningKey
    from workflow.services.restore import Restored

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(cls=Command, example="summit backup /backup/summit-2026-05-01.backup")
@click.argument("path", metavar="FILE", type=_FILE)
@click.option("--force", is_flag=True, help="Replace an existing file.")
@reading
def backup(runtime: "Runtime", path: Path, *, force: bool) -> None:
    """Copy the database to FILE while it is in use, and verify the copy and its log.

    The log's key and the secret key are not in it: keep them apart. On PostgreSQL the copy is an
    archive of pg_dump.
    """
    from workflow.export.new_file import FileExistsAlreadyError  # noqa: PLC0415 - not for --help
    from workflow.services.backup import back_up  # noqa: PLC0415 - as above

    try:
        with _told_in_sentences():
            done = back_up(runtime, path, replace=force, watch=_say_step)
    except FileExistsAlreadyError as error:
        message = f"{error.path} exists already: choose another name, or say --force."
        raise click.UsageError(message) from error
    document = {"path": str(done.path), "bytes": done.size_bytes, "entries": done.entries}
    show(document, f"{done.path} holds {done.entries} entries ({done.size_bytes} bytes), verified.")


@click.command(cls=Command, example="summit restore /backup/summit-2026-05-01.backup")
@click.argument(
    "path", metavar="FILE", type=click.Path(exists=True, path_type=Path, dir_okay=False)
)
@click.option("--replace", is_flag=True, help="Take the place of a database that holds something.")
@click.option(
    "--since", type=click.File("rb"), metavar="CHECKPOINT",
    help="A checkpoint that somebody kept: the backup must reach as far.",
)  # fmt: skip
@click.option(
    "--accept-loss", is_flag=True,
    help="Go on without entries that the log had signed; it gets a new name and key.",
)  # fmt: skip
@installing
def restore(
    runtime: "Runtime", path: Path, *, replace: bool, since: "BinaryIO | None", accept_loss: bool
) -> None:
    """Verify a backup and put it in the place of the database; stop the server first.

    It is refused when its log is broken or another one, and when the log's last checkpoint
    vouches for entries that the backup does not have.
    """
    from workflow.services.restore import Restore  # noqa: PLC0415 - nothing loads for --help
    from workflow.services.restore import restore as put_back  # noqa: PLC0415 - as above

    note = since.read() if since is not None else None
    order = Restore(path=path, replace=replace, since=note, accept_loss=accept_loss)
    owner_url = runtime.settings.database_owner_url
    with _told_in_sentences():
        done = put_back(runtime, order, owner_url, _key_maker(runtime), _say_step)
    document = {
        "entries": done.entries,
        "lost": done.lost,
        "uncertain": done.uncertain,
        "former": str(done.aside) if done.aside else None,
        "vkey": done.vkey,
    }
    show(document, _told(done))


def _say_step(step: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"{step} …", err=True)


def _told(done: "Restored") -> Iterator[str]:
    yield f"The database is restored, with {done.entries} entries of the log, verified."
    if done.lost:
        yield f"{done.lost} entries that the log had signed are lost, and an entry says so."
    if done.uncertain:
        yield "How many entries that the log had signed are lost, if any, nothing here says."
    if done.vkey:
        yield f"The log goes on under another name: tell the parties why, and its key {done.vkey}"
    if done.aside:
        yield f"The former database stands in {done.aside}: delete it when it is needed no more."


def _key_maker(runtime: "Runtime") -> "Callable[[], SigningKey] | None":
    """Give what makes the key of a log under a new name, if this machine has the log's key."""
    from config.log_key import read_log_key  # noqa: PLC0415 - nothing loads for --help

    file = read_log_key(runtime.settings)
    host = urlsplit(runtime.settings.base_url).hostname or "localhost"
    return (lambda: file.make_another(host)) if file is not None else None


@contextmanager
def _told_in_sentences() -> Iterator[None]:
    """Turn what a copy can fail of into a sentence and an exit code."""
    from workflow.persistence.postgresql_tools import (  # noqa: PLC0415 - nothing loads for --help
        NoToolError,
        ToolFailedError,
    )
    from workflow.persistence.sqlite_files import InUseError  # noqa: PLC0415 - as above
    from workflow.services.backup import DamagedError  # noqa: PLC0415 - as above
    from workflow.services.restore import RestoreRefusedError  # noqa: PLC0415 - as above

    try:
        yield
    except RestoreRefusedError as error:
        _leave(error.code, str(error), REFUSED)
    except DamagedError as error:
        _leave("damaged", f"What is in it is damaged ({error}); nothing was done.", BROKEN)
    except InUseError:
        _leave("in_use", "The database is in use: stop the server and what else has it open.", BUSY)
    except NoToolError as error:
        sentence = f"pg_dump and pg_restore of {error} or newer are not on PATH: install them."
        _leave("no_pg_dump", sentence, BUSY)
    except ToolFailedError as error:
        _leave("failed", f"PostgreSQL's own program gave up: {error}", BUSY)


def _leave(code: str, sentence: str, exit_code: int) -> None:
    show({"outcome": "refused", "reasons": [{"code": code, "text": sentence}]}, sentence)
    leave(exit_code)
