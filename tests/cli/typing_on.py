"""Types commands on a runtime that the test chooses, one machine or another."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workflow.bootstrap import Runtime
from workflow.cli import summit
from workflow.cli.frame import run

Typed = Callable[..., tuple[int, Any]]


def type_on(capsys: pytest.CaptureFixture[str]) -> Typed:
    """Return what types a command with --json on a runtime, and gives exit code and document."""

    def type_(runtime: Runtime, *arguments: str | Path) -> tuple[int, Any]:
        code = run(summit, [*map(str, arguments), "--json"], runtime)
        out = capsys.readouterr().out
        return code, json.loads(out) if out else None

    return type_


def codes(answer: Any) -> list[str]:  # noqa: ANN401 - a JSON document
    """Give the codes of a refusal."""
    return [each["code"] for each in answer["reasons"]]
