"""Makes a party's first administrator, once ever, by a document that every party can hear of."""

from dataclasses import dataclass
from hashlib import sha256

from workflow.domain import names
from workflow.domain.identity import JOINT_SECRETARIAT, Caller
from workflow.domain.verdicts import Code, Refusal, Refused, refuse
from workflow.persistence import evidence, people, people_writes
from workflow.persistence.unit_of_work import Tx
from workflow.services.documents import judge_document, media_type
from workflow.services.people import Done, judge_new_login, make_administrator
from workflow.services.people_entries import ADMINISTRATOR
from workflow.services.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """A party's first administrator, and the document that names them."""

    party: str
    login: str
    name: str
    document_name: str
    document: bytes


def bootstrap(runtime: Runtime, caller: Caller | None, order: Bootstrap) -> Done | Refused:
    """Make the first administrator; the caller, if any, must be the host's administrator."""
    with runtime.uow.write() as tx:
        if not people_writes.lock_party(tx, order.party):
            return Refused((refuse(Code.PARTY_UNKNOWN, party=names.shown(order.party, 20)),))
        if reasons := _judge(tx, caller, order):
            return Refused(tuple(reasons))
        digest = sha256(order.document).hexdigest()
        _keep_document(tx, digest, order.document)
        name = names.tidy_name(order.name)
        done = make_administrator(tx, caller, order.login, name, order.party, document=digest)
        person = people.find_person(tx, order.login)
        assert person is not None  # noqa: S101 - made in this transaction
        people_writes.keep_bootstrap(tx, order.party, person.id, digest, order.document_name)
        return done


def _judge(tx: Tx, caller: Caller | None, order: Bootstrap) -> list[Refusal]:
    reasons = []
    if caller is not None and not people.holds_office(
        tx, caller.person_id, JOINT_SECRETARIAT, ADMINISTRATOR
    ):
        reasons.append(refuse(Code.NOT_ADMINISTRATOR, party=JOINT_SECRETARIAT))
    was_given = people_writes.ever_had_role(tx, order.party, ADMINISTRATOR)
    if was_given or people_writes.is_bootstrapped(tx, order.party):
        reasons.append(refuse(Code.ALREADY_BOOTSTRAPPED, party=order.party))
    reasons += judge_new_login(tx, order.login)
    reasons += filter(None, [names.judge_name(names.tidy_name(order.name))])
    return reasons + judge_document(order.document_name, order.document)


def _keep_document(tx: Tx, digest: str, content: bytes) -> None:
    evidence.keep_file(tx, digest, media_type(content) or "application/octet-stream", content)
