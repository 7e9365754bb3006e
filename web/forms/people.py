"""The forms of a party's administrator."""

from flask_wtf import FlaskForm
from wtforms import StringField

from web.forms.fields import AtMost, DayField, Filled, readable_day
from web.forms.words import N_


class AddPersonForm(FlaskForm):
    """Somebody new, and what they may do."""

    login = StringField(validators=[Filled(N_("Enter a login.")), AtMost(64)])
    name = StringField(validators=[Filled(N_("Enter the person's name.")), AtMost(200)])
    party = StringField(validators=[Filled(N_("Choose a party.")), AtMost(20)])
    role = StringField(validators=[Filled(N_("Choose a role.")), AtMost(64)])
    starts = DayField(validators=[readable_day])
    ends = DayField(validators=[readable_day])


class GrantForm(FlaskForm):
    """A mandate for somebody who is there already."""

    login = StringField(validators=[Filled(N_("Enter a login.")), AtMost(64)])
    party = StringField(validators=[Filled(N_("Choose a party.")), AtMost(20)])
    role = StringField(validators=[Filled(N_("Choose a role.")), AtMost(64)])
    starts = DayField(validators=[readable_day])
    ends = DayField(validators=[readable_day])
