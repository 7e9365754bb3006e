"""Random histories under random definitions: all ways to the same end agree.

Single and bulk, explanation and guard, SQLite and PostgreSQL; and the check finds nothing wrong.
This is a sample; `make soak` plays the large size.
"""

import pytest

from tests.parity.histories import compare, play

HISTORIES = 4


@pytest.mark.postgresql
@pytest.mark.parametrize("seed", range(4))
def test_all_ways_to_the_same_end_agree(seed: int, sqlite_url: str, postgresql_url: str) -> None:
    on_sqlite = play(sqlite_url, seed, HISTORIES, HISTORIES)
    on_postgresql = play(postgresql_url, seed, HISTORIES, HISTORIES)
    compare("SQLite and PostgreSQL", on_sqlite, on_postgresql)
