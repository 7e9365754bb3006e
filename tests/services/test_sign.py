"""Signing on a real database: who may, what it does, and what it never does."""

from sqlalchemy import select

from tests import make
from workflow.bootstrap import Runtime
from workflow.domain.commands import Decision, Propose, Revise, Sign
from workflow.domain.identity import Caller
from workflow.domain.verdicts import Code, Outcome
from workflow.persistence.proposal_tables import Proposal, SignOff, Transition
from workflow.services.propose import propose
from workflow.services.revise import revise
from workflow.services.sign import sign


def attempt(runtime: Runtime, who: Caller, reference: str, **order: object) -> Outcome:
    """Sign to agree as UZ's line ministry, unless said otherwise."""
    details: dict[str, object] = {"step": "agree", "party": "UZ", "role": "line_ministry"}
    return sign(runtime, who, Sign((reference,), **details | order))[0]  # type: ignore[arg-type] # typed by each test


def codes(outcome: Outcome) -> list[Code]:
    return [reason.code for reason in outcome.reasons]


def live(runtime: Runtime, reference: str) -> list[tuple[str, str]]:
    """Read (party, decision) of the live sign-offs."""
    with runtime.uow.read() as tx:
        rows = tx.connection.execute(
            select(SignOff.party, SignOff.decision)
            .join(Proposal, Proposal.id == SignOff.proposal_id)
            .where(Proposal.reference == reference, SignOff.ended_at.is_(None))
            .order_by(SignOff.id)
        )
        return [(party, decision) for party, decision in rows]


def ended(runtime: Runtime) -> list[str | None]:
    """Read why each ended sign-off ended, oldest first."""
    with runtime.uow.read() as tx:
        return list(
            tx.connection.scalars(
                select(SignOff.ended_because)
                .where(SignOff.ended_at.is_not(None))
                .order_by(SignOff.id)
            )
        )


def transitions(runtime: Runtime) -> list[tuple[str, str]]:
    with runtime.uow.read() as tx:
        rows = tx.connection.execute(select(Transition.from_state, Transition.to_state))
        return [(left, reached) for left, reached in rows]


