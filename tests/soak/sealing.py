"""Lets writers and sealers be killed for as long as one likes; `make storm` starts it.

    python -m tests.soak.sealing --first 0 --rounds 60 --seconds 60 --writers 50

Each round is a fresh log on PostgreSQL and a seed of its own. The last line says how many acts were
confirmed, how many processes were killed, and in how many rounds anything was wrong.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.databases import postgresql_copy
from tests.postgresql import Folder
from tests.race.weather import weather
from tests.sealed import faults
from workflow.services.seal import seal


def main() -> int:
    """Play what the command line asks for; 1 if anything was wrong."""
    order = _read_order()
    acts = killed = wrong = 0
    with Folder.opened() as server, tempfile.TemporaryDirectory() as folder:
        server.server()
        for seed in range(order.first, order.first + order.rounds):
            found, confirmed, kills = _play(server, Path(folder) / str(seed), seed, order)
            acts, killed, wrong = acts + confirmed, killed + kills, wrong + bool(found)
            sys.stdout.write("".join(f"seed {seed}: {each}\n" for each in found))
            sys.stdout.write(f"seed {seed}: {acts} acts, {killed} killed, {wrong} rounds wrong\n")
            sys.stdout.flush()
    return 1 if wrong else 0


def _play(
    server: Folder, folder: Path, seed: int, order: argparse.Namespace
) -> tuple[list[str], int, int]:
    folder.mkdir()
    with postgresql_copy(server, f"soak_sealing_{seed}") as url:
        after = weather(url, folder, seed=seed, writers=order.writers, seconds=order.seconds)
        seal(after.log)
        lost = set(after.confirmed) - set(after.recorded)
        found = [*after.complaints, *faults(after.log), *(f"{act} is lost" for act in lost)]
        after.log.engine.dispose()
    return found, len(after.confirmed), after.killed


def _read_order() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="soak", description="Write, seal, kill.")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=60, help="of each round")
    parser.add_argument("--writers", type=int, default=50)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
