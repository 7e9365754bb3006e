"""`summit history import`: what happened is judged by its own moment and recorded now."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests import make
from tests.cli.conftest import Type
from workflow.bootstrap import Runtime
from workflow.domain.identity import Caller
from workflow.domain.verdicts import Refused
from workflow.log.leaf import read_leaf
from workflow.persistence.audit_tables import AuditEntry
from workflow.persistence.proposal_tables import Proposal, SignOff, Transition
from workflow.services.authenticate import issue_token
from workflow.services.check import find_faults

PEOPLE = [
    {"act": "party", "code": "NO", "name": "Norway", "at": "1991-01-01T00:00:00Z"},
    {"act": "party", "code": "SE", "name": "Sweden", "at": "1991-01-01T00:00:00Z"},
    {"act": "person", "login": "o.nord", "name": "O. Nord", "at": "1991-01-02T00:00:00Z"},
    {"act": "grant", "login": "o.nord", "party": "NO", "role": "line_ministry",
     "at": "1991-01-03T00:00:00Z"},
    {"act": "propose", "reference": "X-1", "kind": make.KIND, "title": {"en": "A treaty"},
     "parties": {"NO": "lead", "SE": "member"}, "at": "1991-02-01T00:00:00Z"},
]  # fmt: skip
BY_NO = {"act": "sign", "reference": "X-1", "step": "agree", "party": "NO",
         "role": "line_ministry", "login": "o.nord", "at": "1991-03-01T00:00:00Z"}  # fmt: skip
BY_SE = {"act": "sign", "reference": "X-1", "step": "agree", "party": "SE",
         "role": "line_ministry", "at": "1991-04-01T00:00:00Z"}  # fmt: skip
REVOKED = {"act": "revoke", "login": "o.nord", "party": "NO", "role": "line_ministry",
           "at": "1991-02-15T00:00:00Z"}  # fmt: skip


@pytest.fixture
def importing(typed_as: Type, clerk: Caller, tmp_path: Path, runtime: Runtime) -> Any:  # noqa: ANN401 - a function of the test's own
    """Give what imports acts and returns the exit code, the numbers and the report's rows."""
    make.definition(runtime)

    def import_(
        *acts: Mapping[str, Any] | str, words: tuple[str, ...] = ()
    ) -> tuple[int, Any, Any]:
        file, report = tmp_path / "past.jsonl", tmp_path / "report.csv"
        lines = (act if isinstance(act, str) else json.dumps(act) for act in acts)
        file.write_text("\n".join(lines))
        code, numbers = typed_as(
            clerk, "history", "import", str(file), "--report", str(report), *words
        )
        rows = [row.replace('"', "").split(",") for row in report.read_text().splitlines()[1:]]
        return code, numbers, [(row[3], row[4]) for row in rows]

    return import_


def test_signatures_of_the_past_take_the_step_on_their_day(
    runtime: Runtime, importing: Any  # noqa: ANN401 - as above
) -> None:  # fmt: skip
    code, numbers, _ = importing(*PEOPLE, BY_NO, BY_SE)
    assert (code, numbers) == (0, {"acts": 7, "recorded": 7, "irregular": 0, "refused": 0})
    with runtime.uow.read() as tx:
        leaves = [read_leaf(each) for each in tx.connection.scalars(select(AuditEntry.leaf))]
        (move,) = tx.connection.execute(select(Transition.step, Transition.to_state)).all()
    assert tuple(move) == ("agree", "agreed")
    fired = next(leaf for leaf in leaves if leaf.kind == "step")
    assert fired.occurred == "1991-04-01T00:00:00.000000Z"
    assert {leaf.via for leaf in leaves if leaf.kind in ("sign", "step", "propose")} == {"import"}
    assert list(find_faults(runtime)) == []


def test_a_mandate_revoked_before_makes_the_signature_irregular_and_it_never_counts(
    runtime: Runtime, importing: Any  # noqa: ANN401 - as above
) -> None:  # fmt: skip
    _, numbers, rows = importing(*PEOPLE, REVOKED, BY_NO, BY_SE)
    assert (numbers["recorded"], numbers["irregular"]) == (7, 1)
    assert rows[6] == ("irregular", "no_mandate")
    with runtime.uow.read() as tx:
        assert list(tx.connection.scalars(select(SignOff.party))) == ["SE"]
        assert tx.connection.scalar(select(Proposal.state)) == "proposed"
    assert list(find_faults(runtime)) == []


