"""What every template can say: words, money, dates, addresses of files, sentences for refusals."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, g, request, url_for
from flask_babel import gettext
from flask_login import current_user

from web import clock_faces, cure_words, entry_words, languages, lists, money, words
from web.current import runtime
from web.drawings import drawing
from web.rule_words import clause_lines, node_line, step_text
from workflow import messages
from workflow.domain.commands import Money
from workflow.domain.entry import write_instant
from workflow.domain.verdicts import Refusal
from workflow.log.strict import write_base64
from workflow.queries import inbox
from workflow.queries import log_badge as the_log

_STATIC = Path(__file__).parent / "static"


def init_app(app: Flask) -> None:
    """Give the templates their words."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        words=words,
        say=say,
        static_file=static_file,
        language=languages.language,
        language_names=languages.NAMES,
        here=here,
        inbox_badge=inbox_badge,
        log_badge=log_badge,
        entry_words=entry_words,
        new_key=new_key,
        is_auditor=is_auditor,
        administered=administered,
        node_line=node_line,
        clause_lines=clause_lines,
        step_text=step_text,
        word_pairs=word_pairs,
        field_value=field_value,
        plain=str,
        export_address=export_address,
        happened=clock_faces.happened,
        place_name=clock_faces.place,
        who_can=cure_words.who_can,
        all_of=lists.all_of,
        drawing=drawing,
    )
    _add_filters(app)


def _add_filters(app: Flask) -> None:
    app.jinja_env.filters.update(
        money=lambda each: money.amount(each.minor, each.currency),
        short_money=lambda each: money.short_amount(each.minor, each.currency),
        number=money.number,
        day=clock_faces.day,
        long_day=lambda each: clock_faces.day(each, "long"),
        day_of=clock_faces.day_in_tashkent,
        clocks=clock_faces.both_clocks,
        clock_lines=clock_faces.clock_lines,
        iso=lambda at: at.isoformat(),
        utc=write_instant,
        base64=write_base64,
        party_name=words.party,
        person_name=words.person,
        field_name=words.field,
    )


def say(refusal: Refusal, kind: str | None = None) -> str:
    """Say a refusal in the reader's language."""
    return messages.sentence(refusal, gettext, words.of_parameter(kind))


def say_all(reasons: Iterable[Refusal], kind: str | None = None) -> list[str]:
    """Say refusals, each sentence once."""
    return list(dict.fromkeys(say(reason, kind) for reason in reasons))


def static_file(name: str) -> str:
    """Return the address of a file of ours; it changes with the file."""
    return url_for("static", filename=name, v=_digest(name))


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:10]


def here(**changed: str | None) -> str:
    """Return this page's address with some of its query changed."""
    kept: dict[str, str | None] = {**request.args.to_dict(), **changed}
    # Not by url_for: what a stranger calls `_scheme` or `endpoint` is a query, not an order.
    return _with_query(request.path, kept)


def field_value(value: object) -> str:
    """Return the value of a proposal's field in the reader's language."""
    if isinstance(value, Money):
        return money.amount(value.minor_units, value.currency)
    if isinstance(value, date):
        return clock_faces.day(value)
    return money.number(value) if isinstance(value, int) else str(value)


def word_pairs(codes: Iterable[str], name: Callable[[str], str]) -> list[tuple[str, str]]:
    """Give codes with their names, for a choice, in the order of the names."""
    return sorted(((code, name(code)) for code in codes), key=lambda pair: pair[1])


def export_address(form: str) -> str:
    """Return where an export of exactly the entries on this page is asked for."""
    kept = {name: text for name, text in request.args.items() if name not in ("after", "lang")}
    return _with_query(url_for("audit.export"), {**kept, "format": form})


def _with_query(path: str, query: Mapping[str, str | None]) -> str:
    encoded = urlencode({name: text for name, text in query.items() if text})
    # Quoted, and never two slashes in front: those would lead to another host.
    quoted = quote("/" + path.lstrip("/"))
    return f"{quoted}?{encoded}" if encoded else quoted


def inbox_badge() -> str | None:
    """Say how much waits for the person; None where nothing does."""
    if not current_user.is_authenticated:
        return None
    count = _once("inbox_count", inbox.inbox_count)
    if not count.number:
        return None
    return f"{count.number}+" if count.capped else str(count.number)


def log_badge() -> the_log.LogBadge:
    """Read how the log stands, once a request."""
    if "log_badge" not in g:
        with runtime().uow.read() as tx:
            g.log_badge = the_log.log_badge(tx)
    found: the_log.LogBadge = g.log_badge
    return found


def is_auditor() -> bool:
    """Say whether the person audits for any party."""
    return any(mandate.role.partition(".")[0] == "auditor" for mandate in _viewer().mandates)


def administered() -> list[str]:
    """Give the parties whose people the person administers."""
    return sorted({m.party for m in _viewer().mandates if m.role == "administrator"})


def new_key() -> str:
    """Return an idempotency key for one form: sent twice, it acts once."""
    return runtime().ids.event_id()


def _viewer() -> Any:  # noqa: ANN401 - Viewer
    return _once("viewer", lambda _tx, viewer: viewer)


def _once(name: str, read: Callable[[Any, Any], Any]) -> Any:  # noqa: ANN401 - whatever is read
    from web.current import reading  # noqa: PLC0415 - reading names the viewer too

    if name not in g:
        with reading() as (tx, viewer):
            value = read(tx, viewer)
        setattr(g, name, value)
    return getattr(g, name)
