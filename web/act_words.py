"""What people did, as the log's kinds of entries and a history say it."""

from flask_babel import gettext as _


def act(kind: str) -> str:
    """Name an act; a kind that this page does not know is said as it is written."""
    return _acts().get(kind, kind)


def ended(because: str) -> str:
    """Say why a sign-off is no longer live."""
    known = {
        "replaced": _("replaced by a later decision"),
        "withdrawn": _("withdrawn by whoever made it"),
        "lifted": _("objection lifted"),
        "spent": _("counted, and the step was taken"),
        "no-longer-open": _("no longer open: another step was taken"),
        "new-revision": _("void: the text has a new revision"),
        "returned": _("void: the text was returned"),
    }
    return known.get(because, because)


def source(via: str) -> str:
    """Name the route an act came by."""
    known = {
        "web": _("on this site"),
        "cli": _("by command"),
        "import": _("recorded from a source, not done here"),
        "due-work": _("by the calendar"),
        "setup": _("at set-up"),
    }
    return known.get(via, via)


def amount_meaning(code: str) -> str:
    """Name what an amount means."""
    known = {
        "pledge": _("pledged"),
        "commitment": _("committed"),
        "disbursement": _("disbursed"),
        "amount": _("amount"),
    }
    return known.get(code, code)


def _acts() -> dict[str, str]:
    return {
        "propose": _("Proposed"),
        "revise": _("Text changed"),
        "sign": _("Sign-off"),
        "step": _("Step taken"),
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
        "password": _("Password set"),
        "token": _("Access token made"),
        "publish": _("Rules published"),
        "export": _("Log exported"),
        "import": _("History imported"),
        "summit": _("Summit entered"),
    }
