"""Which language a page is in: the address, the person, the browser, in this order."""

from pathlib import Path
from typing import Final

from flask import Flask, Response, request, session
from flask_babel import Babel, get_locale
from flask_login import current_user

from workflow.domain.vocabulary import LANGUAGES

NAMES: Final = {"uz": "Oʻzbekcha", "ru": "Русский", "ja": "日本語", "en": "English"}
DEFAULT: Final = "en"
SAVED: Final = "language"

# By the first part of a tag: uz-Cyrl-UZ is Uzbek, whatever its script, and never Russian.
_FAMILIES: Final = dict(zip(LANGUAGES, LANGUAGES, strict=True))
_FOLDER: Final = Path(__file__).parent / "translations"


def init_app(app: Flask) -> None:
    """Choose the language once a request, and keep a visitor's choice."""
    Babel(
        app,
        default_locale=DEFAULT,
        default_translation_directories=str(_FOLDER),
        locale_selector=choose,
    )

    def keep_choice() -> None:
        asked = asked_language()
        if asked and request.endpoint != "static" and session.get(SAVED) != asked:
            session[SAVED] = asked

    def name_language(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.headers["Content-Language"] = language()
        return response

    app.before_request(keep_choice)
    app.after_request(name_language)


def choose() -> str:
    """Return the language of this request."""
    chosen = asked_language() or _persons() or session.get(SAVED)
    return chosen if chosen in LANGUAGES else from_header(request.headers.get("Accept-Language"))


def language() -> str:
    """Return the code of the language in use."""
    locale = get_locale()
    return locale.language if locale else DEFAULT


def asked_language() -> str | None:
    """Return the language that the address asks for, if it is one of ours."""
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else None


def _persons() -> str | None:
    return current_user.person.language if current_user.is_authenticated else None


def from_header(header: str | None) -> str:
    """Return the best of our languages for an Accept-Language header. Source: RFC 9110, 12.5.4."""
    best, weight = DEFAULT, 0.0
    for part in (header or "")[:1000].split(","):
        tag, _, quality = part.strip().partition(";")
        family = _FAMILIES.get(tag.strip().lower().replace("_", "-").partition("-")[0])
        given = _quality(quality)
        if family and given > weight:
            best, weight = family, given
    return best


def _quality(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if not text.strip():
        return 1.0
    try:
        given = float(value) if name.strip().lower() == "q" else 0.0
    except ValueError:
        return 0.0
    return given if 0 <= given <= 1 else 0.0
