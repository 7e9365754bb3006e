"""The person's own page: language, time zone, mandates, signing out everywhere."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import refresh
from werkzeug.wrappers import Response

from web.access import safe_target
from web.current import browser, caller, official, reading, runtime
from workflow.domain.vocabulary import LANGUAGES
from workflow.services import authenticate
from workflow.services.preferences import prefer

screen = Blueprint("me", __name__)

ZONES = (
    "Asia/Tashkent", "Asia/Tokyo", "Asia/Almaty", "Asia/Bishkek", "Asia/Dushanbe", "Asia/Ashgabat",
    "Asia/Samarkand", "Europe/Brussels", "UTC",
)  # fmt: skip


@screen.get("/me")
def show() -> str:
    """Show who the person is and what they chose."""
    with reading() as (_tx, viewer):
        return render_template("me.html", person=official().person, viewer=viewer, zones=ZONES)


@screen.post("/me")
def save() -> Response | tuple[str, int]:
    """Keep language and time zone."""
    language = request.form.get("language") or None
    zone = request.form.get("time_zone") or None
    reasons = prefer(runtime(), caller(), language, zone)
    if reasons:
        with reading() as (_tx, viewer):
            body = render_template(
                "me.html", person=official().person, viewer=viewer, zones=ZONES, reasons=reasons
            )
        return body, 422
    flash(_("Your choices are kept."))
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
