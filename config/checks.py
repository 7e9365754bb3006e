"""Parses one setting's text, or refuses it with what to do."""

from ipaddress import ip_network
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from config.errors import SettingsError

LARGEST_PORT = 65535
SHORTEST_SECRET_BYTES = 32

_SHORT_SCHEMES = {"postgres", "postgresql"}
_DATABASE_REMEDY = "give sqlite:////folder/file or postgresql+psycopg://user:password@host/database"
_SECRET_REMEDY = f"give at least {SHORTEST_SECRET_BYTES} bytes from a random source"


def database_url(name: str, text: str) -> str:
    """Return the address of a SQLite file or a PostgreSQL database.

    Raises:
        SettingsError: It is no such address.
    """
    text = _with_driver(text)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise SettingsError(name, "is not a database address", _DATABASE_REMEDY) from None
    if not (_names_a_file(url) or _names_a_postgresql_database(url)):
        raise SettingsError(name, "names a database of another kind", _DATABASE_REMEDY)
    return text


def postgresql_url(name: str, text: str) -> str:
    """Return the address of a PostgreSQL database.

    Raises:
        SettingsError: It is no such address.
    """
    address = database_url(name, text)
    if not address.startswith("postgresql+psycopg:"):
        raise SettingsError(
            name, "is for PostgreSQL alone", "leave it out, a SQLite file has no owner role"
        )
    return address


def secret(name: str, text: str) -> str:
    """Return a secret of at least 32 bytes.

    Raises:
        SettingsError: It is shorter.
    """
    if len(text.encode()) < SHORTEST_SECRET_BYTES:
        raise SettingsError(name, "is too short", _SECRET_REMEDY)
    return text


def path(name: str, text: str) -> Path:
    """Return a path, relative ones from the folder that the command starts in.

    Raises:
        SettingsError: It holds a NUL character.
    """
    if "\0" in text:
        raise SettingsError(name, "is not a path", "leave the NUL character out")
    return Path(text).expanduser()


def web_url(name: str, text: str) -> str:
    """Return an http or https address without its closing slash.

    Raises:
        SettingsError: It is no such address, or has a query, a fragment or a password.
    """
    remedy = "give an address such as https://summit.example.org"
    parts = _split(name, text, remedy)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SettingsError(name, "is not a web address", remedy)
    if parts.query or parts.fragment or parts.username is not None:
        raise SettingsError(name, "says more than a web address", remedy)
    return text.rstrip("/")


def mail_url(name: str, text: str) -> str:
    """Return the address of a mail server: smtp for STARTTLS, smtps for TLS from the start.

    Raises:
        SettingsError: It is no such address.
    """
    remedy = "give an address such as smtps://user:password@mail.example.org:465"
    parts = _split(name, text, remedy)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise SettingsError(name, "is not a mail server's address", remedy)
    return text


def hosts(name: str, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return host names, in lower case, without scheme, port or path.

    Raises:
        SettingsError: One of them says more than a host's name.
    """
    for text in texts:
        if any(sign in text for sign in "/@ *:"):  # the web framework knows no IPv6 names
            raise SettingsError(
                name, f"holds {text!r}", "give names alone, such as summit.example.org"
            )
    return tuple(text.lower() for text in texts)


def networks(name: str, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return addresses and networks of proxies.

    Raises:
        SettingsError: One of them is neither.
    """
    for text in texts:
        try:
            ip_network(text)
        except ValueError:
            raise SettingsError(
                name, f"holds {text!r}", "give addresses or networks, such as 10.0.0.0/24"
            ) from None
    return texts


def port(name: str, text: str) -> int:
    """Return a TCP port.

    Raises:
        SettingsError: It is not a whole number from 1 to 65535.
    """
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= LARGEST_PORT):
        raise SettingsError(name, "is not a port", f"give a number from 1 to {LARGEST_PORT}")
    return int(text)


def _names_a_file(url: URL) -> bool:
    known = url.drivername in {"sqlite", "sqlite+pysqlite"}
    return known and url.host is None and url.database not in {None, "", ":memory:"}


def _names_a_postgresql_database(url: URL) -> bool:
    return url.drivername == "postgresql+psycopg" and bool(url.database)


def _with_driver(text: str) -> str:
    """Spell the PostgreSQL driver out where the common short forms leave it unsaid."""
    scheme, colon, rest = text.partition(":")
    return f"postgresql+psycopg:{rest}" if colon and scheme in _SHORT_SCHEMES else text


def _split(name: str, text: str, remedy: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port  # urlsplit judges the port only when asked for it
    except ValueError:
        raise SettingsError(name, "is not an address", remedy) from None
    return parts
