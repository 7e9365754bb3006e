"""What types commands in this process, on a test's own database."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests import make
from workflow.bootstrap import Runtime
from workflow.cli import summit
from workflow.cli.frame import run
from workflow.domain.identity import Caller
from workflow.persistence.secrets import add_token

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
def typed_as(runtime: Runtime, typed: Type, monkeypatch: pytest.MonkeyPatch) -> Type:
    """Give what types a command for a person, proved by a token of theirs."""

    def type_(who: Caller, *arguments: str) -> tuple[int, Any]:
        with runtime.uow.write() as tx:
            secret = add_token(tx, who.person_id, tx.at + timedelta(hours=1))[1]
        monkeypatch.setenv("SUMMIT_TOKEN", secret)
        return typed(*arguments, "--as", who.login)

    return type_


@pytest.fixture
def clerk(runtime: Runtime) -> Caller:
    """Give the joint secretariat's secretary."""
    return make.secretary(runtime)
