"""The log's keys and requests as they are named on a command line: as text, or by a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from workflow.log.keys import SigningKey, VerifierKey

MAIL = click.Path(path_type=Path, dir_okay=False, allow_dash=True)
"""A file that came by mail, or - for stdin."""

NO_KEY = (
    "The log's private key is not on this machine: name its file in SUMMIT_LOG_KEY_FILE, or run "
    "this where it is."
)

_MOST_BYTES = 2_000_000


def read_mail(path: Path) -> bytes:
    """Read a file; mail may have turned its newlines into those of another system."""
    with click.open_file(str(path), "rb") as file:
        content: bytes = file.read(_MOST_BYTES + 1)
    return content.replace(b"\r\n", b"\n")


def read_signing_key(path: Path) -> "SigningKey":
    """Read a file with a private key. Raises: click.UsageError."""
    from workflow.log.note import SigningKey  # noqa: PLC0415 - nothing loads for --help

    with as_wrong_use():
        return SigningKey.parse(path.read_text(encoding="utf-8"))


def read_verifier_keys(text: str) -> "list[VerifierKey]":
    """Read a public key, or a file with one on each line. Raises: click.UsageError."""
    from workflow.log.note import VerifierKey  # noqa: PLC0415 - nothing loads for --help

    path = Path(text)
    with as_wrong_use():
        lines = path.read_text(encoding="utf-8").split() if path.is_file() else [text]
        return [VerifierKey.parse(line) for line in lines]


@contextmanager
def as_wrong_use() -> Iterator[None]:
    """Say in a sentence what is wrong with a key or a file, as click's own error."""
    from workflow.log.strict import FormatError  # noqa: PLC0415 - nothing loads for --help

    try:
        yield
    except FormatError as error:
        raise click.UsageError(f"{str(error)[0].upper()}{str(error)[1:]}.") from error
    except UnicodeDecodeError as error:
        raise click.UsageError("A file that was named is no text.") from error
