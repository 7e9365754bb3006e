"""What the site refuses, and what its reader sees then: a sentence, and what they had typed."""

import re
from collections.abc import Mapping

import pytest
from playwright.sync_api import APIResponse, Browser, Page, expect

from tests.browser import acts
from tests.browser.site import Site
from workflow.domain.commands import Revise
from workflow.services.mandates import Office
from workflow.services.people import grant, revoke
from workflow.services.revise import revise

pytestmark = pytest.mark.browser


def form_of(page: Page, **changes: str) -> dict[str, str]:
    """Read the fields of the page's first decision form, some of them changed."""
    fields: dict[str, str] = page.evaluate(
        "Object.fromEntries(new FormData(document.querySelector('#decide form')))"
    )
    return fields | changes


def post(page: Page, path: str, fields: Mapping[str, str]) -> APIResponse:
    """Send a form without its page, with the page's cookies, following nothing."""
    return page.request.post(path, form=dict(fields), max_redirects=0)


def signed(site: Site, browser: Browser, reference: str) -> int:
    """Count the live and past sign-offs that a proposal's history tells of."""
    with site.opened(browser, "secretariat.desk") as page:
        page.goto(f"/proposals/{reference}/history")
        return page.get_by_role("heading", name=re.compile("^Sign-off")).count()


def test_the_wrong_role_is_refused_with_the_reason(desk: Site, browser: Browser) -> None:
    with desk.opened(browser, "jp.transport") as page:
        page.goto("/proposals/UZJ-11/steps/agree")
        expect(page.locator("#decide")).to_contain_text("You cannot sign")
        expect(page.locator("#decide button[type=submit]")).to_have_count(0)
    with desk.opened(browser, "jp.culture") as page:
        page.goto("/proposals/UZJ-11/steps/agree")
        fields = form_of(page, party="JP", role="foreign_ministry")
        answer = post(page, "/proposals/UZJ-11/steps/agree", fields)
        assert answer.status == 403
        assert "Nothing was changed" in answer.text()
        assert "Ministry of Foreign Affairs" in answer.text()
    assert signed(desk, browser, "UZJ-11") == 0


def test_a_proposal_of_others_does_not_exist(desk: Site, browser: Browser) -> None:
    with desk.opened(browser, "kz.foreign") as page:
        page.goto("/proposals?text=UZJ")
        expect(page.get_by_role("main")).not_to_contain_text("UZJ-")
        page.goto("/proposals/CAJ-08/steps/agree")
        fields = form_of(page)
        hidden, unknown = (
            [
                page.request.get(f"/proposals/{reference}{path}").status
                for path in ("", "/history", "/steps/agree", "/evidence/1")
            ]
            + [post(page, f"/proposals/{reference}/steps/agree", fields).status]
            for reference in ("UZJ-09", "NOPE-1")
        )
        assert hidden == unknown == [404] * 5
        page.goto("/proposals/UZJ-09")
        expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()


def test_a_mandate_revoked_while_the_page_is_open_does_not_sign(
    desk: Site, browser: Browser
) -> None:
    with desk.opened(browser, "uz.foreign2") as page:
        acts.open_from_inbox(page, "UZJ-03")
        page.get_by_label("Note (optional)").fill("We look forward to Samarkand.")
        revoke(desk.runtime, desk.caller("uz.admin"), "uz.foreign2", "UZ", "foreign_ministry")
        page.get_by_role("button", name="Sign revision 1").click()
        expect(page.get_by_role("main")).not_to_contain_text("You have signed")
        expect(
            page.get_by_role("heading", name=re.compile("nothing here|Nothing was"))
        ).to_be_visible()
        assert "We look forward to Samarkand." in page.content()
    assert signed(desk, browser, "UZJ-03") == 0


def test_one_person_signs_a_step_once_whatever_roles_they_hold(
    desk: Site, browser: Browser
) -> None:
    path = "/proposals/UZJ-09/steps/agree"
    other = Office(party="JP", role="line_ministry.economy")
    grant(desk.runtime, desk.caller("jp.admin"), "jp.culture", other)
    with desk.opened(browser, "jp.culture") as page:
        page.goto(path)
        fields = form_of(page, role="line_ministry.culture")
        assert post(page, path, fields).status == 302
        again = post(page, path, fields | {"idempotency_key": "again"})
        assert again.status == 409
        assert "has already decided so" in again.text()
        otherwise = post(page, path, fields | {"idempotency_key": "other", "role": other.role})
        assert otherwise.status == 403
        assert "one person counts once" in otherwise.text()
    assert signed(desk, browser, "UZJ-09") == 1


