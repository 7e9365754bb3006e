"""The rules of a kind, in words."""

from flask import Blueprint, abort, render_template

from web import words
from web.current import runtime
from workflow.queries.definitions import definition_page

screen = Blueprint("definitions", __name__)


@screen.get("/definitions")
def listed() -> str:
    """List the kinds of proposals."""
    return render_template("definitions.html", kinds=words.kinds())


@screen.get("/definitions/<kind>")
def show(kind: str) -> str:
    """Say what each step of a kind needs and what its states mean."""
    with runtime().uow.read() as tx:
        page = definition_page(tx, kind)
    if page is None:
        abort(404)
    return render_template("definition.html", page=page)
