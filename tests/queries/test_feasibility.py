"""Rules against real people: who could satisfy them, and why nobody could."""

from datetime import timedelta
from typing import Any

import pytest

from tests import make
from workflow.bootstrap import Runtime
from workflow.domain.definition import Definition
from workflow.domain.findings import Fault, Finding, Level
from workflow.domain.identity import OPERATOR, Caller
from workflow.domain.verdicts import Code, Refused
from workflow.queries.feasibility import Asked, feasibility, known_words
from workflow.services.delegation import Delegate, delegate
from workflow.services.people import Done

LAWYERS = {"signoffs": {"each": ["lead", "member"], "role": "legal_service"}}
BOTH = {
    "all": [LAWYERS, {"signoffs": {"each": ["lead"], "role": "finance_ministry"}}]
}  # fmt: skip
NEEDS = "steps.agree.needs"


def needing(runtime: Runtime, part: dict[str, Any], **others: Any) -> Definition:  # noqa: ANN401 - keys of a step
    """Publish rules whose agreement needs this, and whose implementation somebody can verify."""
    make.delegate(runtime, "verifier", "UZ", "verifier")
    return make.definition(runtime, agree={"needs": part, **others})


def found(
    runtime: Runtime, definition: Definition, who: Caller | None = None, **asked: Any  # noqa: ANN401 - see Asked
) -> tuple[Finding, ...]:  # fmt: skip
    """Find what nobody could satisfy, as the operator unless said."""
    with runtime.uow.read() as tx:
        viewer = make.viewer(tx, who) if who else OPERATOR
        answer = feasibility(tx, viewer, definition, Asked(**asked))
    assert not isinstance(answer, Refused), answer
    return answer


def told(runtime: Runtime, definition: Definition, **asked: Any) -> list[str]:  # noqa: ANN401 - see Asked
    """Give what is found in words."""
    return [each.problem for each in found(runtime, definition, **asked)]


@pytest.fixture
def lawyers(runtime: Runtime) -> tuple[Caller, Caller]:
    """Give the one lawyer of each of two parties."""
    uz = make.delegate(runtime, "uz.legal", "UZ", "legal_service")
    return uz, make.delegate(runtime, "jp.legal", "JP", "legal_service")


@pytest.mark.usefixtures("lawyers")
def test_rules_that_the_people_can_satisfy_are_clean(runtime: Runtime) -> None:
    rules = needing(runtime, LAWYERS)
    make.proposal(runtime)
    assert found(runtime, rules) == ()


def test_the_only_holder_who_put_it_forward_is_named(
    runtime: Runtime, lawyers: tuple[Caller, Caller]
) -> None:
    rules = needing(runtime, LAWYERS)
    make.proposal(runtime, by=lawyers[1])
    (finding,) = found(runtime, rules)
    assert (finding.code, finding.place) == (Fault.ONLY_HOLDER_BARRED, f"{NEEDS}.signoffs")
    assert finding.level is Level.WARNING
    assert finding.problem == (
        "nobody can satisfy this for P-1: "
        "the only legal_service of JP (jp.legal) is the proposer and last editor"
    )


def test_a_second_holder_cures_it(runtime: Runtime, lawyers: tuple[Caller, Caller]) -> None:
    rules = needing(runtime, LAWYERS)
    make.proposal(runtime, by=lawyers[1])
    make.delegate(runtime, "jp.other", "JP", "legal_service.treaties")
    assert found(runtime, rules) == ()


def test_a_delegate_of_who_is_barred_is_barred_too(
    runtime: Runtime, lawyers: tuple[Caller, Caller]
) -> None:
    rules = needing(runtime, LAWYERS)
    make.proposal(runtime, by=lawyers[1])
    make.delegate(runtime, "jp.desk", "JP", "line_ministry")
    until = (runtime.clock() + timedelta(days=5)).date().isoformat()
    order = Delegate(to="jp.desk", party="JP", role="legal_service", ends=until)
    assert isinstance(delegate(runtime, lawyers[1], order), Done)
    (problem,) = told(runtime, rules)
    assert problem == (
        "nobody can satisfy this for P-1: everybody who acts as legal_service of JP"
        " is the proposer and last editor"
    )


def test_a_role_that_nobody_holds_is_told_once_for_all_proposals(
    runtime: Runtime, lawyers: tuple[Caller, Caller]
) -> None:
    rules = needing(runtime, LAWYERS)
    make.revoke(runtime, lawyers[0])
    for _ in range(3):
        make.proposal(runtime)
    assert told(runtime, rules) == [
        "nobody can satisfy this for P-1 and 2 more: nobody holds legal_service of UZ"
    ]


def test_a_mandate_for_another_summit_is_no_help(runtime: Runtime) -> None:
    rules = needing(runtime, {"signoffs": {"each": ["lead"], "role": "legal_service"}})
    make.delegate(runtime, "uz.legal", "UZ", "legal_service", summit="OTHER-2025")
    make.proposal(runtime)
    assert len(found(runtime, rules)) == 1
    assert found(runtime, rules, summit="OTHER-2025") == ()


