"""Measures what the product costs, as ratios within one run; `make bench` starts it.

    python -m tests.bench --size 50000

Nothing is asserted: machines differ, and others may be busy on this one. The table says which
goals are met; the same numbers go to a file as JSON.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench import log
from tests.bench.figures import Figure, show, write
from tests.bench.grounds import Site
from tests.postgresql import Folder

ACTS = 10
"""Entries of each proposal."""

MOST_AT_ONCE = 20_000
"""Proposals of one bulk change: what it costs a row hardly depends on how many there are."""


def main() -> int:
    """Measure at the size that the command line asks for."""
    order = _read_order()
    with Folder.opened() as server, tempfile.TemporaryDirectory() as folder:
        figures = list(_figures(Site(Path(folder), server.server()), order.size, order.rounds))
    sys.stdout.write(f"{order.size:,} entries\n{show(figures)}\n")
    write(order.out, order.size, figures)
    return 0


def _figures(site: Site, size: int, rounds: int) -> Iterator[Figure]:
    moved = min(size // ACTS, MOST_AT_ONCE)
    for lay in (site.sqlite, site.postgresql):
        with lay(moved, 1) as ground:
            yield from _told(log.bulk_change(ground, rounds))
    with site.sqlite(size // ACTS, ACTS) as ground:
        yield from _told(log.verification(ground, size, rounds))
        yield from _told(log.exports(ground, size, rounds))
    with site.postgresql(size // ACTS, ACTS) as ground:
        yield from _told(log.exports(ground, size, rounds))


def _told(figures: Iterator[Figure]) -> Iterator[Figure]:
    """Say on the way what was measured, since the large size takes its time."""
    for figure in figures:
        sys.stderr.write(f"{show([figure])}\n")
        yield figure


def _read_order() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="Measure what the log costs.")
    parser.add_argument("--size", type=int, default=50_000, help="entries")
    parser.add_argument("--rounds", type=int, default=3, help="of which the median counts")
    parser.add_argument("--out", type=Path, default=Path(".venv/bench.json"), help="where to")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
