"""What waits for the person, oldest first."""

from flask import Blueprint, g, render_template, request

from web.current import reading
from web.paging import cursor, text_filter
from workflow.queries.inbox import inbox
from workflow.queries.to_verify import is_verifier, to_verify

screen = Blueprint("inbox", __name__)


@screen.get("/inbox")
def show() -> str:
    """List what the person can sign or take now."""
    with reading() as (tx, viewer):
        page = inbox(tx, viewer, cursor())
        documents, more = to_verify(tx, viewer, text_filter("documents"))
        verifies = is_verifier(viewer)
    g.inbox_count = page.count
    return render_template(
        "inbox.html", page=page, continued="after" in request.args, verifies=verifies,
        documents=documents, more=more,
    )  # fmt: skip
