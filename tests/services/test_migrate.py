"""Moving proposals to another edition of their rules: planned, applied, undone."""

from tests import make
from workflow.bootstrap import Runtime
from workflow.domain.identity import OPERATOR
from workflow.domain.verdicts import Code, Refused
from workflow.persistence import proposals
from workflow.persistence.proposals import ProposalRow
from workflow.services.check import find_faults
from workflow.services.migrate import migrate, plan_migration, revert_migration

LEGAL = {"signoffs": {"each": ["lead", "member"], "role": "legal_service"}}
MINISTRIES = {"signoffs": {"each": ["lead", "member"], "role": "line_ministry"}}
HALF = {"signoffs": {"each": ["lead", "member"], "role": "line_ministry", "at_least": 1}}
KIND = make.KIND


def row_of(runtime: Runtime, reference: str) -> ProposalRow:
    with runtime.uow.read() as tx:
        row = proposals.find(tx, OPERATOR, reference)
        assert row is not None
        return row


def test_a_plan_says_what_becomes_void_and_what_is_newly_missing(runtime: Runtime) -> None:
    reference = make.proposal(runtime)
    make.approve(runtime, reference, make.delegate(runtime, party="UZ"))
    make.definition(runtime, agree={"needs": LEGAL})
    plan = plan_migration(runtime, KIND, 2)
    assert not isinstance(plan, Refused)
    (line,) = plan.lines
    assert [(each.party, each.role) for each in line.void] == [("UZ", "line_ministry")]
    assert [(step, reason.code) for step, reason in line.missing] == [
        ("agree", Code.SIGNOFFS_MISSING)
    ]
    assert row_of(runtime, reference).version == line.version


def test_a_migrated_proposal_follows_the_new_rules(runtime: Runtime) -> None:
    reference = make.proposal(runtime)
    make.approve(runtime, reference, make.delegate(runtime, party="UZ"))
    make.definition(runtime, agree={"needs": {"all": [MINISTRIES, LEGAL]}})
    done = migrate(runtime, make.secretary(runtime), KIND, 2)
    assert not isinstance(done, Refused)
    assert [line.granted for line in done.lines] == [True]
    make.approve(runtime, reference, make.delegate(runtime, party="JP"))
    assert row_of(runtime, reference).state == "proposed"
    for code in ("UZ", "JP"):
        make.approve(runtime, reference, make.delegate(runtime, party=code, role="legal_service"))
    assert row_of(runtime, reference).state == "agreed"
    assert list(find_faults(runtime)) == []


def test_rules_that_are_met_already_take_their_step_as_they_come(runtime: Runtime) -> None:
    reference = make.proposal(runtime)
    make.approve(runtime, reference, make.delegate(runtime, party="UZ"))
    make.definition(runtime, agree={"needs": HALF})
    plan = plan_migration(runtime, KIND, 2)
    assert not isinstance(plan, Refused)
    assert [line.taken for line in plan.lines] == ["agree"]
    migrate(runtime, make.secretary(runtime), KIND, 2)
    assert row_of(runtime, reference).state == "agreed"
    assert list(find_faults(runtime)) == []


def test_a_second_run_finds_nothing_left(runtime: Runtime) -> None:
    make.proposal(runtime)
    make.definition(runtime, agree={"needs": HALF})
    migrate(runtime, make.secretary(runtime), KIND, 2)
    again = migrate(runtime, make.secretary(runtime), KIND, 2)
    assert not isinstance(again, Refused)
    assert again.lines == ()


def test_a_migration_can_be_undone_and_gives_back_what_it_made_void(runtime: Runtime) -> None:
    reference = make.proposal(runtime)
    make.approve(runtime, reference, make.delegate(runtime, party="UZ"))
    before = row_of(runtime, reference)
    make.definition(runtime, agree={"needs": LEGAL})
    done = migrate(runtime, make.secretary(runtime), KIND, 2)
    assert not isinstance(done, Refused)
    assert row_of(runtime, reference).standing == "{}"
    back = revert_migration(runtime, make.secretary(runtime), done.change_id or "")
    assert not isinstance(back, Refused)
    assert [line.granted for line in back.lines] == [True]
    after = row_of(runtime, reference)
    assert (after.standing, after.edition_id) == (before.standing, before.edition_id)
    assert list(find_faults(runtime)) == []
    make.approve(runtime, reference, make.delegate(runtime, party="JP"))
    assert row_of(runtime, reference).state == "agreed"


def test_what_somebody_has_acted_on_since_is_not_moved_back(runtime: Runtime) -> None:
    reference = make.proposal(runtime)
    make.definition(runtime, agree={"needs": {"all": [MINISTRIES, LEGAL]}})
    done = migrate(runtime, make.secretary(runtime), KIND, 2)
    assert not isinstance(done, Refused)
    make.approve(runtime, reference, make.delegate(runtime, party="UZ"))
    back = revert_migration(runtime, make.secretary(runtime), done.change_id or "")
    assert not isinstance(back, Refused)
    assert [each.code for each in back.lines[0].reasons] == [Code.CHANGED_MEANWHILE]


def test_a_proposal_whose_state_the_new_rules_lack_stays_with_the_old(runtime: Runtime) -> None:
    paused = {"from": "proposed", "to": "paused", "by": ["secretariat"], "needs": HALF}
    rules = make.rules(KIND, pause=paused)
    rules["states"]["paused"] = make.labels("Paused")
    rules["steps"]["wake"] = {
        **rules["steps"]["pause"], "from": "paused", "to": "proposed",
    }  # fmt: skip
    publish(runtime, rules)
    reference = make.proposal(runtime)
    make.approve(runtime, reference, make.delegate(runtime, party="UZ"), step="pause")
    assert make.step(runtime, reference, "pause", make.secretary(runtime)).state == "paused"
    make.definition(runtime)
    done = migrate(runtime, make.secretary(runtime), KIND, 2)
    assert not isinstance(done, Refused)
    assert [each.code for each in done.lines[0].reasons] == [Code.STATE_UNKNOWN]
    assert row_of(runtime, reference).state == "paused"


def test_only_the_joint_secretariat_migrates(runtime: Runtime) -> None:
    make.proposal(runtime)
    make.definition(runtime, agree={"needs": HALF})
    answer = migrate(runtime, make.delegate(runtime), KIND, 2)
    assert isinstance(answer, Refused)
    assert [each.code for each in answer.reasons] == [Code.NO_MANDATE]


def test_an_edition_or_migration_that_does_not_exist_is_named(runtime: Runtime) -> None:
    make.proposal(runtime)
    plan = plan_migration(runtime, KIND, 9)
    back = revert_migration(runtime, make.secretary(runtime), "nothing")
    assert isinstance(plan, Refused)
    assert isinstance(back, Refused)
    assert [each.code for each in plan.reasons] == [Code.EDITION_UNKNOWN]
    assert [each.code for each in back.reasons] == [Code.CHANGE_UNKNOWN]


def publish(runtime: Runtime, rules: dict[str, object]) -> None:
    from workflow.domain.definition import Definition  # noqa: PLC0415 - beside its one use
    from workflow.persistence import definitions  # noqa: PLC0415 - as above

    with runtime.uow.write() as tx:
        definitions.publish(tx, Definition.from_mapping(rules), tx.at, None)
