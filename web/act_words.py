"""What people did, as the log's kinds of entries and a history say it."""

from collections.abc import Iterable

from flask_babel import gettext as _

from workflow.domain.names import ERASED_NAME


def act(kind: str) -> str:
    """Name an act; a kind that this page does not know is said as it is written."""
    return _acts().get(kind, kind)


def person(name: str) -> str:
    """Name a person; of who was erased there is no name."""
    return _("erased person") if name == ERASED_NAME else name


def ended(because: str) -> str:
    """Say why a sign-off is no longer live."""
    known = {
        "replaced": _("replaced by a later decision"),
        "confirmed": _("confirmed"),
        "withdrawn": _("withdrawn by whoever made it"),
        "lifted": _("objection lifted"),
        "spent": _("counted, and the step was taken"),
        "no-longer-open": _("no longer open: another step was taken"),
        "new-revision": _("void: the text has a new revision"),
        "returned": _("void: the text was returned"),
        "rules-changed": _("void: the new rules do not ask for it"),
    }
    return known.get(because, because)


def source(via: str) -> str:
    """Name the route an act came by."""
    known = {
        "web": _("on this site"),
        "cli": _("by command"),
        "due-work": _("by the calendar"),
        "setup": _("at set-up"),
    }
    return known.get(via, via)


def irregular(codes: Iterable[str]) -> str:
    """Say what was wrong with an act that a source tells of, as far as there are words for it."""
    known = {
        "step_unknown": _("there is no such step"),
        "step_not_open": _("the step was not open"),
        "out_of_order": _("out of order"),
        "no_mandate": _("no mandate at that time"),
        "seat_unknown": _("nobody was asked there"),
        "stage_not_open": _("before its stage"),
        "seat_already_signed": _("already signed"),
        "not_editable": _("the text could no longer be changed"),
        "nothing_changed": _("nothing changed"),
        "signoffs_missing": _("sign-offs were missing"),
        "signoff_missing": _("sign-offs were missing"),
        "evidence_missing": _("evidence was missing"),
        "field_missing": _("a field was empty"),
    }
    return ", ".join(dict.fromkeys(known.get(code, code) for code in codes))


def decision_meaning(code: str) -> str:
    """Say in one line what a decision does."""
    return {
        "approve": _("Your party approves this revision. It counts."),
        "reserve": _(
            "Your party approves. It counts, and the reservation you write stays on record."
        ),
        "ad-referendum": _(
            "Your party approves subject to confirmation. It counts once a holder of this seat"
            " confirms."
        ),
        "confirm": _(
            "What waits for confirmation at this seat is confirmed, and counts from now on."
        ),
        "abstain": _(
            "Your party has answered, for neither side. It counts only where the rule says so."
        ),
        "object": _("Your party objects, for the reason you write."),
        "withdraw": _("Your sign-off no longer counts. It stays on record as withdrawn."),
        "lift": _("Your objection no longer stops the step. It stays on record as lifted."),
    }.get(code, "")


def decided(code: str) -> str:
    """Say what has been done, once a decision is made."""
    return {
        "approve": _("You have signed revision %(revision)s."),
        "reserve": _("You have signed revision %(revision)s. Your reservation is on record."),
        "ad-referendum": _(
            "You have approved revision %(revision)s ad referendum. It counts once it is confirmed."
        ),
        "confirm": _("You have confirmed the decision on revision %(revision)s."),
        "abstain": _("Your abstention on revision %(revision)s is on record."),
        "object": _("Your objection to revision %(revision)s is on record."),
        "withdraw": _("Your sign-off on revision %(revision)s is withdrawn."),
        "lift": _("Your objection to revision %(revision)s is lifted."),
    }[code]


def amount_meaning(code: str) -> str:
    """Name what an amount means."""
    known = {
        "pledge": _("pledged"),
        "commitment": _("committed"),
        "disbursement": _("disbursed"),
        "amount": _("amount"),
    }
    return known.get(code, code)


def _acts_on_the_log() -> dict[str, str]:
    return {
        "log-key": _("Key of the log made known"),
        "log-key-retired": _("Key of the log retired"),
        "witness-add": _("Witness of the log named"),
        "witness-remove": _("Witness of the log withdrawn"),
        "export": _("Log exported"),
        "import": _("recorded from a source, not done here"),
        "publish": _("Rules published"),
        "restore": _("Backup restored, signed entries lost"),
    }


def _acts() -> dict[str, str]:
    return _acts_on_the_log() | {
        "propose": _("Proposed"),
        "revise": _("Text changed"),
        "sign": _("Sign-off"),
        "step": _("Step taken"),
        "schedule": _("Day of effect set"),
        "unschedule": _("Day of effect taken back"),
        "migrate": _("Put under other rules"),
        "evidence": _("Evidence supplied"),
        "verify": _("Evidence verified"),
        "claim": _("Claim recorded"),
        "party": _("Party entered"),
        "person": _("Person added"),
        "invite": _("One-time link made"),
        "bootstrap": _("First administrator made"),
        "grant": _("Mandate granted"),
        "revoke": _("Mandate revoked"),
        "delegate": _("Mandate delegated"),
        "undelegate": _("Delegation revoked"),
        "disable": _("Person disabled"),
        "erase": _("Person erased"),
        "password": _("Password set"),
        "token": _("Access token made"),
        "import": _("History imported"),
        "irregular": _("Irregular act of a source"),
        "summit": _("Summit entered"),
    }
