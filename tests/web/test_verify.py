"""What anybody may verify of an entry, and how little of it they learn."""

from pathlib import Path

import segno
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import make
from tests.fakes import FakeClock
from tests.web.conftest import Browser, send
from tests.web.sealing import JP, UZ, cheat, cosigned, named, sealed, shown
from workflow.bootstrap import Runtime
from workflow.log.bundle.verify import Trust
from workflow.log.keys import VerifierKey
from workflow.log.receipt import verify_receipt
from workflow.persistence.audit_tables import AuditEntry
from workflow.persistence.log_tables import AuditTile
from workflow.services.log_keys import public_keys
from workflow.services.seal import seal

PROVED = "This entry is in the log"


def objection(runtime: Runtime) -> str:
    """Put an objection on record, and give the hash of its entry."""
    ada = make.person(runtime, "ada", "Ada Lovelace")
    make.mandate(runtime, ada)
    reference = make.proposal(runtime, reference="P-SECRET")
    make.object_to(runtime, reference, ada)
    with runtime.uow.read() as tx:
        found = tx.connection.scalar(
            select(AuditEntry.leaf_hash).where(AuditEntry.kind == "sign").limit(1)
        )
    assert found is not None
    return found.hex()


CONTENT = (
    "P-SECRET", "Ada", "ada", "We object", "charter", "line_ministry", "Line ministry",
    "Uzbekistan", "UZ", "agree", "sign", "Sign-off",
)  # fmt: skip
"""What a stranger must not learn: reference, person, text, kind, role, party, step, act."""


def told_of(text: str) -> set[str]:
    """Say which parts of the content a page tells."""
    about_it = text.partition("<main")[2].partition("</main>")[0]
    # What stands on every such page, whatever the entry says.
    for known in ("has signed", "is signed", "tells", "design"):
        about_it = about_it.replace(known, "")
    return {part for part in CONTENT if f" {part}" in about_it or f">{part}" in about_it}


def test_an_entry_that_waits_is_said_to_wait(runtime: Runtime, visitor: FlaskClient) -> None:
    page = shown(visitor, f"/verify/{objection(runtime)}")
    assert "waits to be sealed" in page
    assert PROVED not in page
    assert "Check it yourself" not in page


def test_a_sealed_entry_is_shown_with_place_time_and_checkpoint_and_no_content(
    runtime: Runtime, visitor: FlaskClient, tmp_path: Path
) -> None:
    entry = objection(runtime)
    size = sealed(runtime, tmp_path)
    page = shown(visitor, f"/verify/{entry}")
    assert PROVED in page
    assert f"of a tree of {size}" in page
    assert page.count(" Tashkent · ") >= 3
    assert "only the host of this log has signed" in page
    assert told_of(page) == set()


def test_content_would_be_noticed(runtime: Runtime, signed_in: Browser, tmp_path: Path) -> None:
    entry = objection(runtime)
    sealed(runtime, tmp_path)
    page = shown(signed_in(make.person(runtime, "ada")), f"/verify/{entry}")
    assert {"P-SECRET", "Ada", "We object"} <= told_of(page)


def test_the_proof_verifies_offline_and_holds_no_content(
    runtime: Runtime, visitor: FlaskClient, tmp_path: Path
) -> None:
    entry = objection(runtime)
    sealed(runtime, tmp_path)
    answer = visitor.get(f"/verify/{entry}/proof")
    disposition = answer.headers["Content-Disposition"]
    assert disposition == f"attachment; filename={entry}.tlog-proof"
    trust = Trust(keys=tuple(map(VerifierKey.parse, public_keys(runtime))))
    assert verify_receipt(answer.data, trust, bytes.fromhex(entry)).ok
    assert not verify_receipt(answer.data, trust, bytes(32)).ok
    assert b"extra" not in answer.data


def test_without_the_key_of_the_log_an_entry_is_not_signed_yet(
    runtime: Runtime, visitor: FlaskClient
) -> None:
    entry = objection(runtime)
    seal(runtime)
    assert "not signed yet" in shown(visitor, f"/verify/{entry}")
    assert visitor.get(f"/verify/{entry}/proof").status_code == 404


def test_each_party_that_cosigned_is_named_with_what_it_cosigned(
    runtime: Runtime, visitor: FlaskClient, tmp_path: Path
) -> None:
    entry = objection(runtime)
    named(runtime, UZ, "UZ")
    named(runtime, JP, "JP")
    first = sealed(runtime, tmp_path)
    cosigned(runtime, JP)
    make.proposal(runtime)
    second = sealed(runtime, tmp_path)
    assert cosigned(runtime, UZ) == second
    page = shown(visitor, f"/verify/{entry}")
    assert f"of a tree of {second}" in page
    assert "uz.example/witness" in page
    assert f"by a checkpoint of its own: {first} entries" in page
    assert "only the host" not in page


