"""Everything that happened to a proposal, oldest text and latest act alike."""

from flask import Blueprint, abort, render_template

from web.current import reading
from web.paging import cursor
from workflow.queries.history import history
from workflow.queries.proposal import proposal_page

screen = Blueprint("history", __name__)


@screen.get("/proposals/<reference>/history")
def show(reference: str) -> str:
    """Show every act on a proposal, newest first."""
    with reading() as (tx, viewer):
        page = proposal_page(tx, viewer, reference)
        events = history(tx, viewer, reference, cursor())
    if page is None or events is None:
        abort(404)
    return render_template("history.html", page=page, events=events)
