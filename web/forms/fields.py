"""Fields that keep what was typed and say in a sentence what is wrong with it."""

from datetime import date

from wtforms import Field, StringField, ValidationError
from wtforms.validators import InputRequired, Length, StopValidation

from web.forms.words import N_

KEY_LENGTH = 64
NOTE_LENGTH = 4_000


class Filled(InputRequired):
    """Asks for more than white space."""

    def __init__(self, message: str) -> None:
        """Keep the sentence for an empty field."""
        super().__init__(message)

    def __call__(self, form: object, field: Field) -> None:  # noqa: ARG002 - WTForms calls so
        """Refuse what is empty."""
        if not field.raw_data or not str(field.raw_data[0]).strip():
            raise StopValidation(self.message)


class AtMost(Length):
    """Asks for no more than so many characters."""

    def __init__(self, longest: int) -> None:
        """Keep the length."""
        super().__init__(max=longest, message=N_("This text is too long."))


class DayField(StringField):
    """A day as the browser's date field writes it: 2026-01-31."""

    @property
    def day(self) -> date | None:
        """Give the day, None while empty or unreadable."""
        try:
            return date.fromisoformat((self.data or "").strip())
        except ValueError:
            return None


def readable_day(_form: object, field: DayField) -> None:
    """Refuse a day that is none; empty is for `Filled` to judge."""
    if (field.data or "").strip() and field.day is None:
        raise ValidationError(N_("Write the day as year-month-day, such as 2026-01-31."))
