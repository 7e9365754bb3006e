"""What tests of people share: administrators, a password, and a hasher that counts its work."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import MetaData, select

from tests import make
from workflow.bootstrap import Runtime
from workflow.domain.identity import Caller
from workflow.domain.verdicts import Code, Refused
from workflow.persistence import people
from workflow.services.authenticate import redeem_link
from workflow.services.mandates import Office
from workflow.services.people import Done, NewPerson, add

PASSWORD = "long walk by the old river"
OTHER_PASSWORD = "a kettle sings before dawn"


@dataclass
class CountingHasher:
    """A hasher whose work is counted; what it stores is the password after a mark."""

    mark: str = "v1:"
    compared: list[bool] = field(default_factory=list)

    def hash(self, password: str) -> str:
        """Return the password after the mark."""
        return self.mark + password

    def matches(self, stored: str | None, password: str) -> bool:
        """Count the comparison; say whether anything was stored to compare with."""
        self.compared.append(stored is not None)
        return stored is not None and stored.partition(":")[2] == password

    def is_outdated(self, stored: str) -> bool:
        """Say whether the mark is another one."""
        return not stored.startswith(self.mark)


def administrator(runtime: Runtime, party: str = "UZ") -> Caller:
    """Make a party's administrator."""
    return make.delegate(runtime, f"{party.lower()}.admin", party, "administrator")


def office(party: str = "UZ", role: str = "finance_ministry", **bounds: str) -> Office:
    """Write a mandate as it is asked for."""
    return Office(party=party, role=role, **bounds)


def added(runtime: Runtime, by: Caller, login: str = "n.rahimova", party: str = "UZ") -> Done:
    """Add a person with a mandate; the rules must allow it."""
    done = add(runtime, by, NewPerson(login, "Nilufar Rahimova", party, office(party)))
    assert isinstance(done, Done), done
    return done


def official(
    runtime: Runtime, login: str = "n.rahimova", hasher: CountingHasher | None = None
) -> Caller:
    """Make a person of UZ who has set PASSWORD."""
    done = added(runtime, administrator(runtime), login)
    assert done.link is not None
    redeemed = redeem_link(runtime, done.link, PASSWORD, hasher or CountingHasher())
    assert not isinstance(redeemed, Refused), redeemed
    return make.person(runtime, login)


def codes(answer: object) -> tuple[Code, ...]:
    """Give the codes of a refusal, none for anything else."""
    return tuple(each.code for each in answer.reasons) if isinstance(answer, Refused) else ()


def roles_of(runtime: Runtime, login: str) -> set[str]:
    """Give the roles somebody holds now, as PARTY:role."""
    with runtime.uow.read() as tx:
        person = people.find_person(tx, login)
        assert person is not None
        return {f"{each.party}:{each.role}" for each in people.mandates_of(tx, person.id)}


def stored_bytes(runtime: Runtime) -> Iterable[bytes]:
    """Yield every value of every table, as bytes."""
    tables = MetaData()
    with runtime.uow.read() as tx:
        tables.reflect(tx.connection)
        for table in tables.sorted_tables:
            for row in tx.connection.execute(select(table)):
                for value in row:
                    yield value if isinstance(value, bytes) else str(value).encode()
