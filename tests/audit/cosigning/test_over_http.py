"""A witness is asked over HTTP; one that has seen another log raises an alarm."""

import threading

import pytest

from tests.audit.cosigning.parties import (
    UZ,
    Type,
    grown,
    keeper,
    named,
    refusal,
    request_bytes,
    vouching,
)
from tests.log.witness_server import serving
from workflow.bootstrap import Runtime
from workflow.domain.verdicts import Code, Refused
from workflow.log.witness_answers import Response
from workflow.services.ask_witness import Alarm, Kept, ask_witness, read_alarm
from workflow.services.seal import seal


def test_witness_is_asked_over_http_as_the_log_grows(log: Runtime) -> None:
    named(log)
    with serving(keeper(log).handle) as url:
        for _ in range(3):
            size = grown(log)
            assert ask_witness(log, UZ.name, url) == Kept(UZ.name, size)
            assert ask_witness(log, UZ.name, url) == Kept(UZ.name, size)


def test_witness_that_cosigned_by_another_road_names_where_it_stands(log: Runtime) -> None:
    named(log)
    kept = keeper(log)
    grown(log)
    kept.handle(request_bytes(log))
    size = grown(log)
    with serving(kept.handle) as url:
        assert ask_witness(log, UZ.name, url) == Kept(UZ.name, size)


def test_witness_that_has_seen_more_raises_an_alarm(
    log: Runtime, fork: Runtime, typed: Type
) -> None:
    named(log)
    size = grown(log)
    kept = keeper(log)
    grown(fork, size + 5)
    kept.handle(request_bytes(fork))
    seen = seal(fork).size
    with serving(kept.handle) as url:
        assert ask_witness(log, UZ.name, url) == Alarm(UZ.name, seen, size)
        code, document = typed("cosign", "ask", UZ.name, "--url", url)
    assert (code, document["alarm"], document["seen"]) == (3, "rollback", seen)
    assert "was rolled back" in document["text"]
    assert typed("witness", "list")[1]["alarm"] == f"{UZ.name} {seen} {size}"


def test_witness_that_has_seen_another_log_raises_an_alarm(
    log: Runtime, fork: Runtime, typed: Type
) -> None:
    named(log)
    kept = keeper(log)
    grown(fork, 2)
    kept.handle(request_bytes(fork))
    size = grown(log, 9)
    with serving(kept.handle) as url:
        code, document = typed("cosign", "ask", UZ.name, "--url", url)
    assert (code, document["alarm"], document["size"]) == (3, "fork", size)
    assert "has forked" in document["text"]
    with log.uow.read() as tx:
        assert read_alarm(tx) == f"{UZ.name} {seal(fork).size} {size}"
    assert vouching(log)[1] == ()


@pytest.mark.parametrize(
    ("response", "why"),
    [
        (Response(404, "text/plain", b""), "does not watch this log"),
        (Response(200, "text/html", b"<p>Welcome</p>\n"), "no cosignature"),
        (Response(409, "text/x.tlog.size", b"1\n"), "another size each time"),
    ],
)
def test_witness_that_does_not_sign_raises_no_alarm(
    log: Runtime, response: Response, why: str
) -> None:
    named(log)
    grown(log)
    turns = iter((response, Response(409, "text/x.tlog.size", b"2\n"), response))
    with serving(lambda _: next(turns) if response.status == 409 else response) as url:
        answer = ask_witness(log, UZ.name, url)
    assert isinstance(answer, Refused)
    assert [each.code for each in answer.reasons] == [Code.WITNESS_DECLINED]
    assert why in str(dict(answer.reasons[0].params)["why"])
    with log.uow.read() as tx:
        assert read_alarm(tx) is None


def test_witness_that_is_away_or_unknown_is_said_in_a_sentence(log: Runtime, typed: Type) -> None:
    named(log)
    grown(log)
    assert typed("cosign", "ask", UZ.name, "--url", "http://127.0.0.1:1/")[0] == 4
    assert typed("cosign", "ask", UZ.name, "--url", "http://witness.example/")[0] == 2
    assert refusal(typed("cosign", "ask", "nobody", "--url", "https://w.example")) == (
        1,
        "witness_unknown",
    )


def test_two_who_ask_at_once_keep_one_line(log: Runtime) -> None:
    named(log)
    size = grown(log)
    answers: list[object] = []
    with serving(keeper(log).handle) as url:
        threads = [
            threading.Thread(target=lambda: answers.append(ask_witness(log, UZ.name, url)))
            for _ in range(4)
        ]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    assert answers == [Kept(UZ.name, size)] * 4
    assert vouching(log) == (size, (UZ.name,))
