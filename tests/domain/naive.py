"""The rules as a person would read them, looking at who signed; no counts, no shapes."""

from fractions import Fraction

from tests.domain.ledger import APPROVALS, Ledger
from workflow.domain.commands import Decision
from workflow.domain.requirement import (
    ChildrenIn,
    DateReached,
    EvidenceCount,
    FieldFilled,
    Group,
    Leaf,
    NamedSignOff,
    Part,
    PartiesPresent,
    SignOffs,
    Silence,
    leaves,
    placed,
)


def is_granted(ledger: Ledger) -> bool:
    """Say whether the step may be taken."""
    return (
        not is_blocked(ledger)
        and not is_asked_of_nobody(ledger)
        and holds(ledger, ledger.step.needs)
    )


def is_blocked(ledger: Ledger) -> bool:
    """Say whether so many parties object, in time, that the step must wait."""
    objecting = {
        party
        for (party, _), held in ledger.held.items()
        if held.decision is Decision.OBJECT
        and held.weighs
        and ledger.parties[party][1] & ledger.step.objections_from
    }
    return ledger.step.block_at is not None and len(objecting) >= ledger.step.block_at


def is_asked_of_nobody(ledger: Ledger) -> bool:
    """Say whether the rule asks for sign-offs or silence, and nobody is there to give them."""
    signing = [
        each for each in leaves(ledger.step.needs) if isinstance(each, SignOffs | NamedSignOff)
    ]
    silent = [each for each in leaves(ledger.step.needs) if isinstance(each, Silence)]
    if not signing:
        return bool(silent) and not any(_may_object(ledger, each) for each in silent)
    return not any(
        isinstance(leaf, NamedSignOff) or counting_parties(ledger, leaf) for leaf in signing
    )


def _may_object(ledger: Ledger, leaf: Silence) -> bool:
    return any(
        held & set(leaf.capacities) and leaf.sort in (None, sort)
        for sort, held in ledger.parties.values()
    )


def holds(ledger: Ledger, part: Part, first: int = 0) -> bool:
    """Say whether a part holds; what asks for nothing is no alternative to what does."""
    if not isinstance(part, Group):
        return _leaf_holds(ledger, part, first)
    holding = [
        holds(ledger, each, at) and (part.at_least is None or asks_something(ledger, each))
        for each, at in placed(part, first)
    ]
    return sum(holding) >= (len(part.parts) if part.at_least is None else part.at_least)


def asks_something(ledger: Ledger, part: Part) -> bool:
    """Say whether there is anybody or anything for a part to wait for."""
    if isinstance(part, Group):
        return any(asks_something(ledger, each) for each in part.parts)
    if isinstance(part, SignOffs) and not isinstance(part.at_least, int):
        return bool(counting_parties(ledger, part))
    if isinstance(part, EvidenceCount) and part.capacities:
        return bool(_asked_for_documents(ledger, part))
    return not isinstance(part, Silence) or _may_object(ledger, part)


def counting_parties(ledger: Ledger, leaf: SignOffs) -> set[str]:
    """Give the parties that a leaf asks and counts."""
    return {
        party
        for party in ledger.parties
        if ledger.asks(leaf, (party, leaf.role)) and ledger.is_counted(leaf, (party, leaf.role))
    }


def _leaf_holds(ledger: Ledger, leaf: Leaf, number: int) -> bool:
    match leaf:
        case SignOffs():
            return _enough(leaf, _signed(ledger, leaf), counting_parties(ledger, leaf))
        case NamedSignOff(party=party):
            return party in _signed(ledger, leaf)
        case EvidenceCount():
            return _documents_hold(ledger, leaf)
        case Silence() | DateReached():
            return number in ledger.passed
        case _:
            return _is_fact(ledger, leaf)


def _is_fact(ledger: Ledger, leaf: FieldFilled | ChildrenIn | PartiesPresent) -> bool:
    match leaf:
        case FieldFilled(name=name):
            return name in ledger.fields
        case ChildrenIn(states=states, at_least=at_least):
            there = sum(ledger.children[state] for state in states)
            everyone = there == ledger.children.total() and there > 0
            return everyone if at_least is None else there >= at_least
        case PartiesPresent(capacities=capacities, at_least=at_least, sort=sort):
            present = [of for of, held in ledger.parties.values() if held & set(capacities)]
            return sum(sort in (None, of) for of in present) >= at_least


def _signed(ledger: Ledger, leaf: SignOffs | NamedSignOff) -> set[str]:
    weighty = (*APPROVALS, *((Decision.ABSTAIN,) if leaf.abstentions_count else ()))
    return {
        office[0]
        for office, held in ledger.held.items()
        if held.weighs and held.decision in weighty
        if ledger.asks(leaf, office) and ledger.is_counted(leaf, office)
    }


def _enough(leaf: SignOffs, signed: set[str], asked: set[str]) -> bool:
    wanted = leaf.at_least
    if not isinstance(wanted, Fraction):
        return len(signed) >= (len(asked) if wanted is None else wanted)
    have, need = len(signed) * wanted.denominator, len(asked) * wanted.numerator
    return have > need if leaf.more_than and asked else have >= need


def _documents_hold(ledger: Ledger, leaf: EvidenceCount) -> bool:
    good = [
        party
        for kind, verified, party in ledger.documents
        if kind == leaf.type and (verified or not leaf.verified)
    ]
    if not leaf.capacities:
        return len(good) >= leaf.count
    return all(good.count(party) >= leaf.count for party in _asked_for_documents(ledger, leaf))


def _asked_for_documents(ledger: Ledger, leaf: EvidenceCount) -> set[str]:
    return {
        party
        for party, (sort, held) in ledger.parties.items()
        if held & set(leaf.capacities) and leaf.sort in (None, sort)
    }
