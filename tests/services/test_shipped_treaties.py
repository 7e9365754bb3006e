"""Treaties by the shipped definitions: signed is not in force, and the day is exact."""

from datetime import UTC, datetime

import pytest

from config.definitions import shipped_kinds
from tests import make
from tests.fakes import FakeClock
from workflow.domain.commands import Decision, Sign, StepLine, TakeStep
from workflow.domain.identity import OPERATOR, Caller
from workflow.domain.verdicts import Code
from workflow.queries.proposal import proposal_page
from workflow.services.definitions import publish_shipped
from workflow.services.runtime import Runtime
from workflow.services.sign import sign
from workflow.services.step import take_step

TWO = (("UZ", "lead"), ("JP", "lead"))
STATES = [f"{first}{second}" for first in "ABCDE" for second in "VWXYZ"]
REGION = "REGION"
MANY = ((STATES[0], "host"), *((code, "member") for code in STATES[1:]), (REGION, "member"))


@pytest.fixture
def published(runtime: Runtime) -> Runtime:
    publish_shipped(runtime, shipped_kinds().values())
    return runtime


def state(runtime: Runtime, reference: str) -> str:
    """Let what is due happen, by an act that is refused, and read the state."""
    take_step(runtime, make.secretary(runtime), TakeStep("none", (StepLine(reference),)))
    with runtime.uow.read() as tx:
        page = proposal_page(tx, OPERATOR, reference)
    assert page is not None
    return page.state


def at(clock: FakeClock, *moment: int) -> None:
    """Set the clock to a moment of UTC."""
    clock.set(datetime(*moment, tzinfo=UTC))  # type: ignore[misc, arg-type]  # a tuple of its parts


def paper(runtime: Runtime, reference: str, of_type: str, party: str, number: int) -> None:
    """Supply a document and let the other state verify it."""
    other = "JP" if party == "UZ" else "UZ"
    supplier = make.delegate(runtime, party=party, role="legal_service")
    make.evidence(runtime, reference, supplier, party, of_type)
    verifier = make.delegate(runtime, party=other, role="verifier")
    make.verified(runtime, reference, verifier, number, other)


def signed_treaty(
    runtime: Runtime, instruments: tuple[str, ...] = ("UZ", "JP")
) -> tuple[str, dict[str, Caller]]:
    """Bring a treaty of two states to its signature, with their instruments on record."""
    reference = make.proposal(runtime, kind="treaty", parties=TWO)
    paper(runtime, reference, "signed_treaty", "UZ", 1)
    for role in ("line_ministry", "legal_service"):
        for code, _ in TWO:
            make.approve(runtime, reference, make.delegate(runtime, party=code, role=role))
    ministers = {
        code: make.delegate(runtime, party=code, role="foreign_ministry") for code, _ in TWO
    }
    for minister in ministers.values():
        make.approve(runtime, reference, minister)
    assert state(runtime, reference) == "agreed"
    for number, code in enumerate(instruments, start=2):
        paper(runtime, reference, "ratification_instrument", code, number)
    return reference, ministers


def treaty_in_force(runtime: Runtime, clock: FakeClock) -> tuple[str, dict[str, Caller]]:
    """Let a treaty enter into force."""
    reference, ministers = signed_treaty(runtime)
    for minister in ministers.values():
        make.approve(runtime, reference, minister, "implement")
    clock.advance(days=31)
    assert state(runtime, reference) == "implemented"
    return reference, ministers


def test_a_treaty_enters_into_force_on_the_thirtieth_day_in_tokyo(
    published: Runtime, clock: FakeClock
) -> None:
    """As the Tax Convention of Japan and Uzbekistan did in 2020: 17 September, 17 October."""
    at(clock, 2026, 9, 10, 9)
    reference, ministers = signed_treaty(published)
    make.approve(published, reference, ministers["JP"], "implement")
    at(clock, 2026, 9, 17, 9)
    make.approve(published, reference, ministers["UZ"], "implement")
    at(clock, 2026, 10, 16, 14, 59)
    assert state(published, reference) == "agreed"
    at(clock, 2026, 10, 16, 15)
    assert state(published, reference) == "implemented"


