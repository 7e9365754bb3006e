"""A world for random histories: a random definition, officials, and pairs of equal proposals."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random

from config.settings import Settings
from tests import make
from tests.fakes import FakeClock, FakeIds
from tests.parity.random_rules import LINE, PARENT, ROLES, random_definitions
from workflow.bootstrap import Runtime, build_runtime
from workflow.domain.commands import Propose
from workflow.domain.definition import Definition
from workflow.domain.identity import Caller
from workflow.services.delegation import Delegate, delegate
from workflow.services.people import Done
from workflow.services.propose import propose
from workflow.services.propose_many import Imported, propose_many

PARTIES = ("UZ", "JP", "KZ", "JICA")
_CAPACITIES = ("lead", "lead", "member", "member", "contributor", "observer")


@dataclass
class World:
    """One database, and what random histories need to happen in it."""

    runtime: Runtime
    clock: FakeClock
    histories: int
    twins: int
    """How many of them have a twin that is moved one by one."""
    secretary: Caller
    officials: dict[tuple[str, str, int], Caller] = field(default_factory=dict)
    definitions: dict[str, Definition] = field(default_factory=dict)

    def official(self, party: str, role: str, number: int) -> Caller:
        """Give one of those who hold a seat."""
        return self.officials.get((party, role, number), self.officials[party, role, 0])

    def parents(self, way: str) -> list[str]:
        """Give the parents of a way: `A` is moved at once, `B`, the twins, one by one."""
        return [f"{way}-{number}" for number in range(self._count(way))]

    def children(self, way: str) -> list[str]:
        """Give the children that every other parent has."""
        return [f"{way}-{n}.{child}" for n in range(0, self._count(way), 2) for child in (1, 2)]

    def _count(self, way: str) -> int:
        return self.twins if way == "B" else self.histories


@contextmanager
def opened(url: str, seed: int, histories: int, twins: int) -> Iterator[World]:
    """Open a fresh database as the world of a seed."""
    clock = FakeClock()
    runtime = build_runtime(Settings(database_url=url), clock=clock, ids=FakeIds())
    world = World(runtime, clock, histories, twins, make.secretary(runtime))
    chance = Random(seed)  # noqa: S311 - repeatable, not secret
    try:
        _publish(world, chance)
        _appoint(world)
        _propose(world, chance)
        yield world
    finally:
        runtime.engine.dispose()


def _publish(world: World, chance: Random) -> None:
    for written in random_definitions(chance):
        world.definitions[written["kind"]] = make.publish(world.runtime, written)


def _appoint(world: World) -> None:
    runtime = world.runtime
    make.summit(runtime)
    for party in PARTIES:
        make.party(runtime, party, "organisation" if party == "JICA" else "state")
        busy = make.person(runtime, f"busy.{party.lower()}")
        deputy = make.delegate(runtime, f"deputy.{party.lower()}", party, "implementing_agency")
        for role in ROLES:
            # One holds this seat alone, one every seat of the party, and one lets others sign.
            own = make.delegate(runtime, f"{party.lower()}.{role}", party, role)
            world.officials[party, role, 0] = own
            world.officials[party, role, 1] = make.mandate(runtime, busy, party, role)
            world.officials[party, role, 2] = _let_sign(runtime, own, deputy, (party, role))
        world.officials[party, "verifier", 0] = make.delegate(
            runtime, f"{party.lower()}.verifier", party, "verifier"
        )


def _let_sign(runtime: Runtime, holder: Caller, deputy: Caller, seat: tuple[str, str]) -> Caller:
    """Let a colleague act for a holder, and give them."""
    order = Delegate(to=deputy.login, party=seat[0], role=seat[1], ends="2026-03-31")
    done = delegate(runtime, holder, order)
    assert isinstance(done, Done), done
    return deputy


def _propose(world: World, chance: Random) -> None:
    """Put all on record: from a file, and the twins one by one."""
    proposers = (world.secretary, *(world.official("UZ", role, 0) for role in ROLES))
    orders: dict[Caller, list[Propose]] = {each: [] for each in proposers}
    for number in range(world.histories):
        by, parties = chance.choice(proposers), (("UZ", "lead"), *_others(chance))
        opening = date(2026, 1, chance.randint(4, 12)) if chance.random() < 0.5 else None
        orders[by] += _family(f"A-{number}", parties, opening)
        for twin in _family(f"B-{number}", parties, opening) if number < world.twins else ():
            outcome = propose(world.runtime, by, twin)
            assert outcome.granted, outcome
    for by, theirs in orders.items():
        if not theirs:  # a file without a row is refused
            continue
        made = propose_many(world.runtime, by, _file(theirs).encode())
        assert isinstance(made, Imported), made


def _family(
    reference: str, parties: tuple[tuple[str, str], ...], opening: date | None
) -> Iterator[Propose]:
    """Make a parent, and for every other one two children."""
    fields = {"opening": opening} if opening else {}
    parent = Propose(
        reference, PARENT, make.SUMMIT, {"en": "A promise"}, parties, fields=fields, public=True
    )
    yield parent
    for child in (1, 2) if int(reference[2:]) % 2 == 0 else ():
        yield replace(parent, reference=f"{reference}.{child}", kind=LINE, parent=reference)


def _file(orders: Iterable[Propose]) -> str:
    """Write proposals as a file of rows."""
    lines = ["reference,kind,summit,parties,title_en,parent,public,fields"]
    for each in orders:
        parties = "; ".join(":".join(pair) for pair in each.parties)
        fields = "; ".join(f"{name}={value}" for name, value in each.fields.items())
        title = each.titles["en"]
        lines.append(
            f"{each.reference},{each.kind},{each.summit},{parties},{title},"
            f"{each.parent or ''},yes,{fields}"
        )
    return "\n".join(lines) + "\n"


def _others(chance: Random) -> Iterator[tuple[str, str]]:
    for party in PARTIES[1:]:
        if chance.random() < 0.8:
            yield party, chance.choice(_CAPACITIES)
