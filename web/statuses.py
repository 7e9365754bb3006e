"""Which HTTP status a refusal is answered with."""

from collections.abc import Iterable
from http import HTTPStatus

from workflow.domain.verdicts import Code, Refusal

_HIDDEN = {Code.NOT_FOUND, Code.EVIDENCE_UNKNOWN}
_CONFLICTS = {
    Code.CHANGED_MEANWHILE,
    Code.REVISION_OLD,
    Code.STEP_NOT_OPEN,
    Code.SEAT_ALREADY_SIGNED,
    Code.SEAT_SIGNED_BY_ANOTHER,
    Code.KEY_REUSED,
    Code.EVIDENCE_ALREADY_VERIFIED,
    Code.MANDATE_ALREADY_HELD,
    Code.LOGIN_TAKEN,
}
_FORBIDDEN = {
    Code.NO_MANDATE,
    Code.MAY_NOT_TAKE_STEP,
    Code.PROPOSER_MAY_NOT_SIGN,
    Code.LAST_EDITOR_MAY_NOT_SIGN,
    Code.PERSON_ALREADY_SIGNED,
    Code.SUPPLIER_MAY_NOT_VERIFY,
    Code.NOT_ADMINISTRATOR,
    Code.AUDITOR_ONLY,
}
STALE = {Code.CHANGED_MEANWHILE, Code.REVISION_OLD}
"""The page that the caller decided on is no longer the present one."""


def status_of(reasons: Iterable[Refusal]) -> HTTPStatus:
    """Return the status for these reasons: what hides first, then conflict, then authority."""
    codes = {reason.code for reason in reasons}
    if codes & _HIDDEN:
        return HTTPStatus.NOT_FOUND
    if codes & STALE:
        return HTTPStatus.CONFLICT
    if codes & _FORBIDDEN:
        return HTTPStatus.FORBIDDEN
    if codes & _CONFLICTS:
        return HTTPStatus.CONFLICT
    return HTTPStatus.UNPROCESSABLE_ENTITY
