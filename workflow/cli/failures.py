"""The one place that turns what went wrong into a sentence and an exit code."""

import errno
import os
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from workflow.cli.exits import BROKEN, BUSY, DONE, INTERRUPTED, WRONG_USE

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime

_LOG_IS_BROKEN = (
    "Nothing is signed over it: keep this database as it is, and compare it with a backup and with"
    " the checkpoints that the parties kept."
)
NOT_READY = "The database is not set up or of another version: run 'summit init'."


@dataclass
class End:
    """How the command ended."""

    code: int = BROKEN


class NotReadyError(Exception):
    """The database is missing, empty or of another revision than the program."""


class ReaderGoneError(Exception):
    """Whoever reads our output has closed the pipe, as `head` does: nothing is wrong with us."""


@contextmanager
def ending() -> Iterator[End]:
    """Turn whatever leaves the block into one sentence on stderr and an exit code."""
    end = End()
    try:
        yield end
    except click.exceptions.Exit as left:
        end.code = left.exit_code
    except (click.Abort, KeyboardInterrupt):
        _say("Stopped: what was not yet finished is not done.")
        end.code = INTERRUPTED
    except click.ClickException as wrong:
        _say_usage(wrong)
        end.code = WRONG_USE
    except ReaderGoneError:
        _mute_stdout()
        end.code = DONE
    except SystemExit as left:
        end.code = left.code if isinstance(left.code, int) else BROKEN
    except Exception as error:  # noqa: BLE001 - nobody above this would answer it
        end.code = _judge(error)


def require_ready(runtime: "Runtime") -> None:
    """Refuse a database that is missing, empty or of another revision.

    Raises: NotReadyError.
    """
    file = runtime.settings.database_file
    if file is not None and not file.exists():
        raise NotReadyError
    from workflow.services.install import is_current  # noqa: PLC0415 - nothing loads for --help

    if not is_current(runtime):
        raise NotReadyError


def _judge(error: Exception) -> int:
    from sqlalchemy.exc import DBAPIError, OperationalError  # noqa: PLC0415 - not for --help

    from config.errors import SettingsError  # noqa: PLC0415 - as above
    from workflow.persistence.unit_of_work import BusyError  # noqa: PLC0415 - as above

    if isinstance(error, SettingsError):
        _say(str(error))
        return WRONG_USE
    if isinstance(error, BusyError):
        _say("The database is busy with other work: try again in a moment.")
        return BUSY
    if isinstance(error, NotReadyError) or _table_is_missing(error):
        _say(NOT_READY)
        return BUSY
    if isinstance(error, DBAPIError) and _is_damage(error):
        _say("The database file is damaged: restore a backup with 'summit restore FILE'.")
        return BROKEN
    if isinstance(error, OperationalError) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    ):
        return _judge_database(error)
    return _surprised(error)


def _judge_database(error: Exception) -> int:
    _keep_details(error)
    _say("The database cannot be reached: see that it runs and that SUMMIT_DATABASE_URL is right.")
    return BUSY


def _surprised(error: Exception) -> int:
    from workflow.log.keys import KeyFileError  # noqa: PLC0415 - nothing loads for --help
    from workflow.services.tree import BrokenTreeError, ForkedLogError  # noqa: PLC0415 - as above

    if isinstance(error, KeyFileError):
        _say(str(error))
        return WRONG_USE
    if isinstance(error, BrokenTreeError | ForkedLogError):
        _say(f"{error} {_LOG_IS_BROKEN}")
        return BROKEN
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        _say("The disk is full: make room and run the command again.")
        return BROKEN
    if isinstance(error, OSError) and error.filename is not None:
        _say(f"{error.filename}: {error.strerror}; see that the file and its folder can be used.")
        return WRONG_USE
    kept = _keep_details(error)
    _say(
        f"Something unexpected happened ({type(error).__name__}); "
        + (f"the details are in {kept}." if kept else "run it again with SUMMIT_DEBUG=1 set.")
    )
    return BROKEN


def _is_damage(error: Exception) -> bool:
    text = str(getattr(error, "orig", error))
    return "malformed" in text or "not a database" in text


def _table_is_missing(error: Exception) -> bool:
    text = str(getattr(error, "orig", ""))
    return "no such table" in text or "UndefinedTable" in type(getattr(error, "orig", 0)).__name__


def _keep_details(error: Exception) -> str | None:
    if not os.environ.get("SUMMIT_DEBUG"):
        return None
    # mkstemp: readable by this user alone, and under a name that nobody could prepare
    descriptor, name = tempfile.mkstemp(prefix="summit-", suffix=".log")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(traceback.format_exception(error))
    return name


def _say(sentence: str) -> None:
    with suppress(BrokenPipeError):
        click.echo(sentence, err=True)


def _say_usage(wrong: click.ClickException) -> None:
    if isinstance(wrong, click.exceptions.NoArgsIsHelpError):
        click.echo(wrong.format_message(), err=True)
        return
    hint = ""
    if isinstance(wrong, click.UsageError) and wrong.ctx is not None:
        hint = f" See '{wrong.ctx.command_path} --help'."
    _say(wrong.format_message() + hint)


def _mute_stdout() -> None:
    # Python flushes stdout once more when it ends, and would complain about the pipe again.
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
