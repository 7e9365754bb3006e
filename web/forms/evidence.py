"""The form by which a document is supplied."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import StringField

from web.forms.fields import KEY_LENGTH, AtMost, DayField, Filled, readable_day
from web.forms.words import N_


class EvidenceForm(FlaskForm):
    """A file or a link, what it is and which day it bears."""

    type = StringField(validators=[Filled(N_("Choose what the document is.")), AtMost(64)])
    title = StringField(validators=[Filled(N_("Enter the document's title.")), AtMost(300)])
    dated_on = DayField(validators=[Filled(N_("Enter the document's date.")), readable_day])
    party = StringField(validators=[Filled(N_("Choose a party.")), AtMost(20)])
    link = StringField(validators=[AtMost(2000)])
    file = FileField()
    idempotency_key = StringField(
        validators=[
            Filled(N_("The form is not complete. Open the page again.")),
            AtMost(KEY_LENGTH),
        ]
    )
