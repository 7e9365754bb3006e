"""Finds the secret that signs cookies and forms, and makes one for an embedded database."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from config.checks import secret
from config.errors import SettingsError
from config.settings import Settings

_FILE_NAME = "secret.key"
_REMEDY = "set it to a file that holds at least 32 random bytes, readable by the server alone"


def ensure_secret_key(settings: Settings) -> str:
    """Return the secret key; for a SQLite file without one, make it beside the file.

    A made key has mode 0600 and stays the same from then on.

    Raises:
        SettingsError: None is set for a database server, or it cannot be read, made or used.
    """
    if settings.secret_key:
        return settings.secret_key
    if settings.secret_key_file:
        return _read(settings.secret_key_file)
    if settings.database_file is None:
        raise SettingsError("SUMMIT_SECRET_KEY_FILE", "is not set", _REMEDY)
    path = settings.database_file.parent / _FILE_NAME
    if not path.exists():
        _make(path)
    return _read(path)


def _read(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        problem = f"names {path}, which cannot be read ({error.strerror})"
        raise SettingsError("SUMMIT_SECRET_KEY_FILE", problem, _REMEDY) from None
    except UnicodeDecodeError:
        problem = f"names {path}, which is not text"
        raise SettingsError("SUMMIT_SECRET_KEY_FILE", problem, _REMEDY) from None
    return secret("SUMMIT_SECRET_KEY_FILE", text)


def _make(path: Path) -> None:
    """Write the key under another name and link it, so that no reader meets half of it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # another process was first: its key counts
            os.link(name, path)
        Path(name).unlink()
    except OSError as error:
        problem = f"is not set, and {path} cannot be made ({error.strerror})"
        raise SettingsError("SUMMIT_SECRET_KEY_FILE", problem, _REMEDY) from None
