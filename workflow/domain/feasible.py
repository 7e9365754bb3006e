"""Whether the people there are could satisfy a rule: who may fill which seat, and are they enough.

It errs toward silence: what it finds nobody could satisfy, though not everything that nobody could.
Alternatives take part only in that one of them must be possible; who sits where is looked at for
what is needed in any case.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from workflow.domain.findings import Fault, Finding, Level
from workflow.domain.leaf import (
    EvidenceCount,
    NamedSignOff,
    SigningLeaf,
    SignOffs,
    Silence,
    role_covers,
)
from workflow.domain.leaf import Seat as RuleSeat
from workflow.domain.lint_places import PlacedRule
from workflow.domain.matching import Demand, shortage
from workflow.domain.requirement import Group, Part, asks, leaves, placed, signing_leaves
from workflow.domain.shape import Shape, read_shape, write_shape
from workflow.domain.waits import TakingPart

VERIFIER = "verifier"
Office = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody who may act in a role of a party, themselves or for others."""

    person: int
    name: str
    """How they are called; '' where that is not for the reader."""
    role: str
    givers: tuple[int, ...] = ()
    """Those through whom the mandate came to them."""


@dataclass(frozen=True)
class Cast:
    """The parties of a proposal, who put it forward and edited it last, and who acts for whom."""

    parties: TakingPart
    acting: Mapping[str, tuple[Acting, ...]]
    proposer: int | None = None
    editor: int | None = None

    @cached_property
    def shape(self) -> Shape:
        """Give how many parties there are in each capacity."""
        return read_shape(write_shape(self.parties))

    def holders(self, office: Office) -> list[Acting]:
        """Give who acts in a role of a party."""
        party, role = office
        return [each for each in self.acting.get(party, ()) if role_covers(role, each.role)]


def unsatisfiable(rule: PlacedRule, cast: Cast, longest_chain: int) -> list[Finding]:
    """Find why nobody could satisfy a step's rule; nothing where somebody could."""
    judge = _Judge(rule, cast, longest_chain)
    if not judge.asks_anybody():
        problem = "none of these parties is asked to sign"
        return [_found(Fault.ASKS_NOBODY, judge.place, problem)]
    return judge.part(rule.step.needs, 0) or list(judge.crowding())


