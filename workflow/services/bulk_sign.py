"""Sign many seats by a file: each line for itself, on the caller's own mandates, nothing twice.

Every line goes the way of a single sign-off. The file's digest names the change in each entry, so
that a run that was cut off is finished by running it again.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import groupby
from typing import Final

from workflow.domain import names
from workflow.domain.commands import Decision, Sign
from workflow.domain.identity import Caller
from workflow.domain.requirement import role_covers
from workflow.domain.verdicts import Code, Outcome, Refusal, Refused, refuse
from workflow.intake.table import Columns, Row, read_table
from workflow.persistence import proposals
from workflow.persistence.chunks import chunks
from workflow.persistence.retrying import retried
from workflow.persistence.signed_by import Signed, signed_by
from workflow.persistence.unit_of_work import Tx
from workflow.services.change import open_change
from workflow.services.runtime import Runtime
from workflow.services.seal import seal_after
from workflow.services.sign import sign_in

CHUNK: Final = 2_000
"""Lines a transaction: others wait for one chunk at most, and a kill loses one at most."""

SIGNED, REFUSED, DONE_BEFORE = "signed", "refused", "already_done"

Watch = Callable[[Iterable[Sequence["SignLine"]]], Iterable[Sequence["SignLine"]]]
"""Wraps the chunks on their way, to show progress."""

_OFFERED: Final = ("step", "party", "role", "decision", "note", "revision")


@dataclass(frozen=True, slots=True)
class SignLine:
    """One line of a file: its number and its order, or why it cannot be read."""

    number: int
    order: Sign
    refusal: Refusal | None = None

    @property
    def reference(self) -> str:
        """Return the proposal that it is about."""
        return self.order.references[0]

    @property
    def seat(self) -> tuple[str, str, str, str]:
        """Name what is signed: a seat on a step of a proposal, once in a file."""
        return self.reference, self.order.step, self.order.party, self.order.role


@dataclass(frozen=True, slots=True)
class SignedLine:
    """What became of a line."""

    line: SignLine
    outcome: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SignReport:
    """What became of every line, in the file's order."""

    lines: tuple[SignedLine, ...]

    def as_json(self) -> dict[str, int]:
        """Return how many lines were signed, refused, and done by an earlier run."""
        counts = Counter(line.outcome for line in self.lines)
        return {name: counts[name] for name in (SIGNED, REFUSED, DONE_BEFORE)}


@dataclass(frozen=True, slots=True)
class SignFile:
    """A file that was read, and the digest that makes its change one."""

    lines: tuple[SignLine, ...]
    digest: str


def read_sign_file(
    content: bytes, default: Sign, encoding: str | None = None, delimiter: str | None = None
) -> SignFile | Refused:
    """Read the whole file; an empty cell or a missing column takes what `default` says.

    A line that cannot be read is among them, with its reason; the others are not refused for it.
    """
    wanted = [name for name in ("step", "party", "role") if not getattr(default, name)]
    columns = Columns(("reference", *wanted), tuple(set(_OFFERED) - set(wanted)))
    rows = read_table(content, columns, encoding, delimiter)
    if isinstance(rows, Refused):
        return rows
    digest = sha256(repr(default).encode() + content).hexdigest()
    return SignFile(tuple(_without_repeats(_line(row, default) for row in rows)), digest)


def sign_many(runtime: Runtime, caller: Caller, file: SignFile, watch: Watch = iter) -> SignReport:
    """Sign every line that the rules allow, each chunk in a transaction of its own."""
    told: list[SignedLine] = []
    for chunk in watch(list(chunks(file.lines, CHUNK))):
        told += _sign_chunk(runtime, caller, file.digest, chunk)
    seal_after(runtime)
    return SignReport(tuple(told))


