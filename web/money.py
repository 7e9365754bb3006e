"""Amounts in the reader's language; they arrive as integers of the currency's minor unit."""

from decimal import Decimal

from babel.numbers import (
    format_compact_currency,
    format_decimal,
    get_currency_precision,
)

from web.languages import language

_COMPACT_FROM = 1_000_000


def amount(minor_units: int, currency: str) -> str:
    """Return an amount in full with its currency's code: 1,200,000,000 USD."""
    value = _value(minor_units, currency)
    return f"{format_decimal(value, locale=language())}\u00a0{currency}"


def short_amount(minor_units: int, currency: str) -> str:
    """Return an amount as one says it: $12B, 120億ドル; one decimal at most."""
    value = _value(minor_units, currency)
    if abs(value) < _COMPACT_FROM:
        return amount(minor_units, currency)
    return str(format_compact_currency(value, currency, locale=language(), fraction_digits=1))


def number(value: int) -> str:
    """Return a whole number with the reader's separators."""
    return str(format_decimal(value, locale=language()))


def _value(minor_units: int, currency: str) -> Decimal:
    return Decimal(minor_units).scaleb(-get_currency_precision(currency))
