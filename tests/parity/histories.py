"""Plays the random histories of a seed in one database, and looks whether all ways agree."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select

from tests.parity.random_acts import Act, Passes, Signs, Takes, Told, random_act
from tests.parity.random_rules import LINE, PARENT
from tests.parity.stored import Stored, stored
from tests.parity.world import World, opened
from workflow.domain.commands import Decision
from workflow.domain.identity import OPERATOR
from workflow.domain.verdicts import Code
from workflow.persistence import people, proposals
from workflow.persistence.proposal_tables import Proposal, Transition
from workflow.queries.explain import Explanation, explain_step
from workflow.services.check import find_faults
from workflow.services.due import do_due_work

ACTS = 60

_FORETOLD = 20
"""So many proposals are asked what will become of them."""

Record = tuple[list[list[Told]], Stored]
"""Every answer in turn, and what is kept at the end of what was moved at once."""


class DisagreementError(AssertionError):
    """Two ways of asking the same thing had different answers."""


def play(url: str, seed: int, histories: int, twins: int) -> Record:
    """Play a seed's histories at once in a fresh database, and as many twins one by one.

    Raises: DisagreementError.
    """
    with opened(url, seed, histories, twins) as world:
        told = list(_Player(world, seed).played())
        kept = stored(world)
        for twin in (*world.parents("B"), *world.children("B")):
            compare(f"what is kept of {twin}", kept[f"A{twin[1:]}"], kept[twin])
        compare("faults that the check finds", list(find_faults(world.runtime)), [])
        return told, {name: each for name, each in kept.items() if name.startswith("A")}


class _Player:
    """Carries out the acts of a seed, and asks before and after them."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.chance = Random(f"acts of {seed}")  # noqa: S311 - repeatable, not secret
        self.settled = True

    def played(self) -> Iterator[list[Told]]:
        """Yield what every act was answered."""
        for number in range(ACTS):
            kind = LINE if self.chance.random() < 0.2 else PARENT
            act = random_act(self.chance, self.world.definitions[kind])
            if isinstance(act, Passes):
                self._pass(act)
                continue
            yield self._carry_out(number, act, self._chosen(kind))
        self._work()
        self._foretell()

    def _carry_out(self, number: int, act: Act, chosen: list[str]) -> list[Told]:
        if isinstance(act, Takes) and not self.settled:
            # A plan says how things stand, not what an act would bring about first.
            self._work()
        at_once = act.on(self.world, [f"A{each}" for each in chosen])
        twins = {*self.world.parents("B"), *self.world.children("B")}
        for each, answer in zip(chosen, at_once, strict=True):
            if f"B{each}" in twins:
                alone = self._singly(act, f"B{each}")
                compare(f"act {number} {act} on {each}, at once and alone", answer, alone)
        return at_once

    def _pass(self, act: Passes) -> None:
        self.world.clock.advance(hours=act.hours)
        self.settled = False
        if act.works:
            self._work()

    def _work(self) -> None:
        report = do_due_work(self.world.runtime)
        if report.failed:
            raise DisagreementError(f"due work failed: {report.failed[:3]}")
        self.settled = True

    def _settle_before(self, act: Act) -> None:
        """Do what is due before a plan: it says how things stand, not what comes of an act."""
        if isinstance(act, Takes) and not self.settled:
            self._work()

    def _chosen(self, kind: str) -> list[str]:
        """Choose some of the proposals of a kind, by what follows the way in their references."""
        family = [
            each[1:]
            for each in (self.world.children("A") if kind == LINE else self.world.parents("A"))
        ]
        number = max(1, round(len(family) * self.chance.choice((0.3, 0.6, 1))))
        return sorted(self.chance.sample(family, number))

    def _singly(self, act: Act, reference: str) -> Told:
        before = self._asked(act, reference) if self.settled else None
        (answer,) = act.on(self.world, [reference])
        if before is not None:
            self._check_question(act, reference, before, answer)
        return answer

    def _asked(self, act: Act, reference: str) -> Explanation | None:
        """Ask what the act will come to."""
        with self.world.runtime.uow.read() as tx:
            if isinstance(act, Takes):
                viewer = people.viewer_of(tx, self.world.secretary)
                return explain_step(tx, viewer, reference, act.step)
            if isinstance(act, Signs) and act.decision is Decision.APPROVE:
                seats = [(act.party, act.role)]
                return explain_step(tx, OPERATOR, reference, act.step, seats)
        return None

    def _check_question(self, act: Act, reference: str, before: Explanation, answer: Told) -> None:
        about = f"{act} on {reference}"
        if before.tree is not None:
            whole = not judged(before) if isinstance(act, Signs) else before.tree.satisfied
            compare(f"tree and verdict, {about}", before.tree.satisfied, whole)
        if isinstance(act, Takes):
            # Who asks is told whether the step is near, not that they cannot take it by hand.
            codes = [each for each in answer.codes if each != Code.FIRES_BY_ITSELF]
            compare(f"explanation and guard, {about}", judged(before), codes)
        elif before.not_signed:
            compare(f"who could not sign, {about}", bool(answer.codes), bool(before.not_signed))
        elif not answer.codes and not self._is_delayed(before.step):
            now = before.step in answer.taken or self._is_granted(reference, before.step)
            compare(f"what would be and what is, {about}", before.granted, now)

    def _foretell(self) -> None:
        """Ask what the calendar alone will bring by a day, and look on that day."""
        clock, days = self.world.clock, self.chance.randint(1, 6)
        # At noon of UTC Tokyo and Tashkent have the same date.
        clock.set((clock() + timedelta(days=1)).replace(hour=12))
        self._work()
        on = (clock() + timedelta(days=days)).date()
        # What children do is nothing that the calendar does alone.
        alone = self.world.parents("A")[1 : 2 * _FORETOLD : 2]
        told = {each: self._steps_by(each, on) for each in alone}
        before = clock()
        clock.advance(days=days)
        self._work()
        for reference, steps in told.items():
            taken = self._taken_since(reference, before)
            foretold = {step for step, granted in steps.items() if granted}
            compare(
                f"taken by {on} and foretold, {reference}", taken & steps.keys() - foretold, set()
            )
            # Once a step is taken, the others that led out of its state are not open any more.
            for step, granted in steps.items() if not taken else ():
                now = self._is_granted(reference, step)
                compare(f"foretold for {on} and come true, {step} of {reference}", granted, now)

    def _taken_since(self, reference: str, since: datetime) -> set[str]:
        with self.world.runtime.uow.read() as tx:
            rows = tx.connection.scalars(
                select(Transition.step)
                .join(Proposal, Proposal.id == Transition.proposal_id)
                .where(Proposal.reference == reference, Transition.at > since)
            )
            return set(rows)

    def _steps_by(self, reference: str, on: date) -> dict[str, bool]:
        """Say of each step that is open whether it could be taken on a day."""
        with self.world.runtime.uow.read() as tx:
            row = proposals.find(tx, OPERATOR, reference)
            assert row is not None
            steps = self.world.definitions[PARENT].open_steps(row.state)
            told = {
                step.name: explain_step(tx, OPERATOR, reference, step.name, on=on) for step in steps
            }
        return {name: each is not None and each.granted for name, each in told.items()}

    def _is_delayed(self, step: str) -> bool:
        """Say whether signing again may move the day of effect, which nobody foretells."""
        return self.world.definitions[PARENT].steps[step].delay is not None

    def _is_granted(self, reference: str, step: str) -> bool:
        with self.world.runtime.uow.read() as tx:
            told = explain_step(tx, OPERATOR, reference, step)
        return told is not None and told.granted


def judged(told: Explanation) -> list[str]:
    """Give the codes of the reasons against a step."""
    return [str(each.refusal.code) for each in told.reasons]


def compare(what: str, one: object, other: object) -> None:
    """Raise with the first thing in which two answers differ, if they do."""
    if one != other:
        raise DisagreementError(f"{what}:\n  {_first(one, other)}")


def _first(one: object, other: object) -> str:
    """Show the first thing in which two answers differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in one.keys() | other.keys():
            if one.get(key) != other.get(key):
                return f"{key}: {_first(one.get(key), other.get(key))}"
    if isinstance(one, Sequence) and isinstance(other, Sequence) and not isinstance(one, str):
        for mine, theirs in zip(one, other, strict=False):
            if mine != theirs:
                return _first(mine, theirs) if isinstance(mine, list) else f"{mine}\n  {theirs}"
    return f"{one}\n  {other}"
