"""Names joined as a language joins them: A, B and C."""

from collections.abc import Iterable

from babel.lists import format_list

from web.languages import language


def all_of(names: Iterable[str]) -> str:
    """Join names: A, B and C."""
    return str(format_list(list(names), style="standard", locale=_locale()))


def any_of(names: Iterable[str]) -> str:
    """Join names: A, B or C."""
    return str(format_list(list(names), style="or", locale=_locale()))


def _locale() -> str:
    # No comma before the last: en alone is American.
    return "en_GB" if language() == "en" else language()
