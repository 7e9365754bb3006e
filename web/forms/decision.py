"""The form of a decision: a sign-off for a seat, or a step taken by hand."""

from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import AnyOf

from web.forms.fields import KEY_LENGTH, NOTE_LENGTH, AtMost, Filled
from web.forms.words import N_
from workflow.domain.commands import Decision

TAKE = "take"
"""What the form's `decision` says when a step is taken, not signed."""

_DECISIONS = (*(decision.value for decision in Decision), TAKE)


class DecisionForm(FlaskForm):
    """What an official decides; `version` goes with a step, `revision` with a sign-off."""

    decision = StringField(validators=[AnyOf(_DECISIONS, message=N_("Choose what you decide."))])
    party = StringField(validators=[AtMost(20)])
    role = StringField(validators=[AtMost(64)])
    revision = IntegerField()
    version = IntegerField()
    note = TextAreaField(validators=[AtMost(NOTE_LENGTH)])
    idempotency_key = StringField(
        validators=[
            Filled(N_("The form is not complete. Open the page again.")),
            AtMost(KEY_LENGTH),
        ]
    )
