"""The audit log for auditors: filters in the address, the same filters for the export."""

import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from flask import Blueprint, Response, abort, render_template, request

from web import words
from web.current import caller, official, reading, runtime
from web.errors import page as error_page
from web.paging import text_filter
from web.statuses import status_of
from web.templating import say_all
from web.views.verify import read_digest
from workflow.domain.verdicts import Refusal, Refused
from workflow.export import write
from workflow.persistence.entry_scope import EntryFilter
from workflow.queries.audit import audit_page, entry_by_hash
from workflow.services.audit import Export, as_auditor, audit_mandates, export_entries
from workflow.services.dates import read_end, read_start

screen = Blueprint("audit", __name__)

FORMS = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_CHUNK_BYTES = 64 * 1024
_LARGEST_NUMBER = 2**63


@screen.get("/audit")
def show() -> str | tuple[str, int]:
    """List entries, newest first."""
    wanted, reasons = _filter()
    after = _after()
    with reading() as (tx, viewer):
        if not audit_mandates(viewer):
            abort(403)
        found = None if reasons else audit_page(tx, as_auditor(viewer), wanted, after)
    body = render_template(
        "audit.html", page=found, reasons=reasons, forms=[f for f in FORMS if f in write.FORMS],
        kinds=words.kinds(), parties=words.parties(), args=request.args, zone=_zone(),
    )  # fmt: skip
    return body, 400 if reasons else 200


@screen.get("/audit/entries/<leaf_hash>")
def entry(leaf_hash: str) -> str:
    """Show one entry with everything that is in it, to auditors who may see it."""
    digest = read_digest(leaf_hash)
    with reading() as (tx, viewer):
        if not audit_mandates(viewer):
            abort(403)
        row = entry_by_hash(tx, digest, as_auditor(viewer))
    if row is None:
        abort(404)
    return render_template("audit_entry.html", row=row)


@screen.post("/audit/export")
def export() -> Response:
    """Give exactly the entries that the filters select, and record that they were given."""
    form = request.args.get("format", "")
    wanted, reasons = _filter()
    if form not in FORMS or form not in write.FORMS or reasons:
        abort(400)
    folder = tempfile.TemporaryDirectory(prefix="summit-export-")
    path = Path(folder.name) / f"entries.{form}"
    report = export_entries(runtime(), caller(), Export(path=path, form=form, wanted=wanted))
    if isinstance(report, Refused):
        folder.cleanup()
        status = status_of(report.reasons)
        return error_page(status, " ".join(say_all(report.reasons)), "")
    response = Response(_stream(path, folder), mimetype=None, content_type=FORMS[form])
    response.content_length = path.stat().st_size
    response.headers.set("Content-Disposition", "attachment", filename=f"audit.{form}")
    response.headers["X-Entries"] = str(report.entries)
    return response


def _stream(path: Path, folder: "tempfile.TemporaryDirectory[str]") -> Iterator[bytes]:
    with folder, path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


def _filter() -> tuple[EntryFilter, tuple[Refusal, ...]]:
    zone = _zone()
    since, until = text_filter("since"), text_filter("until")
    read = {
        "since": read_start(since, zone) if since else None,
        "until": read_end(until, zone) if until else None,
    }
    reasons = tuple(each for each in read.values() if isinstance(each, Refusal))
    days = {name: each for name, each in read.items() if isinstance(each, datetime)}
    wanted = EntryFilter(
        proposal=text_filter("proposal"),
        kind=text_filter("kind"),
        party=text_filter("party"),
        actor=text_filter("actor"),
        step=text_filter("step"),
        since=days.get("since"),
        until=days.get("until"),
    )
    return wanted, reasons


def _zone() -> str:
    """Return the time zone that a day of the filter is read in: the person's, else Tashkent's."""
    return official().person.time_zone or "Asia/Tashkent"


def _after() -> int | None:
    text = text_filter("after") or ""
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or int(text) >= _LARGEST_NUMBER:
        abort(400)
    return int(text)
