"""The file with the keys that sign the log, and beside it the last checkpoint they signed.

The first key is made by `summit init`. A line holds one key; each checkpoint is signed by all of
them, so that a key can be replaced while its successor is made known.
"""

import contextlib
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config.settings import Settings
from workflow.log.keys import KeyFileError, NoteError, SigningKey

_FILE_NAME = "log.key"


@dataclass(frozen=True, slots=True)
class LogKeyFile:
    """The keys of one log in a file of mode 0600; `<file>.last` is the last checkpoint."""

    path: Path

    def signers(self) -> tuple[SigningKey, ...]:
        """Return the keys that sign each checkpoint, the oldest first. Raises: KeyFileError."""
        try:
            lines = _read(self.path).splitlines()
            keys = tuple(SigningKey.parse(line) for line in lines if line)
        except NoteError as error:
            raise _unusable(self.path, str(error)) from None
        if len({key.name for key in keys}) != 1:
            raise _unusable(self.path, "it does not hold the keys of one log")
        return keys

    def write(self, keys: tuple[SigningKey, ...]) -> None:
        """Replace the keys, all or none. Raises: OSError."""
        _replace(self.path, "".join(f"{key.text}\n" for key in keys))

    def make_first(self, host: str) -> SigningKey:
        """Return the one key of a new log, made unless it is there and has signed nothing yet.

        A key that has signed belongs to another log, such as one whose database was thrown away:
        it is set aside, since a second history under its name would be a fork.

        Raises: KeyFileError, OSError.
        """
        if self.path.exists() and not self._last.exists():
            return self.signers()[0]
        return self.make_another(host)

    def make_another(self, host: str) -> SigningKey:
        """Return the one key of a log under a new name; what was here is set aside.

        Raises: KeyFileError, OSError.
        """
        if self.path.exists():
            self._set_aside()
        key = SigningKey.generate(f"{host}/log-{secrets.token_hex(4)}")
        self.write((key,))
        return key

    def _set_aside(self) -> None:
        name = self.signers()[0].name.rpartition("/")[2]
        self.path.rename(self.path.with_name(f"{self.path.name}.of-{name}"))
        if self._last.exists():
            self._last.rename(self._last.with_name(f"{self._last.name}.of-{name}"))

    def last(self) -> str | None:
        """Return the last checkpoint that the keys signed, as a note. Raises: KeyFileError."""
        return _read(self._last) if self._last.exists() else None

    def keep(self, note: str) -> None:
        """Keep a checkpoint as the last one. Raises: OSError."""
        _replace(self._last, note)

    @property
    def _last(self) -> Path:
        return self.path.with_name(f"{self.path.name}.last")


def log_key_file(settings: Settings) -> LogKeyFile | None:
    """Return where the keys are or should be; None for a database server that names no file."""
    if settings.log_key_file:
        return LogKeyFile(settings.log_key_file)
    if settings.database_file is None:
        return None
    return LogKeyFile(settings.database_file.parent / _FILE_NAME)


def read_log_key(settings: Settings) -> LogKeyFile | None:
    """Return the keys, if this machine has them."""
    file = log_key_file(settings)
    return file if file is not None and file.path.exists() else None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise _unusable(path, error.strerror or "it cannot be read") from error
    except UnicodeDecodeError:
        raise _unusable(path, "it is not text") from None


def _unusable(path: Path, why: str) -> KeyFileError:
    return KeyFileError(
        f"The log's key file {path} cannot be used ({why}): set SUMMIT_LOG_KEY_FILE to the file"
        " that 'summit init' made, readable by the server alone."
    )


def _replace(path: Path, text: str) -> None:
    """Give a file new content at once: no reader and no crash meets half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
