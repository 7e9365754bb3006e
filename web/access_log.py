"""One JSON line a request, with an id that the answer carries too; no secrets, no typed text."""

import json
import logging
import re
import sys
import time
from typing import Final

from flask import Flask, Response, g, request
from flask_login import current_user

LOG: Final = logging.getLogger("summit.web")
REQUEST_ID: Final = "X-Request-ID"

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class JsonLines(logging.Formatter):
    """Writes a record as one line; what came from outside cannot break it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {"level": record.levelname.lower(), "message": record.getMessage()}
        line |= getattr(record, "facts", {})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True)


def log_requests(app: Flask) -> None:
    """Give every request an id, and write what became of it."""
    if not LOG.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonLines())
        LOG.addHandler(handler)
        LOG.setLevel(logging.INFO)
        LOG.propagate = False

    def begin() -> None:
        g.request_id = app.extensions["runtime"].ids.event_id()
        g.started = time.perf_counter()

    def end(response: Response) -> Response:
        if "request_id" in g:
            response.headers[REQUEST_ID] = g.request_id
            LOG.info("request", extra={"facts": _facts(response)})
        return response

    app.before_request(begin)
    app.after_request(end)


def _facts(response: Response) -> dict[str, object]:
    """Return what the line says; the path without its query, for that may hold typed text."""
    return {
        "request_id": g.request_id,
        "method": request.method,
        "path": shown_path(),
        "status": response.status_code,
        "milliseconds": round((time.perf_counter() - g.started) * 1000, 1),
        "address": request.remote_addr,
        "person": current_user.caller.pseudonym if current_user.is_authenticated else None,
    }


def shown_path() -> str:
    """Return the path without line breaks, and without the secret of a one-time link."""
    if request.endpoint and request.endpoint.startswith("links."):
        return "/links/..."
    return _CONTROL.sub("?", request.path)[:200]
