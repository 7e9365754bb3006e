"""Random rules as a definition file writes them, so that the reader has its part in the test."""

from typing import Any

from hypothesis import strategies as st

from workflow.domain.shape import CAPACITIES

ROLES = ("line_ministry", "finance_ministry", "legal_service")
PARTIES = ("UZ", "JP", "KZ", "JICA")
TOKYO = "Asia/Tokyo"

Written = dict[str, Any]

_capacities = st.lists(st.sampled_from(CAPACITIES[:5]), min_size=1, max_size=3, unique=True)
_sorts = st.sampled_from(["state", "organisation"])
_roles = st.sampled_from(ROLES)
_counts: st.SearchStrategy[Written] = st.sampled_from([{}, {"abstentions": "count"}])
_most: st.SearchStrategy[Written] = st.sampled_from(
    [{}, *({"at_least": each} for each in (1, 2, 3, "1/2", "2/3")), {"more_than": "1/2"}]
)
_spans = st.sampled_from([{"days": 14}, {"months": 1}])

everyone = st.builds(
    lambda rule, most, counts: {**rule, **most, **counts},
    st.fixed_dictionaries(
        {"each": _capacities, "role": _roles}, optional={"sort": _sorts, "counting": _sorts}
    ),
    _most,
    _counts,
)
named = st.builds(
    lambda rule, counts: {**rule, **counts},
    st.fixed_dictionaries({"party": st.sampled_from(PARTIES), "role": _roles}),
    _counts,
)
signoffs = (everyone | named).map(lambda rule: {"signoffs": rule})
silences = st.builds(
    lambda of, role, span: {"silence": {"of": of, "role": role, "place": TOKYO, **span}},
    _capacities,
    _roles,
    _spans,
)
documents = st.fixed_dictionaries(
    {"type": st.just("report"), "count": st.integers(1, 2), "verified": st.booleans()},
    optional={"each": _capacities},
).map(lambda rule: {"evidence": rule})
_facts: st.SearchStrategy[Written] = st.one_of(
    documents,
    st.just({"field": "amount"}),
    st.just({"date": {"on": "2026-05-01", "place": TOKYO}}),
    st.sampled_from([{"children": {"in": ["implemented"]}},
                     {"children": {"in": ["implemented", "agreed"], "at_least": 2}}]),
    st.builds(lambda caps, k: {"parties": {"in": caps, "at_least": k}}, _capacities,
              st.integers(1, 3)),
    silences,
)  # fmt: skip


def _group(inner: st.SearchStrategy[Written]) -> st.SearchStrategy[Written]:
    several = st.lists(inner, min_size=1, max_size=3)
    some = several.flatmap(
        lambda parts: st.builds(
            lambda count: {"at_least": {"count": count, "of": parts}}, st.integers(1, len(parts))
        )
    )
    stages = st.sampled_from(["first", "second", "third"])
    staged = st.tuples(inner, stages).map(lambda pair: {**pair[0], "stage": pair[1]})
    return st.one_of(
        several.map(lambda parts: {"all": parts}),
        several.map(lambda parts: {"any": parts}),
        some,
        staged,
    )


parts: st.SearchStrategy[Written] = st.recursive(signoffs | _facts, _group, max_leaves=6)
"""Any part, nested."""

consents: st.SearchStrategy[Written] = st.recursive(signoffs, _group, max_leaves=5)
"""Parts that ask for sign-offs alone."""

policies: st.SearchStrategy[Written] = st.fixed_dictionaries(
    {
        "objections": st.just("recorded")
        | st.builds(lambda of, k: {"from": of, "block_at": k}, _capacities, st.integers(1, 2)),
        "person": st.sampled_from(["once", "once-a-seat"]),
    },
    optional={
        "delay": st.builds(
            lambda span, irrevocable: {**span, "place": TOKYO, "irrevocable": irrevocable},
            _spans,
            st.booleans(),
        )
    },
)
"""What a step says beside its needs."""
