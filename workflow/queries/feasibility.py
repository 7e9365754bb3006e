"""Could the people there are satisfy these rules: for the proposals on their way, or for parties.

Every rule is judged as if nobody had signed yet, for the main steps that are still ahead.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import select

from workflow.domain.definition import PROPOSED, Definition
from workflow.domain.feasible import Acting, Cast, unsatisfiable
from workflow.domain.findings import Finding
from workflow.domain.identity import JOINT_SECRETARIAT, Viewer
from workflow.domain.lint_places import PlacedRule, placed_rules
from workflow.domain.lint_ways import ends_of, reachable
from workflow.domain.shape import CAPACITIES
from workflow.domain.verdicts import Code, Refusal, Refused, refuse
from workflow.persistence import definitions, people, proposals
from workflow.persistence import people_tables as t
from workflow.persistence.delegations import delegates_of
from workflow.persistence.proposal_tables import Proposal
from workflow.persistence.selection import visible_to
from workflow.persistence.unit_of_work import Tx

MOST = 2_000
"""So many proposals are looked at, the newest first."""

Capacities = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom the question is about: proposals of a summit or of all; or parties, given by code."""

    summit: str | None = None
    parties: Capacities = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Case:
    """What some proposals have in common, as far as people matter."""

    state: str
    summit: str | None
    parties: tuple[tuple[str, tuple[str, frozenset[str]]], ...]
    proposer: int | None
    editor: int | None


@dataclass(frozen=True, slots=True)
class _Held:
    summit: str | None
    acting: Acting

    def acts_at(self, summit: str | None) -> bool:
        return summit is None or self.summit in (None, summit)


def known_words(tx: Tx) -> dict[str, frozenset[str]]:
    """Give the codes of all parties and the states of all kinds, as `lint` takes them."""
    found = (definitions.newest(tx, kind) for kind in definitions.newest_of_all(tx))
    states = frozenset(state for each in found if each for state in each[1].states)
    return {"parties": frozenset(people.parties(tx)), "states": states}


def feasibility(
    tx: Tx, viewer: Viewer, definition: Definition, asked: Asked
) -> tuple[Finding, ...] | Refused:
    """Find what nobody could satisfy, and for which proposals; refuse parties nobody knows."""
    if asked.parties:
        sorts = {code: sort for code, (sort, _) in people.parties(tx).items()}
        unknown = tuple(_unknown(asked.parties, sorts))
        if unknown:
            return Refused(unknown)
        cases = {_given(asked, sorts): [""]}
    else:
        cases = _in_flight(tx, viewer, definition, asked.summit)
    acting = _acting(tx, viewer, {code for case in cases for code, _ in case.parties})
    found: dict[Finding, list[str]] = defaultdict(list)
    for case, references in cases.items():
        for finding in _judged(definition, case, acting):
            found[finding] += references
    return tuple(
        replace(finding, problem=f"nobody can satisfy this{_for(where)}: {finding.problem}")
        for finding, where in found.items()
    )


def _unknown(parties: Capacities, sorts: Mapping[str, str]) -> Iterator[Refusal]:
    for code, capacities in parties.items():
        if code not in sorts:
            yield refuse(Code.PARTY_UNKNOWN, party=code[:80])
        for capacity in sorted(capacities - set(CAPACITIES)):
            yield refuse(Code.CAPACITY_UNKNOWN, capacity=capacity[:80])


def _given(asked: Asked, sorts: Mapping[str, str]) -> _Case:
    parties = tuple((code, (sorts[code], held)) for code, held in sorted(asked.parties.items()))
    return _Case(PROPOSED, asked.summit, parties, None, None)


def _in_flight(
    tx: Tx, viewer: Viewer, definition: Definition, summit: str | None
) -> dict[_Case, list[str]]:
    """Give the proposals of the kind that have not ended, those alike together."""
    statement = (
        select(
            Proposal.id, Proposal.reference, Proposal.state, Proposal.summit,
            Proposal.proposed_by, Proposal.edited_by,
        )
        .where(Proposal.kind == definition.kind, visible_to(viewer))
        .where(Proposal.imported.is_(False), Proposal.state.not_in(sorted(ends_of(definition))))
        .order_by(Proposal.id.desc())
        .limit(MOST)
    )  # fmt: skip
    if summit is not None:
        statement = statement.where(Proposal.summit == summit)
    rows = tx.connection.execute(statement).all()
    parties = proposals.parties_of(tx, [row.id for row in rows])
    cases: dict[_Case, list[str]] = defaultdict(list)
    for row in rows:
        here = tuple(sorted(parties.get(row.id, {}).items(), key=lambda each: each[0]))
        case = _Case(row.state, row.summit, here, row.proposed_by, row.edited_by)
        cases[case].append(row.reference)
    return cases


def _acting(tx: Tx, viewer: Viewer, codes: Iterable[str]) -> Mapping[str, list[_Held]]:
    """Give who acts for each party; names are for the operator and for colleagues."""
    wanted = {*codes, JOINT_SECRETARIAT}
    held: dict[str, list[_Held]] = defaultdict(list)
    rows = tx.connection.execute(
        select(t.Mandate.party, t.Mandate.role, t.Mandate.summit, t.Person.id, t.Person.login)
        .join(t.Person, t.Person.id == t.Mandate.person_id)
        .where(t.Mandate.party.in_(sorted(wanted)), people.in_force(tx.at))
        .order_by(t.Mandate.party, t.Mandate.role, t.Person.login)
    )
    for party, role, summit, person, login in rows:
        name = login if viewer.operator or party in viewer.parties else ""
        held[party].append(_Held(summit, Acting(person, name, role)))
    for each in delegates_of(tx, wanted, tx.at):
        mandate = each.mandate
        name = each.login if viewer.operator or mandate.party in viewer.parties else ""
        givers = mandate.delegation.givers if mandate.delegation else ()
        acting = Acting(each.person_id, name, mandate.role, givers)
        held[mandate.party].append(_Held(mandate.summit, acting))
    return held


def _judged(
    definition: Definition, case: _Case, acting: Mapping[str, list[_Held]]
) -> Iterator[Finding]:
    here = dict(case.parties)
    present = {
        party: tuple(each.acting for each in held if each.acts_at(case.summit))
        for party, held in acting.items()
        if party in here or party == JOINT_SECRETARIAT
    }
    cast = Cast(here, present, case.proposer, case.editor)
    for rule in _ahead(definition, case.state):
        yield from unsatisfiable(rule, cast, definition.longest_chain)


def _ahead(definition: Definition, state: str) -> Iterator[PlacedRule]:
    main = [step for step in definition.steps.values() if not step.side]
    reached = reachable({state}, main)
    for rule in placed_rules(definition):
        if not rule.step.side and not rule.step.sources.isdisjoint(reached):
            yield rule


def _for(references: list[str]) -> str:
    """Name the first proposal and count the others; the parties of a question have no name."""
    first, *more = sorted(references)
    if not first:
        return ""
    return f" for {first} and {len(more)} more" if more else f" for {first}"