def test_the_checkpoint_that_most_parties_cosigned_is_the_one_shown(
    runtime: Runtime, visitor: FlaskClient, tmp_path: Path
) -> None:
    entry = objection(runtime)
    named(runtime, UZ, "UZ")
    named(runtime, JP, "JP")
    first = sealed(runtime, tmp_path)
    cosigned(runtime, JP)
    cosigned(runtime, UZ)
    make.proposal(runtime)
    sealed(runtime, tmp_path)
    cosigned(runtime, UZ)
    assert f"of a tree of {first}" in shown(visitor, f"/verify/{entry}")
    assert visitor.get(f"/verify/{entry}/proof").text.count("\u2014 ") == 3


def test_whatever_was_changed_is_said_to_be_damaged(
    runtime: Runtime, visitor: FlaskClient, tmp_path: Path
) -> None:
    entry = objection(runtime)
    sealed(runtime, tmp_path)
    later = "(SELECT max(size) FROM audit_checkpoint)"
    changes = (
        ("audit_checkpoint", f"UPDATE audit_checkpoint SET note = 'x' WHERE size = {later}"),
        ("audit_run", "DELETE FROM audit_run"),
    )
    for table, statement in changes:
        cheat(runtime, table, statement)
        page = visitor.get(f"/verify/{entry}")
        assert (page.status_code, PROVED in page.text) == (200, False)
        assert "does not hold" in page.text
        assert visitor.get(f"/verify/{entry}/proof").status_code == 404


def test_an_entry_taken_out_from_under_its_leaf_is_damage(
    runtime: Runtime, visitor: FlaskClient, tmp_path: Path
) -> None:
    entry = objection(runtime)
    sealed(runtime, tmp_path)
    cheat(runtime, "audit_entry", "UPDATE audit_entry SET leaf = CAST('{}' AS BLOB)"
          if runtime.engine.dialect.name == "sqlite"
          else "UPDATE audit_entry SET leaf = '{}'::bytea")  # fmt: skip
    page = shown(visitor, f"/verify/{entry}")
    assert "does not hold" in page


def test_what_is_no_hash_of_the_log_is_not_found(
    runtime: Runtime, visitor: FlaskClient, tmp_path: Path
) -> None:
    objection(runtime)
    sealed(runtime, tmp_path)
    with runtime.uow.read() as tx:
        tile = tx.connection.scalar(select(AuditTile.hashes).where(AuditTile.level == 0))
    assert tile is not None
    across = tile[16:48].hex()
    for text in ("0" * 64, across, "12", "x" * 64, "0" * 65, f"{'ab ' * 21}a"):
        for tail in ("", "/proof"):
            assert visitor.get(f"/verify/{text}{tail}").status_code == 404


def test_the_code_leads_to_the_page_itself(
    runtime: Runtime, visitor: FlaskClient, tmp_path: Path
) -> None:
    entry = objection(runtime)
    sealed(runtime, tmp_path)
    address = f"{runtime.settings.base_url}/verify/{entry}"
    page = shown(visitor, f"/verify/{entry}")
    assert f"<code>{address}</code>" in page
    drawn = segno.make(address, error="m", micro=False).svg_inline(border=4, omitsize=True)
    path = drawn.partition(' d="')[2].partition('"')[0]
    assert path in page
    assert "style=" not in page


def test_strangers_ask_twenty_times_a_minute_and_officials_as_often_as_they_like(
    runtime: Runtime, clock: FakeClock, visitor: FlaskClient, signed_in: Browser
) -> None:
    address, client = f"/verify/{'0' * 64}", signed_in(make.delegate(runtime))
    asked = [address, f"{address}/proof"] * 10
    assert [visitor.get(each).status_code for each in asked] == [404] * 20
    refused = visitor.get(address)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert visitor.get(f"{address}/proof").status_code == 429
    assert client.get(address).status_code == 404
    clock.advance(minutes=1)
    assert visitor.get(address).status_code == 404


def test_a_strangers_questions_cost_nobody_a_sign_in(visitor: FlaskClient) -> None:
    for _ in range(21):
        visitor.get(f"/verify/{'0' * 64}")
    entered = {"login": "nobody", "password": "many quiet rivers under snow"}
    assert send(visitor, "/sign-in", entered, at="/sign-in").status_code == 401


def test_a_stranger_learns_of_a_time_no_more_than_its_minute(
    runtime: Runtime, clock: FakeClock, visitor: FlaskClient
) -> None:
    clock.advance(seconds=17, microseconds=41_611)
    page = shown(visitor, f"/verify/{objection(runtime)}")
    assert 'datetime="2026-01-05T09:00:00+00:00"' in page
    assert "09:00:17" not in page
