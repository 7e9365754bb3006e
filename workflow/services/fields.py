"""Judges the values of a kind's own fields, and reads them from what people type."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from workflow.domain import texts
from workflow.domain.commands import FieldValue, Money
from workflow.domain.definition import Definition
from workflow.domain.verdicts import Code, Refusal, refuse

MINOR_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "UGX": 0, "CLP": 0, "ISK": 0, "KWD": 3, "BHD": 3}
"""Digits after the decimal point where they are not two. Source: ISO 4217, table A.1."""

LONGEST_ADDRESS = 2_000
"""Characters of a link: what every browser still opens."""

EARLIEST_ZONE = timedelta(hours=14)
"""How far the first place to see a day is ahead of UTC (Kiritimati)."""

LARGEST = 2**53 - 1
"""The largest whole number that canonical JSON carries. Source: RFC 8785, 3.2.2.3."""

_CURRENCY = re.compile(r"[A-Z]{3}")


def judge_fields(definition: Definition, fields: Mapping[str, FieldValue | None]) -> list[Refusal]:
    """Give every reason against these values for a kind."""
    reasons = []
    for name, value in fields.items():
        rule = definition.fields.get(name)
        if rule is None:
            reasons.append(refuse(Code.FIELD_UNKNOWN, field=name[:80], kind=definition.kind))
        elif value is not None and not _fits(rule.type, value):
            reasons.append(refuse(Code.FIELD_MALFORMED, field=name, type=rule.type))
        elif isinstance(value, str):
            reasons += texts.judge_text(name, value, texts.TEXT_LENGTH, lines=True)
    return reasons


def _fits(of_type: str, value: FieldValue) -> bool:
    match of_type, value:
        case "money", Money(minor_units, currency):
            return 0 < minor_units <= LARGEST and bool(_CURRENCY.fullmatch(currency))
        case "integer", int():
            return abs(value) <= LARGEST
        case "date", date():
            return True
        case "url", str():
            return is_web_address(value)
        case "text", str():
            return bool(value)
    return False


def is_in_future(day: date, at: datetime) -> bool:
    """Say whether a day has not begun anywhere on earth yet."""
    return day > (at + EARLIEST_ZONE).date()


def is_web_address(text: str) -> bool:
    """Say whether a text is an http or https address with a host; it is shown, never fetched."""
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and len(text) <= LONGEST_ADDRESS
        )
    except ValueError:
        return False


def read_field(of_type: str, text: str) -> FieldValue | None:
    """Read a typed value such as '12000000 USD', '2026-05-01' or '40'; None if it cannot be."""
    text = texts.clean(text)
    try:
        if of_type == "money":
            return read_money(text)
        if of_type == "integer":
            return int(text) if re.fullmatch(r"-?[0-9]{1,16}", text) else None
        if of_type == "date":
            return date.fromisoformat(text)
    except ValueError:
        return None
    return text or None


def read_money(text: str) -> Money | None:
    """Read '1200.50 USD' or 'USD 1200.50' exactly; None without currency or with excess digits."""
    words = text.replace("\u00a0", " ").split(" ")
    currency = next((word for word in words if _CURRENCY.fullmatch(word)), None)
    if currency is None:
        return None
    number = "".join(word for word in words if word != currency)
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", number):
        return None
    return make_money(number, currency)


def make_money(number: str, currency: str) -> Money | None:
    """Make money of a decimal number of major units; None if the currency has fewer digits."""
    try:
        minor = Decimal(number).scaleb(MINOR_DIGITS.get(currency, 2))
    except InvalidOperation:
        return None
    if minor != minor.to_integral_value() or not 0 < minor <= LARGEST:
        return None
    return Money(int(minor), currency)
