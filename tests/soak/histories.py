"""Plays random histories under random definitions in the large; `make soak` starts it.

    python -m tests.soak.histories --first 0 --definitions 1000 --histories 1000

Each seed is one definition with all its histories: on SQLite and on PostgreSQL at once, and some of
them one by one as well. Seeds are independent: what was cut off goes on with `--first`, and several
machines may share the work. The last line says how much was played and what disagreed.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.databases import postgresql_copy, sqlite_copy
from tests.parity.histories import DisagreementError, compare, play
from tests.postgresql import Folder

TWINS = 12
"""Histories of each definition that are also played one by one, which takes most of the time."""


@dataclass
class Score:
    """How far it is, and what disagreed."""

    seeds: int = 0
    acts: int = 0
    """Answers to acts, on SQLite alone."""
    wrong: int = 0


def main() -> int:
    """Play what the command line asks for; 1 if anything disagreed."""
    order = _read_order()
    score, started = Score(), time.monotonic()
    with _databases() as (folder, prepared):
        for seed in range(order.first, order.first + order.definitions):
            _play(seed, order, folder, prepared, score)
            minutes = (time.monotonic() - started) / 60
            _say(f"seed {seed}: {score.seeds} definitions x {order.histories} histories, "
                 f"{score.acts} acts in {minutes:.1f} minutes, {score.wrong} disagree")  # fmt: skip
            if order.minutes and minutes >= order.minutes:
                _say(f"time is over; go on with --first {seed + 1}")
                break
    return 1 if score.wrong else 0


def _read_order() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="soak", description="Play random histories.")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--definitions", type=int, default=1_000)
    parser.add_argument("--histories", type=int, default=1_000, help="of each definition")
    parser.add_argument("--twins", type=int, default=TWINS, help="of them one by one, too")
    parser.add_argument("--minutes", type=float, help="stop after the seed that is then at hand")
    return parser.parse_args()


@contextmanager
def _databases() -> Iterator[tuple[Folder, Path]]:
    with Folder.opened() as folder, tempfile.TemporaryDirectory() as prepared:
        yield folder.server(), Path(prepared)


def _play(
    seed: int, order: argparse.Namespace, folder: Folder, prepared: Path, score: Score
) -> None:
    score.seeds += 1
    try:
        with sqlite_copy(prepared / "sqlite", prepared / "seed") as url:
            on_sqlite = play(url, seed, order.histories, min(order.twins, order.histories))
        score.acts += sum(map(len, on_sqlite[0]))
        with postgresql_copy(folder, f"soak_{seed}") as url:
            compare("SQLite and PostgreSQL", on_sqlite, play(url, seed, order.histories, 1))
    except DisagreementError as reason:
        score.wrong += 1
        _say(f"seed {seed} disagrees: {reason}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
