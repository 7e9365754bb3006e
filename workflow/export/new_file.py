"""A file that appears whole or not at all."""

import os
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import file_digest, sha256
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, TypeVar

T = TypeVar("T")

_BUFFER_BYTES = 1 << 20


class FileExistsAlreadyError(Exception):
    """Something stands at the path, and nobody said that it may be replaced."""

    def __init__(self, path: Path) -> None:
        """Keep the path."""
        super().__init__(str(path))
        self.path = path


class NewFile:
    """Writes beside the path, and takes the path's name only on `publish`.

    The file is readable by its owner alone, since an export names people. Used as a context:
    unless published, nothing is left.
    """

    def __init__(self, path: Path, *, replace: bool = False) -> None:
        """Open a file in the path's folder. Raises: FileExistsAlreadyError, OSError."""
        if path.is_dir():
            raise IsADirectoryError(21, "is a folder", str(path))
        if path.exists() and not replace:
            raise FileExistsAlreadyError(path)
        self.path, self._replace, self._digest = path, replace, sha256()
        try:
            descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:80]}.", dir=path.parent)
        except OSError as error:
            # The name that matters to the reader is theirs, not that of our temporary file.
            raise OSError(error.errno, error.strerror, str(path)) from error
        self._temporary = Path(name)
        self._file = os.fdopen(descriptor, "wb", _BUFFER_BYTES)

    def write_all(self, chunks: Iterable[str]) -> None:
        """Write texts as UTF-8, and flush them to the disk."""
        for chunk in chunks:
            content = chunk.encode("utf-8")
            self._digest.update(content)
            self._file.write(content)
        self._file.flush()
        os.fsync(self._file.fileno())

    def fill(self, write: Callable[[BinaryIO], T]) -> T:
        """Let something else write bytes, in any order; flush them, and return what it returns."""
        answer = write(self._file)
        self._file.flush()
        os.fsync(self._file.fileno())
        with self._temporary.open("rb") as written:
            self._digest = file_digest(written, "sha256")
        return answer

    @property
    def beside(self) -> Path:
        """Return where it stands until it has its name, for a program that writes it by itself."""
        return self._temporary

    @property
    def digest(self) -> str:
        """Return the SHA-256 of what was written, in hexadecimal."""
        return self._digest.hexdigest()

    def publish(self) -> None:
        """Give the file its name. Raises: FileExistsAlreadyError when somebody was faster."""
        os.fsync(self._file.fileno())
        self._file.close()
        if self._replace:
            self._temporary.replace(self.path)
        else:
            self._link()
        _flush_folder(self.path.parent)

    def __enter__(self) -> Self:
        """Return the file itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove what was not published."""
        self._file.close()
        self._temporary.unlink(missing_ok=True)

    def _link(self) -> None:
        """Take the name only while it is free; a rename would replace what came meanwhile."""
        try:
            os.link(self._temporary, self.path)
        except FileExistsError as cause:
            raise FileExistsAlreadyError(self.path) from cause
        except OSError:
            # Some file systems know no hard links.
            self._temporary.replace(self.path)


def _flush_folder(folder: Path) -> None:
    # A folder cannot be opened everywhere; then the name lives as long as the system stays up.
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
