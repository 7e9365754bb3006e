"""A bundle's folder, which anybody may have prepared: nothing in it is followed or trusted.

Links, pipes and devices are refused before anything is opened, and every read has a limit.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from workflow.log.merkle import HASH_BYTES
from workflow.log.tiles import TILE_BYTES, TILE_WIDTH, TileName
from workflow.log.verdict import BrokenError

LONGEST_LINE_BYTES = 64 * 2**20
"""A line of JSON holds one entry, or the texts of one."""

_ENTRY_BYTES = 2 + 65_535
_PART_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of files, each known by its path inside with slashes."""

    path: Path

    def read(self, name: str, limit: int) -> bytes:
        """Return a file's bytes. Raises: BrokenError when it is missing or larger, OSError."""
        with self.open(name) as file:
            content = file.read(limit + 1)
        if len(content) > limit:
            raise BrokenError(f"is larger than the {limit} bytes that it may have", name)
        return content

    def read_lines(self, name: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Yield the lines of a file between two places. Raises: BrokenError, OSError."""
        with self.open(name) as file:
            file.seek(start)
            at = start
            while end is None or at < end:
                line = file.readline(LONGEST_LINE_BYTES)
                if not line:
                    return
                if not line.endswith(b"\n"):
                    raise BrokenError("has a line that is cut short, or longer than any", name)
                at += len(line)
                yield line

    def read_tile(self, name: TileName) -> bytes:
        """Return the hashes of a tile. Raises: BrokenError when they are not as many, OSError."""
        content = self.read(name.path, TILE_BYTES)
        if len(content) != name.width * HASH_BYTES:
            raise BrokenError(f"does not hold {name.width} hashes of 32 bytes", name.path)
        return content

    def read_entries(self, name: TileName) -> bytes:
        """Return the file with the leaves below a tile. Raises: BrokenError, OSError."""
        return self.read(name.entries_path, TILE_WIDTH * _ENTRY_BYTES)

    def digest(self, name: str) -> str:
        """Return a file's SHA-256 in hexadecimal. Raises: BrokenError, OSError."""
        digest = sha256()
        with self.open(name) as file:
            while part := file.read(_PART_BYTES):
                digest.update(part)
        return digest.hexdigest()

    def size(self, name: str) -> int:
        """Return a file's length. Raises: OSError."""
        return (self.path / name).stat().st_size

    def open(self, name: str) -> BinaryIO:
        """Open a file. Raises: BrokenError when it is missing, OSError."""
        try:
            return (self.path / name).open("rb")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as cause:
            raise BrokenError("is missing from the bundle", show_name(name)) from cause


@dataclass(frozen=True, slots=True)
class FolderTiles:
    """The tiles of a bundle, for `Tree`."""

    folder: Folder

    def read(self, name: TileName) -> bytes:
        """Return a tile's hashes. Raises: BrokenError."""
        return self.folder.read_tile(name)


def list_files(folder: Path) -> set[str]:
    """Return the paths of all files. Raises: BrokenError when something is no plain file."""
    found: set[str] = set()
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        with os.scandir(folder / inside) as entries:
            for entry in entries:
                name = f"{inside}{entry.name}"
                sort = stat.S_IFMT(entry.stat(follow_symlinks=False).st_mode)
                if sort == stat.S_IFDIR:
                    waiting.append(f"{name}/")
                elif sort == stat.S_IFREG:
                    found.add(name)
                else:
                    raise BrokenError("is a link or a device, and no plain file", show_name(name))
    return found


def show_name(name: str) -> str:
    """Return a file's name in printable signs: whoever chose it may have meant to confuse."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in name)
