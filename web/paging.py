"""Where a page of a list starts."""

from flask import request


def cursor() -> str | None:
    """Return the cursor that the address carries."""
    return request.args.get("after") or None


def text_filter(name: str, longest: int = 200) -> str | None:
    """Return what a filter asks for, without the characters no database takes."""
    value = request.args.get(name, "").strip().replace("\x00", "")
    return value[:longest] or None
