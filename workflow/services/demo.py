"""Loads the two Tokyo summits and demo officials into a database without real people."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher

from workflow.persistence.installation import (
    DEMO,
    has_people,
    lock_installation,
    read_fact,
    write_fact,
)
from workflow.persistence.unit_of_work import Tx
from workflow.services.demo_files import Cells, DemoFiles
from workflow.services.demo_people import add_officials, add_parties, add_summits
from workflow.services.demo_proposals import add_proposals
from workflow.services.passwords import MOST_AT_ONCE
from workflow.services.runtime import Runtime

# Random passwords of 80 bits need no slow hash, and 125 slow ones would keep a newcomer waiting;
# the first sign-in replaces it by the usual one.
# Source: OWASP Password Storage Cheat Sheet, the least for argon2id.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class Loading(StrEnum):
    """What became of the demo."""

    LOADED = "loaded"
    LOADED_BEFORE = "loaded before"
    REAL_PEOPLE = "real people"


@dataclass(frozen=True, slots=True)
class SignIn:
    """One demo official, and the password they sign in with."""

    login: str
    name: str
    party: str
    role: str
    password: str


Keep = Callable[[tuple[SignIn, ...]], None]
"""Keeps the sign-ins where the operator finds them; called before the demo is committed."""


def load_demo(runtime: Runtime, files: DemoFiles, keep: Keep) -> Loading:
    """Load the demo once; whoever comes second changes nothing."""
    with runtime.uow.read() as tx:
        known = _judge(tx)
    if known is not None:
        return known
    sign_ins = tuple(_sign_in(runtime, cells) for cells in files.officials)
    hashes = _hashed(sign_ins)
    with runtime.uow.write() as tx:
        lock_installation(tx)
        known = _judge(tx)
        if known is not None:
            return known
        write_fact(tx, DEMO, "yes")
        add_parties(tx, files.parties)
        add_summits(tx, files.summits)
        add_officials(tx, files.officials, hashes)
        add_proposals(tx, files.proposals, files.claims)
        # Before the commit: a password that nobody can read would be good for nothing.
        keep(sign_ins)
    return Loading.LOADED


def holds_demo(runtime: Runtime) -> bool:
    """Say whether the database holds the demo's people."""
    with runtime.uow.read() as tx:
        return read_fact(tx, DEMO) is not None


def sign_ins_file(database: Path | None) -> Path:
    """Give where the demo's sign-ins are kept: next to the database file, else under var."""
    return (database.parent if database else Path("var")) / "demo-sign-ins.txt"


def _judge(tx: Tx) -> Loading | None:
    if read_fact(tx, DEMO) is not None:
        return Loading.LOADED_BEFORE
    return Loading.REAL_PEOPLE if has_people(tx, "real") else None


def _sign_in(runtime: Runtime, cells: Cells) -> SignIn:
    # 80 bits of the random salt: typed by hand, so in groups and without look-alike signs.
    letters = runtime.ids.salt()[-10:].hex().translate(str.maketrans("01", "xy"))
    password = "-".join(letters[at : at + 5] for at in range(0, len(letters), 5))
    return SignIn(cells["login"], cells["name"], cells["party"], cells["role"], password)


def _hashed(sign_ins: Iterable[SignIn]) -> dict[str, str]:
    known = tuple(sign_ins)
    with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
        hashes = pool.map(lambda each: _HASHER.hash(each.password), known)
        return {each.login: made for each, made in zip(known, hashes, strict=True)}