def test_nobody_deposits_before_every_instrument_has_been_verified(published: Runtime) -> None:
    reference, ministers = signed_treaty(published, instruments=("UZ",))
    order = Sign((reference,), "implement", "UZ", "foreign_ministry")
    (outcome,) = sign(published, ministers["UZ"], order)
    assert [reason.code for reason in outcome.reasons] == [Code.STAGE_NOT_OPEN]
    paper(published, reference, "ratification_instrument", "JP", 3)
    make.approve(published, reference, ministers["UZ"], "implement")


def test_a_treaty_ends_twelve_months_after_its_denunciation(
    published: Runtime, clock: FakeClock
) -> None:
    at(clock, 2028, 1, 1, 9)
    reference, ministers = treaty_in_force(published, clock)
    at(clock, 2028, 2, 29, 9)
    make.decide(
        published, reference, ministers["UZ"], Decision.APPROVE, step="denounce", note="Notice"
    )
    at(clock, 2029, 2, 27, 14)
    assert state(published, reference) == "implemented"
    at(clock, 2029, 2, 27, 15)
    assert state(published, reference) == "discontinued"


def test_a_denunciation_that_is_taken_back_in_time_ends_nothing(
    published: Runtime, clock: FakeClock
) -> None:
    reference, ministers = treaty_in_force(published, clock)
    notice = {"step": "denounce", "note": "Our parliament wishes so."}
    make.decide(published, reference, ministers["JP"], Decision.APPROVE, **notice)
    clock.advance(days=100)
    make.decide(published, reference, ministers["JP"], Decision.WITHDRAW, step="denounce")
    clock.advance(days=400)
    assert state(published, reference) == "implemented"


def negotiated(runtime: Runtime) -> tuple[str, list[Caller]]:
    """Put a convention before twenty-five states, and give the heads, the region's first."""
    reference = make.proposal(runtime, kind="convention", parties=MANY)
    legal = make.delegate(runtime, party=STATES[0], role="legal_service")
    make.evidence(runtime, reference, legal, STATES[0], "adopted_text")
    verifier = make.delegate(runtime, party=STATES[1], role="verifier")
    make.verified(runtime, reference, verifier, 1, STATES[1])
    make.approve(runtime, reference, legal)
    heads = (REGION, *STATES)
    return reference, [
        make.delegate(runtime, party=code, role="head_of_delegation") for code in heads
    ]


def test_a_convention_is_adopted_by_two_thirds_of_the_states(published: Runtime) -> None:
    reference, heads = negotiated(published)
    for head in heads[:17]:
        make.approve(published, reference, head)
    make.decide(published, reference, heads[20], Decision.OBJECT, note="We stay outside.")
    order = TakeStep("agree", (StepLine(reference),))
    (outcome,) = take_step(published, make.secretary(published), order)
    assert [reason.code for reason in outcome.reasons] == [Code.SIGNOFFS_MISSING]
    make.approve(published, reference, heads[17])
    make.step(published, reference, "agree", make.secretary(published))


def test_a_convention_needs_twenty_states_beside_its_regional_organisation(
    published: Runtime, clock: FakeClock
) -> None:
    """As the CRPD had it in 2008: the twentieth on 3 April, in force on 3 May (in Tashkent)."""
    reference, heads = negotiated(published)
    for head in heads[:18]:
        make.approve(published, reference, head)
    make.step(published, reference, "agree", make.secretary(published))
    for head in heads[:20]:
        make.approve(published, reference, head, "implement")
    clock.advance(days=40)
    assert state(published, reference) == "agreed"
    at(clock, 2026, 4, 3, 9)
    make.approve(published, reference, heads[20], "implement")
    at(clock, 2026, 5, 2, 18, 59)
    assert state(published, reference) == "agreed"
    at(clock, 2026, 5, 2, 19)
    assert state(published, reference) == "implemented"
