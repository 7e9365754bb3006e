"""Reads the settings of a deployment: the environment first, then a TOML file, then defaults."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url

from config import checks
from config.errors import SettingsError

__all__ = ["FILE_VARIABLE", "KNOWN", "Origin", "Settings", "SettingsError", "Shown", "read"]

FILE_VARIABLE = "SUMMIT_CONFIG_FILE"

_DEFAULT_FILE = Path("summit.toml")
_HIDDEN = "(hidden)"
_LOOPBACK_HOSTS = ("localhost", "127.0.0.1")


class Origin(StrEnum):
    """Where a setting's value comes from."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class Known:
    """A setting that exists: its name in the file, its variable, and how its text is judged."""

    key: str
    variable: str
    check: Callable[[str, Any], object]
    listed: bool = False
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """One setting as an operator may see it, its secrets hidden."""

    variable: str
    value: str
    origin: Origin


KNOWN = (
    Known("database_url", "SUMMIT_DATABASE_URL", checks.database_url),
    Known("database_owner_url", "SUMMIT_DATABASE_OWNER_URL", checks.postgresql_url),
    Known("secret_key", "SUMMIT_SECRET_KEY", checks.secret, secret=True),
    Known("secret_key_file", "SUMMIT_SECRET_KEY_FILE", checks.path),
    Known("log_key_file", "SUMMIT_LOG_KEY_FILE", checks.path),
    Known("base_url", "SUMMIT_BASE_URL", checks.web_url),
    Known("smtp_url", "SUMMIT_SMTP_URL", checks.mail_url),
    Known("trusted_hosts", "SUMMIT_TRUSTED_HOSTS", checks.hosts, listed=True),
    Known("trusted_proxies", "SUMMIT_TRUSTED_PROXIES", checks.networks, listed=True),
    Known("port", "PORT", checks.port),
)

_BY_KEY = {known.key: known for known in KNOWN}


@dataclass(frozen=True, slots=True)
class Settings:
    """What one deployment has set; every field has a default that suits one machine."""

    database_url: str = field(default="sqlite:///var/summit.sqlite", repr=False)
    database_owner_url: str | None = field(default=None, repr=False)
    secret_key: str | None = field(default=None, repr=False)
    secret_key_file: Path | None = None
    log_key_file: Path | None = None
    base_url: str = "http://localhost:8000"
    smtp_url: str | None = field(default=None, repr=False)
    trusted_hosts: tuple[str, ...] = _LOOPBACK_HOSTS
    trusted_proxies: tuple[str, ...] = ()
    port: int = 8000
    origins: Mapping[str, Origin] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_embedded(self) -> bool:
        """Say whether the database is a SQLite file on this machine."""
        return self.database_url.startswith("sqlite")

    @property
    def database_file(self) -> Path | None:
        """Return the path of the SQLite file, or None for a database server."""
        name = make_url(self.database_url).database
        return Path(name) if self.is_embedded and name else None

    def origin(self, key: str) -> Origin:
        """Return where a setting's value comes from."""
        return self.origins.get(key, Origin.DEFAULT)

    def shown(self) -> Iterator[Shown]:
        """Yield every setting with its origin, secrets and passwords hidden."""
        for known in KNOWN:
            value = getattr(self, known.key)
            yield Shown(known.variable, _rendered(known, value), self.origin(known.key))


def read(environ: Mapping[str, str]) -> Settings:
    """Return the settings that the environment and the settings file give.

    Raises:
        SettingsError: A value cannot be used, the file cannot be read, or two values disagree.
    """
    in_file = dict(_from_file(environ))
    in_environment = {k.key: environ[k.variable] for k in KNOWN if environ.get(k.variable)}
    given = in_file | in_environment
    values = {key: _checked(_BY_KEY[key], value) for key, value in given.items()}
    origins = dict.fromkeys(in_file, Origin.FILE) | dict.fromkeys(
        in_environment, Origin.ENVIRONMENT
    )
    return _agreeing(_completed(values), origins)


def _from_file(environ: Mapping[str, str]) -> Iterator[tuple[str, object]]:
    named = environ.get(FILE_VARIABLE)
    path = Path(named) if named else _DEFAULT_FILE
    if not named and not path.exists():
        return
    for key, value in _parsed(path).items():
        if key not in _BY_KEY:
            remedy = f"remove it, the settings are {', '.join(_BY_KEY)}"
            raise SettingsError(f"{key!r} in {path}", "is not a setting", remedy)
        yield key, value


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = f"cannot be read ({error.strerror})"
    except UnicodeDecodeError:
        reason = "is not UTF-8"
    except tomllib.TOMLDecodeError as error:
        reason = f"is not TOML ({error})"
    raise SettingsError(f"The settings file {path}", reason, f"mend it or unset {FILE_VARIABLE}")


def _checked(known: Known, value: object) -> object:
    if known.listed:
        return known.check(known.variable, _texts(known, value))
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise SettingsError(known.variable, "is not a text", "put its value between quotes")
    return known.check(known.variable, str(value))


def _texts(known: Known, value: object) -> tuple[str, ...]:
    """Return the texts of a TOML array, or of a text with commas between them."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise SettingsError(known.variable, "is not a list of texts", 'write ["one", "two"]')
    return tuple(part.strip() for part in parts if part.strip())


def _completed(values: dict[str, Any]) -> dict[str, Any]:
    """Derive the address from the port, and trusted hosts from the address, where unsaid."""
    port = values.get("port", 8000)
    base_url = values.get("base_url", f"http://localhost:{port}")
    host = urlsplit(base_url).hostname
    trusted = _LOOPBACK_HOSTS if host == "localhost" else (host,)
    return {"base_url": base_url, "trusted_hosts": trusted} | values


def _agreeing(values: dict[str, Any], origins: dict[str, Origin]) -> Settings:
    settings = Settings(**values, origins=MappingProxyType(origins))
    if settings.secret_key and settings.secret_key_file:
        raise SettingsError(
            "SUMMIT_SECRET_KEY", "is set beside SUMMIT_SECRET_KEY_FILE", "keep one of the two"
        )
    if settings.database_owner_url and settings.is_embedded:
        raise SettingsError(
            "SUMMIT_DATABASE_OWNER_URL",
            "is set although the database is a SQLite file",
            "set SUMMIT_DATABASE_URL to the PostgreSQL database too",
        )
    return settings


def _rendered(known: Known, value: object) -> str:
    if value is None or value == ():
        return "(not set)"
    if known.secret:
        return _HIDDEN
    if known.listed and isinstance(value, tuple):
        return ", ".join(value)
    return _without_password(str(value)) if known.variable.endswith("_URL") else str(value)


def _without_password(text: str) -> str:
    url = make_url(text)
    if {"password", "sslpassword"} & set(url.query):
        return _HIDDEN
    return url.render_as_string(hide_password=True)
