"""Documents: supplying, reading and verifying them."""

from datetime import date

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from web.access import takes_uploads
from web.current import caller, reading, runtime
from web.forms.evidence import EvidenceForm
from web.proposal_screen import ProposalScreen
from web.security import DOCUMENT_POLICY
from web.statuses import status_of
from workflow.domain.commands import AddEvidence, VerifyEvidence
from workflow.domain.verdicts import Refusal
from workflow.persistence import evidence as rows
from workflow.persistence import proposals
from workflow.queries.proposal import proposal_page
from workflow.services.evidence import add_evidence, verify_evidence

screen = Blueprint("evidence", __name__)


@screen.post("/proposals/<reference>/evidence")
@takes_uploads
def add(reference: str) -> BaseResponse | tuple[str, int]:
    """Supply a document."""
    form = EvidenceForm()
    if not form.validate():
        return _again(reference, form, (), 422)
    upload = form.file.data
    named = bool(upload and upload.filename)
    order = AddEvidence(
        reference=reference,
        type=form.type.data,
        title=form.title.data,
        dated_on=form.dated_on.day or date.min,  # the form has refused a day that is none
        party=form.party.data,
        file_name=upload.filename[-300:] if named else None,
        content=upload.read() if named else None,
        link=form.link.data.strip() or None,
        idempotency_key=form.idempotency_key.data,
    )
    outcome = add_evidence(runtime(), caller(), order)
    if not outcome.granted:
        return _again(reference, form, outcome.reasons, status_of(outcome.reasons))
    flash(_("The document is on record. A verifier of another party can now confirm it."))
    return redirect(url_for("proposal.show", reference=reference) + "#evidence")


@screen.get("/proposals/<reference>/evidence/<int:number>")
def read(reference: str, number: int) -> Response:
    """Give a document as an attachment; it never runs or shows itself in a page of ours."""
    with reading() as (tx, viewer):
        row = proposals.find(tx, viewer, reference)
        found = rows.find(tx, row.id, number) if row is not None and number < 2**31 else None
        if found is None or found.sha256 is None:
            abort(404)
        media_type, content = rows.read_file(tx, found.sha256)
    response = Response(content, mimetype=media_type)
    response.headers["Content-Security-Policy"] = DOCUMENT_POLICY
    response.headers.set("Content-Disposition", "attachment", filename=found.file_name)
    return response


@screen.post("/proposals/<reference>/evidence/<int:number>/verify")
def verify(reference: str, number: int) -> BaseResponse | tuple[str, int]:
    """Confirm that a document shows what it says."""
    order = VerifyEvidence(
        reference=reference,
        number=min(number, 2**31 - 1),
        party=request.form.get("party", "")[:20],
        idempotency_key=request.form.get("idempotency_key", "")[:64] or None,
    )
    outcome = verify_evidence(runtime(), caller(), order)
    if not outcome.granted:
        form = EvidenceForm(formdata=None)
        return _again(reference, form, outcome.reasons, status_of(outcome.reasons))
    flash(_("You have verified the document."))
    return redirect(url_for("proposal.show", reference=reference) + "#evidence")


def _again(
    reference: str, form: EvidenceForm, reasons: tuple[Refusal, ...], status: int
) -> tuple[str, int]:
    with reading() as (tx, viewer):
        page = proposal_page(tx, viewer, reference)
        if page is None:
            abort(404)
        shown = ProposalScreen.made(tx, viewer, page)
    body = render_template("proposal.html", page=page, shown=shown, form=form, reasons=reasons)
    return body, status
