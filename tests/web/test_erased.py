"""An erased person on screens: nobody's name, and nothing that could be done to them."""

from tests import make
from tests.people.erasing import DETAILS, ORDER, wordy
from tests.people.world import administrator
from tests.web.conftest import Browser
from workflow.bootstrap import Runtime
from workflow.services.erase import Erased, erase


def test_screens_say_erased_person_and_no_detail(runtime: Runtime, signed_in: Browser) -> None:
    admin = administrator(runtime)
    wordy(runtime, admin)
    auditor = make.delegate(runtime, "auditor", "UZ", "auditor")
    done = erase(runtime, admin, ORDER)
    assert isinstance(done, Erased)
    reader = signed_in(auditor)
    revised, signed = (f"/proposals/P-{number}" for number in (1, 2))
    pages = {
        address: browser.get(address).text
        for browser, address in (
            (signed_in(admin), "/people"),
            (reader, f"{revised}/history"),
            (reader, signed),
            (reader, f"{signed}/history"),
            (reader, "/audit"),
        )
    }
    assert {address for address, text in pages.items() if "erased person" not in text} == set()
    shown = {each for each in DETAILS for text in pages.values() if each.decode() in text}
    assert shown == set()
    row = pages["/people"].partition(done.login)[2].partition("</tr>")[0]
    assert "<form" not in row
    assert "Disabled" not in row
