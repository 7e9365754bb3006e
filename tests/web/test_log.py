"""The log for everybody: its page, its checkpoint and its tiles; and the badge on other pages."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests import make
from tests.fakes import FakeClock
from tests.sealed import acts, record
from tests.web.conftest import Browser
from tests.web.sealing import JP, UZ, cheat, cosigned, named, sealed, shown
from workflow.bootstrap import Runtime
from workflow.domain.identity import JOINT_SECRETARIAT
from workflow.log.checkpoint import open_checkpoint
from workflow.log.keys import VerifierKey
from workflow.log.tiles import TileError, TileName, Tree
from workflow.persistence.installation import write_fact
from workflow.queries.log_badge import ALARM
from workflow.services.log_keys import public_keys


@dataclass(frozen=True, slots=True)
class FetchedTiles:
    """Tiles as a stranger fetches them."""

    client: FlaskClient

    def read(self, name: TileName) -> bytes:
        """Fetch a tile."""
        answer = self.client.get(f"/{name.path}")
        if answer.status_code != 200:
            raise TileError(name.path)
        return bytes(answer.data)


def test_a_stranger_rebuilds_the_signed_root_from_what_is_public(
    runtime: Runtime, visitor: FlaskClient, tmp_path: Path
) -> None:
    record(runtime, *acts(600))
    size = sealed(runtime, tmp_path)
    (vkey,) = visitor.get("/log/key").text.splitlines()
    said = open_checkpoint(visitor.get("/checkpoint").data, VerifierKey.parse(vkey))
    assert said.size == size
    tree = Tree(FetchedTiles(visitor), said.size)
    assert tree.root == said.root
    assert Tree(FetchedTiles(visitor), 300).root == tree.root_at(300)


@pytest.mark.parametrize(
    "path",
    [
        "0/999", "7/000", "0/0", "0/00", "0/000.p/0", "0/000.p/256", "0/000.p/00", "0/x000/000",
        "0/000.p/255", "99/000", "0/x", "entries/000", "entries/000.p/3", "-1/000", "0/٠٠٠",
        "9223372036854775808/000",
    ],
)  # fmt: skip
def test_no_other_tile_is_there_and_no_entry_ever(
    runtime: Runtime, visitor: FlaskClient, tmp_path: Path, path: str
) -> None:
    record(runtime, *acts(3))
    sealed(runtime, tmp_path)
    assert visitor.get(f"/tile/{path}").status_code == 404


def test_an_empty_log_says_so(runtime: Runtime, visitor: FlaskClient) -> None:
    assert visitor.get("/checkpoint").status_code == 404
    assert visitor.get("/log/key").text == "".join(f"{one}\n" for one in public_keys(runtime))
    page = shown(visitor, "/log")
    assert "No party has named a witness yet" in page
    assert "none yet" in page


def test_the_log_shows_each_witness_and_how_far_behind_it_is(
    runtime: Runtime, visitor: FlaskClient, tmp_path: Path
) -> None:
    named(runtime, UZ, "UZ")
    named(runtime, JP, "JP")
    first = sealed(runtime, tmp_path)
    cosigned(runtime, JP)
    record(runtime, *acts(5))
    sealed(runtime, tmp_path)
    page = shown(visitor, "/log")
    japan, uzbekistan = (page.partition(f"<code>{key.name}</code>")[2] for key in (JP, UZ))
    assert f">{first} entries</td>" in japan.partition("</tr>")[0]
    assert "5 entries</td>" in japan.partition("</tr>")[0]
    assert "never yet" in uzbekistan.partition("</tr>")[0]


def test_every_page_of_an_official_says_how_the_log_stands(
    runtime: Runtime, signed_in: Browser, tmp_path: Path
) -> None:
    client = signed_in(make.delegate(runtime))
    make.proposal(runtime, reference="P-1")
    assert "nothing is sealed yet" in shown(client, "/inbox")
    named(runtime, UZ, "UZ")
    size = sealed(runtime, tmp_path)
    assert "cosigned by nobody yet" in shown(client, "/me")
    cosigned(runtime, UZ)
    for path in ("/inbox", "/proposals", "/proposals/P-1/history", "/definitions"):
        page = shown(client, path)
        assert f"Log: {size} entries sealed" in page
        assert "cosigned by UZ" in page


def test_entries_that_wait_for_long_are_told_of(
    runtime: Runtime, signed_in: Browser, clock: FakeClock, tmp_path: Path
) -> None:
    client = signed_in(make.delegate(runtime))
    sealed(runtime, tmp_path)
    make.proposal(runtime)
    assert "wait to be sealed" not in shown(client, "/inbox")
    clock.advance(seconds=11)
    assert "wait to be sealed" in shown(client, "/inbox")
    sealed(runtime, tmp_path)
    assert "wait to be sealed" not in shown(client, "/inbox")


def test_an_alarm_is_shown_to_everybody(
    runtime: Runtime, visitor: FlaskClient, signed_in: Browser
) -> None:
    with runtime.uow.write() as tx:
        write_fact(tx, ALARM, "uz.example/witness 20 10")
    assert "The witness uz.example/witness has cosigned another history" in shown(visitor, "/log")
    signed = make.approve(runtime, make.proposal(runtime), make.delegate(runtime))
    assert "The log raises an alarm" in shown(visitor, f"/verify/{signed.entry}")
    auditor = signed_in(make.delegate(runtime, "aud", JOINT_SECRETARIAT, "auditor"))
    for path in ("/audit", "/inbox"):
        assert "The log raises an alarm" in shown(auditor, path)


def test_a_checkpoint_larger_than_the_tree_is_an_alarm(
    runtime: Runtime, visitor: FlaskClient, tmp_path: Path
) -> None:
    record(runtime, *acts(4))
    size = sealed(runtime, tmp_path)
    cheat(runtime, "log_state", "UPDATE log_state SET size = 2")
    said = f"vouches for {size} entries, and the log holds only 2"
    assert said in shown(visitor, "/log")
