"""One-time links: setting a password without having one."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web.access import public
from web.current import runtime
from web.forms.sign_in import PasswordForm
from workflow.domain.verdicts import Refused
from workflow.services import authenticate

screen = Blueprint("links", __name__)


@screen.get("/links/<token>")
@public
def ask(token: str) -> str:
    """Ask for a new password."""
    return render_template("link.html", form=PasswordForm(), login=_login(token))


@screen.post("/links/<token>")
@public
def set_password(token: str) -> Response | tuple[str, int]:
    """Set the password, once."""
    login, form = _login(token), PasswordForm()
    if not form.validate():
        return render_template("link.html", form=form, login=login), 422
    answer = authenticate.redeem_link(runtime(), token, form.password.data)
    if isinstance(answer, Refused):
        body = render_template("link.html", form=form, login=login, reasons=answer.reasons)
        return body, 422
    flash(_("Your password is set. Sign in with it."))
    return redirect(url_for("sign_in.ask"))


def _login(token: str) -> str:
    login = authenticate.link_login(runtime(), token)
    if login is None:
        abort(404)
    return login
