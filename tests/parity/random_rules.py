"""Random definitions of the whole language, as a file writes them; a seed gives one for good."""

from random import Random
from typing import Any

from tests.make_rules import labels, rules

Written = dict[str, Any]

ROLES = ("line_ministry", "finance_ministry", "foreign_ministry")
CAPACITIES = ("member", "member", "contributor", "proposer")
PLACES = ("Asia/Tokyo", "Asia/Tashkent")
LINE, PARENT = "line", "charter"
"""The kinds of a child and of its parent."""

_ANY_LEAD = {"parties": {"in": ["lead"], "at_least": 1}}
"""What every proposal has: such a step is the secretariat's to take."""


def random_definitions(chance: Random) -> tuple[Written, Written]:
    """Make the rules of a kind of children and of a kind of parents."""
    return _line(chance), _charter(chance)


def _charter(chance: Random) -> Written:
    """Make a life with a delay, silences, objections and a way back."""
    return _with_date(
        rules(
            PARENT,
            agree={**_step(chance), "needs": _part(chance, 2)},
            implement={**_step(chance), "from": "agreed", "to": "implemented",
                       "needs": _part(chance, 2)},
            reopen={"from": "implemented", "to": "agreed", "side": True, "by": ["secretariat"],
                    "needs": _ANY_LEAD},
            **{"return": {"by": ["secretariat"], "needs": _ANY_LEAD}},
        )
    )  # fmt: skip


def _line(chance: Random) -> Written:
    """Make the life of a child, which the calendar or a person moves."""
    need = _date(chance) if chance.random() < 0.5 else _everyone(chance)
    fires = {"fires": "by-itself"} if chance.random() < 0.5 else {"by": ["secretariat"]}
    return _with_date(
        rules(
            LINE,
            agree={**fires, "needs": need, "bars": []},
            implement={"by": ["secretariat"], "needs": _ANY_LEAD},
        )
    )  # fmt: skip


def _with_date(written: Written) -> Written:
    written["fields"]["opening"] = {"type": "date", "labels": labels("Opening")}
    written["material"] = ["titles", "summary", "parties", "amount"]
    return written


def _step(chance: Random) -> Written:
    """Make what a step says beside its needs."""
    step: Written = {
        "bars": chance.sample(["proposer", "last-editor"], chance.randint(0, 2)),
        "person": chance.choice(["once", "once-a-seat"]),
        "objections": chance.choice(
            ["recorded", {"from": _several(chance), "block_at": chance.randint(1, 2)}]
        ),
    }
    step |= {"fires": "by-itself"} if chance.random() < 0.6 else {"by": ["secretariat"]}
    if chance.random() < 0.4:
        step["delay"] = {**_span(chance), "place": chance.choice(PLACES),
                         "irrevocable": chance.random() < 0.3}  # fmt: skip
    return step


def _part(chance: Random, depth: int) -> Written:
    """Make a part, nested as deep as that."""
    if depth == 0 or chance.random() < 0.25:
        return _leaf(chance)
    parts = [_part(chance, depth - 1) for _ in range(chance.choice((1, 2, 2, 3)))]
    if chance.random() < 0.3:
        for number, part in enumerate(parts):
            part["stage"] = f"stage-{number}"
    return chance.choice(
        [
            {"all": parts},
            {"all": parts},
            {"any": parts},
            {"at_least": {"count": chance.randint(1, len(parts)), "of": parts}},
        ]
    )


def _leaf(chance: Random) -> Written:
    if chance.random() < 0.65:
        return _everyone(chance) if chance.random() < 0.8 else _named(chance)
    return chance.choice((_silence, _date, _evidence, _children, _present, _field))(chance)


def _everyone(chance: Random) -> Written:
    rule: Written = {"each": _several(chance), "role": chance.choice(ROLES)}
    rule |= chance.choice(
        [
            {},
            {},
            {"at_least": 1},
            {"at_least": 1},
            {"at_least": 2},
            {"at_least": "2/3"},
            {"more_than": "1/2"},
        ]
    )
    for key, value in (("sort", "state"), ("counting", "state"), ("abstentions", "count")):
        if chance.random() < 0.15:
            rule[key] = value
    return {"signoffs": rule}


def _named(chance: Random) -> Written:
    return {"signoffs": {"party": "UZ", "role": chance.choice(ROLES)}}


def _silence(chance: Random) -> Written:
    rule = {"of": _several(chance), "role": chance.choice(ROLES), **_span(chance)}
    return {"silence": {**rule, "place": chance.choice(PLACES)}}


def _date(chance: Random) -> Written:
    on = {"on": f"2026-01-{chance.randint(5, 19):02}"}
    return {"date": {**chance.choice([{"field": "opening"}, on]), "place": chance.choice(PLACES)}}


def _evidence(chance: Random) -> Written:
    rule: Written = {"type": "report", "count": 1, "verified": chance.random() < 0.5}
    if chance.random() < 0.3:
        rule["each"] = ["lead"]
    return {"evidence": rule}


def _children(chance: Random) -> Written:
    states = chance.choice([["agreed", "implemented"], ["implemented"], ["agreed"]])
    return {"children": {"in": states, **chance.choice([{}, {"at_least": 1}])}}


def _present(chance: Random) -> Written:
    return {"parties": {"in": _several(chance), "at_least": chance.randint(1, 2)}}


def _field(chance: Random) -> Written:
    return {"field": chance.choice(["amount", "venue", "opening"])}


def _several(chance: Random) -> list[str]:
    return sorted({"lead", *chance.sample(CAPACITIES, chance.choice((0, 1, 1)))})


def _span(chance: Random) -> Written:
    return {"days": chance.randint(1, 4)}
