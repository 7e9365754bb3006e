"""Finds the processes that work beside a server, and waits for what they bring about."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.live_server import LiveServer


def wait_for(holds: Callable[[], bool], server: LiveServer | None = None) -> None:
    """Wait for something that the server brings about as long as it runs."""
    while not holds():
        assert server is None or server.process.poll() is None
        time.sleep(0.05)


def beside(server: LiveServer, word: str) -> list[int]:
    """Give the processes below a server with a word in their command; Linux says them in /proc."""
    return [each for each in _below(server.process.pid) if word.encode() in _command(each)]


def is_alive(process: int) -> bool:
    """Say whether a process runs; nobody may have asked yet how it ended: then it is a zombie."""
    try:
        os.kill(process, 0)
        return " Z " not in Path(f"/proc/{process}/stat").read_text()
    except (ProcessLookupError, FileNotFoundError):
        return False


def _below(parent: int) -> Iterator[int]:
    children = Path(f"/proc/{parent}/task/{parent}/children")
    if not Path("/proc/self/task").exists():
        pytest.skip("this system does not list the children of a process")
    try:
        found = [int(each) for each in children.read_text().split()]
    except FileNotFoundError:
        return
    for each in found:
        yield each
        yield from _below(each)


def _command(process: int) -> list[bytes]:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return []
