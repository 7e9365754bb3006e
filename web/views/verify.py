"""Anybody may ask whether an entry is in the log; without signing in, nothing of it is told."""

from flask import Blueprint, abort, render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response

from web.access import public
from web.current import reading, runtime
from web.errors import Throttled
from workflow.queries.audit import entry_by_hash
from workflow.services.look import seconds_to_wait

screen = Blueprint("verify", __name__)

_HEX_DIGITS = 64


@screen.get("/verify/<leaf_hash>")
@public
def show(leaf_hash: str) -> str | Response:
    """Say that the entry exists, and when it was recorded."""
    digest = _digest(leaf_hash)
    if not current_user.is_authenticated:
        _slow_down()
    with runtime().uow.read() as tx:
        entry = entry_by_hash(tx, digest)
    if entry is None:
        abort(404)
    own = None
    if current_user.is_authenticated:
        with reading() as (tx, viewer):
            own = entry_by_hash(tx, digest, viewer)
    return render_template("verify.html", recorded=entry.at, leaf_hash=leaf_hash.lower(), own=own)


def _slow_down() -> None:
    wait_seconds = seconds_to_wait(runtime(), request.remote_addr or "")
    if wait_seconds:
        raise Throttled(wait_seconds)


def _digest(leaf_hash: str) -> bytes:
    try:
        digest = bytes.fromhex(leaf_hash)
    except ValueError:
        abort(404)
    if len(leaf_hash) != _HEX_DIGITS:
        abort(404)
    return digest
