"""Who can take a reason away: the people whose act the rules would accept."""

from collections.abc import Iterable
from dataclasses import dataclass

from workflow.domain.commands import Decision
from workflow.domain.definition import PROPOSED, StepRule
from workflow.domain.requirement import (
    EvidenceCount,
    NamedSignOff,
    Seat,
    SignOffs,
    leaves,
    role_covers,
)
from workflow.domain.verdicts import Code, Refusal
from workflow.queries.dossier import Dossier, Holder

VERIFIER = "verifier"

# These pass by themselves once others have acted; who is waited for later is named already.
_PASSING = frozenset({Code.STAGE_NOT_OPEN, Code.REVISION_AWAITED, Code.STEP_NOT_OPEN})


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason against a step, and who can take it away.

    `who_can_cure` holds logins of the viewer's own parties, and `PARTY:role` (or `PARTY` where
    any role will do) for others: whom another party sends is its own affair.
    """

    refusal: Refusal
    who_can_cure: tuple[str, ...] = ()
    mine: bool = False
    """The viewer can cure it."""


@dataclass(frozen=True, slots=True)
class _Cure:
    """One person who could act, and how their seat is called to strangers."""

    holder: Holder
    role: str | None


def with_cures(
    dossier: Dossier, step: StepRule | None, reasons: Iterable[Refusal]
) -> tuple[Reason, ...]:
    """Say of each reason who can take it away."""
    return tuple(_reason(dossier, step, refusal) for refusal in reasons)


def _reason(dossier: Dossier, step: StepRule | None, refusal: Refusal) -> Reason:
    cures = _cures(dossier, step, refusal) if step else []
    cures.sort(key=lambda cure: _nearness(dossier, cure))
    return Reason(
        refusal,
        tuple(dict.fromkeys(_name(dossier, cure) for cure in cures)),
        mine=any(cure.holder.person_id == dossier.viewer.person_id for cure in cures),
    )


def _nearness(dossier: Dossier, cure: _Cure) -> tuple[bool, bool]:
    """Put the viewer first, then their colleagues, then the others."""
    viewer, holder = dossier.viewer, cure.holder
    return holder.person_id != viewer.person_id, holder.party not in viewer.parties


def _name(dossier: Dossier, cure: _Cure) -> str:
    holder = cure.holder
    if dossier.viewer.operator or holder.party in dossier.viewer.parties:
        return holder.login
    return f"{holder.party}:{cure.role}" if cure.role else holder.party


def _cures(dossier: Dossier, step: StepRule, refusal: Refusal) -> list[_Cure]:
    if refusal.code in (Code.SIGNOFFS_MISSING, Code.SIGNOFF_MISSING):
        return _signers(dossier, step, int(refusal.named["leaf"]))
    if refusal.code is Code.EVIDENCE_MISSING:
        return _gatherers(dossier, step, int(refusal.named["leaf"]))
    if refusal.code is Code.OBJECTED:
        return _objectors(dossier, step)
    if refusal.code is Code.MAY_NOT_TAKE_STEP:
        return takers(dossier, step)
    return _editors(dossier) if _is_of_the_text(dossier, refusal) else []


def _is_of_the_text(dossier: Dossier, refusal: Refusal) -> bool:
    # Who takes part, and so who could sign at all, changes only while it is proposed.
    of_the_parties = refusal.code is Code.NOBODY_CAN_SIGN and dossier.at.row.state == PROPOSED
    return of_the_parties or refusal.code in (Code.FIELD_MISSING, Code.REVISION_AWAITED)


def _signers(dossier: Dossier, step: StepRule, number: int) -> list[_Cure]:
    leaf = list(leaves(step.needs))[number]
    if not isinstance(leaf, (SignOffs, NamedSignOff)):
        return []
    return [
        _Cure(holder, leaf.role)
        for party, (sort, capacities) in sorted(dossier.at.parties.items())
        if leaf.asks(Seat(party, leaf.role, capacities, sort))
        and not _approved(dossier, step, party, leaf.role)
        for holder in dossier.acting(leaf.role, party)
        if may(dossier, step, holder, Decision.APPROVE)
    ]


def _approved(dossier: Dossier, step: StepRule, party: str, role: str) -> bool:
    return any(
        (each.step, each.party, each.decision) == (step.name, party, Decision.APPROVE)
        and role_covers(role, each.role)
        for each in dossier.answers
    )


def may(dossier: Dossier, step: StepRule, holder: Holder, decision: Decision) -> bool:
    """Say whether nothing that stays bars somebody from signing so."""
    reasons = dossier.judge(step.name, holder, decision)
    return all(reason.code in _PASSING for reason in reasons)


def _objectors(dossier: Dossier, step: StepRule) -> list[_Cure]:
    return [
        _Cure(holder, each.role)
        for each in dossier.at.live
        if each.step == step.name and each.decision is Decision.OBJECT
        for holder in dossier.acting(each.role, each.party)
        if holder.role == each.role and may(dossier, step, holder, Decision.LIFT)
    ]


def _gatherers(dossier: Dossier, step: StepRule, number: int) -> list[_Cure]:
    """Name who can verify what is there, or else whoever may supply a document."""
    leaf = list(leaves(step.needs))[number]
    if not isinstance(leaf, EvidenceCount):
        return []
    unverified = [
        each for each in dossier.documents if each.type == leaf.type and not each.is_verified
    ]
    if leaf.verified and unverified:
        return [
            _Cure(holder, VERIFIER)
            for holder in dossier.acting(VERIFIER)
            if any(
                holder.party != each.supplied_party and holder.person_id != each.supplied_by
                for each in unverified
            )
        ]
    return [_Cure(holder, None) for holder in dossier.colleagues()]


def _editors(dossier: Dossier) -> list[_Cure]:
    return [_Cure(holder, None) for holder in dossier.colleagues()]


def takers(dossier: Dossier, step: StepRule) -> list[_Cure]:
    """Name who may take the step by hand."""
    return [
        _Cure(holder, role)
        for role in step.by
        for holder in dossier.colleagues()
        if role_covers(role, holder.role)
    ]
