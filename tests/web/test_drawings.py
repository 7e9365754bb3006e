"""The picture of a definition on the pages: named, lit where the proposal stands, harmless."""

import re

from flask.testing import FlaskClient

from tests import make, make_rules
from tests.web.conftest import Browser
from workflow.bootstrap import Runtime
from workflow.domain.definition import Definition
from workflow.services.definitions import publish


def picture(client: FlaskClient, path: str) -> str:
    """Return the picture on a page."""
    page = client.get(path)
    assert page.status_code == 200
    found = re.search(r'<svg[^>]* class="flow".*?</svg>', page.text, re.DOTALL)
    assert found is not None, page.text
    return found[0]


def test_the_rules_of_a_kind_are_drawn_without_a_present_state(
    runtime: Runtime, signed_in: Browser
) -> None:
    make.proposal(runtime)
    drawn = picture(signed_in(make.delegate(runtime)), f"/definitions/{make_rules.KIND}")
    assert 'role="img"' in drawn
    assert "flow-now" not in drawn


def test_a_proposals_page_lights_the_state_it_is_in(runtime: Runtime, signed_in: Browser) -> None:
    reference = make.proposal(runtime)
    client = signed_in(make.delegate(runtime))
    drawn = picture(client, f"/proposals/{reference}?lang=ja")
    assert drawn.count("flow-now") == 1
    assert "現在の状態: " in drawn


def test_a_label_is_text_in_the_picture_and_nothing_else(
    runtime: Runtime, signed_in: Browser
) -> None:
    label = make_rules.labels("</text></svg><script>alert(1)</script>")
    mapping = make_rules.rules(agree={"labels": label}) | {"kind": "hostile", "labels": label}
    publish(runtime, make.secretary(runtime), [Definition.from_mapping(mapping)])
    client = signed_in(make.delegate(runtime))
    page = client.get("/definitions/hostile")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in picture(client, "/definitions/hostile")
