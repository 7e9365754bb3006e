"""Anybody may ask whether an entry is in the log; without signing in, nothing of it is told."""

from flask import Blueprint, abort, render_template
from flask_login import current_user
from werkzeug.wrappers import Response

from web.access import public
from web.current import reading, runtime
from workflow.queries.audit import entry_by_hash

screen = Blueprint("verify", __name__)

_HEX_DIGITS = 64


@screen.get("/verify/<leaf_hash>")
@public
def show(leaf_hash: str) -> str | Response:
    """Say that the entry exists, and when it was recorded."""
    digest = _digest(leaf_hash)
    with runtime().uow.read() as tx:
        entry = entry_by_hash(tx, digest)
    if entry is None:
        abort(404)
    own = None
    if current_user.is_authenticated:
        with reading() as (tx, viewer):
            own = entry_by_hash(tx, digest, viewer)
    return render_template("verify.html", recorded=entry.at, leaf_hash=leaf_hash.lower(), own=own)


def _digest(leaf_hash: str) -> bytes:
    try:
        digest = bytes.fromhex(leaf_hash)
    except ValueError:
        abort(404)
    if len(leaf_hash) != _HEX_DIGITS:
        abort(404)
    return digest
