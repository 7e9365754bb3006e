"""Names as identifiers: safe in every format, and never two names in one."""

import re

from hypothesis import given

from tests.export.definitions import texts
from workflow.export.definition_names import read_name, write_name


@given(one=texts, other=texts)
def test_a_name_is_written_as_an_identifier_and_read_back(one: str, other: str) -> None:
    assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", write_name(one))
    assert read_name(write_name(one)) == one
    assert (write_name(one) == write_name(other)) == (one == other)


def test_the_empty_name_is_an_identifier_of_its_own() -> None:
    assert (write_name(""), read_name("_x_"), read_name(write_name("_x_"))) == ("_x_", "", "_x_")
