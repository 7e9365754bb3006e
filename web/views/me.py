"""The person's own page: mandates, who acts for them, language, time zone, signing out."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import refresh
from werkzeug.wrappers import Response

from web.access import safe_target
from web.current import browser, caller, official, reading, runtime
from web.forms.people import DelegateForm, revocation
from web.statuses import status_of
from workflow.domain.identity import speaks_for_party
from workflow.domain.verdicts import Refusal, Refused
from workflow.domain.vocabulary import LANGUAGES
from workflow.queries.delegations import delegated_by, delegated_to_each
from workflow.services import authenticate, delegation
from workflow.services.preferences import prefer

screen = Blueprint("me", __name__)

ZONES = (
    "Asia/Tashkent", "Asia/Tokyo", "Asia/Almaty", "Asia/Bishkek", "Asia/Dushanbe", "Asia/Ashgabat",
    "Asia/Samarkand", "Europe/Brussels", "UTC",
)  # fmt: skip


Answer = Response | tuple[str, int]


@screen.get("/me")
def show() -> str:
    """Show who the person is, what they chose, and who acts for them."""
    return _page()[0]


@screen.post("/me")
def save() -> Answer:
    """Keep language and time zone."""
    language = request.form.get("language") or None
    zone = request.form.get("time_zone") or None
    if reasons := prefer(runtime(), caller(), language, zone):
        return _page(reasons=reasons, status=422)
    flash(_("Your choices are kept."))
    return redirect(url_for("me.show"))


@screen.post("/me/delegate")
def delegate() -> Answer:
    """Let a colleague act for the person."""
    form = DelegateForm()
    if not form.validate():
        return _page(form, status=422)
    done = delegation.delegate(runtime(), caller(), form.order())
    if isinstance(done, Refused):
        return _page(form, reasons=done.reasons)
    flash(_("%(login)s acts for you on these days.", login=done.login))
    return redirect(url_for("me.show"))


@screen.post("/me/undelegate")
def undelegate() -> Answer:
    """Take back what the person delegated, from now on."""
    done = delegation.undelegate(runtime(), caller(), revocation())
    if isinstance(done, Refused):
        return _page(reasons=done.reasons)
    flash(_("The delegation is revoked. What was signed by it stays signed."))
    return redirect(url_for("me.show"))


@screen.post("/me/language")
def choose_language() -> Response:
    """Keep a language chosen from the menu, and lead back to where it was chosen."""
    language = request.form.get("language", "")
    if language in LANGUAGES:
        prefer(runtime(), caller(), language, official().person.time_zone)
        refresh()
    return redirect(safe_target(request.form.get("next")))


@screen.post("/me/sign-out-everywhere")
def sign_out_everywhere() -> Response:
    """End every session of the person."""
    authenticate.end_all_sessions(runtime(), caller().person_id)
    browser().end()
    return redirect(url_for("sign_in.ask"))


def _page(
    form: DelegateForm | None = None, *, reasons: tuple[Refusal, ...] = (), status: int = 0
) -> tuple[str, int]:
    with reading() as (tx, viewer):
        given = delegated_by(tx, viewer)
        received = delegated_to_each(tx, viewer, [caller().person_id], ())
    body = render_template(
        "me.html",
        person=official().person,
        viewer=viewer,
        zones=ZONES,
        given=given,
        holders={each.id: each.holder for each in received[caller().person_id]},
        delegable=[each for each in viewer.mandates if speaks_for_party(each.role)],
        form=form or DelegateForm(formdata=None),
        reasons=reasons,
    )
    return body, status or (status_of(reasons) if reasons else 200)
