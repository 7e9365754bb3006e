"""Anybody may ask whether an entry is in the log; without signing in, nothing of it is told."""

from dataclasses import replace
from datetime import datetime

import segno
from flask import Blueprint, Response, abort, render_template, request, url_for
from flask_login import current_user
from markupsafe import Markup

from web.access import public
from web.current import reading, runtime
from web.errors import Throttled
from workflow.queries.audit import entry_by_hash
from workflow.services.inclusion import Inclusion, find_inclusion, write_proof
from workflow.services.log_keys import public_keys
from workflow.services.look import seconds_to_wait

screen = Blueprint("verify", __name__)

_HEX_DIGITS = 64


@screen.get("/verify/<leaf_hash>")
@public
def show(leaf_hash: str) -> str:
    """Say that the entry exists, when it was recorded, and what proves it."""
    digest, found = _found(leaf_hash)
    own = None
    if current_user.is_authenticated:
        with reading() as (tx, viewer):
            own = entry_by_hash(tx, digest, viewer)
    if own is None:
        found = _to_the_minute(found)
    address = runtime().settings.base_url.rstrip("/") + url_for(".show", leaf_hash=digest.hex())
    return render_template(
        "verify.html", found=found, leaf_hash=digest.hex(), own=own, vkeys=public_keys(runtime()),
        address=address, code=_code(address),
    )  # fmt: skip


@screen.get("/verify/<leaf_hash>/proof")
@public
def proof(leaf_hash: str) -> Response:
    """Give the proof as a file that verifies without this service; the entry is not in it."""
    digest, found = _found(leaf_hash)
    with runtime().uow.read() as tx:
        content = write_proof(tx, found)
    if content is None:
        abort(404)
    answer = Response(content, content_type="text/plain; charset=utf-8")
    name = f"{digest.hex()}.tlog-proof"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def read_digest(leaf_hash: str) -> bytes:
    """Read a hash of an address; what is none is 404, as one that is not there."""
    try:
        digest = bytes.fromhex(leaf_hash)
    except ValueError:
        abort(404)
    if len(leaf_hash) != _HEX_DIGITS:
        abort(404)
    return digest


def _found(leaf_hash: str) -> tuple[bytes, Inclusion]:
    """Look an entry up for somebody who may ask now; unknown and malformed are 404 alike."""
    digest = read_digest(leaf_hash)
    if not current_user.is_authenticated:
        _slow_down()
    with runtime().uow.read() as tx:
        found = find_inclusion(tx, digest)
    if found is None:
        abort(404)
    return digest, found


def _to_the_minute(found: Inclusion) -> Inclusion:
    """Tell strangers no more of a time than they read: hashes are public, acts are not."""
    return replace(
        found, recorded_at=_minute(found.recorded_at), covered_at=_minute(found.covered_at)
    )


def _minute(at: datetime | None) -> datetime | None:
    return at.replace(second=0, microsecond=0) if at else None


def _slow_down() -> None:
    wait_seconds = seconds_to_wait(runtime(), request.remote_addr or "")
    if wait_seconds:
        raise Throttled(wait_seconds)


def _code(address: str) -> Markup:
    """Draw an address as a QR code: dark on light in every scheme, for cameras want it so."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        dark="#000", light="#fff", border=4, omitsize=True, svgclass="qr", lineclass=None
    )
    return Markup(drawn)  # noqa: S704 - segno's own drawing of an address of ours
