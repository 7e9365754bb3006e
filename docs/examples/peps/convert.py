"""Turns status events of Python Enhancement Proposals into acts for `summit history import`.

    python convert.py pep_events.json > peps.jsonl

It repairs nothing: the events stay in the order of their file, and a status is taken by its very
word, so that what never was a step of PEP 1 comes out as irregular in the import's report.
"""

# ruff: noqa: INP001 - a script to be run by itself, in no package

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

STEPS = {
    "Draft": ("reopen", "proposed"),
    "Accepted": ("accept", "accepted"),
    "Provisional": ("accept-provisionally", "provisional"),
    "Active": ("activate", "active"),
    "Final": ("finish", "final"),
    "Deferred": ("defer", "deferred"),
    "Rejected": ("reject", "rejected"),
    "Withdrawn": ("withdraw", "withdrawn"),
    "Superseded": ("supersede", "superseded"),
}
"""PEP 1's words for a status: the step that leads there, and our name of the state."""

FIELDS = {"Type": "pep_type", "Resolution": "resolution", "Superseded-By": "superseded_by"}
"""Headers whose values the events carry."""

PARTY, KIND = "PYTHON", "pep"
SOURCE = "the public history of github.com/python/peps"

Event = Mapping[str, Any]
Act = dict[str, Any]


def acts_of(events: Iterable[Event]) -> Iterator[Act]:
    """Give the acts of all events, in their order; each names the number of its event."""
    titles: dict[int, str] = {}
    for number, event in enumerate(events, start=1):
        if number == 1:
            yield {"act": "party", "code": PARTY, "name": "Python", "at": event["date"]}
        for act in _acts(event, titles.get(event["pep"])):
            yield act | {
                "reference": f"PEP-{event['pep']:04}", "at": event["date"], "event": str(number),
            }  # fmt: skip
        titles[event["pep"]] = event["title"]


def _acts(event: Event, title: str | None) -> Iterator[Act]:
    changed = event["changed"]
    if "created" in changed:
        yield _propose(event)
        # Whatever PEP 1 says, some began as something else than a draft.
        if event["Status"] != "Draft":
            yield _step(event, "begin")
        return
    if event["title"] != title or set(changed) - {"Status"}:
        yield _revise(event, title)
    if "Status" in changed:
        yield _step(event)


def _propose(event: Event) -> Act:
    return {
        "act": "propose",
        "kind": KIND,
        "title": {"en": event["title"]},
        "parties": {PARTY: "lead"},
        "fields": {name: event[header] for header, name in FIELDS.items() if event[header]},
        "source": SOURCE,
    }


def _revise(event: Event, title: str | None) -> Act:
    """Give what the headers say now; of some the events say only that they changed."""
    headers = [name for name in event["changed"] if name != "Status"]
    fields = {FIELDS[name]: event[name] for name in headers if name in FIELDS}
    untold = ", ".join(name for name in headers if name not in FIELDS)
    if untold:
        fields["other_headers"] = f"{untold} changed at {event['date']}"
    titles = {"title": {"en": event["title"]}} if event["title"] != title else {}
    return {"act": "revise", "fields": fields, **titles}


def _step(event: Event, name: str | None = None) -> Act:
    """Give the step to a status; a word that PEP 1 does not know is kept as it was typed."""
    status = event["Status"]
    known = "".join(sign for sign in status.lower() if sign.isalnum()) or "nothing"
    step, state = STEPS.get(status, (f"to-{known}", known))
    return {"act": "step", "step": name or step, "to": state, "reason": f"Status: {status}"}


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:  # noqa: PTH123 - read whole, closed at once
        for each in acts_of(json.load(file)):
            sys.stdout.write(json.dumps(each, ensure_ascii=False) + "\n")
