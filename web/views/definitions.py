"""The rules of a kind, in words."""

from flask import Blueprint, abort, render_template

from web import words
from workflow.domain.explain import describe

screen = Blueprint("definitions", __name__)


@screen.get("/definitions")
def listed() -> str:
    """List the kinds of proposals."""
    return render_template("definitions.html", kinds=words.kinds())


@screen.get("/definitions/<kind>")
def show(kind: str) -> str:
    """Say what each step of a kind needs and what its states mean."""
    definition = words.kinds().get(kind)
    if definition is None:
        abort(404)
    rules = [(step, describe(step)) for step in definition.steps.values()]
    return render_template("definition.html", definition=definition, rules=rules)
