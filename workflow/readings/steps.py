"""What a whole step asks for: its rule as a paragraph, and the clauses beside the rule."""

from collections.abc import Iterator

from workflow.domain.definition import Definition, StepRule
from workflow.domain.describe import describe, describe_delay
from workflow.domain.explanation import Node, Word
from workflow.domain.leaf import Silence
from workflow.domain.requirement import signing_leaves, time_leaves
from workflow.readings.nodes import read_node
from workflow.readings.reading import N_, NN_, Reading, Voice

_CAPACITIES = ("proposer", "lead", "host", "member", "contributor")


def clauses(step: StepRule, definition: Definition) -> tuple[Reading, ...]:
    """Read what a step says beside what it needs: who takes it, who may not sign, objections."""
    return (
        *_effect(step),
        *_taking(step),
        *_objections(step),
        *(_signing(step, definition) if any(signing_leaves(step.needs)) else ()),
    )


def read_step(step: StepRule, definition: Definition, voice: Voice) -> str:
    """Read a step as one paragraph."""
    sources = ", ".join(sorted(step.sources))
    way = Reading(
        N_("%(step)s leads from %(states)s to %(to)s"),
        {"step": step.name, "states": sources, "to": step.to},
    )
    rule = describe(step)
    # All of the parts, said by their numbers alone.
    parts = _parts(rule, voice) if rule.code is Word.ALL else _told(rule, voice)
    needs = voice.translate(N_("It needs: %(parts)s")) % {"parts": parts}
    beside = (voice.say(each) for each in clauses(step, definition))
    text = voice.join(N_("%(before)s. %(after)s"), (voice.say(way), needs, *beside))
    return voice.translate(N_("%(text)s.")) % {"text": text}


def _told(node: Node, voice: Voice, number: str = "") -> str:
    said = voice.say(read_node(node))
    if not node.parts:
        return said
    named = {"group": said, "parts": _parts(node, voice, number)}
    return voice.translate(N_("%(group)s: %(parts)s")) % named


def _parts(node: Node, voice: Voice, number: str = "") -> str:
    """Say a group's parts, numbered: (1) ...; (2) ...: (2.1) ...; (2.2) ..."""
    numbered = ((f"{number}{at}", part) for at, part in enumerate(node.parts, 1))
    told = (f"({own}) {_told(part, voice, f'{own}.')}" for own, part in numbered)
    return voice.join(N_("%(before)s; %(after)s"), told)


def _effect(step: StepRule) -> Iterator[Reading]:
    node = describe_delay(step, satisfied=True)
    if node is not None:
        yield read_node(node)


def _taking(step: StepRule) -> Iterator[Reading]:
    if step.fires_by_itself:
        yield Reading(N_("It happens by itself as soon as all it needs is there"))
    elif step.by:
        yield Reading(N_("It is taken by hand by: %(roles)s"), {"roles": ", ".join(step.by)})
    if step.reason_required:
        yield Reading(N_("It needs a reason"))
    if step.wants_new_revision:
        yield Reading(
            N_("It makes every sign-off on the revision void, and nobody signs before the next one")
        )


def _objections(step: StepRule) -> Iterator[Reading]:
    if step.block_at is None:
        if any(signing_leaves(step.needs)):
            yield Reading(N_("Objections are recorded and do not stop it"))
        return
    sentence = N_(
        "Objections stop it when at least %(block_at)s that take part as %(capacities)s object"
    )
    if step.block_at == 1:
        sentence = N_("An objection by any %(capacities)s stops it until it is lifted")
    capacities = ", ".join(sorted(step.objections_from, key=_rank))
    yield Reading(sentence, {"capacities": capacities, "block_at": step.block_at})
    if any(isinstance(leaf, Silence) for _, leaf in time_leaves(step.needs)):
        yield Reading(N_("An objection after the deadline is recorded and does not stop it"))


def _rank(capacity: str) -> tuple[int, str]:
    """Order capacities as people name them; one that a deployment adds comes last."""
    known = capacity in _CAPACITIES
    return _CAPACITIES.index(capacity) if known else len(_CAPACITIES), capacity


def _signing(step: StepRule, definition: Definition) -> Iterator[Reading]:
    if "proposer" in step.bars:
        yield Reading(N_("Whoever proposed it may not sign"))
    if "last-editor" in step.bars:
        yield Reading(N_("Whoever edited the text last may not sign"))
    if step.person_once:
        yield Reading(N_("One person signs once, whatever roles they hold"))
    else:
        yield Reading(N_("One person may sign once in each of their roles"))
    yield _delegation(definition.longest_chain)


def _delegation(longest: int) -> Reading:
    if longest == 0:
        return Reading(N_("Nobody may sign by delegation"))
    sentence = NN_(
        "A mandate may reach the signer through at most %(longest)s delegation",
        "A mandate may reach the signer through at most %(longest)s delegations",
    )
    return Reading(sentence, {"longest": longest}, longest)
