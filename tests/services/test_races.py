"""Acts at the same instant, in threads with connections of their own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests import make
from workflow.bootstrap import Runtime
from workflow.domain.commands import Propose, Sign
from workflow.domain.verdicts import Code, Outcome
from workflow.services.propose import propose
from workflow.services.sign import sign

AT_ONCE = 4


def test_one_key_used_by_four_at_once_puts_one_proposal_on_record(runtime: Runtime) -> None:
    make.proposal(runtime)
    ada, start = make.delegate(runtime), Barrier(AT_ONCE)
    order = Propose("P-9", make.KIND, make.SUMMIT, {"en": "Once"}, make.TWO_PARTIES,
                    idempotency_key="k")  # fmt: skip

    def once(_: int) -> Outcome:
        start.wait()
        return propose(runtime, ada, order)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(once, range(AT_ONCE)))
    assert {answer.entry for answer in answers} == {answers[0].entry}
    assert all(answer.granted for answer in answers)


def test_of_four_who_take_one_reference_at_once_one_gets_it(runtime: Runtime) -> None:
    make.proposal(runtime)
    ada, start = make.delegate(runtime), Barrier(AT_ONCE)

    def once(number: int) -> Outcome:
        start.wait()
        title = {"en": f"Try {number}"}
        return propose(
            runtime, ada, Propose("P-9", make.KIND, make.SUMMIT, title, make.TWO_PARTIES)
        )

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(once, range(AT_ONCE)))
    refused = [answer.reasons[0].code for answer in answers if not answer.granted]
    assert refused == [Code.REFERENCE_TAKEN] * (AT_ONCE - 1)


def test_of_four_colleagues_who_sign_one_seat_at_once_one_does(runtime: Runtime) -> None:
    fund, start = make.proposal(runtime), Barrier(AT_ONCE)
    colleagues = [make.delegate(runtime) for _ in range(AT_ONCE)]

    def once(number: int) -> Outcome:
        start.wait()
        return sign(runtime, colleagues[number], Sign((fund,), "agree", "UZ", "line_ministry"))[0]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(once, range(AT_ONCE)))
    refused = [answer.reasons[0].code for answer in answers if not answer.granted]
    assert refused == [Code.SEAT_ALREADY_SIGNED] * (AT_ONCE - 1)


def test_one_key_that_signs_four_times_at_once_is_answered_alike(runtime: Runtime) -> None:
    fund, ada, start = make.proposal(runtime), make.delegate(runtime), Barrier(AT_ONCE)
    order = Sign((fund,), "agree", "UZ", "line_ministry", idempotency_key="k")

    def once(_: int) -> Outcome:
        start.wait()
        return sign(runtime, ada, order)[0]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(once, range(AT_ONCE)))
    assert [answer.entry for answer in answers] == [answers[0].entry] * AT_ONCE
    assert answers[0].granted
