"""Edits bundles and databases at random, each edit alone; `make edits` starts it.

    python -m tests.soak.edits --first 0 --edits 10000

Of every hundred edits 40 are made in a whole bundle, 20 in one of some chains, 38 in a SQLite file
and two in a database on PostgreSQL. Every one must be found by whoever kept a checkpoint. The last
line says how many edits of which sort were made, and how many went unnoticed.
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.databases import postgresql_copy, sqlite_copy
from tests.edits import bundles, prepared
from tests.edits.bundles import Bundle
from tests.edits.databases import Owned
from tests.postgresql import Folder

Judge = Callable[[Random], tuple[str, bool]]
"""Makes a random edit; says its name, and whether it was found."""

_SIZES = (530, 700)
_REPORT_EVERY = 500


@dataclass
class Score:
    """What was edited, and what went unnoticed."""

    made: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)


def main() -> int:
    """Make the edits that the command line asks for; 1 if any went unnoticed."""
    order, score = _read_order(), Score()
    with _targets() as targets:
        for seed in range(order.first, order.first + order.edits):
            name = _target(seed)
            _edit(name, targets[name], seed, score)
            if (seed + 1) % _REPORT_EVERY == 0:
                _say(f"{score.made.total()} edits, {len(score.missed)} unnoticed")
    for what, count in sorted(score.made.items()):
        _say(f"{count:>6} {what}")
    _say(f"{score.made.total()} edits, {len(score.missed)} unnoticed")
    return 1 if score.missed else 0


def _target(seed: int) -> str:
    place = seed % 100
    if place < 40:
        return "whole bundle"
    return "part" if place < 60 else "SQLite" if place < 98 else "PostgreSQL"


def _edit(target: str, judge: Judge, seed: int, score: Score) -> None:
    name, found = judge(Random(seed))  # noqa: S311 - chosen anew the same way each time
    score.made[f"{target}: {name.partition(' ')[0]}"] += 1
    if not found:
        score.missed.append(name)
        _say(f"seed {seed}: {target}: {name} went unnoticed")


@contextmanager
def _targets() -> Iterator[dict[str, Judge]]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for name in ("whole", "part", "sqlite", "postgresql"):
            (folder / name).mkdir()
        server = stack.enter_context(Folder.opened()).server()
        file = stack.enter_context(sqlite_copy(folder / "empty", folder / "log.sqlite"))
        url = stack.enter_context(postgresql_copy(server, "soak_edits"))
        yield {
            "whole bundle": _of_bundle(Bundle.made(folder / "whole", _SIZES[0])),
            "part": _of_bundle(Bundle.made(folder / "part", _SIZES[1], ("proposal/A-1", "log"))),
            "SQLite": _of_database(prepared.on_sqlite(file, folder / "sqlite")),
            "PostgreSQL": _of_database(prepared.on_postgresql(url, folder / "postgresql", server)),
        }


def _of_bundle(bundle: Bundle) -> Judge:
    def judge(random: Random) -> tuple[str, bool]:
        name, changes = bundles.draw(random, bundle)
        return f"{name} {sorted(changes)[:5]}", not bundle.judge(changes).ok

    return judge


def _of_database(owned: Owned) -> Judge:
    def judge(random: Random) -> tuple[str, bool]:
        name, found = owned.judge(random)
        return name, not found.ok

    return judge


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _read_order() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="soak", description="Edit logs at random.")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--edits", type=int, default=10_000)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
