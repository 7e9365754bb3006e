"""What each node of a rule's tree says, in one sentence."""

from collections.abc import Iterator
from dataclasses import replace

from workflow.domain.explanation import Node, Word
from workflow.readings.leaves import Named, read_leaf
from workflow.readings.reading import N_, NN_, Reading

_COUNTED = frozenset(
    {Word.SIGNOFFS, Word.EVIDENCE, Word.CHILDREN, Word.PARTIES, Word.AT_LEAST, Word.SIGNOFF}
)
_SEATS = {
    Word.SEAT_SIGNED: N_("%(party)s: signed"),
    Word.SEAT_RESERVED: N_("%(party)s: signed with a reservation"),
    Word.SEAT_AD_REFERENDUM: N_("%(party)s: approved ad referendum, awaits confirmation"),
    Word.SEAT_ABSTAINED: N_("%(party)s: abstains"),
    Word.SEAT_OBJECTED: N_("%(party)s: objects"),
    Word.SEAT_ON_PAPER: N_("%(party)s: decided on paper, awaits confirmation by the party"),
    Word.SEAT_WAITING: N_("%(party)s: is waited for"),
    Word.SEAT_NOT_OPEN: N_("%(party)s: cannot sign yet"),
    Word.SEAT_NOT_NEEDED: N_("%(party)s: need not sign any more"),
}
_WHOLE = {
    Word.STEP: N_("The step %(step)s leads to %(to)s"),
    Word.OPEN_HERE: N_("The step starts from the present state, %(state)s"),
    Word.REVISION_PRESENT: N_("The text is not waiting for a new revision"),
    Word.SOMEBODY_CAN_SIGN: N_("Somebody is there who could sign"),
    Word.LASTS: N_("No other step undoes it at once"),
    Word.ALL: N_("All of these"),
    Word.STAGE: N_("Stage %(stage)s"),
}


def read_node(node: Node) -> Reading:
    """Read what a node asks for and, where it has been judged, how far it has come."""
    reading = _reading(node.code, node.named)
    return replace(reading, notes=(*reading.notes, *_progress(node)))


def _reading(code: Word, named: Named) -> Reading:
    if code in _SEATS:
        return _seat(code, named)
    if code in _WHOLE:
        return Reading(_WHOLE[code], named)
    match code:
        case Word.NO_OBJECTION:
            return _objections(named)
        case Word.AT_LEAST:
            return _at_least(named)
        case Word.IN_EFFECT:
            return _effect(named)
        case _:
            return read_leaf(code, named)


def _seat(code: Word, named: Named) -> Reading:
    if named.get("silent") and code is not Word.SEAT_NOT_OPEN:
        return Reading(N_("%(party)s: has not objected"), named)
    return Reading(_SEATS[code], named, notes=(*_who(named),))


def _who(named: Named) -> Iterator[Reading]:
    """Name who answered, and for whom they did where the mandate is another's."""
    if named.get("person") and named.get("holder"):
        yield Reading(N_("%(person)s for %(holder)s"), named)
    elif named.get("person"):
        yield Reading(N_("by %(person)s"), named)
    if named.get("late"):
        yield Reading(N_("after the deadline, so only recorded"))


def _progress(node: Node) -> Iterator[Reading]:
    named = node.named
    if node.code is Word.STAGE and named.get("open") == 0 and not node.satisfied:
        yield Reading(N_("opens when the earlier stages are complete"))
    if named.get("not_needed"):
        yield Reading(N_("not needed: enough of the others hold"))
    elif node.code in _COUNTED and "have" in named:
        yield Reading(N_("so far %(have)s of %(need)s"), named)


def _objections(named: Named) -> Reading:
    if named["block_at"] == 1:
        return Reading(N_("Nobody objects whose objection stops the step"), named)
    return Reading(N_("Fewer than %(block_at)s parties object: so far %(objections)s"), named)


def _at_least(named: Named) -> Reading:
    if named["need"] == 1:
        return Reading(N_("Any one of these"), named)
    return Reading(N_("At least %(need)s of these %(of)s"), named)


def _effect(named: Named) -> Reading:
    sentence, number = _effect_sentence(named)
    return Reading(sentence, named, number, (*_effect_notes(named),))


def _effect_notes(named: Named) -> Iterator[Reading]:
    if named.get("on"):
        yield Reading(N_("on %(on)s"), named)
    if named.get("irrevocable"):
        yield Reading(N_("once that day is set, nothing that is taken back later unsets it"))


def _effect_sentence(named: Named) -> tuple[tuple[str, str], int]:
    if named.get("months"):
        return NN_(
            "Takes effect %(months)s month after the last thing it needs is there, by the calendar"
            " of %(place)s",
            "Takes effect %(months)s months after the last thing it needs is there, by the calendar"
            " of %(place)s",
        ), int(named["months"])
    return NN_(
        "Takes effect %(days)s day after the last thing it needs is there, by the calendar of"
        " %(place)s",
        "Takes effect %(days)s days after the last thing it needs is there, by the calendar of"
        " %(place)s",
    ), int(named.get("days", 1))