@retried
def _sign_chunk(
    runtime: Runtime, caller: Caller, digest: str, lines: Sequence[SignLine]
) -> list[SignedLine]:
    with runtime.uow.write() as tx:
        readable = [line for line in lines if line.refusal is None]
        # Locked before it is asked what this file has signed, so that two runs at once cannot both.
        proposals.lock(tx, sorted({line.reference for line in readable}))
        signed = signed_by(tx, digest, {line.reference for line in readable})
        before = {line.number for line in readable if _is_among(line, signed)}
        left = [line for line in readable if line.number not in before]
        outcomes = _sign_all(tx, caller, digest, left)
        return [
            SignedLine(line, DONE_BEFORE)
            if line.number in before
            else _told(line, outcomes.get(line.number))
            for line in lines
        ]


def _is_among(line: SignLine, signed: Signed) -> bool:
    """Say whether a line's seat is signed for: a mandate's role may refine the one it names."""
    reference, step, party, role = line.seat
    return any(role_covers(role, held) for held in signed.get((reference, step, party), ()))


def _sign_all(
    tx: Tx, caller: Caller, digest: str, lines: Sequence[SignLine]
) -> Mapping[int, Outcome]:
    """Sign line by line in groups that differ by their proposals alone."""
    outcomes: dict[int, Outcome] = {}
    for order, group in groupby(sorted(lines, key=_likeness), key=_same):
        members = list(group)
        whole = replace(order, references=tuple(line.reference for line in members))
        answers = sign_in(tx, open_change(tx, caller, digest), whole)
        outcomes |= zip((line.number for line in members), answers, strict=True)
    return outcomes


def _same(line: SignLine) -> Sign:
    return replace(line.order, references=())


def _likeness(line: SignLine) -> tuple[str, ...]:
    order = line.order
    return (
        order.step, order.party, order.role, order.decision, order.note or "",
        str(order.revision or ""),
    )  # fmt: skip


def _told(line: SignLine, outcome: Outcome | None) -> SignedLine:
    if outcome is not None and outcome.granted:
        return SignedLine(line, SIGNED)
    reasons = outcome.reasons if outcome is not None else filter(None, [line.refusal])
    return SignedLine(line, REFUSED, tuple(str(each.code) for each in reasons))


def _without_repeats(lines: Iterable[SignLine]) -> Iterator[SignLine]:
    first: dict[tuple[str, str, str, str], int] = {}
    for line in lines:
        if line.refusal is None and line.seat in first:
            problem = f"it signs for the seat of line {first[line.seat]} again"
            yield replace(line, refusal=_malformed(line.number, problem))
        else:
            first.setdefault(line.seat, line.number)
            yield line


def _line(row: Row, default: Sign) -> SignLine:
    cells = {name: value for name, value in row.cells.items() if value}
    order = replace(
        default,
        references=(cells.get("reference", ""),),
        step=cells.get("step", default.step),
        party=cells.get("party", default.party),
        role=cells.get("role", default.role),
        note=cells.get("note", default.note),
    )
    if row.refusal is not None:
        return SignLine(row.number, _shown(order), row.refusal)
    return _with_decision(row, cells, order)


def _with_decision(row: Row, cells: Mapping[str, str], order: Sign) -> SignLine:
    decision, revision = cells.get("decision", order.decision), cells.get("revision", "")
    if decision not in set(Decision):
        problem = f"{names.shown(decision)} is no decision"
    elif revision and not (revision.isascii() and revision.isdigit() and len(revision) < 10):  # noqa: PLR2004 - digits
        problem = f"{names.shown(revision)} is no number of a revision"
    elif not all((order.references[0], order.step, order.party, order.role)):
        problem = "it names no proposal, step, party or role"
    else:
        number = int(revision) if revision else order.revision
        return SignLine(row.number, replace(order, decision=Decision(decision), revision=number))
    return SignLine(row.number, _shown(order), _malformed(row.number, problem))


def _shown(order: Sign) -> Sign:
    """Return an order whose words are safe to print, for a line that is not carried out."""
    return replace(order, references=(names.shown(order.references[0]),))


def _malformed(number: int, problem: str) -> Refusal:
    return refuse(Code.ROW_MALFORMED, line=number, problem=problem)
