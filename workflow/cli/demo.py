"""`summit demo`: the two Tokyo summits, to try everything on."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workflow.cli.exits import REFUSED
from workflow.cli.frame import Command, leave, reading, show
from workflow.cli.output import table

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime
    from workflow.services.demo import SignIn

_REFUSED = (
    "This database holds real people, so the demo is not loaded into it: set SUMMIT_DATABASE_URL"
    " to a database of its own."
)
_SHOWN = ("uz.head", "uz.foreign", "jp.head", "kz.finance", "secretariat.desk", "uz.auditor")


@click.command(cls=Command, example="summit demo")
@reading
def demo(runtime: "Runtime") -> None:
    """Load the two Tokyo summits and demo officials, once.

    The officials' passwords are random; they are kept in a file that only you can read.
    """
    import config  # noqa: PLC0415 - nothing loads for --help
    from workflow.services.demo import Loading, load_demo  # noqa: PLC0415 - as above
    from workflow.services.demo_files import read_demo  # noqa: PLC0415 - as above
    from workflow.services.seal import seal_after  # noqa: PLC0415 - as above

    path = _sign_ins_path(runtime)
    kept: list[SignIn] = []

    def keep(sign_ins: "tuple[SignIn, ...]") -> None:
        _write_privately(path, _lines(sign_ins))
        kept.extend(sign_ins)

    files = read_demo(Path(config.__file__).parent / "demo")
    loading = load_demo(runtime, files, keep)
    if loading is Loading.REAL_PEOPLE:
        reasons = [{"code": "real_people", "text": _REFUSED}]
        show({"outcome": "refused", "reasons": reasons}, _REFUSED)
        leave(REFUSED)
    seal_after(runtime)
    show({"outcome": str(loading), "sign_ins": str(path)}, _told(kept, path))


def forget_sign_in(runtime: "Runtime", login: str) -> None:
    """Take the line of a person who was erased out of the file of sign-ins, where there is one."""
    path = _sign_ins_path(runtime)
    if path.is_file():
        lines = path.read_text(encoding="utf-8").splitlines()
        _write_privately(path, (line for line in lines if line.split()[:1] != [login]))


def _told(kept: "list[SignIn]", path: Path) -> Iterator[str]:
    if not kept:
        yield f"The demo is loaded. Its sign-ins are in {path}."
        return
    yield "The two Tokyo summits are loaded: 25 proposals, and officials to sign in as."
    yield from _lines([each for each in kept if each.login in _SHOWN])
    yield f"All {len(kept)} sign-ins are in {path}."


def _lines(sign_ins: "Iterable[SignIn]") -> Iterator[str]:
    rows = ((each.login, each.password, each.party, each.role, each.name) for each in sign_ins)
    return table(("login", "password", "party", "role", "name"), rows)


def _sign_ins_path(runtime: "Runtime") -> Path:
    from workflow.services.demo import sign_ins_file  # noqa: PLC0415 - nothing loads for --help

    return sign_ins_file(runtime.settings.database_file)


def _write_privately(path: Path, lines: Iterable[str]) -> None:
    # Mode 0600 from its first byte on, and never half a file under the final name.
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)
