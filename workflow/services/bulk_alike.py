"""Says which proposal a line may mean whose reference is unknown but looks like another."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from workflow.domain.alike import reference_skeleton
from workflow.domain.identity import Viewer
from workflow.domain.names import shown
from workflow.domain.verdicts import Code
from workflow.persistence import proposals
from workflow.persistence.unit_of_work import Tx
from workflow.services.bulk_plan import PlanLine

MOST_EXPLAINED: Final = 1_000
"""Lines; past them the file is simply of other proposals."""

_UNKNOWN: Final = (str(Code.NOT_FOUND),)


def say_alike(tx: Tx, viewer: Viewer, lines: Sequence[PlanLine]) -> tuple[PlanLine, ...]:
    """Give the lines, those of unknown references with what they look like, if anything."""
    unknown = (line for line in lines if line.reasons == _UNKNOWN)
    skeletons = {
        line.line.reference: reference_skeleton(line.line.reference)
        for line in islice(unknown, MOST_EXPLAINED)
    }
    if not skeletons:
        return tuple(lines)
    wanted = frozenset(skeletons.values())
    on_record: dict[str, str] = {}
    for reference in proposals.visible_references(tx, viewer):
        if (found := reference_skeleton(reference)) in wanted:
            # The same one each time, so that the same file gives the same plan.
            on_record[found] = min(reference, on_record.get(found, reference))
    above = _first_lines(lines, wanted)
    return tuple(_said(line, skeletons, on_record, above) for line in lines)


def _first_lines(lines: Sequence[PlanLine], wanted: frozenset[str]) -> dict[str, PlanLine]:
    first: dict[str, PlanLine] = {}
    for line in lines:
        if line.problem is None and (found := reference_skeleton(line.line.reference)) in wanted:
            first.setdefault(found, line)
    return first


def _said(
    line: PlanLine, skeletons: Mapping[str, str], on_record: Mapping[str, str],
    above: Mapping[str, PlanLine],
) -> PlanLine:  # fmt: skip
    skeleton = skeletons.get(line.line.reference) if line.reasons == _UNKNOWN else None
    if skeleton is None:
        return line
    first = above.get(skeleton)
    if skeleton in on_record:
        meant = on_record[skeleton]
    elif first is not None and first is not line:
        meant = f"{shown(first.line.reference)} on line {first.number}"
    else:
        return line
    problem = f"there is no {shown(line.line.reference)} to be seen, though it looks like {meant}"
    return replace(line, problem=problem)
