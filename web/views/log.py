"""The log for everybody: its page, and its key, checkpoint and tiles as programs fetch them.

All of it is hashes and signatures; no entry is ever given here. Source: C2SP tlog-tiles, 'APIs'.
"""

from typing import Final

from flask import Blueprint, Response, abort, render_template

from web.access import public
from web.current import runtime
from workflow.log.merkle import HASH_BYTES
from workflow.log.tiles import TILE_WIDTH, TileError, TileName
from workflow.queries.log_page import log_page
from workflow.services.checkpoints import read_newest
from workflow.services.log_keys import public_keys
from workflow.services.tree import DatabaseTiles

screen = Blueprint("log", __name__)

_TEXT: Final = "text/plain; charset=utf-8"
_TILE: Final = "application/octet-stream"
_MOST_DIGITS: Final = 18
_LEVELS: Final = 8
"""A tree of 2^63 leaves has no more."""


@screen.get("/log")
@public
def show() -> str:
    """Say how the log stands, who vouches for it, and how to check it."""
    with runtime().uow.read() as tx:
        page = log_page(tx)
    return render_template("log.html", page=page)


@screen.get("/log/key")
@public
def key() -> Response:
    """Give the log's public keys, one a line."""
    lines = "".join(f"{each}\n" for each in public_keys(runtime()))
    return Response(lines, content_type=_TEXT)


@screen.get("/checkpoint")
@public
def checkpoint() -> Response:
    """Give the newest checkpoint. Source: as above."""
    newest = read_newest(runtime())
    if newest is None:
        abort(404)
    return Response(newest.note, content_type=_TEXT)


@screen.get("/tile/<int:level>/<path:place>")
@public
def tile(level: int, place: str) -> Response:
    """Give a tile, whole or as wide as it is asked for. Source: as above."""
    name = _tile_name(level, place)
    if name is None:
        abort(404)
    try:
        with runtime().uow.read() as tx:
            hashes = DatabaseTiles(tx).read(name)
    except TileError:
        abort(404)
    if len(hashes) != name.width * HASH_BYTES:
        abort(404)
    return Response(hashes, content_type=_TILE)


def _tile_name(level: int, place: str) -> TileName | None:
    """Read a tile's path; one that the tile itself would not have is none."""
    number, is_partial, width = place.partition(".p/")
    digits = number.replace("x", "").replace("/", "")
    written = (digits, width) if is_partial else (digits,)
    if level >= _LEVELS or not all(
        each.isascii() and each.isdigit() and len(each) <= _MOST_DIGITS for each in written
    ):
        return None
    name = TileName(level, int(digits), int(width) if is_partial else TILE_WIDTH)
    return name if name.path == f"tile/{level}/{place}" and name.width >= 1 else None