def test_a_decision_on_an_old_revision_shows_the_difference_and_keeps_the_note(
    desk: Site, browser: Browser
) -> None:
    with desk.opened(browser, "jp.digital") as page:
        acts.open_from_inbox(page, "CAJ-12")
        page.get_by_label("Note (optional)").fill("Subject to the annex.")
        order = Revise("CAJ-12", titles={"en": "A digital hub of six"}, reason="Shorter")
        assert revise(desk.runtime, desk.caller("secretariat.desk"), order).granted
        with page.expect_response(lambda answer: answer.request.method == "POST") as waited:
            page.get_by_role("button", name="Sign revision 1").click()
        assert waited.value.status == 409
        expect(page.get_by_role("heading", name="It changed since you opened it")).to_be_visible()
        expect(page.locator("del")).to_have_text("Central Asia - Japan Digital Hub")
        expect(page.locator("ins")).to_have_text("A digital hub of six")
        expect(page.get_by_label("Reason or note")).to_have_value("Subject to the annex.")
        page.get_by_role("link", name="Read the present revision and decide").click()
        acts.sign(page)
    assert signed(desk, browser, "CAJ-12") == 1


def test_a_form_sent_twice_signs_once(desk: Site, browser: Browser) -> None:
    path = "/proposals/CAJ-08/steps/agree"
    with desk.opened(browser, "jp.foreign") as page:
        page.goto(path)
        fields = form_of(page)
        assert [post(page, path, fields).status for _ in range(2)] == [302, 302]
    assert signed(desk, browser, "CAJ-08") == 1
    with desk.opened(browser, "tj.foreign") as page:
        page.goto(path)
        page.get_by_role("button", name="Sign revision 1").dblclick()
        expect(page.get_by_role("status")).to_contain_text("You have signed revision 1")
    assert signed(desk, browser, "CAJ-08") == 2


def test_an_objection_says_why_blocks_and_is_lifted(desk: Site, browser: Browser) -> None:
    path = "/proposals/CAJ-10/steps/agree"
    with desk.opened(browser, "uz.foreign") as page:
        page.goto(path)
        answer = post(page, path, form_of(page, decision="object", note=" "))
        assert answer.status == 422
        assert "Nothing was changed" in answer.text()
        page.get_by_role("link", name="Object instead").click()
        page.get_by_label("Reason").fill("The agenda names no speaker.")
        page.get_by_role("button", name="Object to revision 1").click()
        expect(page.get_by_role("status")).to_contain_text("Your objection to revision 1")
        expect(page.locator(".why")).to_contain_text(re.compile("[Oo]bject"))
    with desk.opened(browser, "jp.foreign") as page:
        page.goto("/proposals?view=blocked")
        expect(page.get_by_role("main")).to_contain_text("CAJ-10")
        page.goto("/proposals/CAJ-10")
        expect(page.locator("main")).to_contain_text("The agenda names no speaker.")
    with desk.opened(browser, "uz.foreign") as page:
        page.goto("/proposals/CAJ-10")
        page.get_by_role("link", name="Lift the objection").click()
        page.get_by_role("button", name="Lift the objection").click()
        expect(page.get_by_role("status")).to_contain_text("is lifted")
        page.goto("/proposals?view=blocked")
        expect(page.get_by_role("main")).not_to_contain_text("CAJ-10")


def test_a_form_without_its_token_gets_a_sentence_and_its_text_back(
    desk: Site, browser: Browser
) -> None:
    path = "/proposals/CAJ-13/steps/agree"
    with desk.opened(browser, "kg.energy") as page:
        page.goto(path)
        for token in ("", "forged"):
            answer = post(page, path, form_of(page, csrf_token=token, note="Long thought over."))
            assert answer.status == 400
            assert "This form is no longer valid" in answer.text()
            assert "Long thought over." in answer.text()
    assert signed(desk, browser, "CAJ-13") == 0


def test_whoever_signs_in_comes_back_to_the_page_they_asked_for(
    desk: Site, browser: Browser
) -> None:
    password = desk.set_password("jp.legal")
    wanted = "/proposals/CAJ-01/steps/agree?decision=object"
    with desk.opened(browser) as page:
        page.goto(wanted)
        expect(page).to_have_url(re.compile("/sign-in"))
        page.get_by_label("Login").fill("jp.legal")
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(desk.url + wanted)


def test_a_session_that_ended_gives_back_what_was_typed(desk: Site, browser: Browser) -> None:
    password = desk.set_password("tj.energy")
    with desk.opened(browser, "tj.energy") as page:
        page.goto("/proposals/CAJ-13/steps/agree?decision=object")
        page.get_by_label("Reason").fill("The budget has no source.")
        page.context.clear_cookies()
        page.get_by_role("button", name="Object to revision 1").click()
        expect(page.get_by_role("heading", name="You are no longer signed in")).to_be_visible()
        expect(page.locator("textarea")).to_have_value("The budget has no source.")
        page.get_by_role("link", name="Sign in").click()
        page.get_by_label("Login").fill("tj.energy")
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(re.compile("/proposals/CAJ-13/steps/agree"))
    assert signed(desk, browser, "CAJ-13") == 0
