"""Who can take a reason away: the people whose act the rules would accept."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workflow.domain.commands import Decision
from workflow.domain.definition import PROPOSED, StepRule
from workflow.domain.requirement import (
    DateReached,
    EvidenceCount,
    FieldFilled,
    Group,
    NamedSignOff,
    Part,
    PartiesPresent,
    Seat,
    SigningLeaf,
    SignOffs,
    gaps,
    leaves,
    placed,
    role_covers,
    width,
)
from workflow.domain.verdicts import Code, Refusal
from workflow.queries.dossier import Document, Dossier, Holder

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
    is_inside: bool = False
    """It speaks of one of several alternatives, whose own reason stands before it."""


@dataclass(frozen=True, slots=True)
class Cure:
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
    return Reason(
        refusal,
        names_of_cures(dossier, cures),
        mine=any(cure.holder.person_id == dossier.viewer.person_id for cure in cures),
        is_inside=step is not None and _is_inside(step, refusal),
    )


def _is_inside(step: StepRule, refusal: Refusal) -> bool:
    """Say whether a reason is about a part of a group of alternatives."""
    leaf, of = refusal.named.get("leaf"), refusal.named.get("of")
    around = [
        group
        for group, first in _groups(step.needs, 0)
        if leaf is not None and first <= int(leaf) < first + width(group)
    ]
    if refusal.code is not Code.ALTERNATIVES_MISSING:
        return bool(around)
    return bool(around) and len(around[0].parts) != of


def names_of_cures(dossier: Dossier, cures: Iterable[Cure]) -> tuple[str, ...]:
    """Name who can cure something to the viewer, those nearest to them first."""
    nearest = sorted(cures, key=lambda cure: _nearness(dossier, cure))
    return tuple(dict.fromkeys(_name(dossier, cure) for cure in nearest))


def _nearness(dossier: Dossier, cure: Cure) -> tuple[bool, bool]:
    """Put the viewer first, then their colleagues, then the others."""
    viewer, holder = dossier.viewer, cure.holder
    return holder.person_id != viewer.person_id, holder.party not in viewer.parties


def _name(dossier: Dossier, cure: Cure) -> str:
    holder = cure.holder
    if dossier.viewer.operator or holder.party in dossier.viewer.parties:
        return holder.login
    return f"{holder.party}:{cure.role}" if cure.role else holder.party


def _cures(dossier: Dossier, step: StepRule, refusal: Refusal) -> list[Cure]:
    code, named = refusal.code, refusal.named
    if code is Code.ALTERNATIVES_MISSING:
        return _of_alternatives(dossier, step, int(named["leaf"]), int(named["of"]))
    if "leaf" in named:
        return leaf_cures(dossier, step, int(named["leaf"]))
    if code is Code.OBJECTED:
        return objectors(dossier, step)
    if code is Code.MAY_NOT_TAKE_STEP:
        return takers(dossier, step)
    if code is Code.NOBODY_CAN_SIGN:
        return party_changers(dossier)
    return editors(dossier) if code is Code.REVISION_AWAITED else []


def leaf_cures(dossier: Dossier, step: StepRule, number: int) -> list[Cure]:
    """Name who can bring a leaf forward; what time or other proposals bring, nobody can."""
    match list(leaves(step.needs))[number]:
        case SignOffs() | NamedSignOff() as leaf:
            return _signers(dossier, step, leaf)
        case EvidenceCount() as leaf:
            return _gatherers(dossier, leaf)
        case FieldFilled():
            return editors(dossier)
        case DateReached(field=str()) if (step.name, number) not in dossier.at.deadlines:
            return editors(dossier)
        case PartiesPresent():
            return party_changers(dossier)
        case _:
            return []


def _of_alternatives(dossier: Dossier, step: StepRule, first: int, of: int) -> list[Cure]:
    """Name who can bring any part of a group forward."""
    at = dossier.at.case
    return [
        cure
        for group, number in _groups(step.needs, 0)
        if (number, len(group.parts)) == (first, of)
        for gap in gaps(group, at.counts(step), at.shape, number)
        if not isinstance(gap.part, Group)
        for cure in leaf_cures(dossier, step, gap.number)
    ]


def _groups(part: Part, first: int) -> Iterator[tuple[Group, int]]:
    """Give the groups of alternatives, the outer before the inner, with their first leaf."""
    if isinstance(part, Group):
        if part.at_least is not None:
            yield part, first
        for each, at in placed(part, first):
            yield from _groups(each, at)


def _signers(dossier: Dossier, step: StepRule, leaf: SigningLeaf) -> list[Cure]:
    """Name whose approval would count, or whose confirmation of one that waits for it."""
    return [
        Cure(holder, leaf.role)
        for party, (sort, capacities) in sorted(dossier.at.parties.items())
        if leaf.counts(Seat(party, leaf.role, capacities, sort), Decision.APPROVE)
        and not _approved(dossier, step, party, leaf.role)
        for holder in dossier.acting(leaf.role, party)
        if may(dossier, step, holder, Decision.APPROVE)
        or may(dossier, step, holder, Decision.CONFIRM)
    ]


def _approved(dossier: Dossier, step: StepRule, party: str, role: str) -> bool:
    return any(
        (each.step, each.party) == (step.name, party)
        and each.decision.approves
        and each.weighs
        and role_covers(role, each.role)
        for each in dossier.answers
    )


def may(dossier: Dossier, step: StepRule, holder: Holder, decision: Decision) -> bool:
    """Say whether nothing that stays bars somebody from signing so."""
    reasons = dossier.judge(step.name, holder, decision)
    return all(reason.code in _PASSING for reason in reasons)


def objectors(dossier: Dossier, step: StepRule) -> list[Cure]:
    """Name who can lift an objection."""
    return [
        Cure(holder, each.role)
        for each in dossier.at.live
        if each.step == step.name and each.decision is Decision.OBJECT and each.weighs
        for holder in dossier.acting(each.role, each.party)
        if holder.role == each.role and may(dossier, step, holder, Decision.LIFT)
    ]


def _gatherers(dossier: Dossier, leaf: EvidenceCount) -> list[Cure]:
    """Name who can verify what is there, or else whoever may supply a document."""
    if not leaf.capacities:
        return _for_documents(dossier, leaf, list(dossier.documents), dossier.colleagues())
    found = []
    for party, (sort, capacities) in sorted(dossier.at.parties.items()):
        own = [each for each in dossier.documents if each.supplied_party == party]
        asked = leaf.asks(Seat(party, "", capacities, sort))
        if asked and sum(_is_good(each, leaf) for each in own) < leaf.count:
            theirs = [each for each in dossier.colleagues() if each.party == party]
            found += _for_documents(dossier, leaf, own, theirs)
    return found


def _is_good(document: Document, leaf: EvidenceCount) -> bool:
    return document.type == leaf.type and (document.is_verified or not leaf.verified)


def _for_documents(
    dossier: Dossier, leaf: EvidenceCount, documents: list[Document], suppliers: list[Holder]
) -> list[Cure]:
    unverified = [each for each in documents if each.type == leaf.type and not each.is_verified]
    if not (leaf.verified and unverified):
        return [Cure(holder, None) for holder in suppliers]
    return [
        Cure(holder, VERIFIER)
        for holder in dossier.acting(VERIFIER)
        if any(
            holder.party != each.supplied_party and holder.person_id != each.supplied_by
            for each in unverified
        )
    ]


def party_changers(dossier: Dossier) -> list[Cure]:
    """Name who can change who takes part: nobody once it is agreed."""
    return editors(dossier) if dossier.at.row.state == PROPOSED else []


def editors(dossier: Dossier) -> list[Cure]:
    """Name who can change the text."""
    return [Cure(holder, None) for holder in dossier.colleagues()]


def takers(dossier: Dossier, step: StepRule) -> list[Cure]:
    """Name who may take the step by hand."""
    return [
        Cure(holder, role)
        for role in step.by
        for holder in dossier.colleagues()
        if role_covers(role, holder.role)
    ]
