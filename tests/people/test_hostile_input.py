"""Whatever is typed gets an answer: texts that broke programs, in every place for a text."""

import pytest

from tests import make
from tests.people.world import CountingHasher, administrator, codes, office, roles_of
from workflow.bootstrap import Runtime
from workflow.domain.identity import OPERATOR, Caller
from workflow.domain.verdicts import Refused
from workflow.queries.people import people_list, people_page
from workflow.services.authenticate import (
    Wrong,
    caller_by_token,
    find_session,
    issue_token,
    link_login,
    redeem_link,
    sign_in,
)
from workflow.services.mandates import Office
from workflow.services.parties import import_parties
from workflow.services.passwords import judge_password
from workflow.services.people import NewPerson, add, disable, grant, invite, revoke
from workflow.services.people_import import import_people

HOSTILE = (
    "\x00",
    "uz.admin\x00",
    "\ud800",
    "\udcff\udcfe",
    "\u202euz.admin",
    "uz.admin\u200b",
    "uz.admin\n",
    "' OR 1=1 --",
    '"; DROP TABLE person; --',
    "%s%s%s%n",
    "${7*7}{{7*7}}",
    "../../etc/passwd",
    "=1+1",
    "🏳️‍🌈" * 50,
    "Z̸̢̛̮̟" * 20,
    "line_ministry.\x00",
    "UΖ",
    "9" * 5000,
    "",
)


@pytest.fixture
def uz(runtime: Runtime) -> Caller:
    """Give UZ's administrator."""
    return administrator(runtime)


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_acts_on_people_answer_with_reasons(runtime: Runtime, uz: Caller, text: str) -> None:
    make.person(runtime, "someone")
    for answer in (
        add(runtime, uz, NewPerson(text, "Name", "UZ")),
        add(runtime, uz, NewPerson("login", "Name", text)),
        add(runtime, uz, NewPerson("login", "Name", "UZ", office(role=text or "-"))),
        invite(runtime, uz, text),
        disable(runtime, uz, text),
        grant(runtime, uz, text, office()),
        grant(runtime, uz, "someone", Office(party=text, role="auditor")),
        grant(runtime, uz, "someone", Office(party="UZ", role=text)),
        grant(runtime, uz, "someone", office(summit=text or "-")),
        grant(runtime, uz, "someone", office(starts=text or "-")),
        grant(runtime, uz, "someone", office(ends=text or "-")),
        revoke(runtime, uz, text, "UZ", "auditor"),
        revoke(runtime, uz, "someone", text, "auditor"),
        revoke(runtime, uz, "someone", "UZ", text),
    ):
        assert codes(answer), answer
        assert isinstance(answer, Refused)
        for reason in answer.reasons:
            assert all(str(value).isprintable() for value in reason.named.values())
    assert roles_of(runtime, "someone") == set()


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_proving_who_one_is_answers_no(runtime: Runtime, uz: Caller, text: str) -> None:
    hasher = CountingHasher()
    assert sign_in(runtime, text, text, text, hasher=hasher) == Wrong()
    assert codes(issue_token(runtime, text, text, hasher))
    assert codes(caller_by_token(runtime, text, uz.login))
    assert codes(caller_by_token(runtime, "token", text))
    assert find_session(runtime, text) is None
    assert link_login(runtime, text) is None
    assert codes(redeem_link(runtime, text, text, hasher))
    judge_password(text * 20)


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_files_and_lists_bear_anything(runtime: Runtime, uz: Caller, text: str) -> None:
    content = text.encode("utf-8", "surrogatepass")
    import_parties(runtime, None, content)
    import_parties(runtime, None, b"code,name_en,sort,time_zone\n" + content + b",x,state,UTC\n")
    import_people(runtime, uz, content)
    import_people(runtime, uz, b"login,name,party,role\n" + content + b",x,UZ,auditor\n")
    import_people(runtime, uz, content, lines=True)
    with runtime.uow.read() as tx:
        people_list(tx, OPERATOR, party=text)
        people_page(tx, OPERATOR, party=text, after=text)
