"""The forms of a party's administrator, and of a holder who lets somebody act for them."""

from flask import request
from flask_wtf import FlaskForm
from wtforms import StringField

from web.forms.fields import AtMost, DayField, Filled, readable_day
from web.forms.words import N_
from workflow.services.delegation import Delegate, Undelegate


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


class DelegateForm(FlaskForm):
    """A mandate for somebody to act by, in place of its holder; `office` is PARTY:role."""

    to = StringField(validators=[Filled(N_("Enter a login.")), AtMost(64)])
    office = StringField(validators=[Filled(N_("Choose a mandate.")), AtMost(90)])
    starts = DayField(validators=[readable_day])
    ends = DayField(validators=[Filled(N_("Enter the last day.")), readable_day])

    def order(self) -> Delegate:
        """Read what is asked for."""
        party, _, role = self.office.data.partition(":")
        return Delegate(
            to=self.to.data.strip(), party=party, role=role,
            starts=self.starts.data or None, ends=self.ends.data,
        )  # fmt: skip


class DelegateForAnotherForm(FlaskForm):
    """The same, by the party's administrator in place of the holder."""

    holder = StringField(validators=[Filled(N_("Enter a login.")), AtMost(64)])
    to = StringField(validators=[Filled(N_("Enter a login.")), AtMost(64)])
    party = StringField(validators=[Filled(N_("Choose a party.")), AtMost(20)])
    role = StringField(validators=[Filled(N_("Choose a role.")), AtMost(64)])
    starts = DayField(validators=[readable_day])
    ends = DayField(validators=[Filled(N_("Enter the last day.")), readable_day])

    def order(self) -> Delegate:
        """Read what is asked for."""
        return Delegate(
            to=self.to.data.strip(), party=self.party.data, role=self.role.data,
            starts=self.starts.data or None, ends=self.ends.data,
            holder=self.holder.data.strip(),
        )  # fmt: skip


def revocation() -> Undelegate:
    """Read which delegation a button takes back."""
    sent = request.form
    return Undelegate(
        to=sent.get("to", ""), party=sent.get("party", ""), role=sent.get("role", ""),
        holder=sent.get("holder") or None,
    )  # fmt: skip
