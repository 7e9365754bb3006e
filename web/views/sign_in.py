"""Signing in and out."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from web.access import public, safe_target
from web.current import browser, runtime
from web.errors import Throttled
from web.forms.sign_in import SignInForm
from workflow.domain.verdicts import Code, refuse
from workflow.services import authenticate

screen = Blueprint("sign_in", __name__)


@screen.get("/sign-in")
@public
def ask() -> str:
    """Ask for login and password."""
    return render_template("sign_in.html", form=SignInForm())


@screen.post("/sign-in")
@public
def sign_in() -> Response | tuple[str, int]:
    """Open a session; every wrong pair gets the same sentence."""
    form = SignInForm()
    if not form.validate():
        return render_template("sign_in.html", form=form), 422
    answer = authenticate.sign_in(
        runtime(), form.login.data.strip(), form.password.data, request.remote_addr or ""
    )
    if isinstance(answer, authenticate.Throttled):
        raise Throttled(answer.retry_after_seconds)
    if isinstance(answer, authenticate.Wrong):
        reasons = [refuse(Code.SIGN_IN_WRONG)]
        return render_template("sign_in.html", form=form, reasons=reasons), 401
    end_session()
    browser().move_to(answer.session_token)
    return redirect(safe_target(request.form.get("next") or request.args.get("next")))


@screen.post("/sign-out")
def sign_out() -> Response:
    """End the session; its cookie is good for nothing from now on."""
    end_session()
    browser().end()
    return redirect(url_for("sign_in.ask"))


def end_session() -> None:
    """End the session that the browser had, if it had one."""
    token = browser().token
    if token is not None:
        authenticate.end_session(runtime(), token)
