"""The form by which an act on paper is recorded."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import AnyOf

from web.forms.fields import KEY_LENGTH, NOTE_LENGTH, AtMost, DayField, Filled, readable_day
from web.forms.words import N_
from workflow.domain.commands import Decision

ON_PAPER = tuple(each.value for each in Decision if each.is_kept and each is not Decision.CONFIRM)
"""What somebody can decide on paper."""


class PaperForm(FlaskForm):
    """Who decided what in which seat, on which day, and the document that shows it."""

    step = StringField(validators=[Filled(N_("Choose a step.")), AtMost(64)])
    party = StringField(validators=[Filled(N_("Choose a party.")), AtMost(20)])
    role = StringField(validators=[Filled(N_("Choose a role.")), AtMost(64)])
    login = StringField(validators=[Filled(N_("Enter a login.")), AtMost(64)])
    decision = StringField(validators=[AnyOf(ON_PAPER, message=N_("Choose what was decided."))])
    occurred_on = DayField(
        validators=[Filled(N_("Enter the day on which it was signed.")), readable_day]
    )
    note = TextAreaField(validators=[AtMost(NOTE_LENGTH)])
    file = FileField(validators=[FileRequired(N_("Choose the document."))])
    revision = IntegerField()
    idempotency_key = StringField(
        validators=[
            Filled(N_("The form is not complete. Open the page again.")),
            AtMost(KEY_LENGTH),
        ]
    )
