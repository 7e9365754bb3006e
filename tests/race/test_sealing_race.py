"""Fifty write while others seal, and all are killed at random: the log is whole at the end."""

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from tests.race import storm
from tests.race.weather import prepared, weather
from tests.sealed import acts, faults, record
from workflow.domain.entry import Draft
from workflow.persistence.entries import append
from workflow.services.seal import seal

SEED = 20261122


@pytest.mark.postgresql
def test_fifty_writers_and_some_sealers_are_killed_and_nothing_is_lost(
    postgresql_url: str, tmp_path: Path
) -> None:
    after = weather(postgresql_url, tmp_path, seed=SEED, writers=50, seconds=9)
    seal(after.log)
    recorded = after.recorded
    assert after.complaints == []
    assert faults(after.log) == []
    assert set(after.confirmed) <= set(recorded)
    assert max(Counter(after.confirmed).values()) == 1
    assert max(recorded.values()) <= 3
    assert len(after.confirmed) > 20
    assert after.killed > 8
    after.log.engine.dispose()


def test_on_sqlite_writers_and_sealers_are_killed_and_nothing_is_lost(
    sqlite_url: str, tmp_path: Path
) -> None:
    after = weather(sqlite_url, tmp_path, seed=SEED, writers=4, sealers=2, seconds=3)
    seal(after.log)
    assert after.complaints == []
    assert faults(after.log) == []
    assert set(after.confirmed) <= set(after.recorded)
    assert len(after.confirmed) > 5
    after.log.engine.dispose()


@pytest.mark.postgresql
def test_a_sealer_that_goes_by_numbers_is_found_out(postgresql_url: str, tmp_path: Path) -> None:
    """A fault planted on purpose: the same assertions notice what it loses."""
    log = prepared(postgresql_url, tmp_path)
    wrong, unused = Random(SEED), tmp_path / "unused"  # noqa: S311 - it decides nothing
    with log.uow.write() as early:
        append(early, [Draft(chain="party/UZ", kind="grant", via="cli")])
        record(log, *acts(2, "party/JP"))
        storm.seal_by_numbers(log, wrong, unused)
    storm.seal_by_numbers(log, wrong, unused)
    assert any("are lost" in fault for fault in faults(log))
    log.engine.dispose()


@pytest.mark.postgresql
def test_in_a_storm_a_sealer_that_goes_by_numbers_is_found_out(
    postgresql_url: str, tmp_path: Path
) -> None:
    found: list[str] = []
    # A busy machine gets through few acts in so short a time: then it blows on.
    for seconds in (2, 6, 15):
        after = weather(postgresql_url, tmp_path, seed=SEED, writers=20, seconds=seconds, planted=1)
        storm.seal_by_numbers(after.log, Random(SEED), tmp_path / "unused")  # noqa: S311 - as above
        found = [fault for fault in faults(after.log) if "are lost" in fault]
        after.log.engine.dispose()
        if found:
            break
    assert found
