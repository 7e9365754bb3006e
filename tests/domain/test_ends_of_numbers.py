"""Numbers and days at the ends of what can be written crash nothing."""

from datetime import UTC, date, datetime

import pytest

from tests import make_rules
from workflow.domain.deadlines import start_of
from workflow.domain.definition import Definition, DefinitionError


def test_the_first_day_of_the_calendar_begins_in_tokyo_with_the_calendar() -> None:
    assert start_of(date.min, "Asia/Tokyo") == datetime(1, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "share", ["9" * 5_000 + "/" + "9" * 5_001, "٣/٤", "1/0", "3/2", "²/³", "1 /2"]
)
def test_a_share_is_written_in_few_plain_digits(share: str) -> None:
    needs = {"signoffs": {"each": ["lead"], "role": "line_ministry", "at_least": share}}
    with pytest.raises(DefinitionError):
        Definition.from_mapping(make_rules.rules(agree={"needs": needs}))
