"""Whom one may know of, and many people from one file."""

import pytest

from tests import make
from tests.people.world import administrator, codes, roles_of
from workflow.bootstrap import Runtime
from workflow.domain.identity import OPERATOR, Caller
from workflow.domain.verdicts import Code
from workflow.persistence.people import viewer_of
from workflow.queries.people import people_list, people_page
from workflow.services.parties import RowsRefused
from workflow.services.people_import import PeopleImported, import_people

HEADER = "login,name,party,role,from,until\n"


@pytest.fixture
def uz(runtime: Runtime) -> Caller:
    """Give UZ's administrator, beside one of JP and somebody who acts for both."""
    administrator(runtime, "JP")
    both = make.delegate(runtime, "both", "UZ", "auditor")
    make.mandate(runtime, both, "JP", "verifier")
    return administrator(runtime)


def known_to(runtime: Runtime, caller: Caller | None) -> dict[str, list[str]]:
    """Give whom a caller may know of, with their mandates."""
    with runtime.uow.read() as tx:
        viewer = OPERATOR if caller is None else viewer_of(tx, caller)
        return {
            each.login: [f"{one.party}:{one.role}" for one in each.mandates]
            for each in people_list(tx, viewer)
        }


def test_an_administrator_knows_the_people_of_the_own_party(runtime: Runtime, uz: Caller) -> None:
    assert known_to(runtime, uz) == {"both": ["UZ:auditor"], "uz.admin": ["UZ:administrator"]}


def test_a_filter_tells_nothing_of_another_party(runtime: Runtime, uz: Caller) -> None:
    with runtime.uow.read() as tx:
        viewer = viewer_of(tx, uz)
        assert people_list(tx, viewer, party="JP") == ()
        assert [each.login for each in people_list(tx, viewer, party="UZ")] == ["both", "uz.admin"]
        assert {each.login for each in people_list(tx, OPERATOR, party="JP")} == {
            "both",
            "jp.admin",
        }


def test_others_know_themselves(runtime: Runtime, uz: Caller) -> None:
    assert uz.login in known_to(runtime, None)
    both = make.person(runtime, "both")
    assert known_to(runtime, both) == {"both": ["JP:verifier", "UZ:auditor"]}


def test_the_operator_knows_everybody(runtime: Runtime, uz: Caller) -> None:
    assert set(known_to(runtime, None)) == {"both", "jp.admin", uz.login}


def test_pages_give_everybody_once(runtime: Runtime) -> None:
    logins = [f"person{number:02d}" for number in range(7)]
    for login in logins:
        make.delegate(runtime, login)
    found, after = [], ""
    with runtime.uow.read() as tx:
        while True:
            page = people_page(tx, OPERATOR, after=after, size=3)
            found += [each.login for each in page.people]
            if page.after is None:
                break
            after = page.after
    assert found == logins


def test_a_file_adds_people_and_mandates(runtime: Runtime, uz: Caller) -> None:
    rows = (
        "a.karimov,A. Karimov,UZ,finance_ministry,,2026-12-31\n"
        "both,Both,UZ,finance_ministry,,\n"
        "both,Both,UZ,auditor,,\n"
    )
    report = import_people(runtime, uz, (HEADER + rows).encode())
    assert isinstance(report, PeopleImported)
    assert [login for login, _ in report.added] == ["a.karimov"]
    assert (report.granted, report.unchanged) == (2, 1)
    assert roles_of(runtime, "a.karimov") == {"UZ:finance_ministry"}


def test_a_file_is_taken_as_a_whole(runtime: Runtime, uz: Caller) -> None:
    rows = (
        "a.karimov,A. Karimov,UZ,finance_ministry,,\n"
        "b.karimov,B. Karimov,JP,finance_ministry,,\n"
        "c.karimov,C. Karimov,UZ,astrologer,someday,\n"
        "d.karimov\n"
    )
    answer = import_people(runtime, uz, (HEADER + rows).encode())
    assert isinstance(answer, RowsRefused)
    assert [(each.line, each.reason.code) for each in answer.reasons] == [
        (3, Code.NOT_ADMINISTRATOR),
        (4, Code.DATES_MALFORMED),
        (4, Code.ROLE_UNKNOWN),
        (5, Code.ROW_MALFORMED),
    ]
    assert "a.karimov" not in known_to(runtime, None)


def test_json_lines_say_the_same(runtime: Runtime, uz: Caller) -> None:
    line = (
        '{"login":"a.karimov","name":"A. Karimov","party":"UZ","role":"auditor","until":null}\n\n'
    )
    report = import_people(runtime, uz, line.encode(), lines=True)
    assert isinstance(report, PeopleImported)
    assert roles_of(runtime, "a.karimov") == {"UZ:auditor"}


@pytest.mark.parametrize("line", ["[]", "{", '{"login":1}', '{"login":"x"}', "[" * 100_000, "1e9"])
def test_a_bad_line_is_named(runtime: Runtime, uz: Caller, line: str) -> None:
    answer = import_people(runtime, uz, line.encode(), lines=True)
    assert isinstance(answer, RowsRefused)
    assert [(each.line, each.reason.code) for each in answer.reasons] == [(1, Code.ROW_MALFORMED)]


def test_a_file_that_is_not_text_is_refused(runtime: Runtime, uz: Caller) -> None:
    assert codes(import_people(runtime, uz, b"\xff\xfe", lines=True)) == (Code.FILE_NOT_TEXT,)
