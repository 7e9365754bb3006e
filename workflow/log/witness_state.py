"""What a witness remembers, in a file: one line a log, its origin, size and root.

Without it a witness would sign a shortened log; so it is on the disk before a signature is out.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from workflow.log.strict import FormatError, read_hash, read_number, write_base64
from workflow.log.witness_answers import Seen

_PARTS: Final = 3


class StateError(FormatError):
    """A witness's file is malformed."""


def write_states(states: Mapping[str, Seen]) -> str:
    """Return what was seen as lines 'origin size root'; an origin may hold spaces."""
    return "".join(
        f"{origin} {seen.size} {write_base64(seen.root)}\n" for origin, seen in states.items()
    )


def parse_states(text: str) -> dict[str, Seen]:
    """Read what was seen. Raises: StateError, which names the line."""
    states: dict[str, Seen] = {}
    *lines, rest = text.split("\n")
    for number, line in enumerate([*lines, *filter(None, [rest])], 1):
        origin, *numbers = line.rsplit(" ", _PARTS - 1)
        try:
            size, root = numbers
            seen = Seen(read_number(size), read_hash(root))
        except ValueError as cause:
            raise StateError(f"line {number} is not a log, a size and a root") from cause
        if not origin or origin in states:
            raise StateError(f"line {number} names no log, or one that stands above")
        states[origin] = seen
    return states


@contextmanager
def held(path: Path) -> Iterator[dict[str, Seen]]:
    """Give what was seen, and keep it to oneself meanwhile. Raises: OSError, StateError."""
    with path.with_name(f"{path.name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield _read(path) if path.exists() else {}


def _read(path: Path) -> dict[str, Seen]:
    try:
        return parse_states(path.read_text(encoding="utf-8"))
    except StateError as error:
        raise StateError(f"{path} is damaged: {error}") from error


def keep(path: Path, states: Mapping[str, Seen]) -> None:
    """Replace the file by what was seen, whole or not at all. Raises: OSError."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(write_states(states))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
