"""The proposal's page: one decision, whose turn it is, and who can take a reason away."""

from itertools import count

from tests import make
from tests.web.conftest import Browser, send
from workflow.bootstrap import Runtime


def test_side_steps_are_links_and_not_forms(runtime: Runtime, signed_in: Browser) -> None:
    reference = make.proposal(runtime)
    both = make.mandate(runtime, make.delegate(runtime), role="foreign_ministry")
    text = signed_in(both).get(f"/proposals/{reference}").text
    assert text.count("Sign revision 1") == 1
    assert "Other steps" in text
    assert f'href="/proposals/{reference}/steps/return"' in text


def test_a_person_with_two_seats_has_one_form_and_a_link(
    runtime: Runtime, signed_in: Browser
) -> None:
    reference = make.proposal(runtime)
    both = make.mandate(runtime, make.delegate(runtime, "ada"), "JP")
    for path in (f"/proposals/{reference}", f"/proposals/{reference}/steps/agree"):
        text = signed_in(both).get(path).text
        assert text.count("Sign revision 1") == 1
        assert "Sign as Line ministry" in text


def test_whoever_has_signed_reads_whose_turn_it_is(runtime: Runtime, signed_in: Browser) -> None:
    reference, ada = make.proposal(runtime), make.delegate(runtime)
    make.approve(runtime, reference, ada)
    text = signed_in(ada).get(f"/proposals/{reference}").text
    assert "You have signed as Line ministry" in text
    assert "Withdraw the sign-off" in text
    assert "It is the turn of: JP." in text
    assert "Sign revision 1" not in text


def test_whoever_may_take_the_main_step_has_its_form(runtime: Runtime, signed_in: Browser) -> None:
    reference = make.proposal(runtime)
    make.agreed(runtime, reference)
    make.evidence(runtime, reference, make.delegate(runtime, "ada"))
    make.verified(runtime, reference, make.delegate(runtime, party="JP", role="verifier"))
    secretary = signed_in(make.secretary(runtime))
    text = secretary.get(f"/proposals/{reference}").text
    assert 'name="decision" value="take"' in text
    assert f'action="/proposals/{reference}/steps/implement"' in text


def test_many_who_can_are_named_by_their_parties(runtime: Runtime, signed_in: Browser) -> None:
    make.definition(runtime, agree={"needs": {"field": "venue"}})
    reference = make.proposal(runtime)
    for _ in range(6):
        make.delegate(runtime)
        make.delegate(runtime, party="JP")
    reader = signed_in(make.delegate(runtime, "uz.audit", role="auditor"))
    text = reader.get(f"/proposals/{reference}").text
    assert "Who can: any official of UZ, JP or SECRETARIAT" in text
    own = signed_in(make.person(runtime, "secretary")).get(f"/proposals/{reference}").text
    assert "Your turn" in own
    assert "Who can:" not in own


def test_the_first_event_has_no_arrow(runtime: Runtime, signed_in: Browser) -> None:
    reference = make.proposal(runtime)
    text = signed_in(make.delegate(runtime)).get(f"/proposals/{reference}").text
    assert "→" not in text.partition('<ol class="tl">')[2]


def test_the_history_goes_on_to_its_first_act(runtime: Runtime, signed_in: Browser) -> None:
    reference, ada = make.proposal(runtime), make.delegate(runtime)
    client, keys = signed_in(ada), count()
    form = {"party": "UZ", "role": "line_ministry", "revision": 1, "note": ""}
    for decision in ("approve", "withdraw") * 26:
        made = form | {"decision": decision, "idempotency_key": f"k{next(keys)}"}
        assert send(client, f"/proposals/{reference}/steps/agree", made).status_code == 302
    first = client.get(f"/proposals/{reference}/history").text
    assert first.count("/verify/") == 50
    second = client.get(f"/proposals/{reference}/history?after={_after(first)}").text
    assert second.count("/verify/") == 3
    assert "Next page" not in second


def _after(page: str) -> str:
    return page.partition("history?after=")[2].partition('"')[0]


def test_offices_of_one_role_are_named_once(runtime: Runtime, signed_in: Browser) -> None:
    parties = (("UZ", "lead"), ("JP", "member"), ("KZ", "member"))
    reference = make.proposal(runtime, parties=parties)
    for code in ("JP", "KZ"):
        make.delegate(runtime, party=code)
    reader = signed_in(make.delegate(runtime, role="auditor"))
    text = reader.get(f"/proposals/{reference}").text
    assert "Who can: Line ministry: JP or KZ" in text
