"""Editing a proposal in the browser: a missing field cured, a warning, a conflict, refusals."""

import pytest

from tests import make
from tests.web.conftest import Browser, send
from workflow.bootstrap import Runtime
from workflow.domain.commands import FieldValue, Money, Revise
from workflow.services.revise import revise


def form(**changes: object) -> dict[str, object]:
    """Write the edit page's form with one title."""
    plain: dict[str, object] = {
        "title-en": "Proposal P-1", "field-amount": "", "field-venue": "", "revision": 1,
        "reason": "", "idempotency_key": "one",
    }  # fmt: skip
    return plain | {name.replace("_", "-", 1): value for name, value in changes.items()}


def test_a_missing_field_is_cured_from_its_blocker(runtime: Runtime, signed_in: Browser) -> None:
    make.definition(runtime, agree={"needs": {"field": "amount"}})
    reference = make.proposal(runtime)
    client = signed_in(make.delegate(runtime))
    assert f"/proposals/{reference}/edit#field-amount" in client.get(f"/proposals/{reference}").text
    answer = send(
        client, f"/proposals/{reference}/edit", form(field_amount="1200.50 USD", reason="Pledged.")
    )
    assert answer.headers["Location"] == f"/proposals/{reference}"
    page = client.get(f"/proposals/{reference}").text
    assert "The text is now revision 2." in page
    assert "1,200.5\u00a0USD" in page


def test_the_form_shows_what_is_there(runtime: Runtime, signed_in: Browser) -> None:
    fields: dict[str, FieldValue] = {"amount": Money(120_000, "USD"), "venue": "Tokyo"}
    reference = make.proposal(runtime, fields=fields, titles={"en": "Fund", "ja": "基金"})
    text = signed_in(make.delegate(runtime)).get(f"/proposals/{reference}/edit").text
    for shown in ('value="Fund"', 'value="基金"', 'value="1200 USD"', "Tokyo</textarea>"):
        assert shown in text


def test_it_warns_how_many_sign_offs_become_void(runtime: Runtime, signed_in: Browser) -> None:
    reference, ada = make.proposal(runtime), make.delegate(runtime)
    make.approve(runtime, reference, ada)
    text = signed_in(ada).get(f"/proposals/{reference}/edit").text
    assert "revision 2 begins and 1 sign-off becomes void." in text


def test_a_change_by_somebody_else_is_a_conflict_that_keeps_the_text(
    runtime: Runtime, signed_in: Browser
) -> None:
    reference = make.proposal(runtime, reference="P-1")
    changed = Revise(reference, titles={"en": "Another title"})
    assert revise(runtime, make.secretary(runtime), changed).granted
    client = signed_in(make.delegate(runtime))
    answer = send(client, f"/proposals/{reference}/edit", form(title_en="Mine", revision=1))
    assert answer.status_code == 409
    assert "It changed since you opened it" in answer.text
    assert "<ins>Another title</ins>" in answer.text
    assert 'value="Mine"' in answer.text
    again = form(title_en="Mine", revision=2)
    assert send(client, f"/proposals/{reference}/edit", again).status_code == 302


def test_two_who_change_a_field_at_once_do_not_overwrite_each_other(
    runtime: Runtime, signed_in: Browser
) -> None:
    reference = make.proposal(runtime)
    client = signed_in(make.delegate(runtime))
    elsewhere = Revise(reference, fields={"venue": "Samarkand"})
    assert revise(runtime, make.secretary(runtime), elsewhere).granted
    mine = form(field_venue="Tashkent", version=1)
    answer = send(client, f"/proposals/{reference}/edit", mine)
    assert answer.status_code == 409
    assert "Tashkent</textarea>" in answer.text
    assert 'name="version" value="2"' in answer.text


def test_a_refusal_stands_beside_its_field(runtime: Runtime, signed_in: Browser) -> None:
    reference = make.proposal(runtime)
    client = signed_in(make.delegate(runtime))
    answer = send(client, f"/proposals/{reference}/edit", form(field_amount="a lot"))
    assert answer.status_code == 422
    assert 'id="field-amount-error">The field “Amount” must be of the type money.' in answer.text
    assert 'value="a lot"' in answer.text
    unsafe = send(client, f"/proposals/{reference}/edit", form(title_en="a\u202eb"))
    assert 'id="title-en-error"' in unsafe.text
    nothing = send(client, f"/proposals/{reference}/edit", form())
    assert "Nothing was changed" in nothing.text


def test_only_what_is_not_material_can_change_once_agreed(
    runtime: Runtime, signed_in: Browser
) -> None:
    reference = make.proposal(runtime)
    make.agreed(runtime, reference)
    client = signed_in(make.delegate(runtime))
    text = client.get(f"/proposals/{reference}/edit").text
    assert 'name="field-venue"' in text
    assert 'name="title-en"' not in text
    venue = {"field-venue": "Tokyo", "revision": 1, "idempotency_key": "k"}
    assert send(client, f"/proposals/{reference}/edit", venue).status_code == 302


@pytest.mark.parametrize("role", ["auditor", "verifier", "administrator"])
def test_whoever_may_not_edit_is_shown_no_way_to(
    runtime: Runtime, signed_in: Browser, role: str
) -> None:
    reference = make.proposal(runtime)
    client = signed_in(make.delegate(runtime, role=role))
    assert f"/proposals/{reference}/edit" not in client.get(f"/proposals/{reference}").text
    assert client.get(f"/proposals/{reference}/edit").status_code == 403
    assert send(client, f"/proposals/{reference}/edit", form()).status_code == 403


def test_to_a_stranger_there_is_nothing_to_edit(runtime: Runtime, signed_in: Browser) -> None:
    reference = make.proposal(runtime)
    client = signed_in(make.delegate(runtime, party="KZ"))
    assert client.get(f"/proposals/{reference}/edit").status_code == 404
