"""A proposal: where it stands, what blocks it and who can cure that, decision, facts, history."""

from flask import Blueprint, abort, render_template

from web.current import reading
from web.forms.evidence import EvidenceForm
from web.proposal_screen import ProposalScreen
from workflow.queries.proposal import proposal_page

screen = Blueprint("proposal", __name__)


@screen.get("/proposals/<reference>")
def show(reference: str) -> str:
    """Show a proposal."""
    with reading() as (tx, viewer):
        page = proposal_page(tx, viewer, reference)
        if page is None:
            abort(404)
        shown = ProposalScreen.made(tx, viewer, page)
    return render_template(
        "proposal.html", page=page, shown=shown, form=EvidenceForm(formdata=None)
    )
