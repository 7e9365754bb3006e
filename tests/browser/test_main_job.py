"""The main job in a real browser: officials of several parties bring a proposal to agreed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import acts
from tests.browser.site import Site
from tests.live_server import environment, served

pytestmark = pytest.mark.browser

FUND = "CAJ-01"
MINISTRIES = [
    "uz.investment", "jp.economy",
    "uz.foreign", "jp.foreign", "kz.foreign", "kg.foreign", "tj.foreign", "tm.foreign",
    "uz.finance", "jp.finance", "kz.finance", "kg.finance", "tj.finance",
]  # fmt: skip
LATER = ["uz.legal", "jp.legal", "jbic.agency", "jica.agency", "nexi.agency"]
PAPERS = [
    ("uz.investment2", "UZ", "founding_memorandum"), ("jbic.agency", "JBIC", "pledge_letter"),
    ("jica.agency", "JICA", "pledge_letter"), ("nexi.agency", "NEXI", "pledge_letter"),
]  # fmt: skip
HEADS = ["uz.head", "jp.head", "kz.head", "kg.head", "tj.head", "tm.head"]


def summit(site_url: str, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a terminal would, on the database at an address."""
    return subprocess.run(
        [Path(sys.executable).with_name("summit"), *words],
        env=environment(site_url) | more, capture_output=True, text=True, check=True,
    )  # fmt: skip


def database_of(site: Site) -> str:
    return site.runtime.engine.url.render_as_string(hide_password=False)


def test_a_fund_becomes_agreed_when_every_needed_official_has_signed(
    sqlite_site: Site, browser: Browser
) -> None:
    site = sqlite_site
    token = json.loads(
        summit(database_of(site), "people", "token", "secretariat.desk", "--json").stdout
    )["token"]
    summit(
        database_of(site), "proposals", "revise", FUND, "--field", "amount=1500000000 USD",
        "--as", "secretariat.desk", SUMMIT_TOKEN=token,
    )  # fmt: skip
    with site.opened(browser) as page:
        for login, party, of_type in PAPERS:
            site.sign_in(page.context, login)
            acts.supply(page, FUND, of_type, site.document(), party)
            site.sign_in(page.context, "jp.verifier")
            acts.verify(page, FUND)
        for login in [*MINISTRIES, *LATER, *HEADS[:-1]]:
            site.sign_in(page.context, login)
            acts.sign_from_inbox(page, FUND)
        site.sign_in(page.context, HEADS[-1])
        acts.open_from_inbox(page, FUND)
        page.get_by_role("button", name="Sign revision 2 and make it “Agreed”").click()
        expect(page.get_by_role("status")).to_contain_text("The proposal is now “Agreed”")
        assert acts.state(page, FUND) == "Agreed"
        expect(page.get_by_text("Capital of the fund")).to_be_visible()


def test_a_stage_opens_when_the_one_before_it_holds(sqlite_site: Site, browser: Browser) -> None:
    with sqlite_site.opened(browser, "uz.head") as page:
        page.goto("/inbox")
        expect(page.get_by_role("main")).not_to_contain_text(FUND)
        page.goto(f"/proposals/{FUND}/steps/agree")
        expect(page.get_by_role("button", name="Agree")).to_be_disabled()


def test_a_commission_is_agreed_by_hand_once_nothing_blocks(site: Site, browser: Browser) -> None:
    reference = "UZJ-09"
    with site.opened(browser, "jp.foreign2") as page:
        acts.supply(page, reference, "founding_concept", site.document(), "JP")
    with site.opened(browser, "uz.verifier") as page:
        acts.verify(page, reference)
    with site.opened(browser) as page:
        for login in ("uz.investment", "jp.economy", "uz.foreign", "jp.foreign"):
            site.sign_in(page.context, login)
            acts.sign_from_inbox(page, reference)
            assert acts.state(page, reference) == "Proposed"
        site.sign_in(page.context, "secretariat.desk")
        acts.open_from_inbox(page, reference)
        page.get_by_role("button", name="Agree", exact=True).click()
        expect(page.get_by_role("status")).to_contain_text("The proposal is now “Agreed”")
        assert acts.state(page, reference) == "Agreed"
        page.goto(f"/proposals/{reference}/history")
        expect(page.get_by_text("Proposed → Agreed")).to_have_count(1)
        page.goto("/inbox")
        expect(page.get_by_role("main")).not_to_contain_text(reference)


def test_a_newcomer_signs_in_with_a_password_of_the_demos_file(
    browser: Browser, tmp_path: Path
) -> None:
    address = f"sqlite:///{tmp_path}/summit.sqlite"
    summit(address, "init")
    summit(address, "demo")
    lines = (tmp_path / "demo-sign-ins.txt").read_text(encoding="utf-8").splitlines()
    passwords = {line.split()[0]: line.split()[1] for line in lines[1:]}
    assert (tmp_path / "demo-sign-ins.txt").stat().st_mode & 0o777 == 0o600
    with served(address, tmp_path) as server:
        page = browser.new_page(base_url=server.url, locale="en")
        page.goto("/")
        sign_in(page, "jp.head", "not the password")
        expect(page.get_by_role("alert")).to_be_visible()
        sign_in(page, "jp.head", passwords["jp.head"])
        expect(page).to_have_url(f"{server.url}/inbox")
        page.goto("/proposals")
        expect(page.get_by_role("main")).to_contain_text("CAJ-01")
        page.get_by_text("jp.head").click()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        page.close()


def sign_in(page: Page, login: str, password: str) -> None:
    """Fill the sign-in form and send it."""
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
