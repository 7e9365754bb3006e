"""Cells are harmless in a spreadsheet, and come back as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.export.cells import CellError, guard, read_record, unguard, write_record

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXTS)
def test_guard_is_reversible(text: str) -> None:
    assert unguard(guard(text)) == text


@given(st.lists(TEXTS, min_size=1))
def test_record_is_read_back_as_it_was_written(texts: list[str]) -> None:
    assert read_record(write_record(texts)) == texts


@pytest.mark.parametrize("sign", list("=+-@\t\r\n＝＋－＠"))
@pytest.mark.parametrize("before", ["", " ", "\t", "\u3000", "\r\n"])
def test_guard_disarms_every_beginning_of_a_formula(sign: str, before: str) -> None:
    assert guard(f"{before}{sign}cmd|' /C calc'!A0").startswith("'")


@pytest.mark.parametrize("text", ["", "agreed", "1-2", "a=b", "見積=1"])
def test_guard_leaves_the_rest_alone(text: str) -> None:
    assert guard(text) == text


def test_guard_keeps_a_guarded_and_a_plain_text_apart() -> None:
    assert guard("=1") != guard("'=1")


@pytest.mark.parametrize("record", ['"open', '"a"b"\r\n', '"a"\r\n"b"\r\n', ""])
def test_malformed_record_is_refused(record: str) -> None:
    with pytest.raises(CellError):
        read_record(record)
