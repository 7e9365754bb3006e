"""Cells are harmless in a spreadsheet, and come back as they were."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.export.cells import CellError, guard, read_record, unguard, write_record

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXTS | st.text("=-;'\t\r\n a＝"))
def test_guard_is_reversible(text: str) -> None:
    assert unguard(guard(text)) == text


@given(st.lists(TEXTS, min_size=1))
def test_record_is_read_back_as_it_was_written(texts: list[str]) -> None:
    assert read_record(write_record(texts)) == texts


@pytest.mark.parametrize("sign", list("=+-@\t\r\n＝＋－＠"))
@pytest.mark.parametrize("before", ["", " ", "\t", "\u3000", "\r\n"])
def test_guard_disarms_every_beginning_of_a_formula(sign: str, before: str) -> None:
    assert guard(f"{before}{sign}cmd|' /C calc'!A0").startswith("'")


@pytest.mark.parametrize("sign", list("=+-@＝＋－＠"))
@pytest.mark.parametrize("before", ["a;", "a; ", "a\t", "a\n", "a\r\n", "a\r", ";;"])
def test_guard_disarms_what_another_separator_makes_a_cell(before: str, sign: str) -> None:
    """Where semicolons separate cells, Excel takes no notice of our commas and quotes."""
    guarded = guard(f"{before}{sign}cmd|' /C calc'!A0")
    cells = re.split(r"\r\n|[;\t\r\n]", guarded)
    assert not any(cell.lstrip().startswith(sign) for cell in cells)


def test_guard_keeps_a_line_break_in_one_piece() -> None:
    assert guard("a\r\n-1") == "a\r\n'-1"


@pytest.mark.parametrize(
    "text", ["", "agreed", "1-2", "a=b", "見積=1", "one; two", "a\r\nb", "it's", "a, -1"]
)
def test_guard_leaves_the_rest_alone(text: str) -> None:
    assert guard(text) == text


def test_guard_keeps_a_guarded_and_a_plain_text_apart() -> None:
    assert guard("=1") != guard("'=1")


@pytest.mark.parametrize("record", ['"open', '"a"b"\r\n', '"a"\r\n"b"\r\n', ""])
def test_malformed_record_is_refused(record: str) -> None:
    with pytest.raises(CellError):
        read_record(record)
