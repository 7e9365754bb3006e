"""What imports acts of the past in this process, on a test's own database."""

import io
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests import make
from workflow.bootstrap import Runtime
from workflow.domain.verdicts import Refused
from workflow.services.history import HistoryReport, import_history
from workflow.services.history_taking import Told

Import = Callable[..., list[tuple[str, tuple[str, ...]]]]


@pytest.fixture
def imported(runtime: Runtime) -> Import:
    """Give what imports acts, and returns the outcome and reasons of each."""
    secretary = make.secretary(runtime)

    def import_(
        *acts: Mapping[str, Any], strict: bool = False
    ) -> list[tuple[str, tuple[str, ...]]]:
        file = io.BytesIO("\n".join(map(json.dumps, acts)).encode())
        told = list[Told]()
        report = import_history(runtime, secretary, file, strict=strict, tell=told.extend)
        assert not isinstance(report, Refused)
        assert isinstance(report, HistoryReport)
        assert report.as_json()["acts"] == len(told)
        return [(each.outcome, each.reasons) for each in told]

    return import_
