"""Tests that a proposal's page says what decide says, to the right eyes."""

from datetime import date

import pytest

from tests import make
from tests.fakes import FakeClock
from workflow.domain.commands import Decision, Money, Revise
from workflow.domain.identity import OPERATOR, Caller
from workflow.domain.verdicts import Code
from workflow.queries.history import history
from workflow.queries.matrix import Cell
from workflow.queries.paging import BadCursorError
from workflow.queries.proposal import Place, ProposalPage, StepView, proposal_page
from workflow.queries.records import ClaimView
from workflow.services.revise import revise
from workflow.services.runtime import Runtime


def page(runtime: Runtime, reference: str, who: Caller | None = None) -> ProposalPage:
    """Read a page as somebody, or as the operator."""
    with runtime.uow.read() as tx:
        viewer = make.viewer(tx, who) if who else OPERATOR
        found = proposal_page(tx, viewer, reference)
    assert found is not None
    return found


def step(runtime: Runtime, reference: str, name: str, who: Caller | None = None) -> StepView:
    """Read one step of a page."""
    (found,) = (each for each in page(runtime, reference, who).steps if each.name == name)
    return found


def test_what_is_hidden_and_what_is_unknown_are_alike(runtime: Runtime) -> None:
    fund, stranger = make.proposal(runtime), make.delegate(runtime, party="KZ")
    with runtime.uow.read() as tx:
        viewer = make.viewer(tx, stranger)
        assert proposal_page(tx, viewer, fund) is None
        assert proposal_page(tx, viewer, "NONE-1") is None
        assert history(tx, viewer, fund) is None


def test_a_page_tells_the_facts(runtime: Runtime) -> None:
    fund = make.proposal(
        runtime,
        titles={"en": "Fund", "ja": "基金"},
        summaries={"en": "A fund."},
        fields={"venue": "Tokyo", "amount": Money(500, "USD")},
    )
    make.claim(runtime, fund, 12_000, said_on=date(2025, 12, 20), note="more than")
    found = page(runtime, fund)
    assert (found.titles, found.summaries) == ({"en": "Fund", "ja": "基金"}, {"en": "A fund."})
    assert found.fields == (("amount", Money(500, "USD")), ("venue", "Tokyo"))
    assert found.claims == (
        ClaimView("the whole", 12_000, "USD", "pledge", "press", None, date(2025, 12, 20),
                  "more than"),
    )  # fmt: skip
    assert (found.proposed_by, found.state_since) == ("Secretary", found.created_at)
    assert [(each.number, each.made_by) for each in found.revisions] == [(1, "Secretary")]


def test_a_delegate_may_sign_and_object_in_their_own_seat(runtime: Runtime) -> None:
    fund, ada = make.proposal(runtime), make.delegate(runtime, role="line_ministry.transport")
    found = step(runtime, fund, "agree", ada)
    assert found.signable == (Place("UZ", "line_ministry.transport"),)
    assert found.objectable == found.signable
    assert (found.granted, found.takeable) == (False, False)


def test_a_barred_proposer_may_object_but_not_sign(runtime: Runtime) -> None:
    ada = make.delegate(runtime)
    found = step(runtime, make.proposal(runtime, by=ada), "agree", ada)
    assert (found.signable, found.objectable) == ((), (Place("UZ", "line_ministry"),))


def test_who_signed_may_object_in_place_of_it_but_not_sign_twice(runtime: Runtime) -> None:
    fund, ada = make.proposal(runtime), make.delegate(runtime)
    make.approve(runtime, fund, ada)
    found = step(runtime, fund, "agree", ada)
    assert (found.signable, found.objectable) == ((), (Place("UZ", "line_ministry"),))


def test_the_secretariat_takes_what_is_ready_and_only_then(runtime: Runtime) -> None:
    fund, secretary = make.proposal(runtime), make.secretary(runtime)
    make.agreed(runtime, fund)
    assert not step(runtime, fund, "implement", secretary).takeable
    ada = make.delegate(runtime)
    make.evidence(runtime, fund, ada)
    make.verified(runtime, fund, make.delegate(runtime, party="JP", role="verifier"))
    assert step(runtime, fund, "implement", secretary).takeable
    found = step(runtime, fund, "implement", ada)
    assert (found.granted, found.takeable) == (True, False)


