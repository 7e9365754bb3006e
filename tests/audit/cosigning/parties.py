"""What tests of cosigning share: two parties' keys, who names them, and a log that grows."""

from collections.abc import Callable
from typing import Any, Final

from tests import make
from tests.log.witness_server import Kept
from tests.sealed import acts, record
from workflow.bootstrap import Runtime
from workflow.domain.identity import Caller
from workflow.domain.verdicts import Code, Refused
from workflow.log.note import COSIGNATURE, SigningKey, VerifierKey
from workflow.log.witness import Witness
from workflow.log.witness_request import write_request
from workflow.services.checkpoints import read_newest
from workflow.services.cosigning import prepare_request
from workflow.services.log_keys import public_keys
from workflow.services.seal import seal
from workflow.services.witnesses import Named, add_witness

Type = Callable[..., tuple[int, Any]]

UZ: Final = SigningKey("uz.example/witness", bytes([1] * 32), COSIGNATURE)
JP: Final = SigningKey("jp.example/witness", bytes([2] * 32), COSIGNATURE)


def administrator(runtime: Runtime, party: str = "UZ") -> Caller:
    return make.delegate(runtime, f"{party.lower()}.admin", party, "administrator")


def named(runtime: Runtime, key: SigningKey = UZ, party: str = "UZ") -> Named:
    done = add_witness(runtime, administrator(runtime, party), party, key.verifier.text)
    assert isinstance(done, Named), done
    return done


def keeper(runtime: Runtime, key: SigningKey = UZ) -> Kept:
    """Give a witness that watches the log, and has seen nothing yet."""
    return Kept(Witness.of(key, *map(VerifierKey.parse, public_keys(runtime))))


def grown(runtime: Runtime, entries: int = 3) -> int:
    record(runtime, *acts(entries))
    return seal(runtime).size


def codes(answer: object) -> list[Code]:
    assert isinstance(answer, Refused), answer
    return [each.code for each in answer.reasons]


def request_bytes(runtime: Runtime, old_size: int | None = None) -> bytes:
    request = prepare_request(runtime, None, old_size)
    assert not isinstance(request, Refused)
    return write_request(request)


def refusal(answer: tuple[int, Any]) -> tuple[int, str]:
    code, document = answer
    (reason,) = document["reasons"]
    return code, reason["code"]


def vouching(runtime: Runtime) -> tuple[int, tuple[str, ...]]:
    newest = read_newest(runtime)
    assert newest is not None
    return newest.size, newest.cosigned_by
