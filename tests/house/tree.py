"""The project's own files, for tests that read them."""

import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]

# What the tools and the product leave behind, for a tree that did not come with git.
_SKIPPED = {"var", "build", "__pycache__", "summit_proposals.egg-info"}


@cache
def files() -> tuple[Path, ...]:
    """Return every file that the project keeps: git's list, or the folders' where git is absent."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    names = listed.stdout.split("\0") if listed.returncode == 0 else map(str, ROOT.rglob("*"))
    found = (ROOT / name for name in names if name)
    return tuple(path for path in found if path.is_file() and _is_kept(path.relative_to(ROOT)))


def _is_kept(path: Path) -> bool:
    hidden = path.parts[0].startswith(".") and path.parts[0] not in {".ci", ".gitignore"}
    return not hidden and not _SKIPPED & set(path.parts)


def python_files(*folders: str) -> Iterator[Path]:
    """Yield the Python files below these folders, or all of them."""
    for path in files():
        inside = not folders or any(path.is_relative_to(ROOT / folder) for folder in folders)
        if path.suffix == ".py" and inside:
            yield path


def texts() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of every file that is text."""
    for path in files():
        try:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