def test_evidence_names_supplier_and_verifier(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    make.agreed(runtime, fund)
    make.evidence(runtime, fund, make.delegate(runtime, "ada"))
    make.verified(runtime, fund, make.delegate(runtime, "kenji", "JP", "verifier"))
    (document,) = page(runtime, fund).evidence
    assert (document.number, document.type, document.link) == (
        1, "meeting_report", "https://example.org/r",
    )  # fmt: skip
    assert (document.supplier, document.supplier_party) == ("Ada", "UZ")
    assert (document.verified_by, document.verified_party) == ("Kenji", "JP")


def test_the_matrix_shows_each_seat(runtime: Runtime) -> None:
    fund, ada = make.proposal(runtime), make.delegate(runtime, "ada")
    make.approve(runtime, fund, ada)
    matrix = page(runtime, fund, make.delegate(runtime, party="JP")).matrix
    assert matrix is not None
    signed = Cell("signed", "Ada", runtime.clock())
    assert (matrix.step, matrix.parties) == ("agree", ("UZ", "JP"))
    assert matrix.rows == (("line_ministry", (signed, Cell("yours"))),)


def test_an_objection_is_shown_with_its_note_and_can_be_cured_by_its_maker(
    runtime: Runtime,
) -> None:
    fund, ada = make.proposal(runtime), make.delegate(runtime, "ada")
    make.object_to(runtime, fund, ada)
    found = page(runtime, fund, ada)
    assert found.matrix is not None
    cell = found.matrix.rows[0][1][0]
    assert (cell.status, cell.person, cell.note) == ("objected", "Ada", "We object.")
    mine = {reason.refusal.code: reason.mine for reason in found.steps[0].reasons}
    assert mine[Code.OBJECTED]


def test_a_new_revision_leaves_the_old_sign_off_visible_as_void(runtime: Runtime) -> None:
    fund, ada = make.proposal(runtime), make.delegate(runtime, "ada")
    make.approve(runtime, fund, ada)
    order = Revise(fund, titles={"en": "Another text"}, reason="typing error")
    assert revise(runtime, make.secretary(runtime), order).granted
    found = page(runtime, fund)
    assert found.matrix is not None
    cell = found.matrix.rows[0][1][0]
    assert (cell.status, cell.person, cell.note) == ("void", "Ada", "new-revision")
    (signoff,) = found.signoffs
    assert (signoff.revision, signoff.is_void, signoff.person) == (1, True, "Ada")
    assert [(each.number, each.reason) for each in found.revisions] == [
        (2, "typing error"), (1, None),
    ]  # fmt: skip


def test_history_tells_every_act_newest_first(runtime: Runtime, clock: FakeClock) -> None:
    fund, ada = make.proposal(runtime), make.delegate(runtime, "ada")
    clock.advance(hours=1)
    make.decide(runtime, fund, ada, Decision.OBJECT, note="Too soon.")
    clock.advance(hours=1)
    make.decide(runtime, fund, ada, Decision.LIFT)
    make.agreed(runtime, fund)
    events = page(runtime, fund).history
    assert [(e.sequence, e.kind, e.decision) for e in events] == [
        (6, "step", None), (5, "sign", "approve"), (4, "sign", "approve"),
        (3, "sign", "lift"), (2, "sign", "object"), (1, "propose", None),
    ]  # fmt: skip
    objection, last = events[4], events[0]
    assert (objection.actor_name, objection.party, objection.role, objection.reason) == (
        "Ada", "UZ", "line_ministry", "Too soon.",
    )  # fmt: skip
    assert (last.from_state, last.to_state, last.via) == ("proposed", "agreed", "cli")
    assert page(runtime, fund).state_since == last.at


def test_history_has_pages(runtime: Runtime) -> None:
    fund, ada = make.proposal(runtime), make.delegate(runtime)
    for _ in range(3):
        make.approve(runtime, fund, ada)
        make.decide(runtime, fund, ada, Decision.WITHDRAW)
    with runtime.uow.read() as tx:
        first = history(tx, OPERATOR, fund, limit=4)
        assert first is not None
        rest = history(tx, OPERATOR, fund, first.next, limit=4)
        assert rest is not None
        with pytest.raises(BadCursorError):
            history(tx, OPERATOR, fund, "%%%")
    assert [e.sequence for e in first.rows + rest.rows] == [7, 6, 5, 4, 3, 2, 1]
    assert (first.count.number, rest.next) == (7, None)


def test_an_umbrella_and_its_lines_name_one_another_as_far_as_one_may_see(
    runtime: Runtime,
) -> None:
    umbrella = make.proposal(runtime)
    line = make.proposal(runtime, parent=umbrella, parties=(("UZ", "lead"), ("KZ", "member")))
    kazakh = make.delegate(runtime, party="KZ")
    assert page(runtime, umbrella).lines == (line,)
    assert page(runtime, line).parent == umbrella
    assert page(runtime, line, kazakh).parent is None


def test_the_matrix_has_leading_parties_first(runtime: Runtime) -> None:
    parties = (("KZ", "member"), ("AA", "contributor"), ("UZ", "host"), ("JP", "lead"))
    asked = {"each": ["lead", "host", "member", "contributor"], "role": "line_ministry"}
    make.definition(runtime, agree={"needs": {"signoffs": asked}})
    matrix = page(runtime, make.proposal(runtime, parties=parties)).matrix
    assert matrix is not None
    assert matrix.parties == ("JP", "UZ", "KZ", "AA")
