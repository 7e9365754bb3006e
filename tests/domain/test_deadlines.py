"""Days that rules count: spans, local dates of named places, and the day since a rule holds."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain import rules
from workflow.domain.deadlines import (
    Span,
    effect_of,
    is_place,
    local_day,
    reached,
    silence_ends,
    start_of,
)
from workflow.domain.requirement import Group, SignOffs, held_since, holds, leaves
from workflow.domain.shape import Shape, read_shape, write_shape

TOKYO, TASHKENT, UTC_DAYS = "Asia/Tokyo", "Asia/Tashkent", "UTC"
FIRST = date(2026, 1, 1)
THREE_LEADS = Shape((("state", frozenset({"lead"}), 3),))


def at(text: str) -> datetime:
    """Read an instant."""
    return datetime.fromisoformat(text)


def test_the_day_of_the_trigger_is_not_counted() -> None:
    assert Span(days=1).after(date(2026, 3, 31)) == date(2026, 4, 1)
    assert Span(days=30).after(date(2026, 1, 31)) == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-01-31", 2, "2026-03-31"),
        ("2026-08-31", 3, "2026-11-30"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
    ],
)
def test_a_month_ends_where_it_has_no_such_day(start: str, months: int, end: str) -> None:
    assert Span(months=months).after(date.fromisoformat(start)) == date.fromisoformat(end)


def test_a_span_does_not_leave_the_calendar() -> None:
    with pytest.raises(OverflowError):
        Span(months=12).after(date(9999, 1, 1))
    with pytest.raises(OverflowError):
        Span(days=1).after(date.max)


def test_one_instant_is_another_day_in_tokyo_than_in_tashkent_or_by_utc() -> None:
    evening = at("2026-03-01T16:00:00+00:00")
    days = [local_day(evening, place).isoformat() for place in (TOKYO, TASHKENT, UTC_DAYS)]
    assert days == ["2026-03-02", "2026-03-01", "2026-03-01"]
    night = at("2026-03-01T20:00:00+00:00")
    assert local_day(night, TASHKENT) == local_day(night, TOKYO) != local_day(night, UTC_DAYS)


def test_a_silence_lasts_to_the_end_of_its_last_local_day() -> None:
    opened = at("2026-03-01T16:00:00+00:00")  # 2 March in Tokyo, 1 March in Tashkent
    tokyo, tashkent = (silence_ends(Span(days=14), place, opened) for place in (TOKYO, TASHKENT))
    assert (tokyo.due_on, tokyo.due_at) == (date(2026, 3, 16), at("2026-03-16T15:00:00+00:00"))
    assert (tashkent.due_on, tashkent.due_at) == (
        date(2026, 3, 15),
        at("2026-03-15T19:00:00+00:00"),
    )


def test_a_delayed_step_takes_effect_as_its_local_day_begins() -> None:
    due = effect_of(Span(days=30), TOKYO, date(2026, 3, 2))
    assert (due.due_on, due.due_at) == (date(2026, 4, 1), at("2026-03-31T15:00:00+00:00"))


def test_a_day_is_as_long_as_the_clocks_of_its_place_make_it() -> None:
    spring = effect_of(Span(days=1), "Europe/Brussels", date(2026, 3, 28))
    after = effect_of(Span(days=2), "Europe/Brussels", date(2026, 3, 28))
    assert after.due_at - spring.due_at == timedelta(hours=23)
    autumn = silence_ends(Span(days=1), "Europe/Brussels", at("2026-10-24T10:00:00+00:00"))
    assert autumn.due_at - start_of(date(2026, 10, 25), "Europe/Brussels") == timedelta(hours=25)


def test_a_day_that_begins_at_one_in_the_morning_begins_then() -> None:
    # Cuba's clocks go from midnight straight to one: the day has no midnight.
    day = date(2026, 3, 8)
    begun = start_of(day, "America/Havana")
    assert local_day(begun, "America/Havana") == day
    assert local_day(begun - timedelta(microseconds=1), "America/Havana") == date(2026, 3, 7)


@given(
    st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    st.sampled_from([TOKYO, TASHKENT, UTC_DAYS, "Europe/Brussels", "America/New_York"]),
)
def test_a_local_day_starts_where_the_day_before_ends(day: date, place: str) -> None:
    due = reached(day, place, datetime(1990, 1, 1, tzinfo=UTC))
    assert local_day(due.due_at, place) == day
    assert local_day(due.due_at - timedelta(microseconds=1), place) == day - timedelta(days=1)


def test_a_place_is_a_time_zone_that_is_known() -> None:
    assert [is_place(name) for name in (TOKYO, "Tokyo", "", "../etc/passwd", "Asia")] == [
        True, False, False, False, False,
    ]  # fmt: skip


def test_k_of_n_has_held_since_the_day_of_the_kth() -> None:
    rule = SignOffs(("lead",), "line_ministry", at_least=2)
    days = [[FIRST, FIRST + timedelta(days=4), FIRST + timedelta(days=9)]]
    assert held_since(rule, days, (3,), THREE_LEADS, date.max) == FIRST + timedelta(days=4)


def test_an_alternative_that_does_not_hold_lends_no_day() -> None:
    rule = Group(
        (SignOffs(("lead",), "line_ministry"), SignOffs(("lead",), "finance_ministry", 1)),
        at_least=1,
    )
    since = held_since(rule, [[], [FIRST + timedelta(days=7)]], (0, 1), THREE_LEADS, FIRST)
    assert since == FIRST + timedelta(days=7)


@st.composite
def histories(draw: st.DrawFn) -> tuple[Group, list[list[date]], Shape]:
    """Make a rule, the days on which each of its leaves gathered something, and parties."""
    rule = draw(rules.consents)
    several = st.lists(st.integers(1, 9).map(lambda n: FIRST + timedelta(days=n)), max_size=4)
    days = [sorted(draw(several)) for _ in leaves(rule)]
    return rule, days, read_shape(write_shape(draw(rules.parties)))


@given(histories())
def test_a_rule_has_held_since_the_first_day_by_which_enough_had_come(
    history: tuple[Group, list[list[date]], Shape],
) -> None:
    rule, days, shape = history

    def counts(day: date) -> tuple[int, ...]:
        return tuple(sum(each <= day for each in leaf) for leaf in days)

    if not holds(rule, counts(date.max), shape):
        return
    known = sorted({date.min, *(each for leaf in days for each in leaf)})
    first = next(day for day in known if holds(rule, counts(day), shape))
    assert held_since(rule, days, counts(date.max), shape, date.max) == first
