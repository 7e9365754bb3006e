"""Tests that the rules of a kind can be read as they are."""

from tests import make
from workflow.domain.explain import Word
from workflow.queries.definitions import definition_page, kinds
from workflow.services.runtime import Runtime


def test_the_newest_edition_is_shown(runtime: Runtime) -> None:
    make.definition(runtime)
    newer = make.definition(runtime, agree={"needs": {"field": "amount"}})
    with runtime.uow.read() as tx:
        page = definition_page(tx, make.KIND)
        assert definition_page(tx, "unheard-of") is None
    assert page is not None
    assert (page.kind, page.number, page.digest) == (make.KIND, 2, newer.digest)
    assert [state.name for state in page.states] == ["proposed", "agreed", "implemented"]
    agree = page.steps[0]
    assert (agree.step.name, agree.needs.code, agree.needs.named["field"]) == (
        "agree", Word.FIELD, "amount",
    )  # fmt: skip


def test_every_kind_is_listed_by_name(runtime: Runtime) -> None:
    make.definition(runtime, "forum")
    make.definition(runtime, "charter")
    with runtime.uow.read() as tx:
        assert kinds(tx) == {"charter": make.labels("Charter"), "forum": make.labels("Forum")}
