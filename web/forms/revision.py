"""The form by which a proposal's texts and fields are changed; its fields follow the kind."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField

from web.forms.fields import KEY_LENGTH, NOTE_LENGTH, AtMost, Filled
from web.forms.words import N_
from workflow.domain import texts
from workflow.domain.commands import FieldValue, Money
from workflow.domain.vocabulary import LANGUAGES
from workflow.services.fields import MINOR_DIGITS

TITLES, SUMMARY = "titles", "summary"

_PREFIX = {TITLES: "title", SUMMARY: "summary"}


class RevisionForm(FlaskForm):
    """What every revision says; `form_for` adds the texts and the kind's own fields."""

    reason = StringField(validators=[AtMost(NOTE_LENGTH)])
    revision = IntegerField()
    version = IntegerField()
    idempotency_key = StringField(
        validators=[
            Filled(N_("The form is not complete. Open the page again.")),
            AtMost(KEY_LENGTH),
        ]
    )

    def texts_of(self, name: str) -> Mapping[str, str]:
        """Give what was typed for `titles` or `summary`, by language."""
        return {code: self[input_name(name, code)].data or "" for code in LANGUAGES}


def form_for(names: Iterable[str]) -> type[RevisionForm]:
    """Make the form for these names: `titles`, `summary` and fields of the kind."""
    inputs: dict[str, Any] = {}
    for name in names:
        longest = texts.TITLE_LENGTH if name == TITLES else texts.TEXT_LENGTH
        for each in input_names(name):
            inputs[each] = StringField(validators=[AtMost(longest)])
    return type("RevisionForm", (RevisionForm,), inputs)


def input_names(name: str) -> list[str]:
    """Name the inputs of a text, one for each language, or the one of a field."""
    return [input_name(name, code) for code in LANGUAGES] if name in _PREFIX else [input_name(name)]


def input_name(name: str, language: str = "") -> str:
    """Name an input as the page and its links do: title-en, field-amount."""
    return f"{_PREFIX[name]}-{language}" if name in _PREFIX else f"field-{name}"


def write_field(value: FieldValue | None) -> str:
    """Write a value as `read_field` reads it: '1200.50 USD', '2026-05-01', '40'."""
    if isinstance(value, Money):
        major = Decimal(value.minor_units).scaleb(-MINOR_DIGITS.get(value.currency, 2))
        whole = major == major.to_integral_value()
        return f"{major:.0f} {value.currency}" if whole else f"{major:f} {value.currency}"
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
