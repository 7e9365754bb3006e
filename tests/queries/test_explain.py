"""Tests that every reason names those who can take it away, and nobody who cannot."""

from tests import make
from workflow.domain.explain import Word, all_nodes
from workflow.domain.identity import OPERATOR, Caller, Viewer
from workflow.domain.verdicts import Code, refuse
from workflow.persistence.unit_of_work import Tx
from workflow.queries.explain import Explanation, explain_step
from workflow.services.runtime import Runtime


def explained(
    runtime: Runtime, reference: str, step: str = "agree", who: Caller | None = None,
    if_signed: tuple[tuple[str, str], ...] = (),
) -> Explanation:  # fmt: skip
    """Explain a step to somebody, or to the operator."""
    with runtime.uow.read() as tx:
        answer = explain_step(tx, eyes(tx, who), reference, step, if_signed)
    assert answer is not None
    return answer


def eyes(tx: Tx, who: Caller | None) -> Viewer:
    """Give whose question it is."""
    return make.viewer(tx, who) if who else OPERATOR


def cures(answer: Explanation) -> dict[Code, tuple[str, ...]]:
    """Give who can cure each reason."""
    return {reason.refusal.code: reason.who_can_cure for reason in answer.reasons}


def test_the_operator_is_told_the_logins_of_those_who_can_sign(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    make.delegate(runtime, "ada"), make.delegate(runtime, "kenji", "JP")
    make.delegate(runtime, "lola", role="legal_service")
    answer = explained(runtime, fund)
    assert not answer.granted
    assert cures(answer) == {Code.SIGNOFFS_MISSING: ("kenji", "ada")}


def test_a_delegate_is_told_colleagues_by_login_and_others_by_seat(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    ada = make.delegate(runtime, "ada")
    make.delegate(runtime, "kenji", "JP")
    (reason,) = explained(runtime, fund, who=ada).reasons
    assert (reason.who_can_cure, reason.mine) == (("ada", "JP:line_ministry"), True)


def test_who_is_barred_or_has_signed_cannot_cure(runtime: Runtime) -> None:
    ada = make.delegate(runtime, "ada")
    fund = make.proposal(runtime, by=ada)
    kenji = make.delegate(runtime, "kenji", "JP")
    make.approve(runtime, fund, kenji)
    (reason,) = explained(runtime, fund, who=ada).reasons
    assert (reason.who_can_cure, reason.mine) == ((), False)


def test_only_its_maker_can_lift_an_objection(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    ada = make.delegate(runtime, "ada")
    make.delegate(runtime, "olim")
    make.object_to(runtime, fund, ada)
    assert cures(explained(runtime, fund))[Code.OBJECTED] == ("ada",)


def test_evidence_that_is_there_is_cured_by_verifiers_of_another_party(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    make.agreed(runtime, fund)
    make.delegate(runtime, "uz.verifier", "UZ", "verifier")
    make.delegate(runtime, "jp.verifier", "JP", "verifier")
    make.evidence(runtime, fund, make.delegate(runtime, "ada"), "UZ")
    answer = explained(runtime, fund, "implement")
    assert cures(answer) == {Code.EVIDENCE_MISSING: ("jp.verifier",)}


def test_evidence_that_is_not_there_is_cured_by_any_acting_party(runtime: Runtime) -> None:
    fund = make.proposal(runtime, parties=(*make.TWO_PARTIES, ("KZ", "observer")))
    make.agreed(runtime, fund)
    ada = make.delegate(runtime, "ada")
    make.delegate(runtime, "timur", "KZ")
    make.delegate(runtime, "nodir", role="auditor")
    answer = explained(runtime, fund, "implement", ada)
    assert set(cures(answer)[Code.EVIDENCE_MISSING]) == {"JP", "SECRETARIAT", "person2", "ada"}


def test_a_step_by_hand_names_who_may_take_it(runtime: Runtime) -> None:
    fund, ada = make.proposal(runtime), make.delegate(runtime, "ada")
    make.agreed(runtime, fund)
    answer = explained(runtime, fund, "implement", ada)
    assert cures(answer)[Code.MAY_NOT_TAKE_STEP] == ("SECRETARIAT:secretariat",)


def test_a_step_that_is_not_open_says_so(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    answer = explained(runtime, fund, "implement")
    assert [reason.refusal for reason in answer.reasons] == [
        refuse(Code.STEP_NOT_OPEN, step="implement", state="proposed")
    ]


def test_an_unknown_step_is_a_reason_and_a_hidden_proposal_is_none(runtime: Runtime) -> None:
    fund, stranger = make.proposal(runtime), make.delegate(runtime, party="KZ")
    answer = explained(runtime, fund, "fly")
    assert (answer.granted, answer.tree) == (False, None)
    with runtime.uow.read() as tx:
        viewer = make.viewer(tx, stranger)
        assert explain_step(tx, viewer, fund, "agree") is None
        assert explain_step(tx, viewer, "NONE-1", "agree") is None


def test_assuming_the_missing_signatures_grants(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    seats = (("UZ", "line_ministry"), ("JP", "line_ministry"))
    assert explained(runtime, fund, if_signed=seats).granted
    answer = explained(runtime, fund, if_signed=seats[:1])
    assert answer.tree is not None
    words = [node.code for node in all_nodes(answer.tree)]
    assert (answer.granted, words.count(Word.SEAT_SIGNED)) == (False, 1)


def test_assuming_a_seat_that_nobody_asks_tells_why_not(runtime: Runtime) -> None:
    fund = make.proposal(runtime)
    answer = explained(runtime, fund, if_signed=(("KZ", "auditor"),))
    ((office, reasons),) = answer.not_signed
    assert (office, reasons[0].code) == (("KZ", "auditor"), Code.SEAT_UNKNOWN)
