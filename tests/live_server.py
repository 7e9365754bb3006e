"""The real `summit serve` in a process of its own, as an operator starts it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest


@dataclass(frozen=True, slots=True)
class LiveServer:
    """A server that answers: its address, its process and its log."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path


Serve = Callable[[str], LiveServer]
"""What starts a server on the database at an address."""


@pytest.fixture
def live_server(tmp_path: Path) -> Iterator[Serve]:
    """Give a function that serves a database until the test ends."""
    with ExitStack() as stack:
        yield lambda url: stack.enter_context(served(url, tmp_path))


@contextmanager
def served(database_url: str, folder: Path) -> Iterator[LiveServer]:
    """Serve a database on a free port of the loopback interface."""
    port = _free_port()
    log = folder / f"serve-{port}.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [Path(sys.executable).with_name("summit"), "serve"],
            env=environment(database_url) | {"PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
        )
    try:
        server = LiveServer(f"http://localhost:{port}", process, log)
        _await(server)
        yield server
    finally:
        process.terminate()
        process.wait()


def environment(database_url: str) -> dict[str, str]:
    """Return the environment for a command on a database: no settings but these."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SUMMIT_", "PORT"))}
    secret = "a secret for tests, more than thirty-two bytes"
    return kept | {"SUMMIT_DATABASE_URL": database_url, "SUMMIT_SECRET_KEY": secret}


def _await(server: LiveServer) -> None:
    """Wait until the server answers or ends, whichever comes first."""
    while server.process.poll() is None:
        try:
            with urlopen(f"{server.url}/livez", timeout=10):  # noqa: S310 - our own address
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise AssertionError(f"summit serve ended: {server.log.read_text(errors='replace')[-2000:]}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
