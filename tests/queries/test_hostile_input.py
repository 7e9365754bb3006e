"""Tests that what no database holds and no cursor of ours says is answered, and never raises."""

import base64

import pytest

from tests import make
from workflow.domain.commands import Sign
from workflow.domain.identity import OPERATOR
from workflow.domain.verdicts import Code
from workflow.queries.definitions import definition_page
from workflow.queries.explain import explain_step
from workflow.queries.history import history
from workflow.queries.inbox import inbox
from workflow.queries.paging import BadCursorError, Count
from workflow.queries.portfolio import Filters, portfolio, value_by_state
from workflow.queries.proposal import proposal_page
from workflow.services.runtime import Runtime
from workflow.services.sign import sign

UNSTORABLE = ["P-1\x00", "\ud800", "x\udfff"]


@pytest.mark.parametrize("text", UNSTORABLE)
def test_a_text_that_cannot_be_stored_finds_nothing(runtime: Runtime, text: str) -> None:
    ada = make.delegate(runtime)
    make.proposal(runtime)
    with runtime.uow.read() as tx:
        assert proposal_page(tx, OPERATOR, text) is None
        assert explain_step(tx, OPERATOR, text, "agree") is None
        assert history(tx, OPERATOR, text) is None
        assert definition_page(tx, text) is None
        for name in ("text", "state", "kind", "summit", "party"):
            assert portfolio(tx, OPERATOR, Filters(**{name: text})).count == Count(0)
            assert value_by_state(tx, OPERATOR, Filters(**{name: text})) == ()
    (outcome,) = sign(runtime, ada, Sign((text,), "agree", "UZ", "line_ministry"))
    assert [reason.code for reason in outcome.reasons] == [Code.NOT_FOUND]


@pytest.mark.parametrize(
    "keys",
    [
        '["0001-01-01T00:00:00+14:00",1]',
        '["9999-12-31T23:59:59-14:00",1]',
        '["2026-01-01T00:00:00",1]',
        '["2026-01-01T00:00:00Z",true]',
        '["2026-01-01T00:00:00Z",9223372036854775808]',
        '["2026-01-01T00:00:00Z"]',
        "[" * 5000,
    ],
)
def test_a_forged_cursor_is_refused(runtime: Runtime, keys: str) -> None:
    cursor = base64.urlsafe_b64encode(keys.encode()).decode()
    with runtime.uow.read() as tx, pytest.raises(BadCursorError):
        portfolio(tx, OPERATOR, Filters(), cursor)


def test_a_cursor_with_half_a_character_is_refused(runtime: Runtime) -> None:
    ada = make.delegate(runtime)
    keys = b'["2026-01-01T00:00:00Z",1,"\\ud800",1]'
    with runtime.uow.read() as tx, pytest.raises(BadCursorError):
        inbox(tx, make.viewer(tx, ada), base64.urlsafe_b64encode(keys).decode())
