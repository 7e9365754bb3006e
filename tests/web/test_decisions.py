"""Every decision in the browser: what it does, its form, and what the page says afterwards."""

import re

import pytest
from flask.testing import FlaskClient

from tests import make
from tests.web.conftest import Browser, send
from workflow.bootstrap import Runtime
from workflow.domain.commands import Decision
from workflow.domain.identity import Caller

WHERE = "/proposals/P-1/steps/agree"
NAMES = {
    "reserve": "Approve with a reservation",
    "ad-referendum": "Approve ad referendum",
    "abstain": "Abstain",
    "object": "Object",
}


@pytest.fixture
def reference(runtime: Runtime) -> str:
    """Give a proposal that both parties' line ministries must sign."""
    return make.proposal(runtime, reference="P-1")


@pytest.fixture
def ada(runtime: Runtime) -> Caller:
    """Give Uzbekistan's line ministry."""
    return make.delegate(runtime, "ada")


def decide(client: FlaskClient, decision: str, note: str = "") -> str:
    """Open the page of a decision, send its form, and give the page that follows."""
    shown = client.get(f"{WHERE}?decision={decision}").text
    assert f'name="decision" value="{decision}"' in shown
    form = {
        "decision": decision, "party": "UZ", "role": "line_ministry", "revision": 1, "note": note,
        "idempotency_key": decision,
    }  # fmt: skip
    answer = send(client, WHERE, form)
    if answer.status_code != 302:
        return answer.text
    return client.get(answer.headers["Location"]).text


def offered(page: str) -> list[str]:
    """Give the decisions that the page leads to, in its order."""
    return re.findall(r'<dt><a href="[^"]*decision=([\w-]+)', page)


def test_what_else_may_be_decided_is_offered_with_what_it_does(
    reference: str, ada: Caller, signed_in: Browser
) -> None:
    page = signed_in(ada).get(f"/proposals/{reference}").text
    assert offered(page)[:4] == ["reserve", "ad-referendum", "abstain", "object"]
    assert "It counts once a holder of this seat confirms." in page


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        ("reserve", "Your reservation is on record."),
        ("ad-referendum", "It counts once it is confirmed."),
        ("abstain", "Your abstention on revision 1 is on record."),
        ("object", "Your objection to revision 1 is on record."),
    ],
)
def test_a_decision_is_made_and_told(
    reference: str, ada: Caller, signed_in: Browser, decision: str, said: str
) -> None:
    client = signed_in(ada)
    assert said in decide(client, decision, note="For these reasons.")
    history = client.get(f"/proposals/{reference}/history").text
    assert f"Sign-off: Agree – {NAMES[decision]}" in history


@pytest.mark.usefixtures("reference")
def test_a_reservation_without_its_words_is_refused(ada: Caller, signed_in: Browser) -> None:
    assert "this decision needs a reason" in decide(signed_in(ada), "reserve")


def test_a_colleague_confirms_what_was_approved_ad_referendum(
    runtime: Runtime, reference: str, ada: Caller, signed_in: Browser
) -> None:
    make.decide(runtime, reference, ada, Decision.AD_REFERENDUM)
    client = signed_in(make.delegate(runtime, "olim"))
    assert "Read and confirm" in client.get("/inbox").text
    assert "Confirm for revision 1" in client.get(f"/proposals/{reference}").text
    assert "You have confirmed the decision on revision 1." in decide(client, "confirm")


def test_who_approved_ad_referendum_may_approve_outright(
    runtime: Runtime, reference: str, ada: Caller, signed_in: Browser
) -> None:
    make.decide(runtime, reference, ada, Decision.AD_REFERENDUM)
    assert "You have signed revision 1." in decide(signed_in(ada), "approve")


def test_who_is_barred_may_still_object_or_abstain(runtime: Runtime, signed_in: Browser) -> None:
    ada = make.delegate(runtime)
    make.proposal(runtime, by=ada, reference="P-1")
    page = signed_in(ada).get("/proposals/P-1").text
    assert "Sign revision 1" not in page
    assert offered(page)[:2] == ["abstain", "object"]


def test_the_grid_says_each_decision_in_a_word(
    runtime: Runtime, reference: str, ada: Caller, signed_in: Browser
) -> None:
    make.decide(runtime, reference, ada, Decision.RESERVE, note="But not article 3.")
    make.decide(runtime, reference, make.delegate(runtime, party="JP"), Decision.AD_REFERENDUM)
    grid = signed_in(ada).get(f"/proposals/{reference}").text.partition('<table class="mx')[2]
    assert "<b>With a reservation</b>" in grid
    assert "<b>Ad referendum</b>" in grid


def test_a_scheduled_step_says_its_day_before_anything_else(
    runtime: Runtime, ada: Caller, signed_in: Browser
) -> None:
    make.definition(runtime, agree={"delay": {"days": 30, "place": "Asia/Tokyo"}})
    make.proposal(runtime, reference="P-1")
    make.agreed(runtime, "P-1")
    page = signed_in(ada).get("/proposals/P-1").text
    (heading,) = re.findall(r'<h2 id="why">(.*?)</h2>', page)
    assert heading == "“agreed” from 4 February 2026"
    assert "it takes effect on 4 February 2026" in page
    assert "Nobody needs to act: the day brings it." in page
    assert "Day of effect set: Agree" in page
    assert "Takes effect on 4 Feb 2026 (Tokyo)." in page


def test_alternatives_are_one_thing_that_blocks(
    runtime: Runtime, ada: Caller, signed_in: Browser
) -> None:
    signed = {"signoffs": {"each": ["lead"], "role": "line_ministry"}}
    make.definition(runtime, agree={"needs": {"any": [signed, {"field": "venue"}]}})
    make.proposal(runtime, reference="P-1")
    page = signed_in(ada).get("/proposals/P-1").text
    assert "1 thing blocks the way" in page
    card = page.partition('<h2 id="why">')[2].partition("</section>")[0]
    assert card.count("<strong>") == 3
    assert card.count("Your turn") == 2


def test_a_running_silence_names_its_last_day(
    runtime: Runtime, ada: Caller, signed_in: Browser
) -> None:
    silence = {"of": ["lead"], "role": "line_ministry", "days": 14, "place": "Asia/Tokyo"}
    make.definition(runtime, agree={"needs": {"silence": silence}})
    make.proposal(runtime, reference="P-1")
    client = signed_in(ada)
    assert "Due: 19 Jan 2026" in client.get("/inbox").text
    page = client.get(f"{WHERE}?lang=ja").text
    assert "2026年1月19日（東京の日付）まで" in page
    assert "異議なし" in page
