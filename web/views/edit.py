"""Editing a proposal's texts and fields; what is material makes a new revision."""

from http import HTTPStatus

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web.current import caller, reading, runtime
from web.differences import Difference, differences
from web.forms.revision import SUMMARY, TITLES, RevisionForm, form_for, input_name, write_field
from web.languages import language
from web.proposal_screen import editable_names, may_edit
from web.statuses import STALE, status_of
from web.templating import say
from workflow.domain.commands import Revise
from workflow.domain.verdicts import Refusal
from workflow.domain.vocabulary import LANGUAGES
from workflow.queries.proposal import ProposalPage, proposal_page
from workflow.services.revise import revise
from workflow.services.typed_fields import read_typed

screen = Blueprint("edit", __name__)

_TEXTS = (TITLES, SUMMARY)


@screen.get("/proposals/<reference>/edit")
def show(reference: str) -> str:
    """Show the form with the present texts and values."""
    page = _open(reference)
    form = form_for(editable_names(page))(formdata=None, data=_present(page))
    return _render(page, form)


@screen.post("/proposals/<reference>/edit")
def save(reference: str) -> Response | tuple[str, int]:
    """Record the change, or say every reason why not and keep what was typed."""
    page = _open(reference)
    form = form_for(editable_names(page))()
    if not form.validate():
        return _render(page, form), HTTPStatus.UNPROCESSABLE_ENTITY
    reasons = _save(page, form)
    if reasons:
        rest = [reason for reason in reasons if not _said_beside(form, reason, page.kind)]
        return _render(_open(reference), form, tuple(rest), reasons), status_of(reasons)
    return redirect(url_for("proposal.show", reference=reference))


def _save(page: ProposalPage, form: RevisionForm) -> tuple[Refusal, ...]:
    names = editable_names(page)
    typed = {name: form[input_name(name)].data or "" for name in names if name not in _TEXTS}
    fields = read_typed(page.definition, typed)
    if isinstance(fields, list):
        return tuple(fields)
    order = Revise(
        reference=page.reference,
        titles=form.texts_of(TITLES) if TITLES in names else None,
        summaries=form.texts_of(SUMMARY) if SUMMARY in names else None,
        fields=fields,
        reason=form.reason.data or None,
        revision=_number(form.revision.data, -1),
        version=_number(form.version.data, None),
        idempotency_key=form.idempotency_key.data,
    )
    outcome = revise(runtime(), caller(), order)
    if outcome.granted:
        flash(_("The change is on record. The text is now revision %(revision)s.")
              % {"revision": outcome.revision})  # fmt: skip
    return outcome.reasons


def _number(typed: int | None, otherwise: int | None) -> int | None:
    """Take a number from the form; one that no database takes is never the present one."""
    if typed is None:
        return otherwise
    return typed if abs(typed) < 2**31 else -1


def _open(reference: str) -> ProposalPage:
    with reading() as (tx, viewer):
        page = proposal_page(tx, viewer, reference)
        if page is None:
            abort(404)
        if not may_edit(viewer, page):
            abort(403)
    return page


def _present(page: ProposalPage) -> dict[str, str]:
    """Give the present texts and values by the names of their inputs."""
    now = {input_name(TITLES, code): page.titles.get(code, "") for code in LANGUAGES}
    now |= {input_name(SUMMARY, code): page.summaries.get(code, "") for code in LANGUAGES}
    return now | {input_name(name): write_field(value) for name, value in page.fields}


def _said_beside(form: RevisionForm, reason: Refusal, kind: str) -> bool:
    """Say a reason at the input it is about, if it is about one of this form."""
    name, _dot, code = str(reason.named.get("field", "")).partition(".")
    where = "reason" if name == "reason" else input_name(name, code or language())
    if where not in form:
        return False
    form[where].errors = [*form[where].errors, say(reason, kind)]
    return True


def _render(
    page: ProposalPage,
    form: RevisionForm,
    rest: tuple[Refusal, ...] = (),
    reasons: tuple[Refusal, ...] = (),
) -> str:
    stale = STALE & {reason.code for reason in reasons}
    changed: tuple[Difference, ...] = ()
    if stale:
        with reading() as (tx, viewer):
            known = _number(form.revision.data, None)
            changed = differences(tx, viewer, page.reference, known, page.revision)
    return render_template(
        "edit.html", page=page, form=form, reasons=rest, differences=changed, stale=stale,
        names=editable_names(page), input_name=input_name,
        live=sum(each.ended_at is None for each in page.signoffs),
    )  # fmt: skip