def test_the_last_sign_off_takes_the_step_in_the_same_act(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    first = attempt(runtime, make.delegate(runtime), fund)
    assert (first.state, first.taken, first.version) == ("proposed", (), 2)
    last = attempt(runtime, make.delegate(runtime, party="JP"), fund, party="JP")
    assert (last.state, last.taken, last.version) == ("agreed", ("agree",), 4)
    assert transitions(runtime) == [("proposed", "agreed")]
    assert ended(runtime) == ["spent", "spent"]


def test_a_person_without_the_role_is_refused(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    banker = make.delegate(runtime, role="finance_ministry")
    assert codes(attempt(runtime, banker, fund)) == [Code.NO_MANDATE]
    assert codes(attempt(runtime, banker, fund, role="finance_ministry")) == [Code.SEAT_UNKNOWN]
    assert live(runtime, fund) == []


def test_a_person_of_another_party_is_refused(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    assert codes(attempt(runtime, make.delegate(runtime, party="JP"), fund)) == [Code.NO_MANDATE]


def test_a_mandate_revoked_an_instant_ago_does_not_sign(runtime: Runtime) -> None:
    fund = make.proposal(runtime, public=True)
    ada = make.delegate(runtime)
    make.revoke(runtime, ada)
    assert codes(attempt(runtime, ada, fund)) == [Code.NO_MANDATE]


def test_a_mandate_revoked_later_leaves_its_sign_off_standing(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    ada = make.delegate(runtime)
    attempt(runtime, ada, fund)
    make.revoke(runtime, ada)
    assert live(runtime, fund) == [("UZ", "approve")]


def test_a_hidden_proposal_does_not_exist(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    stranger = make.delegate(runtime, party="KZ")
    unknown = attempt(runtime, stranger, "NO-SUCH", party="KZ")
    hidden = attempt(runtime, stranger, fund, party="KZ")
    assert codes(hidden) == codes(unknown) == [Code.NOT_FOUND]
    assert (hidden.state, hidden.revision, hidden.version) == (None, None, None)


def test_one_person_counts_once_whatever_roles_they_hold(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    ada = make.mandate(runtime, make.delegate(runtime), party="JP")
    attempt(runtime, ada, fund)
    assert codes(attempt(runtime, ada, fund, party="JP")) == [Code.PERSON_ALREADY_SIGNED]


def test_the_proposer_may_not_sign(runtime: Runtime) -> None:
    make.proposal(runtime)
    ada = make.delegate(runtime)
    mine = Propose("P-9", make.KIND, make.SUMMIT, {"en": "Mine"}, make.TWO_PARTIES)
    assert propose(runtime, ada, mine).granted
    refused = attempt(runtime, ada, "P-9")
    assert codes(refused) == [Code.PROPOSER_MAY_NOT_SIGN, Code.LAST_EDITOR_MAY_NOT_SIGN]


def test_an_old_revision_is_not_signed(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    revise(runtime, make.secretary(runtime), Revise(fund, titles={"en": "Another title"}))
    assert codes(attempt(runtime, make.delegate(runtime), fund, revision=1)) == [Code.REVISION_OLD]
    assert attempt(runtime, make.delegate(runtime), fund, revision=2).granted


def test_a_material_change_voids_sign_offs_which_stay_on_record(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    attempt(runtime, make.delegate(runtime), fund)
    changed = revise(runtime, make.secretary(runtime), Revise(fund, titles={"en": "Other"}))
    assert changed.revision == 2
    assert live(runtime, fund) == []
    assert ended(runtime) == ["new-revision"]


def test_a_change_that_is_not_material_voids_nothing(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    attempt(runtime, make.delegate(runtime), fund)
    changed = revise(runtime, make.secretary(runtime), Revise(fund, fields={"venue": "Samarkand"}))
    assert changed.revision == 1
    assert live(runtime, fund) == [("UZ", "approve")]


def test_an_objection_blocks_until_its_maker_lifts_it(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    ada, jun = make.delegate(runtime), make.delegate(runtime, party="JP")
    assert codes(attempt(runtime, jun, fund, party="JP", decision=Decision.OBJECT)) == [
        Code.NOTE_MISSING
    ]
    against = attempt(runtime, jun, fund, party="JP", decision=Decision.OBJECT, note="Too soon.")
    assert against.granted
    assert attempt(runtime, ada, fund).state == "proposed"
    assert attempt(runtime, jun, fund, party="JP", decision=Decision.LIFT).granted
    assert attempt(runtime, jun, fund, party="JP").state == "agreed"
    assert ended(runtime) == ["lifted", "spent", "spent"]


def test_approving_lifts_ones_own_objection(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    ada, jun = make.delegate(runtime), make.delegate(runtime, party="JP")
    attempt(runtime, ada, fund, decision=Decision.OBJECT, note="Wait.")
    attempt(runtime, jun, fund, party="JP")
    assert attempt(runtime, ada, fund).state == "agreed"


def test_a_colleague_cannot_undo_a_sign_off_while_its_maker_holds_the_mandate(
    runtime: Runtime,
) -> None:
    fund = make.proposal(runtime)
    ada, bek = make.delegate(runtime), make.delegate(runtime)
    attempt(runtime, ada, fund)
    undo = {"decision": Decision.WITHDRAW}
    assert codes(attempt(runtime, bek, fund, **undo)) == [Code.SEAT_SIGNED_BY_ANOTHER]
    make.revoke(runtime, ada)
    assert attempt(runtime, bek, fund, **undo).granted


def test_withdrawing_frees_the_person_to_sign_elsewhere(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    ada = make.mandate(runtime, make.delegate(runtime), party="JP")
    attempt(runtime, ada, fund)
    assert attempt(runtime, ada, fund, decision=Decision.WITHDRAW).granted
    assert attempt(runtime, ada, fund, party="JP").granted


def test_nothing_is_withdrawn_or_lifted_that_is_not_there(runtime: Runtime) -> None:
    fund, ada = make.proposal(runtime), make.delegate(runtime)
    assert codes(attempt(runtime, ada, fund, decision=Decision.WITHDRAW)) == [
        Code.NOTHING_TO_WITHDRAW
    ]
    attempt(runtime, ada, fund)
    assert codes(attempt(runtime, ada, fund, decision=Decision.LIFT)) == [Code.NOTHING_TO_LIFT]


def test_the_same_key_signs_once_and_answers_the_same(runtime: Runtime) -> None:
    fund, ada = make.proposal(runtime), make.delegate(runtime)
    first = attempt(runtime, ada, fund, idempotency_key="k1")
    assert attempt(runtime, ada, fund, idempotency_key="k1") == first
    other = attempt(runtime, ada, fund, idempotency_key="k1", decision=Decision.WITHDRAW)
    assert codes(other) == [Code.KEY_REUSED]
    assert live(runtime, fund) == [("UZ", "approve")]


def test_a_note_with_invisible_characters_is_refused(runtime: Runtime) -> None:
    fund, ada = make.proposal(runtime), make.delegate(runtime)
    assert codes(attempt(runtime, ada, fund, note="fine\u202etxt.exe")) == [Code.TEXT_UNSAFE]


def test_a_dotted_role_signs_where_its_head_is_asked(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    builder = make.delegate(runtime, role="line_ministry.transport")
    assert attempt(runtime, builder, fund).granted
    energy = make.delegate(runtime, role="line_ministry.energy")
    assert attempt(runtime, energy, fund, role="line_ministry.energy").granted
    assert live(runtime, fund) == [("UZ", "approve"), ("UZ", "approve")]


def test_many_proposals_are_signed_like_one(runtime: Runtime) -> None:
    ada = make.delegate(runtime)
    references = [make.proposal(runtime) for _ in range(3)]
    asked = (*references, "NO-SUCH")
    outcomes = sign(runtime, ada, Sign(asked, "agree", "UZ", "line_ministry"))
    assert [outcome.reference for outcome in outcomes] == list(asked)
    assert [outcome.granted for outcome in outcomes] == [True, True, True, False]


def test_a_note_of_several_lines_is_kept_as_a_browser_sends_it(runtime: Runtime) -> None:
    fund, ada = make.proposal(runtime), make.delegate(runtime)
    note = " Two reasons:\r\n1. cost\r\n2. time "
    assert attempt(runtime, ada, fund, decision=Decision.OBJECT, note=note).granted
    with runtime.uow.read() as tx:
        assert tx.connection.scalar(select(SignOff.note)) == "Two reasons:\n1. cost\n2. time"


def test_the_seat_of_a_maker_who_left_is_judged_by_its_own_finer_role(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    builder = make.delegate(runtime, role="line_ministry.transport")
    attempt(runtime, builder, fund, decision=Decision.OBJECT, note="No.")
    make.revoke(runtime, builder)
    make.mandate(runtime, builder, role="line_ministry.energy")
    successor = make.delegate(runtime, role="line_ministry.transport")
    assert attempt(runtime, successor, fund, decision=Decision.LIFT).granted


def test_who_watches_over_a_party_neither_proposes_nor_edits_for_it(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    for role in ("administrator", "auditor", "auditor.internal", "verifier"):
        watcher = make.delegate(runtime, role=role)
        edit = revise(runtime, watcher, Revise(fund, titles={"en": "Mine now"}))
        assert codes(edit) == [Code.NO_MANDATE]
        mine = Propose("P-9", make.KIND, make.SUMMIT, {"en": "Mine"}, make.TWO_PARTIES)
        assert codes(propose(runtime, watcher, mine)) == [Code.NO_MANDATE]
