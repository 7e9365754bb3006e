"""People of the parties that the person administers: add, grant, delegate, revoke, disable."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from web.current import caller, reading, runtime
from web.forms.people import AddPersonForm, DelegateForAnotherForm, GrantForm, revocation
from web.paging import text_filter
from web.statuses import status_of
from workflow.domain.verdicts import Refusal, Refused
from workflow.queries.delegations import delegated_in
from workflow.queries.people import administered_parties, people_page
from workflow.services import delegation, people
from workflow.services.mandates import Office
from workflow.services.people import Done, NewPerson

screen = Blueprint("people", __name__)

Answer = Response | tuple[str, int]


@screen.get("/people")
def show() -> str:
    """List the people of the parties that the person administers."""
    return _page(AddPersonForm(formdata=None))[0]


@screen.post("/people")
def add() -> Answer:
    """Add a person and show their one-time link, once."""
    form = AddPersonForm()
    if not form.validate():
        return _page(form, status=422)
    office = _office(form)
    new = NewPerson(form.login.data.strip(), form.name.data, form.party.data, office)
    done = people.add(runtime(), caller(), new)
    if isinstance(done, Refused):
        return _page(form, reasons=done.reasons)
    return _page(AddPersonForm(formdata=None), done=done)


@screen.post("/people/grant")
def grant() -> Answer:
    """Grant a mandate to somebody who is there."""
    form = GrantForm()
    if not form.validate():
        return _page(AddPersonForm(formdata=None), grant=form, status=422)
    done = people.grant(runtime(), caller(), form.login.data.strip(), _office(form))
    if isinstance(done, Refused):
        return _page(AddPersonForm(formdata=None), grant=form, reasons=done.reasons)
    flash(_("The mandate is granted."))
    return redirect(url_for("people.show"))


@screen.post("/people/delegate")
def delegate() -> Answer:
    """Let somebody act for a holder who cannot say so themselves."""
    form = DelegateForAnotherForm()
    if not form.validate():
        return _page(AddPersonForm(formdata=None), handing=form, status=422)
    done = delegation.delegate(runtime(), caller(), form.order())
    if isinstance(done, Refused):
        return _page(AddPersonForm(formdata=None), handing=form, reasons=done.reasons)
    flash(_("The mandate is delegated."))
    return redirect(url_for("people.show"))


@screen.post("/people/undelegate")
def undelegate() -> Answer:
    """Revoke a delegation, from now on."""
    done = delegation.undelegate(runtime(), caller(), revocation())
    return _after(done, _("The delegation is revoked. What was signed by it stays signed."))


@screen.post("/people/<login>/revoke")
def revoke(login: str) -> Answer:
    """Revoke a mandate, from now on."""
    party, role = request.form.get("party", ""), request.form.get("role", "")
    done = people.revoke(runtime(), caller(), login, party, role)
    return _after(done, _("The mandate is revoked. What was signed with it stays signed."))


@screen.post("/people/<login>/disable")
def disable(login: str) -> Answer:
    """Let a person act no more."""
    return _after(people.disable(runtime(), caller(), login), _("The person is disabled."))


@screen.post("/people/<login>/invite")
def invite(login: str) -> Answer:
    """Make a new one-time link and show it, once."""
    done = people.invite(runtime(), caller(), login)
    if isinstance(done, Refused):
        return _page(AddPersonForm(formdata=None), reasons=done.reasons)
    return _page(AddPersonForm(formdata=None), done=done)


def _office(form: FlaskForm) -> Office:
    return Office(
        party=form.party.data,
        role=form.role.data,
        starts=form.starts.data or None,
        ends=form.ends.data or None,
    )


def _after(done: Done | Refused, sentence: str) -> Answer:
    if isinstance(done, Refused):
        return _page(AddPersonForm(formdata=None), reasons=done.reasons)
    flash(sentence)
    return redirect(url_for("people.show"))


def _page(
    form: FlaskForm,
    *,
    grant: FlaskForm | None = None,
    handing: FlaskForm | None = None,
    reasons: tuple[Refusal, ...] = (),
    done: Done | None = None,
    status: int = 200,
) -> tuple[str, int]:
    with reading() as (tx, viewer):
        parties = administered_parties(viewer)
        if not parties:
            abort(404)
        page = people_page(tx, viewer, after=text_filter("after") or "")
        given = delegated_in(tx, parties)
    link = url_for("links.ask", token=done.link, _external=True) if done and done.link else None
    body = render_template(
        "people.html",
        page=page,
        given=given,
        parties=parties,
        roles=sorted(runtime().vocabulary.groups["roles"]),
        form=form,
        grant=grant or GrantForm(formdata=None),
        handing=handing or DelegateForAnotherForm(formdata=None),
        reasons=reasons,
        done=done,
        link=link,
    )
    return body, status_of(reasons) if reasons else status