def test_one_person_for_two_seats_is_found(
    runtime: Runtime, lawyers: tuple[Caller, Caller]
) -> None:
    make.mandate(runtime, lawyers[0], "UZ", "finance_ministry")
    rules = needing(runtime, BOTH)
    make.proposal(runtime)
    (finding,) = found(runtime, rules)
    assert finding.code is Fault.TOO_FEW_PEOPLE
    assert finding.problem.endswith(
        "one person (uz.legal) would have to fill 2 seats, one each:"
        " UZ:finance_ministry, UZ:legal_service"
    )
    assert found(runtime, needing(runtime, BOTH, person="once-a-seat")) == ()


def test_one_person_for_a_role_and_a_finer_one_is_enough(runtime: Runtime) -> None:
    make.delegate(runtime, "uz.roads", "UZ", "line_ministry.transport")
    roles = ("line_ministry", "line_ministry.transport")
    needs = {"all": [{"signoffs": {"each": ["lead"], "role": role}} for role in roles]}
    rules = needing(runtime, needs)
    make.proposal(runtime)
    assert found(runtime, rules) == ()


@pytest.mark.usefixtures("lawyers")
def test_so_many_of_the_parties_are_enough(runtime: Runtime) -> None:
    some = {"each": ["lead", "member"], "role": "legal_service", "at_least": 2}
    rules = needing(runtime, {"signoffs": some})
    make.party(runtime, "KZ")
    parties = {"UZ": frozenset({"lead"}), "KZ": frozenset({"member"})}
    (problem,) = told(runtime, rules, parties=parties)
    assert problem == (
        "nobody can satisfy this: 2 parties must sign as legal_service and 1 can:"
        " nobody holds legal_service of KZ"
    )
    assert told(runtime, rules, parties=parties | {"JP": frozenset({"member"})}) == []


@pytest.mark.usefixtures("lawyers")
def test_one_of_the_alternatives_is_enough(runtime: Runtime) -> None:
    named = {"signoffs": {"party": "JICA", "role": "implementing_agency"}}
    make.party(runtime, "JICA", "organisation")
    parties = {"UZ": frozenset({"lead"}), "JP": frozenset({"member"})}
    assert found(runtime, needing(runtime, {"any": [LAWYERS, named]}), parties=parties) == ()
    assert told(runtime, needing(runtime, {"all": [LAWYERS, named]}), parties=parties) == [
        "nobody can satisfy this: JICA must sign as implementing_agency, and takes no part"
    ]


@pytest.mark.usefixtures("lawyers")
def test_documents_that_nobody_could_verify_are_found(runtime: Runtime) -> None:
    rules = make.definition(runtime, agree={"needs": LAWYERS})
    make.proposal(runtime)
    assert [each.place for each in found(runtime, rules)] == ["steps.implement.needs.evidence"]


@pytest.mark.parametrize(
    "part",
    [
        {"signoffs": {"each": ["host"], "role": "legal_service"}},
        {"silence": {"of": ["host"], "role": "legal_service", "days": 3, "place": "Asia/Tokyo"}},
    ],
)
def test_rules_that_ask_none_of_the_parties_are_found(
    runtime: Runtime, part: dict[str, Any]
) -> None:
    rules = needing(runtime, part)
    make.proposal(runtime)
    (finding,) = found(runtime, rules)
    assert (finding.code, finding.place) == (Fault.ASKS_NOBODY, NEEDS)


def test_a_stranger_reads_no_name_of_another_party_and_no_hidden_proposal(
    runtime: Runtime, lawyers: tuple[Caller, Caller]
) -> None:
    rules = needing(runtime, LAWYERS)
    make.proposal(runtime, by=lawyers[1])
    (finding,) = found(runtime, rules, lawyers[0])
    assert "jp.legal" not in finding.problem
    assert found(runtime, rules, make.delegate(runtime, party="FR")) == ()


def test_what_has_ended_and_what_is_agreed_already_are_left_alone(runtime: Runtime) -> None:
    make.delegate(runtime, "verifier", "UZ", "verifier")
    reference = make.proposal(runtime)
    make.agreed(runtime, reference)
    rules = make.definition(runtime, agree={"needs": LAWYERS})
    assert found(runtime, rules) == ()


def test_parties_and_capacities_that_nobody_knows_are_refused(runtime: Runtime) -> None:
    rules = make.definition(runtime)
    make.party(runtime, "UZ")
    asked = Asked(parties={"UZ": frozenset({"boss"}), "XX": frozenset({"lead"})})
    with runtime.uow.read() as tx:
        answer = feasibility(tx, OPERATOR, rules, asked)
    assert isinstance(answer, Refused)
    assert {each.code for each in answer.reasons} == {Code.PARTY_UNKNOWN, Code.CAPACITY_UNKNOWN}


def test_a_database_knows_its_parties_and_the_states_of_its_kinds(runtime: Runtime) -> None:
    make.definition(runtime)
    make.party(runtime, "UZ")
    with runtime.uow.read() as tx:
        known = known_words(tx)
    assert "UZ" in known["parties"]
    assert known["states"] == {"proposed", "agreed", "implemented"}
