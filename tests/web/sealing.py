"""What tests of the log's pages share: a machine that signs, witnesses, and an owner who cheats."""

from pathlib import Path

from flask.testing import FlaskClient

from tests.audit.cosigning.parties import JP, UZ, named
from tests.sealed import with_key
from workflow.bootstrap import Runtime
from workflow.domain.verdicts import Refused
from workflow.log.cosignature import cosign
from workflow.log.keys import SigningKey
from workflow.services.cosigning import add_lines, prepare_request
from workflow.services.seal import seal

__all__ = ["JP", "UZ", "cheat", "cosigned", "named", "sealed", "shown"]


def sealed(runtime: Runtime, folder: Path) -> int:
    """Seal and sign everything, as the machine does that keeps the key; give the tree's size."""
    return seal(with_key(runtime, folder)).size


def cosigned(runtime: Runtime, key: SigningKey) -> int:
    """Let a witness that is named already cosign the newest checkpoint, and give its size."""
    request = prepare_request(runtime, key.verifier.text)
    assert not isinstance(request, Refused)
    body = request.checkpoint.decode().partition("\n\n")[0] + "\n"
    line = cosign(key, body, int(runtime.clock().timestamp())).line
    sizes = add_lines(runtime, f"{line}\n".encode())
    assert not isinstance(sizes, Refused)
    return sizes[key.name]


def cheat(runtime: Runtime, table: str, statement: str) -> None:
    """Change a table as the owner of its database can, who switches the triggers off."""
    with runtime.engine.begin() as connection:
        if runtime.engine.dialect.name == "sqlite":
            for name in ("no_update", "no_delete", "no_replace"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_{name}")
        else:
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        assert connection.exec_driver_sql(statement).rowcount > 0


def shown(client: FlaskClient, address: str) -> str:
    """Give the page at an address, which must be there."""
    page = client.get(address)
    assert page.status_code == 200, page.text
    return page.text
