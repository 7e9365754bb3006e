"""Compares the bytes of random entries with another's encoder in the large; `make soak` starts it.

    python -m tests.soak.canonical --first 0 --entries 1000000

Each seed is one entry: what disagreed can be made again with `--first SEED --entries 1`.
"""

import argparse
import sys
import time

from tests.log.random_entries import disagreement, random_entries

_STEP = 100_000


def main() -> int:
    """Compare what the command line asks for; 1 if any entry disagreed."""
    order = _read_order()
    wrong, started = 0, time.monotonic()
    for done, each in enumerate(random_entries(order.first, order.entries), 1):
        if found := disagreement(*each):
            wrong += 1
            _say(f"seed {order.first + done - 1} disagrees in {found}")
        if done % _STEP == 0 or done == order.entries:
            seconds = time.monotonic() - started
            _say(f"{done} entries in {seconds:.0f} s, {wrong} disagree")
    return 1 if wrong else 0


def _read_order() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="canonical", description="Compare two encoders.")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--entries", type=int, default=1_000_000)
    return parser.parse_args()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
