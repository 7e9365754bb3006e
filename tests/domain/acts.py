"""Random acts on a naive proposal, each judged and counted by the evaluator as a service would."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from hypothesis import strategies as st

from tests.domain.ledger import Held, Ledger, Office
from tests.domain.rules import CODES, ROLES, STATES
from workflow.domain.commands import Decision
from workflow.domain.requirement import NamedSignOff, SignOffs, leaves, time_leaves
from workflow.domain.signing import judge_sign, resulting, standing_after_sign, weighs
from workflow.domain.standing import StepStanding


@dataclass(frozen=True)
class Signs:
    """Somebody signs for a seat, if the rules allow it."""

    office: Office
    decision: Decision = Decision.APPROVE
    person: int = 0

    def on(self, ledger: Ledger) -> None:
        """Judge it, count it and remember it."""
        signer = ledger.signer(self.office, self.decision, self.person)
        case = ledger.case
        if judge_sign(case, "agree", signer):
            return
        ledger.counted = standing_after_sign(case, "agree", signer)
        before = ledger.held.pop(self.office, None)
        if not self.decision.is_kept:
            return
        confirms = self.decision is Decision.CONFIRM and before is not None and before.on_paper
        ledger.held[self.office] = Held(
            resulting(signer),
            before.person if confirms and before else self.person,
            weighs(case, ledger.step, signer),
        )


@dataclass(frozen=True)
class IsRecorded:
    """A paper act is recorded on an empty seat; it waits for confirmation."""

    office: Office
    decision: Decision
    person: int

    def on(self, ledger: Ledger) -> None:
        """Remember it; it does not weigh."""
        if self.office[0] in ledger.parties and self.office not in ledger.held:
            ledger.held[self.office] = Held(self.decision, self.person, weighs=False, on_paper=True)


@dataclass(frozen=True)
class Happens:
    """A document, a value, a child's step or a day comes about."""

    what: str
    document: tuple[str, bool, str]
    state: str
    number: int

    def on(self, ledger: Ledger) -> None:
        """Remember it, and count what is not signed anew; sign-offs keep the moved counts."""
        if self.what == "day":
            days = [number for number, _ in time_leaves(ledger.step.needs)]
            ledger.passed |= {days[self.number % len(days)]} if days else set()
        elif self.what == "document":
            ledger.documents.append(self.document)
        elif self.what == "field":
            ledger.fields.add("amount")
        else:
            ledger.children[self.state] += 1
        ledger.counted = _facts_anew(ledger)


def _facts_anew(ledger: Ledger) -> StepStanding:
    moved = ledger.case.standing(ledger.step)
    anew = ledger.recount().counts
    signed = [isinstance(leaf, SignOffs | NamedSignOff) for leaf in leaves(ledger.step.needs)]
    counts = zip(signed, moved.counts, anew, strict=True)
    return StepStanding(
        tuple(kept if is_signed else new for is_signed, kept, new in counts), moved.objections
    )


Act: TypeAlias = Signs | IsRecorded | Happens
_offices = st.tuples(st.sampled_from(CODES), st.sampled_from(ROLES))
_kept = tuple(each for each in Decision if each.is_kept and each is not Decision.CONFIRM)
_signing = st.builds(Signs, _offices, st.sampled_from(tuple(Decision)), st.integers(0, 3))
_happening = st.builds(
    Happens,
    st.sampled_from(("day", "document", "field", "child")),
    st.tuples(st.just("report"), st.booleans(), st.sampled_from(CODES)),
    st.sampled_from((*STATES, "proposed")),
    st.integers(0, 7),
)
_recording = st.builds(IsRecorded, _offices, st.sampled_from(_kept), st.integers(0, 3))
acts = st.lists(st.one_of(_signing, _signing, _signing, _recording, _happening), max_size=25)


def play(ledger: Ledger, these: Iterable[Act]) -> Ledger:
    """Let every act happen in turn, and give the ledger back."""
    for act in these:
        act.on(ledger)
    return ledger
