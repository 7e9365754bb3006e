"""The auditors' guide as a program: its commands, in their order, and what it says they answer."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.independent import checkers
from tests.independent.checkers import BIN, CHECKERS, HERE

GUIDE: Final = HERE.parents[1] / "docs" / "guides" / "verify-without-us.md"

NEEDS: Final[Mapping[str, Callable[[Path], object]]] = {
    "openssl ": lambda _: checkers.openssl(),
    "go build": lambda folder: checkers.go("bundle", "Debian", folder),
    "./check-": lambda folder: checkers.go("bundle", "Debian", folder),
    "aics/bin": lambda _: checkers.aics("bundle.py"),
    "sigstore/": lambda _: checkers.sigstore(),
}
"""What a block that holds this text needs; getting it raises MissingError."""

_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PROGRAM = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_VARIES = re.compile(r"[0-9a-f]{8,}|[A-Za-z0-9+/_-]{20,}={0,2}|\d+(?:[-:TZ]\d+)*Z?")
"""Hashes, keys, sizes and times: they differ from one log to the next."""


@dataclass(frozen=True, slots=True)
class Block:
    """Commands that the guide shows in one piece, and the answer that it shows."""

    section: str
    number: int
    commands: str
    answer: str

    @property
    def label(self) -> str:
        """Return what a test calls it."""
        return f"section {self.section}, block {self.number}"

    def needs(self) -> Iterator[Callable[[Path], object]]:
        """Yield what must be there for it to run."""
        yield from (get for word, get in NEEDS.items() if word in self.commands)


def blocks() -> list[Block]:
    """Return every block of commands of the guide."""
    return [
        _block(section.partition(".")[0], number, text)
        for section in GUIDE.read_text("utf-8").split("\n## ")[1:]
        for number, text in enumerate(_BLOCK.findall(section), 1)
    ]


def _block(section: str, number: int, text: str) -> Block:
    lines = text.splitlines(keepends=True)
    commands = "".join(line[2:] for line in lines if line.startswith("$ "))
    answer = "".join(line for line in lines if not line.startswith("$ "))
    return Block(section, number, commands, answer)


def alike(answer: str) -> str:
    """Return an answer without what differs from one log to the next."""
    return _VARIES.sub("#", answer)


def prepare(folder: Path) -> None:
    """Put the guide's programs, and what it asks to be installed, into a folder."""
    programs = _PROGRAM.findall(GUIDE.read_text("utf-8"))
    for name, program in zip(("root.py", "chains.py"), programs, strict=True):
        (folder / name).write_text(program, "utf-8")
    (folder / "programs").symlink_to(HERE)
    for name in ("aics", "sigstore"):
        (folder / name).symlink_to(CHECKERS / name)


def run(commands: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run commands in a folder until one fails; what goes wrong is said where it happens."""
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    cache = str(CHECKERS / "go-cache")
    return subprocess.run(
        ["bash", "-e", "-c", commands],
        cwd=folder,
        # The compiler from PyPI keeps its cache where the other tests have theirs.
        env=os.environ | {"PATH": path, "GOCACHE": cache, "GOTOOLCHAIN": "local"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
