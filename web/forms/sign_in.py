"""The forms by which somebody proves who they are."""

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField, ValidationError

from web.forms.fields import Filled
from web.forms.words import N_


class SignInForm(FlaskForm):
    """Login and password."""

    login = StringField(validators=[Filled(N_("Enter your login."))])
    password = PasswordField(validators=[Filled(N_("Enter your password."))])


class PasswordForm(FlaskForm):
    """A new password, twice."""

    password = PasswordField(validators=[Filled(N_("Enter a password."))])
    again = PasswordField()

    def validate_again(self, field: PasswordField) -> None:
        """Refuse two passwords that differ."""
        if field.data != self.password.data:
            raise ValidationError(N_("The two passwords are not the same."))
