"""Acts on paper: recording one with its document, and reading the document."""

from datetime import date
from http import HTTPStatus
from mimetypes import guess_extension

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from web.access import takes_uploads
from web.current import caller, reading, runtime
from web.forms.paper import ON_PAPER, PaperForm
from web.languages import language
from web.security import DOCUMENT_POLICY
from web.statuses import status_of
from workflow.domain.commands import Decision, RecordPaper
from workflow.domain.identity import JOINT_SECRETARIAT, Viewer, speaks_for_party
from workflow.domain.requirement import role_covers
from workflow.domain.verdicts import Refusal
from workflow.persistence import evidence, paper, proposals
from workflow.queries.proposal import ProposalPage, proposal_page
from workflow.services.paper import record_paper

screen = Blueprint("paper", __name__)


@screen.get("/proposals/<reference>/paper")
def ask(reference: str) -> str:
    """Show the form to whoever may record an act on paper."""
    return _page(reference, PaperForm(formdata=None))[0]


@screen.post("/proposals/<reference>/paper")
@takes_uploads
def record(reference: str) -> BaseResponse | tuple[str, int]:
    """Keep the act and its document, for the party to confirm."""
    form = PaperForm()
    if not form.validate():
        return _page(reference, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    outcome = record_paper(runtime(), caller(), _order(reference, form))
    if not outcome.granted:
        return _page(reference, form, outcome.reasons, status_of(outcome.reasons))
    flash(_("The act is on record. It counts once its party confirms it."))
    return redirect(url_for("proposal.show", reference=reference) + "#papers")


@screen.get("/proposals/<reference>/paper/<int:number>")
def read(reference: str, number: int) -> Response:
    """Give a document as an attachment; it never runs or shows itself in a page of ours."""
    with reading() as (tx, viewer):
        row = proposals.find(tx, viewer, reference)
        known = row is not None and 0 < number < 2**31
        sha256 = paper.document_of(tx, row.id, number) if row is not None and known else None
        if sha256 is None:
            abort(404)
        media_type, content = evidence.read_file(tx, sha256)
    name = f"{reference}-{number}{guess_extension(media_type) or ''}"
    response = Response(content, mimetype=media_type)
    response.headers["Content-Security-Policy"] = DOCUMENT_POLICY
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _order(reference: str, form: PaperForm) -> RecordPaper:
    upload = form.file.data
    return RecordPaper(
        reference=reference,
        step=form.step.data,
        party=form.party.data,
        role=form.role.data,
        login=form.login.data.strip(),
        occurred_on=form.occurred_on.day or date.min,  # the form has refused a day that is none
        file_name=upload.filename[-300:],
        content=upload.read(),
        decision=Decision(form.decision.data),
        note=(form.note.data or "").strip() or None,
        revision=form.revision.data,
        language=language(),
        idempotency_key=form.idempotency_key.data,
    )


def _page(
    reference: str,
    form: PaperForm,
    reasons: tuple[Refusal, ...] = (),
    status: int = HTTPStatus.OK,
) -> tuple[str, int]:
    with reading() as (tx, viewer):
        page = proposal_page(tx, viewer, reference)
    parties = recordable(viewer, page) if page is not None else ()
    if page is None or not parties:
        abort(404)
    roles = runtime().vocabulary.groups["roles"]
    body = render_template(
        "paper.html",
        page=page,
        parties=parties,
        roles=sorted(each for each in roles if speaks_for_party(each)),
        decisions=ON_PAPER,
        form=form,
        reasons=reasons,
    )
    return body, status


def recordable(viewer: Viewer, page: ProposalPage) -> tuple[str, ...]:
    """Give the parties whose acts the person may record: all for the secretariat, else their own.

    `record_paper` judges the act itself.
    """
    held = [each for each in viewer.mandates if each.summit in (None, page.summit)]
    own = {each.party for each in held if speaks_for_party(each.role)}
    secretary = any(
        each.party == JOINT_SECRETARIAT and role_covers("secretariat", each.role) for each in held
    )
    acting = (code for code, capacities in page.parties if set(capacities) != {"observer"})
    return tuple(code for code in acting if secretary or code in own)
