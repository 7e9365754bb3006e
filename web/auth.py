"""Flask-Login on top of the server-side session: the session says who somebody is."""

from typing import TYPE_CHECKING, cast

from flask import Flask, Request, session
from flask_login import LoginManager, UserMixin

from workflow.domain.identity import Caller
from workflow.persistence.people import PersonRow

if TYPE_CHECKING:
    from web.sessions import BrowserSession


class Official(UserMixin):
    """A signed-in person, as Flask-Login wants one."""

    def __init__(self, caller: Caller, person: PersonRow) -> None:
        """Keep who acts, and how they are named."""
        self.caller, self.person = caller, person

    def get_id(self) -> str:
        """Return the person's number; the session never stores it."""
        return str(self.caller.person_id)


def init_app(app: Flask) -> None:
    """Let Flask-Login ask the session, at every request, who is there."""
    manager = LoginManager(app)
    # The session is ours and lives in the database: nothing to protect, nothing to remember.
    manager.session_protection = None
    manager.request_loader(_official_of)


def _official_of(_request: Request) -> Official | None:
    found = cast("BrowserSession", session).signed_in
    return Official(found.caller, found.person) if found else None
