"""A folder of files that appears whole or not at all, and knows the digest of each."""

import os
import shutil
import tempfile
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from workflow.export.new_file import FileExistsAlreadyError


class NewFolder:
    """Writes beside the path, and takes the path's name only on `publish`.

    Readable by its owner alone, since an export names people. Used as a context: unless
    published, nothing is left. A folder that exists is never replaced.
    """

    def __init__(self, path: Path) -> None:
        """Make a folder beside the path. Raises: FileExistsAlreadyError, OSError."""
        # os.path: a link that leads nowhere takes the name as well.
        if os.path.lexists(path):
            raise FileExistsAlreadyError(path)
        self.path, self.digests = path, dict[str, str]()
        try:
            made = tempfile.mkdtemp(prefix=f".{path.name[:80]}.", dir=path.parent)
        except OSError as error:
            # The name that matters to the reader is theirs, not that of our temporary folder.
            raise OSError(error.errno, error.strerror, str(path)) from error
        self._temporary = Path(made)

    def open(self, name: str) -> "NewMember":
        """Begin a file whose digest is kept. Raises: OSError."""
        return NewMember(self, name, self._place(name))

    def write(self, name: str, content: bytes) -> None:
        """Write a file whose digest is kept. Raises: OSError."""
        with self.open(name) as member:
            member.write(content)

    def write_plain(self, name: str, content: bytes) -> None:
        """Write a file that something else vouches for. Raises: OSError."""
        self._place(name).write_bytes(content)

    def path_of(self, name: str) -> Path:
        """Return where a file lies until the folder is published."""
        return self._place(name)

    def keep_digest(self, name: str) -> None:
        """Keep the digest of a file that something else wrote. Raises: OSError."""
        digest = sha256()
        with self._place(name).open("rb") as file:
            while part := file.read(1 << 20):
                digest.update(part)
        self.digests[name] = digest.hexdigest()

    def publish(self) -> None:
        """Give the folder its name. Raises: FileExistsAlreadyError when somebody was faster."""
        if os.path.lexists(self.path):
            raise FileExistsAlreadyError(self.path)
        # Thousands of files: one call that flushes all is quicker than one for each.
        if hasattr(os, "sync"):
            os.sync()
        self._temporary.rename(self.path)

    def __enter__(self) -> Self:
        """Return the folder itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove what was not published."""
        shutil.rmtree(self._temporary, ignore_errors=True)

    def _place(self, name: str) -> Path:
        place = self._temporary / name
        place.parent.mkdir(parents=True, exist_ok=True)
        return place


class NewMember:
    """A file of a new folder while it is written."""

    def __init__(self, folder: NewFolder, name: str, place: Path) -> None:
        """Open the file. Raises: OSError."""
        self._folder, self._name = folder, name
        self._file, self._digest = place.open("xb"), sha256()

    def write(self, content: bytes) -> None:
        """Write bytes at the end."""
        self._digest.update(content)
        self._file.write(content)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of what was written so far, in hexadecimal."""
        return self._digest.hexdigest()

    def close(self) -> None:
        """End the file, and keep its digest."""
        self._file.close()
        self._folder.digests[self._name] = self.digest

    def __enter__(self) -> Self:
        """Return the file itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the file."""
        self.close()
