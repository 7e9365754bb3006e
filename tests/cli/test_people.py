"""`summit people` and `summit parties`, as typed."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings
from tests import make
from tests.people.world import PASSWORD, administrator, roles_of
from workflow.bootstrap import Runtime, build_runtime
from workflow.cli import summit
from workflow.cli.demo import forget_sign_in
from workflow.cli.frame import run
from workflow.domain.verdicts import Refused
from workflow.persistence.secrets import add_token
from workflow.services.authenticate import redeem_link

Type = Callable[..., tuple[int, Any]]


@pytest.fixture
def typed(runtime: Runtime, capsys: pytest.CaptureFixture[str]) -> Type:
    """Give what types a command with --json, and returns its exit code and document."""

    def type_(*arguments: str) -> tuple[int, Any]:
        code = run(summit, [*arguments, "--json"], runtime)
        out = capsys.readouterr().out
        return code, json.loads(out) if out else None

    return type_


@pytest.fixture
def as_admin(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Give the words that name UZ's administrator, whose token is in the environment."""
    admin = administrator(runtime)
    with runtime.uow.write() as tx:
        secret = add_token(tx, admin.person_id, tx.at + timedelta(hours=1))[1]
    monkeypatch.setenv("SUMMIT_TOKEN", secret)
    return "--as", admin.login


def test_a_person_is_added_listed_and_loses_the_role_again(
    runtime: Runtime, typed: Type, as_admin: tuple[str, str]
) -> None:
    office = ("--party", "UZ", "--role", "finance_ministry")
    code, added = typed("people", "add", "n.rahimova", "--name", "N. Rahimova", *office, *as_admin)
    assert code == 0
    assert added["link"].startswith("http://localhost:8000/links/")
    code, listed = typed("people", "list", *as_admin)
    assert code == 0
    (mandate,) = next(each for each in listed if each["login"] == "n.rahimova")["mandates"]
    assert mandate == {
        "party": "UZ",
        "role": "finance_ministry",
        "summit": None,
        "from": "2026-01-05T09:00:00.000000Z",
        "until": None,
    }
    code, revoked = typed("people", "revoke", "n.rahimova", *office, *as_admin)
    assert (code, revoked["outcome"]) == (0, "granted")
    assert roles_of(runtime, "n.rahimova") == set()
    code, refused = typed("people", "revoke", "n.rahimova", *office, *as_admin)
    assert (code, refused["outcome"]) == (1, "refused")
    assert [each["code"] for each in refused["reasons"]] == ["mandate_unknown"]


def test_a_mandate_is_delegated_listed_and_taken_back(
    runtime: Runtime, typed: Type, as_admin: tuple[str, str]
) -> None:
    make.delegate(runtime, "ada", "UZ", "finance_ministry")
    make.delegate(runtime, "bo", "UZ", "line_ministry")
    office = ("--party", "UZ", "--role", "finance_ministry")
    days = ("--from", "2026-02-01", "--until", "2026-02-14")
    code, refused = typed("people", "delegate", "bo", *office, "--of", "ada", *as_admin)
    assert (code, refused["reasons"][0]["code"]) == (1, "delegation_endless")
    code, done = typed("people", "delegate", "bo", *office, *days, "--of", "ada", *as_admin)
    assert (code, done["outcome"], len(done["entry"])) == (0, "granted", 64)
    _, listed = typed("people", "list", *as_admin)
    assert next(each for each in listed if each["login"] == "bo")["delegated"] == [
        {
            "party": "UZ",
            "role": "finance_ministry",
            "summit": None,
            "from": "2026-01-31T15:00:00.000000Z",
            "until": "2026-02-14T15:00:00.000000Z",
            "holder": "ada",
            "giver": "ada",
        }
    ]
    assert typed("people", "undelegate", "bo", *office, *as_admin)[0] == 0
    assert typed("people", "undelegate", "bo", *office, *as_admin)[0] == 1


def test_a_grant_takes_days(runtime: Runtime, typed: Type, as_admin: tuple[str, str]) -> None:
    make.person(runtime, "someone")
    days = ("--from", "2026-01-01", "--until", "2026-01-31")
    office = ("--party", "UZ", "--role", "auditor")
    assert typed("people", "grant", "someone", *office, *days, *as_admin)[0] == 0
    assert roles_of(runtime, "someone") == {"UZ:auditor"}


