"""Texts that broke programs elsewhere: a few of our own, and whatever collection lies at hand.

A folder `payloads` of JSON lists beside the project, under `shared`, is sampled where it is
there; nothing needs it. Every sample prints its seed.
"""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from random import Random
from urllib.parse import quote, quote_plus

from markupsafe import escape

SEED = 20251220
COLLECTION = Path(__file__).parents[3] / "shared" / "payloads"
OWN = (
    "", " ", "\x00", "\ud800", "\u202eCAJ-01", "'", '"', "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "//evil.invalid/", "/\\evil.invalid",
    "a\r\nSet-Cookie: a=b", "%0d%0aLocation:%20//evil.invalid", "' OR '1'='1", "1; DROP TABLE x",
    "{{7*7}}${7*7}", "%s%n%x", "../../../etc/passwd", "=1+1", "9" * 400, "-1", "1e309", "٣",
    "2026-02-30", "0000-00-00", "é\u0301" * 200, "👩‍👩‍👧‍👦" * 60, "Z̸̢̛̮̟" * 40, "a" * 5_000,
)  # fmt: skip

_OURS = re.compile(r"$|[#?]|(http://localhost)?/(?!/)")
_NEVER = {"iframe", "object", "embed", "base", "math", "marquee", "audio", "video", "style"}


def texts() -> list[str]:
    """Give every text at hand."""
    found = list(OWN)
    for file in sorted(COLLECTION.glob("*.json")):
        for row in json.loads(file.read_text(encoding="utf-8")):
            if isinstance(row, str):
                found.append(row)
            elif isinstance(row[1], int):  # a unit, how often, and an end
                found.append(row[0] * min(row[1], 50_000) + row[2])
            else:  # a variant of a name, the name, and why
                found.append(row[0])
    return found


def sample(name: str, how_many: int) -> list[str]:
    """Give some of our own texts and some of the collection, others for every name."""
    random = Random(f"{SEED} {name}")  # noqa: S311 - chosen anew the same way each time
    own, all_texts = list(OWN), texts()
    return random.sample(own, min(len(own), how_many)) + random.sample(all_texts, how_many)


def in_path(text: str) -> str:
    """Write a text as a part of a path."""
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def in_query(**fields: str) -> str:
    """Write texts as a query or a form's body."""
    return "&".join(
        f"{name}={quote_plus(text.encode('utf-8', 'surrogatepass'))}"
        for name, text in fields.items()
    )


def in_header(text: str) -> str | None:
    """Write a text as a header's value; None where no client could send it."""
    value = text.encode("utf-8", "surrogatepass").decode("latin-1")
    return None if any(sign in value for sign in "\r\n\x00") else value


class _Judge(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag in _NEVER or (tag == "script" and not named.get("src", "").startswith("/static/")):
            self.faults.append(f"<{tag}>")
        self.faults += [f"<{tag} {name}>" for name in named if name.startswith(("on", "style"))]
        for name in ("href", "src", "action", "formaction"):
            if not _OURS.match(named.get(name, "")):
                self.faults.append(f"<{tag} {name}={named[name]!r}>")


def faults_of(page: str, text: str) -> list[str]:
    """Say where a page carries a text as markup."""
    faults = _Judge(page).faults
    if len(text) > len("<a b=c>") and str(escape(text)) != text and text in page:
        faults.append("as it was typed")
    return faults