def test_an_irregular_step_moves_to_its_state_and_an_unknown_one_stays(
    runtime: Runtime, importing: Any  # noqa: ANN401 - as above
) -> None:  # fmt: skip
    step = {"act": "step", "reference": "X-1", "at": "1992-01-01T00:00:00Z"}
    _, _, rows = importing(
        *PEOPLE,
        step | {"step": "agree", "to": "agreed"},
        step | {"step": "leap", "to": "moon"},
        step | {"step": "leap", "to": "implemented"},
    )
    assert [row[0] for row in rows[5:]] == ["irregular"] * 3
    with runtime.uow.read() as tx:
        assert tx.connection.scalar(select(Proposal.state)) == "implemented"
    assert list(find_faults(runtime)) == []


def test_strict_refuses_what_is_irregular(runtime: Runtime, importing: Any) -> None:  # noqa: ANN401 - as above
    code, numbers, rows = importing(*PEOPLE, REVOKED, BY_NO, words=("--strict",))
    assert (code, numbers["refused"], rows[6]) == (1, 1, ("refused", "no_mandate"))
    with runtime.uow.read() as tx:
        assert tx.connection.scalar(select(Proposal.version)) == 1


def test_nothing_that_was_not_imported_is_touched(runtime: Runtime, importing: Any) -> None:  # noqa: ANN401 - as above
    fund = make.proposal(runtime)
    _, _, rows = importing(BY_SE | {"reference": fund}, BY_SE | {"reference": "NOPE"})
    assert rows == [("refused", "imported_only"), ("refused", "not_found")]


def test_what_somebody_has_acted_on_since_is_not_touched(
    runtime: Runtime, importing: Any  # noqa: ANN401 - as above
) -> None:  # fmt: skip
    importing(*PEOPLE)
    make.approve(runtime, "X-1", make.delegate(runtime, party="NO"))
    _, _, rows = importing(BY_SE)
    assert rows == [("refused", "imported_only")]


def test_a_later_file_continues_what_history_began(runtime: Runtime, importing: Any) -> None:  # noqa: ANN401 - as above
    importing(*PEOPLE, BY_NO)
    _, _, rows = importing(BY_SE)
    assert rows == [("recorded", "")]
    with runtime.uow.read() as tx:
        assert tx.connection.scalar(select(Proposal.state)) == "agreed"


def test_imported_people_cannot_sign_in(runtime: Runtime, importing: Any) -> None:  # noqa: ANN401 - as above
    importing(*PEOPLE)
    assert isinstance(issue_token(runtime, "o.nord", None), Refused)


def test_the_same_file_again_records_nothing_twice(runtime: Runtime, importing: Any) -> None:  # noqa: ANN401 - as above
    first = importing(*PEOPLE, BY_NO, "nonsense", BY_SE)
    with runtime.uow.read() as tx:
        before = len(list(tx.connection.scalars(select(AuditEntry.id))))
    assert importing(*PEOPLE, BY_NO, "nonsense", BY_SE) == first
    with runtime.uow.read() as tx:
        entries = [read_leaf(each).kind for each in tx.connection.scalars(select(AuditEntry.leaf))]
    assert len([kind for kind in entries if kind != "token"]) == before
    assert first[1]["refused"] == 1


def test_acts_out_of_order_are_irregular(importing: Any) -> None:  # noqa: ANN401 - as above
    _, _, rows = importing(*PEOPLE, BY_SE, BY_NO)
    assert rows[5:] == [("recorded", ""), ("irregular", "out_of_order")]


@pytest.mark.parametrize(
    "line",
    ["", "nonsense", "[]", '"x"', "{}", '{"act":"fly","at":"1991-01-01T00:00:00Z"}',
     '{"act":"sign","at":"1991-01-01T00:00:00Z"}', '{"act":"person","login":1,"name":"x"}',
     '{"act":"party","code":"NO","name":"Norway","at":"yesterday"}',
     '{"act":"step","reference":{"a":1},"step":"agree","at":"1991-01-01T00:00:00Z"}', "[" * 5000,
     '{"act":"step","reference":"\\u0000","step":"\\ud800","at":"1991-01-01T00:00:00Z"}'],
)  # fmt: skip
def test_a_line_that_cannot_be_read_is_refused_and_the_rest_taken_in(
    importing: Any, line: str  # noqa: ANN401 - as above
) -> None:  # fmt: skip
    code, numbers, _ = importing(line, *PEOPLE)
    assert (code, numbers["recorded"], numbers["refused"]) == (0, 5, 1 if line else 0)


def test_only_a_secretariat_imports(runtime: Runtime, typed_as: Type, tmp_path: Path) -> None:
    file = tmp_path / "past.jsonl"
    file.write_text(json.dumps(PEOPLE[0]))
    code, answer = typed_as(make.delegate(runtime), "history", "import", str(file))
    assert (code, answer["reasons"][0]["code"]) == (1, "no_mandate")
