"""Every error is a page with a sentence that says what to do; what was typed is shown again."""

from http import HTTPStatus
from typing import Final

from flask import Flask, Response, g, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from web.access_log import LOG
from web.forms.words import N_
from workflow.persistence.unit_of_work import BusyError
from workflow.queries.paging import BadCursorError

_KEPT: Final = ("note", "reason", "title", "link")
"""Typed texts worth giving back; passwords and secrets are not among them."""

_RETRY_SECONDS: Final = "5"
_KEPT_PREFIXES: Final = ("title-", "summary-", "field-")
_LAST_WORD: Final = "Something is broken on our side. Try again in a minute."


SENTENCES: Final = {
    400: (
        N_("This request cannot be read"),
        N_("Something in the address or the form is not in order. Go back and try again."),
    ),
    401: (
        N_("You are no longer signed in"),
        N_("Nothing was changed. Sign in again; what you had typed is below."),
    ),
    403: (
        N_("This is not open to you"),
        N_("Your mandates do not allow it. Your party's administrator can grant them."),
    ),
    404: (
        N_("There is nothing here"),
        N_("The page does not exist, or it is not one that you may see. Check the address."),
    ),
    405: (
        N_("This page cannot be used so"),
        N_("Open it from its link, and use the buttons on it."),
    ),
    409: (
        N_("It changed since you opened it"),
        N_("Nothing was changed. Open the page again and look before you decide."),
    ),
    413: (
        N_("This is too large"),
        N_("A form may have 1 MB, a document 20 MB. Choose a smaller file and try again."),
    ),
    429: (N_("Too many attempts"), N_("Wait a little, then try again.")),
    500: (
        N_("Something is broken on our side"),
        N_("Nothing was changed. Try again; if it happens again, give the number below to"
          " those who run this service."),
    ),
    503: (
        N_("The service is busy"),
        N_("Nothing was changed. Try again in a few seconds."),
    ),
}  # fmt: skip
"""The title and the sentence of each error, for the catalogues."""


class Throttled(HTTPException):
    """Too many attempts; says when the next one is looked at."""

    code = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, retry_after_seconds: int) -> None:
        """Keep how long to wait."""
        super().__init__()
        self.retry_after_seconds = retry_after_seconds


def init_app(app: Flask) -> None:
    """Answer every error with a page of ours."""
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(Throttled, _throttled)
    app.register_error_handler(BadCursorError, _bad_cursor)
    app.register_error_handler(HTTPException, _known)
    app.register_error_handler(Exception, _unexpected)


def page(status: int, title: str, text: str, **headers: str) -> Response:
    """Make an error page; it asks the database for nothing."""
    try:
        body = render_template(
            "error.html",
            title=title,
            text=text,
            status=status,
            kept=_typed(status),
            bare=True,
            typed_names=_names(),
        )
        response = make_response(body, status)
    except Exception:  # noqa: BLE001 - whatever broke, the answer must not be another error
        LOG.exception("the error page failed", extra={"facts": _request_id()})
        response = make_response(_LAST_WORD, status, {"Content-Type": "text/plain; charset=utf-8"})
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return response


def sentences(status: int) -> tuple[str, str]:
    """Return the title and the sentence of an error, in the reader's language."""
    title, text = SENTENCES[status]
    return _(title), _(text)


def _known(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    status = error.code or 500
    likeness = 400 if status < HTTPStatus.INTERNAL_SERVER_ERROR else 500
    title, text = sentences(status if status in SENTENCES else likeness)
    response = page(status, title, text)
    for name, value in error.get_headers(request.environ):
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    if isinstance(error, RequestEntityTooLarge):
        # The rest of the body is not read: the connection is of no more use.
        response.headers["Connection"] = "close"
    return response


def _form_expired(_error: CSRFError) -> Response:
    title = _("This form is no longer valid")
    text = _("Nothing was changed. Open the page again and send the form once more; what you had"
             " typed is below.")  # fmt: skip
    return page(HTTPStatus.BAD_REQUEST, title, text)


def _bad_cursor(_error: BadCursorError) -> Response:
    return page(HTTPStatus.BAD_REQUEST, *sentences(400))


def _throttled(error: Throttled) -> Response:
    title, _text = sentences(429)
    text = _("Try again in %(seconds)s seconds.") % {"seconds": error.retry_after_seconds}
    return page(429, title, text, Retry_After=str(error.retry_after_seconds))


def _unexpected(error: Exception) -> Response:
    if isinstance(error, BusyError) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    ):
        return page(503, *sentences(503), Retry_After=_RETRY_SECONDS)
    LOG.error("unexpected", exc_info=error, extra={"facts": _request_id()})
    return page(500, *sentences(500))


def _typed(status: int) -> dict[str, str]:
    """Return typed texts to show again, where the body could be read."""
    if request.method != "POST" or status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return {}
    try:
        form = request.form
    except HTTPException:
        return {}
    kept = (*_KEPT, *(name for name in form if name.startswith(_KEPT_PREFIXES)))
    return {name: form[name][:20_000] for name in kept if form.get(name, "").strip()}


def _names() -> dict[str, str]:
    return {
        "note": _("Reason or note"),
        "reason": _("Reason"),
        "title": _("Title"),
        "link": _("Link"),
    }


def _request_id() -> dict[str, str]:
    return {"request_id": g.get("request_id", "")}
