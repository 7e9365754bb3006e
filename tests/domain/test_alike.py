"""References that a reader would take for one another have one skeleton; others do not."""

import pytest

from workflow.domain.alike import reference_skeleton


@pytest.mark.parametrize(
    "written",
    [
        "uzj-01", "UZJ_01", "UZJ.01", "UZJ 01", "UZJ-O1", "UZJ-0l", "UZJ-0I",
        "UZJ\u201101", "UZJ\u201301", "UZJ\u221201",  # hyphens and dashes
        "\uff35\uff3a\uff2a\uff0d\uff10\uff11",  # wide
        "U\u0396J-01", "UZ\u0408-01", "UZJ-\u041e1",  # Greek and Cyrillic
        "UZJ-\u200b01", "\u202eUZJ-01", "UZJ-01\ufeff",  # unseen
    ],
)  # fmt: skip
def test_what_looks_alike_has_one_skeleton(written: str) -> None:
    assert reference_skeleton(written) == reference_skeleton("UZJ-01")


@pytest.mark.parametrize(("one", "other"), [("rn-1", "m-1"), ("vv-1", "w-1"), ("S-5", "5-S")])
def test_signs_that_pass_for_one_another_are_one(one: str, other: str) -> None:
    assert reference_skeleton(one) == reference_skeleton(other)


@pytest.mark.parametrize("other", ["UZJ-02", "UZJ-10", "UZJ01", "UZJ-011", "UZ-01", ""])
def test_others_stay_apart(other: str) -> None:
    assert reference_skeleton(other) != reference_skeleton("UZJ-01")
