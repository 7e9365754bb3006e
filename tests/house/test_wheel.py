"""What an installation from a wheel gets: every file that the product reads when it runs."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from tests.house.tree import ROOT, files

_PACKAGES = ("workflow", "web", "config", "migrations")

# Sources of what is shipped compiled, and what only translators and developers read.
_LEFT_OUT = {".pot", ".cfg", ".md"}


def test_the_wheel_carries_every_file_of_the_packages(tmp_path: Path) -> None:
    source = tmp_path / "source"
    for path in files():
        copy = source / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", tmp_path, source], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with ZipFile(wheel) as archive:
        shipped = set(archive.namelist())
    kept = {str(path.relative_to(ROOT)) for path in files() if path.suffix not in _LEFT_OUT}
    wanted = {name for name in kept if name.startswith(tuple(f"{p}/" for p in _PACKAGES))}
    assert wanted - shipped == set()
    assert "wsgi.py" in shipped
