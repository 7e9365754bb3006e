"""The headers that every answer carries. Source: OWASP ASVS 5.0, V3.4."""

from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Response, request

_OFF: Final = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen",
    "geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment",
    "picture-in-picture", "publickey-credentials-get", "screen-wake-lock", "usb",
    "xr-spatial-tracking",
)  # fmt: skip

CONTENT_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none';"
    " frame-ancestors 'none'; require-trusted-types-for 'script'"
)
DOCUMENT_POLICY: Final = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""For what officials uploaded: it is data, whatever a browser would make of it."""

HEADERS: Final = {
    "Content-Security-Policy": CONTENT_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _OFF),
    # Not no-referrer: browsers would then send no origin, and every form over HTTPS would fail.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_YEAR_SECONDS: Final = 365 * 24 * 3600


def init_app(app: Flask, base_url: str) -> None:
    """Put the headers on every answer, errors among them."""
    is_https = urlsplit(base_url).scheme == "https"

    def protect(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if is_https:
            response.headers["Strict-Transport-Security"] = (
                f"max-age={2 * _YEAR_SECONDS}; includeSubDomains"
            )
        _say_who_may_keep(response)
        return response

    app.after_request(protect)


def _say_who_may_keep(response: Response) -> None:
    if request.endpoint == "static":
        # The address of a file changes with its content, so a browser may keep it for good.
        fresh = "v" in request.args and response.status_code in (200, 304)
        response.headers["Cache-Control"] = (
            f"public, max-age={_YEAR_SECONDS}, immutable" if fresh else "public, max-age=300"
        )
        return
    response.headers["Cache-Control"] = "no-store"
    for name in ("Cookie", "Accept-Language"):
        response.vary.add(name)
