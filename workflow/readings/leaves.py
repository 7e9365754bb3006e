"""What the leaves of a rule ask for, each in one sentence."""

from collections.abc import Iterator

from workflow.domain.explanation import Word
from workflow.domain.verdicts import Param
from workflow.readings.reading import N_, NN_, Reading

Named = dict[str, Param]

_SORTS = {"state": N_("states only"), "organisation": N_("organisations only")}
_COUNTING = {
    "state": N_("organisations may sign beside them but do not count"),
    "organisation": N_("states may sign beside them but do not count"),
}


def read_leaf(code: Word, named: Named) -> Reading:
    """Read what a leaf asks for."""
    return _READERS[code](named)


def _signoffs(named: Named) -> Reading:
    number = int(named.get("need") or 1)
    return Reading(_signoffs_sentence(named), named, number, (*_signing_notes(named),))


def _signoffs_sentence(named: Named) -> str | tuple[str, str]:
    if named.get("everyone"):
        return N_("The %(role)s of every %(capacities)s signs")
    if not named.get("share"):
        return NN_(
            "At least %(need)s party that takes part as %(capacities)s signs through its %(role)s",
            "At least %(need)s parties that take part as %(capacities)s sign through their"
            " %(role)s",
        )
    if named.get("more_than"):
        return N_(
            "More than %(share)s of the parties that take part as %(capacities)s sign through"
            " their %(role)s"
        )
    return N_(
        "At least %(share)s of the parties that take part as %(capacities)s sign through"
        " their %(role)s"
    )


def _signing_notes(named: Named) -> Iterator[Reading]:
    yield from _sort_note(named)
    if beside := _COUNTING.get(str(named.get("counting", ""))):
        yield Reading(beside)
    if named.get("abstentions"):
        yield Reading(N_("an abstention counts, too"))


def _sort_note(named: Named) -> tuple[Reading, ...]:
    only = _SORTS.get(str(named.get("sort", "")))
    return (Reading(only),) if only else ()


def _signoff(named: Named) -> Reading:
    return Reading(N_("The %(role)s of %(party)s signs"), named, 1, (*_signing_notes(named),))


def _silence(named: Named) -> Reading:
    sentence, number = _silence_sentence(named)
    over = (Reading(N_("the time to object is over")),) if named.get("have") else ()
    return Reading(sentence, named, number, (*_sort_note(named), *over))


def _silence_sentence(named: Named) -> tuple[str | tuple[str, str], int]:
    if named.get("until"):
        return N_(
            "Adopted unless the %(role)s of any %(capacities)s objects by %(until)s (%(place)s)"
        ), 1
    if named.get("months"):
        return NN_(
            "Adopted unless the %(role)s of any %(capacities)s objects within %(months)s month"
            " after the revision opens, in days of %(place)s",
            "Adopted unless the %(role)s of any %(capacities)s objects within %(months)s months"
            " after the revision opens, in days of %(place)s",
        ), int(named["months"])
    return NN_(
        "Adopted unless the %(role)s of any %(capacities)s objects within %(days)s day after"
        " the revision opens, in days of %(place)s",
        "Adopted unless the %(role)s of any %(capacities)s objects within %(days)s days after"
        " the revision opens, in days of %(place)s",
    ), int(named.get("days", 1))


def _evidence(named: Named) -> Reading:
    sentence = NN_(
        "%(count)s document is on file: %(type)s", "%(count)s documents are on file: %(type)s"
    )
    if named.get("capacities"):
        sentence = NN_(
            "Every %(capacities)s supplies %(count)s document: %(type)s",
            "Every %(capacities)s supplies %(count)s documents: %(type)s",
        )
    verified = (
        (Reading(N_("verified by a party that did not supply it")),)
        if named.get("verified")
        else ()
    )
    return Reading(sentence, named, int(named["count"]), (*_sort_note(named), *verified))


def _field(named: Named) -> Reading:
    return Reading(N_("The field %(field)s is filled in"), named)


def _date(named: Named) -> Reading:
    if named.get("on"):
        return Reading(N_("The day %(on)s has come, by the calendar of %(place)s"), named)
    notes = (Reading(N_("on %(until)s"), named),) if named.get("until") else ()
    sentence = N_("The day in the field %(field)s has come, by the calendar of %(place)s")
    return Reading(sentence, named, notes=notes)


def _children(named: Named) -> Reading:
    if named.get("everyone"):
        return Reading(
            N_("Every proposal under this one is %(states)s, and there is at least one"), named
        )
    sentence = NN_(
        "At least %(need)s proposal under this one is %(states)s",
        "At least %(need)s proposals under this one are %(states)s",
    )
    return Reading(sentence, named, int(named.get("need", 1)))


def _parties(named: Named) -> Reading:
    sentence = NN_(
        "At least %(need)s party takes part as %(capacities)s",
        "At least %(need)s parties take part as %(capacities)s",
    )
    return Reading(sentence, named, int(named.get("need", 1)), _sort_note(named))


_READERS = {
    Word.SIGNOFFS: _signoffs,
    Word.SIGNOFF: _signoff,
    Word.SILENCE: _silence,
    Word.EVIDENCE: _evidence,
    Word.FIELD: _field,
    Word.DATE: _date,
    Word.CHILDREN: _children,
    Word.PARTIES: _parties,
}
