"""Nobody gets anywhere without signing in, unless a view says that it is public."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

View = TypeVar("View", bound=Callable[..., Any])

_PUBLIC = "is_public"
_UPLOADS = "takes_uploads"


def public(view: View) -> View:
    """Open a view to everybody."""
    setattr(view, _PUBLIC, True)
    return view


def takes_uploads(view: View) -> View:
    """Let a view receive a body as large as a document may be."""
    setattr(view, _UPLOADS, True)
    return view


def is_public(app: Flask, endpoint: str) -> bool:
    """Say whether an endpoint is open to everybody: the stylesheet, or a view marked so."""
    return endpoint == "static" or getattr(app.view_functions[endpoint], _PUBLIC, False)


def init_app(app: Flask, *, largest_upload_bytes: int) -> None:
    """Ask before every request who is there, before anything else reads it."""

    def admit() -> BaseResponse | None:
        # An address that no view answers is 404 for everybody.
        if request.endpoint is None or is_public(app, request.endpoint):
            return None
        if session.unavailable:  # type: ignore[attr-defined]  # our own session
            abort(503)
        if not current_user.is_authenticated:
            return _ask_to_sign_in()
        if getattr(app.view_functions[request.endpoint], _UPLOADS, False):
            # The form around the document takes some room too.
            request.max_content_length = largest_upload_bytes + 64 * 1024
        return None

    def refuse_null_characters() -> None:
        # PostgreSQL takes them in no text, and no official types them.
        given = (request.path, *request.args.values(), *request.form.values())
        if any("\x00" in text for text in given):
            abort(400)

    app.before_request(admit)
    app.before_request(refuse_null_characters)


def _ask_to_sign_in() -> BaseResponse:
    if request.method not in ("GET", "HEAD"):
        # Not a redirect: what was typed is shown again, so that it is not lost.
        abort(401)
    target = request.full_path.rstrip("?")
    return redirect(url_for("sign_in.ask", next=None if target == "/" else target))


def safe_target(target: str | None) -> str:
    """Return where to go after signing in: a path of this site, else the inbox."""
    home = url_for("inbox.show")
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return home
    if any(ord(character) < ord(" ") or character == "\\" for character in target):
        return home
    return target