def test_a_token_is_printed_for_the_password_on_stdin(
    runtime: Runtime,
    typed: Type,
    as_admin: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office = ("--party", "UZ", "--role", "auditor")
    link = typed("people", "add", "n.rahimova", "--name", "N", *office, *as_admin)[1]["link"]
    redeemed = redeem_link(runtime, link.rpartition("/")[2], PASSWORD)
    assert not isinstance(redeemed, Refused)
    monkeypatch.setattr("sys.stdin", StringIO(PASSWORD + "\n"))
    code, issued = typed("people", "token", "n.rahimova")
    assert code == 0
    monkeypatch.setenv("SUMMIT_TOKEN", issued["token"])
    code, known = typed("people", "list", "--as", "n.rahimova")
    assert (code, [each["login"] for each in known]) == (0, ["n.rahimova"])
    monkeypatch.setattr("sys.stdin", StringIO("wrong\n"))
    assert typed("people", "token", "n.rahimova")[0] == 1
    monkeypatch.setattr("sys.stdin", StringIO(""))
    assert typed("people", "token", "n.rahimova") == (2, None)


def test_people_come_from_a_file(typed: Type, as_admin: tuple[str, str], tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("login,name,party,role\na.karimov,A. Karimov,UZ,auditor\n")
    code, report = typed("people", "import", str(file), *as_admin)
    assert (code, report["granted"]) == (0, 1)
    file.write_text("login,name,party,role\nb.karimov,B. Karimov,UZ,astrologer\n")
    code, report = typed("people", "import", str(file), *as_admin)
    assert code == 1
    assert [(each["line"], each["code"]) for each in report["reasons"]] == [(2, "role_unknown")]


def test_parties_are_imported_listed_and_bootstrapped(
    runtime: Runtime, typed: Type, tmp_path: Path
) -> None:
    file, note = tmp_path / "parties.csv", tmp_path / "note.txt"
    file.write_text("code,name_en,sort,time_zone\nKZ,Kazakhstan,state,Asia/Almaty\n")
    note.write_text("We name K. Bekov.")
    assert typed("parties", "import", str(file))[0] == 0
    assert typed("parties", "list")[1] == [
        {
            "code": "KZ",
            "sort": "state",
            "time_zone": "Asia/Almaty",
            "names": {"en": "Kazakhstan"},
        }
    ]
    code, made = typed("parties", "bootstrap", "KZ", "--document", str(note))
    assert (code, made["login"]) == (0, "kz.admin")
    assert roles_of(runtime, "kz.admin") == {"KZ:administrator"}
    code, again = typed("parties", "bootstrap", "KZ", "--document", str(note), "--admin", "other")
    assert (code, again["reasons"][0]["code"]) == (1, "already_bootstrapped")


def test_settings_hide_secrets(typed: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUMMIT_SECRET_KEY", "s3cret" * 10)
    monkeypatch.setenv("SUMMIT_DATABASE_URL", "postgresql+psycopg://u:hidden@host/db")
    code, shown = typed("settings")
    assert code == 0
    assert shown["SUMMIT_SECRET_KEY"] == {"value": "(hidden)", "origin": "environment"}
    assert "hidden@" not in shown["SUMMIT_DATABASE_URL"]["value"]


def test_a_person_is_erased_by_command(typed: Type, as_admin: tuple[str, str]) -> None:
    typed("people", "add", "n.rahimova", "--name", "N. Rahimova", "--party", "UZ", *as_admin)
    why = ("--reason", "Asked for on 1 May.")
    code, done = typed("people", "erase", "n.rahimova", *why, *as_admin)
    assert (code, done["outcome"], done["texts"], done["wiped"]) == (0, "granted", 1, True)
    assert done["login"].startswith("erased:")
    code, listed = typed("people", "list")
    (erased,) = [each for each in listed if each["erased"]]
    assert (code, erased["login"], erased["name"]) == (0, done["login"], "(erased)")
    code, refused = typed("people", "erase", "n.rahimova", *why, *as_admin)
    assert (code, [each["code"] for each in refused["reasons"]]) == (1, ["person_unknown"])


def test_an_erased_official_of_the_demo_loses_their_line_of_sign_ins(
    sqlite_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "demo-sign-ins.txt"
    file.write_text("login  password\nuz.head  secret\nuz.head2  another\n")
    demo = build_runtime(Settings(database_url=sqlite_url))
    forget_sign_in(demo, "uz.head")
    demo.engine.dispose()
    assert file.read_text() == "login  password\nuz.head2  another\n"
