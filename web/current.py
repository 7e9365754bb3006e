"""What belongs to the request at hand: the runtime, who asks, and a transaction to read in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from flask import current_app, g, session
from flask_login import current_user

from web.auth import Official
from web.sessions import BrowserSession
from workflow.bootstrap import Runtime
from workflow.domain.identity import Caller, Viewer
from workflow.persistence import people
from workflow.persistence.unit_of_work import Tx


def runtime() -> Runtime:
    """Give the application's runtime."""
    return cast("Runtime", current_app.extensions["runtime"])


def official() -> Official:
    """Give the signed-in person; views that are not public always have one."""
    return cast("Official", current_user)


def browser() -> BrowserSession:
    """Give the session of the browser that asks."""
    return cast("BrowserSession", session)


def caller() -> Caller:
    """Name the signed-in person as the caller of an act."""
    return official().caller


@contextmanager
def reading() -> Iterator[tuple[Tx, Viewer]]:
    """Open a transaction to read in, with what the caller may see."""
    with runtime().uow.read() as tx:
        viewer = people.viewer_of(tx, caller())
        g.viewer = viewer
        yield tx, viewer
