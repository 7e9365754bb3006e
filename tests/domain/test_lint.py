"""Lint: each planted fault is found where it is, and nothing makes it fail."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.definitions import load_vocabulary, shipped_kinds
from tests.make_rules import KIND, labels, rules
from workflow.domain.definition_reader import STATES
from workflow.domain.findings import Fault, Level
from workflow.domain.lint import errors, lint, read_and_lint
from workflow.domain.vocabulary import Vocabulary

VOCABULARY = Vocabulary.from_mapping(load_vocabulary())
KINDS = shipped_kinds()

LEADS = {"signoffs": {"each": ["lead"], "role": "line_ministry"}}
LAWYERS = {"signoffs": {"each": ["lead"], "role": "legal_service"}}
HEADS = {"signoffs": {"each": ["lead"], "role": "head_of_delegation"}}
PAPER = {"evidence": {"type": "meeting_report"}}
SILENCE = {"of": ["member"], "role": "foreign_ministry", "days": 14, "place": "Asia/Tokyo"}
REOPEN = {"from": "implemented", "to": "agreed", "by": ["secretariat"], "needs": LEADS}

Found = set[tuple[Fault, str, Level]]


def sound(**steps: dict[str, Any]) -> dict[str, Any]:
    """Give rules that nothing is wrong with, changed step by step."""
    made = rules(KIND, **{"reopen": REOPEN, **steps})
    made["meaning"] = {state: labels("Done.") for state in ("agreed", "implemented")}
    return made


def found(mapping: dict[str, Any], **known: Any) -> Found:  # noqa: ANN401 - those of `lint`
    """Give (code, place, level) of everything that is found."""
    _, findings = read_and_lint(mapping, VOCABULARY, **known)
    return {(each.code, each.place, each.level) for each in findings}


def needing(part: dict[str, Any], **others: Any) -> dict[str, Any]:  # noqa: ANN401 - keys of a step
    """Give sound rules whose first step needs this, and lets every capacity object."""
    capacities = ["proposer", "lead", "member", "contributor", "host"]
    objections = {"from": capacities, "block_at": 1}
    return sound(agree={"needs": part, "objections": objections, **others})


def test_sound_rules_are_clean() -> None:
    assert found(sound()) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_a_shipped_kind_is_clean(kind: str) -> None:
    assert found(KINDS[kind]) == set()


# --- states and the ways between them -------------------------------------------------------------


def test_a_state_that_nothing_leads_to_is_found() -> None:
    made = sound()
    made["states"]["shelved"] = labels("Shelved")
    made["steps"]["unshelve"] = {**made["steps"]["reopen"], "from": "shelved"}
    assert found(made) == {(Fault.UNREACHABLE, "states.shelved", Level.ERROR)}


@pytest.mark.parametrize("leaves", [False, True])
def test_a_state_that_nobody_can_leave_is_found(leaves: bool) -> None:  # noqa: FBT001 - a case
    made = sound(shelve={**REOPEN, "from": "proposed", "to": "limbo"})
    made["states"]["limbo"] = labels("Limbo")
    if leaves:  # in a circle, which is no way out
        made["states"]["purgatory"] = labels("Purgatory")
        made["steps"]["wait"] = {**made["steps"]["reopen"], "from": "limbo", "to": "purgatory"}
        made["steps"]["hope"] = {**made["steps"]["reopen"], "from": "purgatory", "to": "limbo"}
    assert (Fault.DEAD_END, "states.limbo", Level.ERROR) in found(made)


def test_an_end_of_the_kinds_own_is_no_dead_end() -> None:
    made = sound(shelve={**REOPEN, "from": "proposed", "to": "shelved"})
    made["states"]["shelved"] = labels("Shelved")
    assert found({**made, "ends": ["shelved"]}) == set()


def test_what_is_never_implemented_may_end_agreed() -> None:
    made = rules()
    del made["states"]["implemented"], made["steps"]["implement"]
    made["meaning"] = {"agreed": labels("Done.")}
    assert found(made) == set()


def test_what_cannot_be_undone_is_found() -> None:
    made = sound(suspend={**REOPEN, "from": "agreed", "to": "suspended"})
    made["states"] |= {name: labels(name) for name in ("suspended", "discontinued")}
    made["steps"]["discontinue"] = {
        **made["steps"]["reopen"], "from": "suspended", "to": "discontinued",
    }  # fmt: skip
    del made["steps"]["reopen"], made["steps"]["return"]
    assert found(made) == {
        (Fault.NO_WAY_BACK, "states.proposed", Level.WARNING),
        (Fault.NO_WAY_BACK, "states.implemented", Level.WARNING),
        (Fault.NO_WAY_BACK, "states.suspended", Level.WARNING),
    }


def test_automatic_steps_in_a_circle_are_found() -> None:
    again = {"from": "agreed", "to": "proposed", "fires": "by-itself", "needs": LAWYERS}
    made = sound(doubt=again)
    assert found(made) == {(Fault.AUTOMATIC_CYCLE, "steps.agree.fires", Level.ERROR)}
    (finding,) = errors(lint_of(made))
    assert finding.problem.endswith("agree, doubt")


def test_an_automatic_step_back_to_where_it_starts_is_found() -> None:
    made = sound(renew={"from": "proposed", "to": "proposed", "fires": "by-itself", "needs": LEADS})
    assert found(made) == {(Fault.AUTOMATIC_CYCLE, "steps.renew.fires", Level.ERROR)}


def test_a_step_from_no_state_is_found() -> None:
    made = sound(extra={**REOPEN, "from": []})
    assert found(made) == {(Fault.UNREACHABLE, "steps.extra.from", Level.ERROR)}


def test_a_new_revision_where_no_text_changes_is_found() -> None:
    made = sound(reopen={**REOPEN, "then": "new-revision"})
    assert found(made) == {(Fault.REVISION_ELSEWHERE, "steps.reopen.then", Level.ERROR)}


def test_a_delay_that_leads_nowhere_is_found() -> None:
    made = sound(**{"return": {"delay": {"days": 3, "place": "Asia/Tokyo"}}})
    assert found(made) == {(Fault.DELAY_IN_PLACE, "steps.return.delay", Level.WARNING)}


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "code", "word"),
    [
        ({"signoffs": {"each": ["lead"], "role": "lien_ministry"}}, Fault.UNKNOWN_ROLE, "role"),
        ({"signoffs": {"party": "JP", "role": "Legal"}}, Fault.UNKNOWN_ROLE, "role"),
        ({"silence": {**SILENCE, "role": "nobody"}}, Fault.UNKNOWN_ROLE, "role"),
        ({"evidence": {"type": "meeting_raport"}}, Fault.UNKNOWN_EVIDENCE, "type"),
        ({"signoffs": {"party": "jp", "role": "legal_service"}}, Fault.UNKNOWN_PARTY, "party"),
    ],
)
def test_a_word_that_nobody_knows_is_found(part: dict[str, Any], code: Fault, word: str) -> None:
    (key,) = part
    place = f"steps.agree.needs.{key}.{word}"
    assert (code, place, Level.ERROR) in found(needing(part))


def test_a_misspelt_role_is_suggested() -> None:
    part = {"signoffs": {"each": ["lead"], "role": "lien_ministry"}}
    (finding,) = lint_of(needing(part))
    assert finding.suggestion == "Did you mean 'line_ministry'?"


def test_a_finer_role_of_a_known_one_is_known() -> None:
    part = {"signoffs": {"each": ["lead"], "role": "line_ministry.space"}}
    assert found(needing(part)) == set()


def test_an_unknown_role_that_may_take_a_step_is_found() -> None:
    made = sound(implement={"by": ["secretariat", "boss"]})
    assert found(made) == {(Fault.UNKNOWN_ROLE, "steps.implement.by[1]", Level.ERROR)}


@pytest.mark.parametrize(("code", "known"), [("NO", True), ("ZZ", False), ("UK", False)])
def test_two_letters_are_a_states_code(code: str, *, known: bool) -> None:
    part = {"signoffs": {"party": code, "role": "legal_service"}}
    place = "steps.agree.needs.signoffs.party"
    assert found(needing(part)) == (
        set() if known else {(Fault.UNKNOWN_PARTY, place, Level.WARNING)}
    )


def test_a_party_that_a_deployment_does_not_have_is_found() -> None:
    part = {"signoffs": {"party": "JICA", "role": "implementing_agency"}}
    warning = (Fault.UNKNOWN_PARTY, "steps.agree.needs.signoffs.party", Level.WARNING)
    assert found(needing(part)) == set()
    assert found(needing(part), parties={"UZ", "JP"}) == {warning}
    assert found(needing(part), parties={"UZ", "JICA"}) == set()


def test_a_state_of_children_that_no_kind_has_is_found() -> None:
    part = {"all": [LEADS, {"children": {"in": ["implemented", "launched"]}}]}
    warning = (Fault.UNKNOWN_STATE, "steps.agree.needs.all[1].children.in", Level.WARNING)
    assert found(needing(part)) == {warning}
    assert found(needing(part), states={"launched"}) == set()


def test_a_meaning_of_no_state_and_a_state_without_meaning_are_found() -> None:
    made = sound()
    made["meaning"]["agred"] = made["meaning"].pop("agreed")
    assert found(made) == {
        (Fault.UNKNOWN_STATE, "meaning.agred", Level.ERROR),
        (Fault.MISSING_MEANING, "meaning", Level.NOTE),
    }


@pytest.mark.parametrize("name", ["a/b", "Agree", "a b", "", "х", "a" * 61])
def test_a_name_that_cannot_stand_in_an_address_is_found(name: str) -> None:
    made = sound()
    made["steps"][name] = made["steps"].pop("reopen")
    assert (Fault.UNSAFE_NAME, f"steps.{name}", Level.ERROR) in found(made)


def test_a_missing_label_and_a_strange_language_are_found() -> None:
    made = sound()
    made["steps"]["agree"]["labels"] = {"en": "Agree", "ja": "x", "uz": "x", "kk": "x"}
    assert found(made) == {
        (Fault.MISSING_LABEL, "steps.agree.labels", Level.ERROR),
        (Fault.LANGUAGE, "steps.agree.labels", Level.ERROR),
    }


def test_a_label_of_blanks_is_missing() -> None:
    made = sound()
    made["states"]["agreed"] = labels("Agreed") | {"ru": " "}
    assert found(made) == {(Fault.MISSING_LABEL, "states.agreed", Level.ERROR)}


def test_a_label_that_is_no_text_is_found() -> None:
    made = sound()
    made["states"]["agreed"] = labels("Agreed") | {"ru": {"short": "A"}}
    assert found(made) == {(Fault.MALFORMED, "states.agreed", Level.ERROR)}


@pytest.mark.parametrize("sign", ["\u202e", "\u200b", "\x00", "\ud800", "\u2066"])
def test_a_text_that_could_deceive_is_found(sign: str) -> None:
    made = sound()
    made["steps"]["agree"]["meaning"]["ja"] += sign
    assert found(made) == {(Fault.UNSAFE_TEXT, "steps.agree.meaning.ja", Level.ERROR)}


def lint_of(mapping: dict[str, Any]) -> Any:  # noqa: ANN401 - findings
    """Give the findings themselves."""
    return read_and_lint(mapping, VOCABULARY)[1]


# --- it never fails -------------------------------------------------------------------------------

WORDS = st.sampled_from(
    ["lead", "agreed", "proposed", "line_ministry", "JP", "2/3", "Asia/Tokyo", "by-itself", "", "*"]
)
KEYS = st.sampled_from(
    [
        "all", "any", "at_least", "signoffs", "silence", "evidence", "field", "date", "children",
        "parties", "stage", "each", "role", "count", "of", "from", "to", "in", "needs", "by",
        "objections", "delay", "days", "place", "party", "states", "steps", "labels", "x",
    ]
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def places(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401 - JSON
    """Give the place of everything inside a value."""
    if not isinstance(value, dict | list):
        return []
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    found_here = []
    for key, each in inside:
        found_here += [(*place, key), *places(each, (*place, key))]
    return found_here


def replaced(value: Any, place: tuple[Any, ...], by: Any) -> Any:  # noqa: ANN401 - JSON
    """Give a value with something else at a place."""
    changed = deepcopy(value)
    at = changed
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = by
    return changed


@given(JSON)
def test_lint_answers_to_anything(raw: Any) -> None:  # noqa: ANN401 - JSON
    definition, findings = read_and_lint(raw, VOCABULARY)
    assert definition is None
    assert findings


@settings(max_examples=300)
@given(st.data())
def test_lint_answers_to_a_kind_with_anything_in_it(data: st.DataObject) -> None:
    kind = KINDS[data.draw(st.sampled_from(sorted(KINDS)))]
    place = data.draw(st.sampled_from(places(kind)))
    made = replaced(kind, place, data.draw(JSON))
    definition, findings = read_and_lint(made, VOCABULARY)
    assert definition is not None or findings
    if definition is not None:
        assert lint(definition, VOCABULARY, parties={"UZ"}, states=STATES) is not None
