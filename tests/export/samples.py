"""Records of a small log, made without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

from workflow.domain.disclosure import Disclosure, Subject, make_subject
from workflow.domain.entry import (
    START,
    Actor,
    Draft,
    Link,
    Sealed,
    Stamp,
    leaf_hash,
    seal_draft,
)
from workflow.export.row import Record, make_row
from workflow.export.tail import Scope
from workflow.export.write import write_entries
from workflow.log.checkpoint import Checkpoint, sign_checkpoint
from workflow.log.keys import SigningKey
from workflow.log.merkle import root_of

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)
KEY = SigningKey.generate("localhost/log-1")
"""The key of the samples' log."""
_SALTS = count(1)
WHOLE = Scope()
SELECTION = Scope(partial=("*",))


def salt() -> bytes:
    """Return 16 bytes that were not returned before."""
    return next(_SALTS).to_bytes(16)


ADA, BO = make_subject("ada", "Ada L.", salt()), make_subject("bo", "Bo K.", salt())
REASONS = ["", "=1+1", "'quoted' \"twice\"", "two\r\nlines, one\tcell", "合意した", "＠SUM(A1)"]


def sample_records(rounds: int = 3) -> list[Record]:
    """Return entries of three chains, mixed as a database would give them."""
    ends: dict[str, Link] = {}
    return [
        _record(draft, number, ends)
        for number, draft in enumerate(draft for turn in range(rounds) for draft in _drafts(turn))
    ]


def _drafts(turn: int) -> list[Draft]:
    actor = Actor(ADA.pseudonym, "UZ", "line_ministry.transport", BO.pseudonym)
    return [
        Draft(
            chain="proposal/A-1", kind="sign", via="web", actor=actor, proposal="A-1",
            revision=turn + 1, step="agree", facts={"decision": "approve"},
            texts={"note": REASONS[turn % len(REASONS)]},
        ),
        Draft(
            chain="proposal/B-2", kind="step", via="cli", actor=actor, proposal="B-2",
            step="agree", from_state="proposed", to_state="agreed",
            occurred_on=date(2025, 12, 20), texts={"reason": REASONS[-1 - turn % len(REASONS)]},
        ),
        Draft(
            chain="party/UZ", kind="grant", via="import", person=BO.pseudonym,
            occurred_at=NINE, facts={"role": "auditor"}, texts={"document": {"name": "note.pdf"}},
        ),
    ]  # fmt: skip


def _record(draft: Draft, number: int, ends: dict[str, Link]) -> Record:
    stamp = Stamp(f"e-{number}", NINE + timedelta(seconds=number), ends.get(draft.chain, START))
    sealed = seal_draft(draft, stamp, salt)
    ends[draft.chain] = Link(stamp.sequence, sealed.leaf_hash)
    return Record(sealed.leaf, _disclosures(draft, sealed))


def _disclosures(draft: Draft, sealed: Sealed) -> dict[str, Disclosure]:
    found = {each.field: each for each in sealed.disclosures}
    if draft.actor.pseudonym is not None:
        found["actor"] = _login(ADA)
    if draft.actor.on_behalf_of is not None:
        found["on_behalf_of"] = _login(BO)
    return found


def _login(person: Subject) -> Disclosure:
    return Disclosure("login", person.salt or "", person.login)


def write_export(path: Path, form: str, records: list[Record], scope: Scope = WHOLE) -> Path:
    """Write records as an export does."""
    with path.open("wb") as file:
        write_entries(form, file, records, heads_of(records), scope)
    return path


def heads_of(records: list[Record]) -> list[tuple[str, str]]:
    """Return each chain with the leaf hash of its last entry, in order."""
    ends = {(row := make_row(each)).form.object.chain: row.leaf_hash.hex() for each in records}
    return sorted(ends.items())


def sealed(rounds: int = 3, waiting: int = 0) -> list[Record]:
    """Return records in the order of the tree; the last ones may wait."""
    records = sample_records(rounds)
    size = len(records) - waiting
    return [
        replace(each, leaf_index=number if number < size else None)
        for number, each in enumerate(records)
    ]


def checkpoint(records: list[Record], size: int, key: SigningKey = KEY) -> str:
    """Return the checkpoint over the first records."""
    root = root_of(b"".join(leaf_hash(each.leaf) for each in records[:size]))
    return sign_checkpoint(Checkpoint("localhost/log-1", size, root), key).content.decode()


def whole(path: Path, form: str, records: list[Record], size: int, cosigned: str = "") -> Path:
    """Write an export of everything, whose first records are signed."""
    scope = Scope(whole=True, checkpoint=checkpoint(records, size), cosigned=cosigned or None)
    return write_export(path, form, records, scope)
