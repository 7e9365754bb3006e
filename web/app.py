"""Makes the web application of a runtime."""

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from web import access, auth, errors, languages, security, sessions, templating
from web.access_log import log_requests
from web.proxies import TrustListedProxies
from web.views import (
    audit,
    decide,
    definitions,
    edit,
    evidence,
    health,
    history,
    inbox,
    links,
    log,
    me,
    paper,
    people,
    portfolio,
    proposal,
    sign_in,
    verify,
)
from workflow.bootstrap import Runtime

LARGEST_BODY_BYTES = 1024 * 1024
LARGEST_UPLOAD_BYTES = 20 * 1024 * 1024

_SCREENS = (
    health,
    sign_in,
    links,
    inbox,
    portfolio,
    proposal,
    decide,
    edit,
    evidence,
    paper,
    history,
    audit,
    verify,
    log,
    definitions,
    people,
    me,
)


def create_app(runtime: Runtime, secret_key: str) -> Flask:
    """Make the application; `secret_key` signs the cookie of visitors and the forms' tokens."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=secret_key,
        TRUSTED_HOSTS=list(runtime.settings.trusted_hosts),
        MAX_CONTENT_LENGTH=LARGEST_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY_BYTES,
        # A token lives as long as its session: an hour's limit loses long forms.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=True,
    )
    app.extensions["runtime"] = runtime
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask types the provider's base
    app.session_interface = sessions.ServerSide(runtime, secret_key)
    log_requests(app)
    languages.init_app(app)
    auth.init_app(app)
    access.init_app(app, largest_upload_bytes=LARGEST_UPLOAD_BYTES)
    CSRFProtect(app)
    security.init_app(app, runtime.settings.base_url)
    errors.init_app(app)
    templating.init_app(app)
    for screen in _SCREENS:
        app.register_blueprint(screen.screen)
    app.wsgi_app = TrustListedProxies(app.wsgi_app, runtime.settings.trusted_proxies)  # type: ignore[method-assign]  # Flask's own way
    return app
