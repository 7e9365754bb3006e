"""Sessions of browsers: in the database for whoever signed in, in a signed cookie for visitors.

A visitor's cookie holds the forms' secret and a language, so that looking at the sign-in page
makes no row. Signing in makes a session with a new token; the visitor's cookie is never taken on.
"""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.exc import OperationalError

from workflow.bootstrap import Runtime
from workflow.persistence.unit_of_work import BusyError
from workflow.services import authenticate

LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
KEPT_AT_SIGN_IN: Final = "language"


class BrowserSession(SessionMixin):
    """What one browser is remembered by."""

    def __init__(self, content: dict[str, Any], token: str | None = None) -> None:
        """Take what was kept; a token says that it was kept in the database."""
        self._content = content
        self.token = token
        self.signed_in: authenticate.Session | None = None
        self.unavailable = False
        """The database could not be asked."""
        self.modified = False
        self.accessed = True

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - JSON
        return self._content[key]

    def __setitem__(self, key: str, value: Any) -> None:  # noqa: ANN401 - JSON
        self.modified = True
        self._content[key] = value

    def __delitem__(self, key: str) -> None:
        self.modified = True
        del self._content[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def __len__(self) -> int:
        return len(self._content)

    def move_to(self, token: str) -> None:
        """Go on under a new token, with nothing of before but the language."""
        kept = {key: value for key, value in self._content.items() if key == KEPT_AT_SIGN_IN}
        self._content, self.token, self.modified = kept, token, True

    def end(self) -> None:
        """Forget everything: the browser is a visitor again."""
        self._content, self.token, self.modified = {}, None, True
        self.signed_in = None


class ServerSide(SessionInterface):
    """Opens and saves sessions; the cookie holds a secret or a visitor's signed trifles."""

    def __init__(self, runtime: Runtime, secret_key: str) -> None:
        """Choose the cookie's name: `__Host-` wherever browsers are sure to accept it."""
        self._runtime = runtime
        self._signer = URLSafeSerializer(secret_key, salt="summit-visitor")
        address = urlsplit(runtime.settings.base_url)
        self._secure = not (address.scheme == "http" and address.hostname in LOOPBACK)
        self.cookie = "__Host-summit-session" if self._secure else "summit-session"

    def open_session(self, app: Flask, request: Request) -> BrowserSession:
        """Find the browser's session; what cannot be found or read is a new visitor."""
        value = request.cookies.get(self.cookie, "")
        # The address is matched only after this: these two need no database.
        if request.path.startswith(f"{app.static_url_path}/") or request.path == "/livez":
            return BrowserSession({})
        if "." in value:
            return BrowserSession(self._visitor(value))
        if not value:
            return BrowserSession({})
        return self._known(value)

    def _known(self, token: str) -> BrowserSession:
        try:
            found = authenticate.find_session(self._runtime, token)
        except (BusyError, OperationalError):
            session = BrowserSession({}, token)
            session.unavailable = True
            return session
        if found is None:
            return BrowserSession({})
        session = BrowserSession(dict(found.content), token)
        session.signed_in = found
        return session

    def _visitor(self, value: str) -> dict[str, Any]:
        try:
            content = self._signer.loads(value)
        except BadSignature:
            return {}
        return content if isinstance(content, dict) else {}

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:  # noqa: ARG002 - Flask calls so
        """Keep what changed, and tell the browser its secret if that is new."""
        if not isinstance(session, BrowserSession) or not session.modified or session.unavailable:
            return
        if session.token is not None:
            authenticate.keep_content(self._runtime, session.token, dict(session))
        if session.token is None and not session:
            response.delete_cookie(
                self.cookie, secure=self._secure, httponly=True, samesite="Lax", path="/"
            )
            return
        value = session.token or str(self._signer.dumps(dict(session)))
        response.set_cookie(
            self.cookie,
            value,
            secure=self._secure,
            httponly=True,
            samesite="Lax",
            path="/",
        )
