"""Whether the service lives, and whether it can work."""

from flask import Blueprint, redirect, url_for
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from web.access import public
from web.current import runtime
from workflow.persistence.unit_of_work import BusyError
from workflow.services.install import is_current

screen = Blueprint("health", __name__)


@screen.get("/livez")
@public
def livez() -> tuple[dict[str, str], int]:
    """Answer without the database: the process runs."""
    return {"status": "alive"}, 200


@screen.get("/readyz")
@public
def readyz() -> tuple[dict[str, str], int]:
    """Answer with the database: it can be reached, and its tables are this code's."""
    try:
        current = is_current(runtime())
    except (SQLAlchemyError, BusyError):
        return {"status": "no database"}, 503
    return ({"status": "ready"}, 200) if current else ({"status": "outdated database"}, 503)


@screen.get("/")
@public
def home() -> Response:
    """Lead to the inbox, or to the sign-in."""
    return redirect(url_for("inbox.show" if current_user.is_authenticated else "sign_in.ask"))
