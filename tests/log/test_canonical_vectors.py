"""Leaves have the bytes that RFC 8785 gives them, by another's encoder and by its own vectors.

A folder `vectors/jcs` of JSON files beside the project, under `shared`, is read where it is.
"""

import json
from pathlib import Path

import pytest

from tests.log.random_entries import disagreement, random_entries
from workflow.domain.canonical import CanonicalError, canonical_bytes, parse_canonical

FOLDER = Path(__file__).parents[3] / "shared" / "vectors" / "jcs" / "testdata"

# What implementations differ about is outside our subset, and refused rather than written.
OUTSIDE = {
    "french": "an object name is not ASCII text",
    "structures": "a float has no canonical form",
    "values": "a float has no canonical form",
    "weird": "an object name is not ASCII text",
}
WITHIN = ("arrays", "unicode")

beside = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="no folder shared/vectors/jcs stands beside the project"
)


def test_random_entries_have_the_bytes_of_another_encoder() -> None:
    assert [found for each in random_entries(0, 5_000) if (found := disagreement(*each))] == []


@beside
def test_every_vector_is_within_the_subset_or_outside_it() -> None:
    assert {path.stem for path in (FOLDER / "input").iterdir()} == {*WITHIN, *OUTSIDE}


@beside
@pytest.mark.parametrize("name", WITHIN)
def test_a_vector_within_the_subset_is_written_as_the_standard_does(name: str) -> None:
    value = json.loads((FOLDER / "input" / f"{name}.json").read_bytes())
    assert canonical_bytes(value) == (FOLDER / "output" / f"{name}.json").read_bytes()


@beside
@pytest.mark.parametrize("name", OUTSIDE)
def test_a_vector_outside_the_subset_is_refused(name: str) -> None:
    value = json.loads((FOLDER / "input" / f"{name}.json").read_bytes())
    with pytest.raises(CanonicalError, match=OUTSIDE[name]):
        canonical_bytes(value)


@beside
@pytest.mark.parametrize("name", [*WITHIN, *OUTSIDE])
def test_a_canonical_vector_is_read_back_where_the_subset_has_it(name: str) -> None:
    canonical = (FOLDER / "output" / f"{name}.json").read_bytes()
    if name in {*WITHIN, "structures"}:  # which has its float, 56.0, as the integer that it is
        assert parse_canonical(canonical) == json.loads(canonical)
    else:
        with pytest.raises(CanonicalError):
            parse_canonical(canonical)
