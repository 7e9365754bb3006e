"""Every command stands in one frame: help with an example, JSON, a sentence for each failure."""

import errno
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import click
import pytest
from sqlalchemy.exc import OperationalError

from tests import make
from workflow.bootstrap import Runtime
from workflow.cli import summit
from workflow.cli.frame import Command, Group, acting, maybe_acting, reading, run, show
from workflow.cli.output import one_line, table, width
from workflow.domain.identity import Caller
from workflow.persistence.secrets import add_token
from workflow.persistence.unit_of_work import BusyError


def commands(
    group: click.Group, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command there is, with the words that name it."""
    ctx = click.Context(group)
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None, name
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


EVERY = dict(commands(summit))


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_command_has_help_with_an_example(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(summit, [*words, "--help"]) == 0
    out = capsys.readouterr().out
    assert EVERY[words].help
    assert "Example:" in out
    assert f"summit {' '.join(words)}" in " ".join(out.split("Example:")[1].split())


@pytest.mark.parametrize(
    "words",
    [words for words, each in EVERY.items() if not isinstance(each, click.Group)],
    ids=" ".join,
)
def test_every_command_offers_json(words: tuple[str, ...]) -> None:
    assert "--json" in {name for each in EVERY[words].params for name in each.opts}


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys; from workflow.cli import summit; from workflow.cli.frame import run;"
        "code = run(summit, ['--help']);"
        "heavy = {'sqlalchemy', 'alembic', 'flask', 'argon2', 'ruamel'} & set(sys.modules);"
        "sys.exit(code or heavy or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


# --- failures ------------------------------------------------------------------------------------


def failing(error: BaseException) -> click.Group:
    """Make a command line whose only command fails."""

    def fail() -> None:
        raise error

    root = Group(name="summit", example="summit fail")
    root.add_command(Command("fail", callback=fail, example="summit fail"))
    return root


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (KeyboardInterrupt(), 130, "Stopped"),
        (click.Abort(), 130, "Stopped"),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), 0, ""),
        (BusyError(), 4, "busy"),
        (OperationalError("SELECT", {}, Exception("connection refused")), 4, "cannot be reached"),
        (OperationalError("SELECT", {}, Exception("no such table: person")), 4, "summit init"),
        (OperationalError("SELECT", {}, Exception("disk image is malformed")), 3, "damaged"),
        (OSError(errno.ENOSPC, "No space left on device"), 3, "disk is full"),
        (FileNotFoundError(errno.ENOENT, "No such file", "x.csv"), 2, "x.csv"),
        (ZeroDivisionError("secret detail"), 3, "unexpected"),
        (RecursionError(), 3, "unexpected"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
def test_whatever_fails_is_one_sentence_and_a_code(
    error: BaseException, code: int, says: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(failing(error), ["fail"]) == code
    out, err = capfd.readouterr()
    assert out == ""
    assert says in err
    assert "Traceback" not in err
    assert "secret detail" not in err
    assert "\n" not in err.strip()


def test_debug_keeps_the_details_in_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SUMMIT_DEBUG", "1")
    assert run(failing(ZeroDivisionError("secret detail")), ["fail"]) == 3
    kept = Path(capsys.readouterr().err.rpartition(" in ")[2].strip().removesuffix("."))
    assert "secret detail" in kept.read_text()
    assert kept.stat().st_mode & 0o077 == 0
    kept.unlink()


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["people"], ["people", "nonsense"], ["people", "list", "--nonsense"], []],
    ids=" ".join,
)
def test_wrong_use_is_said_on_stderr(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(summit, arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err


def test_an_argument_that_is_not_utf8_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(summit, ["people", "token", "caf\udce9"]) == 2
    assert "UTF-8" in capsys.readouterr().err


@pytest.mark.parametrize("content", [None, b""], ids=["missing", "empty"])
def test_a_database_that_is_not_set_up_says_what_to_run(
    content: bytes | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "summit.sqlite"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("SUMMIT_DATABASE_URL", f"sqlite:///{file}")
    assert run(summit, ["parties", "list"]) == 4
    assert "summit init" in capsys.readouterr().err
    assert file.exists() == (content is not None), "reading makes no file"


def test_a_file_that_is_no_database_is_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "summit.sqlite"
    file.write_bytes(b"this is no database at all" * 100)
    monkeypatch.setenv("SUMMIT_DATABASE_URL", f"sqlite:///{file}")
    assert run(summit, ["parties", "list"]) == 3
    assert "damaged" in capsys.readouterr().err


def test_a_database_server_that_is_away_is_unavailable(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SUMMIT_DATABASE_URL", "postgresql+psycopg://nobody:secret@127.0.0.1:1/none")
    assert run(summit, ["parties", "list"]) == 4
    assert "secret" not in capsys.readouterr().err


def test_a_wrong_setting_is_wrong_use(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SUMMIT_DATABASE_URL", "mysql://host/database")
    assert run(summit, ["parties", "list"]) == 2
    assert "SUMMIT_DATABASE_URL" in capsys.readouterr().err


# --- who acts ------------------------------------------------------------------------------------


@pytest.fixture
def who(runtime: Runtime) -> Callable[..., int]:
    """Give a command line that says who acts."""
    root = Group(name="summit", example="summit who")

    @root.command(example="summit who --as ada")
    @acting
    def must(_runtime: Runtime, caller: Caller) -> None:
        """Say who acts."""
        show({"login": caller.login}, caller.login)

    @root.command(example="summit may")
    @maybe_acting
    def may(_runtime: Runtime, caller: Caller | None) -> None:
        """Say who acts, if anybody."""
        show({"login": caller and caller.login}, caller.login if caller else "the operator")

    @root.command(example="summit read")
    @reading
    def read(_runtime: Runtime) -> None:
        """Read."""
        show([], [])

    make.delegate(runtime, "ada")
    return lambda *arguments: run(root, arguments, runtime)


@pytest.fixture
def token(runtime: Runtime) -> str:
    """Give Ada's access token."""
    ada = make.person(runtime, "ada")
    with runtime.uow.write() as tx:
        return add_token(tx, ada.person_id, tx.at + timedelta(hours=1))[1]


def test_a_token_proves_who_acts(
    who: Callable[..., int],
    token: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SUMMIT_TOKEN", token)
    assert who("must", "--as", "ada", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"login": "ada"}


def test_a_token_of_somebody_else_is_refused_with_a_reason(
    who: Callable[..., int],
    token: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SUMMIT_TOKEN", token)
    for command in ("must", "may"):
        assert who(command, "--as", "bob", "--json") == 1
        (reason,) = json.loads(capsys.readouterr().out)["reasons"]
        assert reason["code"] == "token_invalid"


def test_without_token_and_terminal_nobody_acts(
    who: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("SUMMIT_TOKEN", raising=False)
    monkeypatch.setattr("sys.stdin", StringIO("a password"))
    assert who("must", "--as", "ada") == 2
    assert "SUMMIT_TOKEN" in capsys.readouterr().err
    assert who("must") == 2


def test_without_as_the_operator_reads(
    who: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert who("may") == 0
    assert capsys.readouterr().out == "the operator\n"
    assert who("read", "--json") == 0
    assert json.loads(capsys.readouterr().out) == []


# --- what is printed -----------------------------------------------------------------------------


def test_columns_line_up_in_every_script() -> None:
    rows = [("JP", "日本", 1), ("UZ", "Oʻzbekiston", 22), ("KZ", "Қазақстан", None)]
    lines = list(table(("code", "name", "n"), rows))
    assert lines == [
        "code  name         n",
        "JP    日本         1",
        "UZ    Oʻzbekiston  22",
        "KZ    Қазақстан",
    ]
    assert width("日本") == 4
    assert width("e\u0301") == 1


def test_a_cell_can_neither_break_nor_recolour_a_line() -> None:
    assert one_line("a\nb\x1b[31mc\u202e") == "a\\u{a}b\\u{1b}[31mc\\u{202e}"