class _Judge:
    """Judges one step for one cast."""

    def __init__(self, rule: PlacedRule, cast: Cast, longest_chain: int) -> None:
        self.step = rule.step
        self.place = f"{rule.place}.needs"
        self.places = [each.place for each, _ in rule.leaves]
        self.cast = cast
        self.longest_chain = longest_chain

    def asks_anybody(self) -> bool:
        """Say whether a rule that asks for consent asks anybody here for it."""
        consenting = [leaf for _, leaf in signing_leaves(self.step.needs)]
        silent = [leaf for leaf in leaves(self.step.needs) if isinstance(leaf, Silence)]
        asking = consenting or silent
        return not asking or any(self.offices(leaf) for leaf in asking)

    def part(self, part: Part, first: int) -> list[Finding]:
        if isinstance(part, Group):
            return self.group(part, first)
        if isinstance(part, SignOffs | NamedSignOff):
            return list(self.signing(part, self.places[first]))
        if isinstance(part, EvidenceCount) and part.verified and not self.verifiers():
            problem = "nobody holds verifier, so no document can be verified"
            return [_found(Fault.NOBODY_HOLDS, self.places[first], problem)]
        return []

    def group(self, group: Group, first: int) -> list[Finding]:
        shape = self.cast.shape
        each = [(one, self.part(one, at)) for one, at in placed(group, first)]
        # Among alternatives one that asks nobody is none; see `holding` in `requirement`.
        counted = [
            (one, found) for one, found in each if group.at_least is None or asks(one, shape)
        ]
        if sum(not found for _, found in counted) >= group.needed:
            return []
        problem = f"{group.needed} of the alternatives must hold, and so many ask nobody here"
        nobody = [_found(Fault.ASKS_NOBODY, self.place, problem)]
        return [one for _, found in each for one in found] or nobody

    def verifiers(self) -> bool:
        return any(self.cast.holders((party, VERIFIER)) for party in self.cast.acting)

    def signing(self, leaf: SigningLeaf, place: str) -> Iterator[Finding]:
        offices, need = self.offices(leaf), leaf.needed(self.cast.shape)
        able = [office for office in offices if self.able(office, leaf)]
        if len(able) >= need:
            return
        why = [self.why(office) for office in offices if office not in able]
        if isinstance(leaf, NamedSignOff) and not offices:
            problem = f"{leaf.party} must sign as {leaf.role}, and takes no part"
            yield _found(Fault.NOBODY_HOLDS, place, problem)
        elif isinstance(leaf, NamedSignOff) or leaf.at_least is None:
            for code, problem in why:
                yield _found(code, place, problem)
        else:
            told = "; ".join(problem for _, problem in why) or f"{len(offices)} are asked"
            problem = f"{need} parties must sign as {leaf.role} and {len(able)} can: {told}"
            yield _found(Fault.TOO_MANY if not why else why[0][0], place, problem)

    def offices(self, leaf: SigningLeaf | Silence) -> list[Office]:
        """Give the seats whose sign-off could count."""
        counting = leaf.counting if isinstance(leaf, SignOffs) else None
        return [
            (party, leaf.role)
            for party, (sort, capacities) in sorted(self.cast.parties.items())
            if leaf.asks(RuleSeat(party, leaf.role, capacities, sort)) and counting in (None, sort)
        ]

    def able(self, office: Office, leaf: SigningLeaf) -> frozenset[int]:
        """Give who may fill a seat; whom a step bars may still abstain, where that counts."""
        return frozenset(
            each.person
            for each in self.cast.holders(office)
            if (leaf.abstentions_count or not self.bar(each))
            and len(each.givers) <= self.longest_chain
        )

    def bar(self, who: Acting) -> str:
        """Say what bars somebody from signing, or those they would sign for."""
        people = {who.person, *who.givers}
        barred = {"proposer": self.cast.proposer, "last-editor": self.cast.editor}
        told = [name for name, person in barred.items() if name in self.step.bars & _known(barred)]
        return " and ".join(name.replace("-", " ") for name in told if barred[name] in people)

    def why(self, office: Office) -> tuple[Fault, str]:
        party, role = office
        holders = self.cast.holders(office)
        if not holders:
            return Fault.NOBODY_HOLDS, f"nobody holds {role} of {party}"
        bars = sorted({self.bar(each) for each in holders} - {""})
        as_what = f"the {' or the '.join(bars)}" if bars else "too far from who delegated it"
        if len({each.person for each in holders}) > 1:
            problem = f"everybody who acts as {role} of {party} is {as_what}"
        else:
            problem = f"the only {role} of {party}{_called(holders)} is {as_what}"
        return Fault.ONLY_HOLDER_BARRED, problem

    def crowding(self) -> Iterator[Finding]:
        """Find seats that would need one person twice."""
        lack = shortage(self.demands()) if self.step.person_once else None
        if lack is None:
            return
        everybody = [each for acting in self.cast.acting.values() for each in acting]
        called = _called([each for each in everybody if each.person in lack.people])
        count = len(lack.people)
        who = "one person" if count == 1 else f"{count} people"
        seats = ", ".join(lack.seats)
        yield _found(
            Fault.TOO_FEW_PEOPLE,
            self.place,
            f"{who}{called} would have to fill {len(lack.seats)} seats, one each: {seats}",
            "Grant a role to somebody else, or say `person: once-a-seat`.",
        )

    def demands(self) -> list[Demand]:
        always = list(_always(self.step.needs))
        certain: dict[Office, frozenset[int]] = defaultdict(frozenset)
        for leaf in always:
            if isinstance(leaf, NamedSignOff) or leaf.at_least is None:
                for office in self.offices(leaf):
                    certain[office] |= self.able(office, leaf)
        taken = set(certain)
        demands = [_demand(len(certain), certain)]
        for leaf in always:
            if isinstance(leaf, SignOffs) and leaf.at_least is not None:
                offices = self.offices(leaf)
                free = {
                    each: self.able(each, leaf) for each in offices if not _answered(each, taken)
                }
                count = leaf.needed(self.cast.shape) - (len(offices) - len(free))
                if 0 < count <= len(free):
                    demands.append(_demand(count, free))
                    taken |= free.keys()
        return demands


def _known(barred: Mapping[str, int | None]) -> set[str]:
    return {name for name, person in barred.items() if person is not None}


def _always(part: Part) -> Iterator[SigningLeaf]:
    """Give the sign-offs that nothing else could stand in for."""
    if isinstance(part, Group):
        if part.needed == len(part.parts):
            for each in part.parts:
                yield from _always(each)
    elif isinstance(part, SignOffs | NamedSignOff):
        yield part


def _answered(office: Office, taken: set[Office]) -> bool:
    """Say whether a sign-off in a seat that is taken may answer this one, too."""
    party, role = office
    return any(of == party and (role_covers(role, r) or role_covers(r, role)) for of, r in taken)


def _demand(count: int, seats: Mapping[Office, frozenset[int]]) -> Demand:
    # A finer role's sign-off answers for the wider role, so the wider seat needs nobody more.
    finest = {
        (party, role): people
        for (party, role), people in seats.items()
        if not any(of == party and r != role and role_covers(role, r) for of, r in seats)
    }
    named = tuple((f"{party}:{role}", people) for (party, role), people in finest.items())
    return Demand(min(count, len(named)), named)


def _called(people: list[Acting]) -> str:
    names = sorted({each.name for each in people if each.name})
    return f" ({', '.join(names)})" if names else ""


def _found(code: Fault, place: str, problem: str, suggestion: str = "") -> Finding:
    return Finding(code, place, problem, suggestion, Level.WARNING)
