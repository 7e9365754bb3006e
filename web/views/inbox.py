"""What waits for the person, oldest first."""

from flask import Blueprint, g, render_template, request

from web.current import reading
from web.paging import cursor
from workflow.queries.inbox import inbox

screen = Blueprint("inbox", __name__)


@screen.get("/inbox")
def show() -> str:
    """List what the person can sign or take now."""
    with reading() as (tx, viewer):
        page = inbox(tx, viewer, cursor())
    g.inbox_count = page.count
    return render_template("inbox.html", page=page, continued="after" in request.args)
