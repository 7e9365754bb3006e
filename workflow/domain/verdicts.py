"""What a decision answers: granted, or refused with every reason as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

Param: TypeAlias = str | int


class Code(StrEnum):
    """Why something was refused, or which part of a rule is meant; sentences live at the edge."""

    # the proposal
    NOT_FOUND = "not_found"
    CHANGED_MEANWHILE = "changed_meanwhile"
    STEP_UNKNOWN = "step_unknown"
    STEP_NOT_OPEN = "step_not_open"
    REVISION_OLD = "revision_old"
    REVISION_AWAITED = "revision_awaited"
    # authority
    NO_MANDATE = "no_mandate"
    MAY_NOT_TAKE_STEP = "may_not_take_step"
    SEAT_UNKNOWN = "seat_unknown"
    STAGE_NOT_OPEN = "stage_not_open"
    PROPOSER_MAY_NOT_SIGN = "proposer_may_not_sign"
    LAST_EDITOR_MAY_NOT_SIGN = "last_editor_may_not_sign"
    PERSON_ALREADY_SIGNED = "person_already_signed"
    SEAT_ALREADY_SIGNED = "seat_already_signed"
    SEAT_SIGNED_BY_ANOTHER = "seat_signed_by_another"
    NOTHING_TO_WITHDRAW = "nothing_to_withdraw"
    NOTHING_TO_LIFT = "nothing_to_lift"
    NOTHING_TO_CONFIRM = "nothing_to_confirm"
    RECORDER_MAY_NOT_CONFIRM = "recorder_may_not_confirm"
    DELEGATED_TOO_FAR = "delegated_too_far"
    IMPORTED_ONLY = "imported_only"
    # what a step still needs
    SIGNOFFS_MISSING = "signoffs_missing"
    SIGNOFF_MISSING = "signoff_missing"
    EVIDENCE_MISSING = "evidence_missing"
    FIELD_MISSING = "field_missing"
    OBJECTED = "objected"
    NOBODY_CAN_SIGN = "nobody_can_sign"
    NAMED_PARTY_ABSENT = "named_party_absent"
    REASON_MISSING = "reason_missing"
    FIRES_BY_ITSELF = "fires_by_itself"
    ALTERNATIVES_MISSING = "alternatives_missing"
    EVIDENCE_OF_EACH_MISSING = "evidence_of_each_missing"
    CHILDREN_MISSING = "children_missing"
    PARTIES_MISSING = "parties_missing"
    SILENCE_RUNS = "silence_runs"
    DATE_AHEAD = "date_ahead"
    DATE_UNKNOWN = "date_unknown"
    NOT_YET_EFFECTIVE = "not_yet_effective"
    WOULD_BE_UNDONE = "would_be_undone"
    # input
    REFERENCE_TAKEN = "reference_taken"
    REFERENCE_MALFORMED = "reference_malformed"
    KIND_UNKNOWN = "kind_unknown"
    EDITION_UNKNOWN = "edition_unknown"
    SUMMIT_UNKNOWN = "summit_unknown"
    PARTY_UNKNOWN = "party_unknown"
    PARTY_LOOKS_ALIKE = "party_looks_alike"
    CAPACITY_UNKNOWN = "capacity_unknown"
    FIELD_UNKNOWN = "field_unknown"
    FIELD_MALFORMED = "field_malformed"
    TEXT_UNSAFE = "text_unsafe"
    TEXT_MISSING = "text_missing"
    TEXT_TOO_LONG = "text_too_long"
    LANGUAGE_UNKNOWN = "language_unknown"
    NOTHING_CHANGED = "nothing_changed"
    NOT_EDITABLE = "not_editable"
    KEY_REUSED = "key_reused"
    NOTE_MISSING = "note_missing"
    # evidence
    EVIDENCE_UNKNOWN = "evidence_unknown"
    EVIDENCE_TYPE_UNKNOWN = "evidence_type_unknown"
    EVIDENCE_ALREADY_VERIFIED = "evidence_already_verified"
    SUPPLIER_MAY_NOT_VERIFY = "supplier_may_not_verify"
    FILE_NOT_ACCEPTED = "file_not_accepted"
    LINK_MALFORMED = "link_malformed"
    # editions
    STATE_UNKNOWN = "state_unknown"
    TEXT_WOULD_CHANGE = "text_would_change"
    CHANGE_UNKNOWN = "change_unknown"
    # people
    LOGIN_TAKEN = "login_taken"
    LOGIN_MALFORMED = "login_malformed"
    LOGIN_LOOKS_ALIKE = "login_looks_alike"
    PERSON_UNKNOWN = "person_unknown"
    PERSON_DISABLED = "person_disabled"
    PERSON_ERASED = "person_erased"
    REASON_NAMES_PERSON = "reason_names_person"
    ROLE_UNKNOWN = "role_unknown"
    NOT_ADMINISTRATOR = "not_administrator"
    MANDATE_UNKNOWN = "mandate_unknown"
    MANDATE_ALREADY_HELD = "mandate_already_held"
    DATES_MALFORMED = "dates_malformed"
    DATE_IN_FUTURE = "date_in_future"
    ALREADY_BOOTSTRAPPED = "already_bootstrapped"
    LAST_ADMINISTRATOR = "last_administrator"
    PASSWORD_TOO_SHORT = "password_too_short"  # noqa: S105 - a refusal code, not a secret
    PASSWORD_TOO_LONG = "password_too_long"  # noqa: S105 - a refusal code, not a secret
    PASSWORD_COMMON = "password_common"  # noqa: S105 - a refusal code, not a secret
    LINK_INVALID = "link_invalid"
    SIGN_IN_WRONG = "sign_in_wrong"
    SIGN_IN_THROTTLED = "sign_in_throttled"
    AUDITOR_ONLY = "auditor_only"
    ENTRY_NOT_FOUND = "entry_not_found"
    PARTY_MALFORMED = "party_malformed"
    TIME_ZONE_UNKNOWN = "time_zone_unknown"
    TOKEN_INVALID = "token_invalid"  # noqa: S105 - a refusal code, not a secret
    OVERSIGHT_NOT_DELEGATED = "oversight_not_delegated"
    DELEGATE_IS_GIVER = "delegate_is_giver"
    DELEGATION_CYCLE = "delegation_cycle"
    DELEGATION_TOO_DEEP = "delegation_too_deep"
    DELEGATION_TOO_LONG = "delegation_too_long"
    DELEGATION_ENDLESS = "delegation_endless"
    DELEGATION_PAST = "delegation_past"
    DELEGATE_OF_NO_MANDATE = "delegate_of_no_mandate"
    ALREADY_DELEGATED = "already_delegated"
    DELEGATION_UNKNOWN = "delegation_unknown"
    MAY_NOT_RECORD = "may_not_record"
    PAPER_DECISION = "paper_decision"
    PAPER_BEFORE_TEXT = "paper_before_text"
    MANDATE_NOT_HELD_THEN = "mandate_not_held_then"
    # witnesses of the log
    CHECKPOINT_MISSING = "checkpoint_missing"
    CHECKPOINT_SMALLER = "checkpoint_smaller"
    WITNESS_KEY_MALFORMED = "witness_key_malformed"
    WITNESS_TAKEN = "witness_taken"
    WITNESS_UNKNOWN = "witness_unknown"
    WITNESS_DECLINED = "witness_declined"
    COSIGNATURE_MALFORMED = "cosignature_malformed"
    COSIGNATURE_FALSE = "cosignature_false"
    # a file of rows
    FILE_NOT_TEXT = "file_not_text"
    COLUMN_MISSING = "column_missing"
    COLUMN_UNKNOWN = "column_unknown"
    ROW_MALFORMED = "row_malformed"
    OUT_OF_ORDER = "out_of_order"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason, as a code with what its sentence needs."""

    code: Code
    params: tuple[tuple[str, Param], ...] = ()

    @property
    def named(self) -> Mapping[str, Param]:
        """Give the parameters by name."""
        return dict(self.params)


def refuse(code: Code, **params: Param) -> Refusal:
    """Make a refusal whose parameters are in a fixed order, so that equal reasons are equal."""
    return Refusal(code, tuple(sorted(params.items())))


@dataclass(frozen=True, slots=True)
class Refused:
    """The answer no, with every reason there is."""

    reasons: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one act on one proposal, or of one act on people when `reference` is ''."""

    reference: str
    reasons: tuple[Refusal, ...] = ()
    state: str | None = None
    revision: int | None = None
    version: int | None = None
    entry: str | None = None
    """Hex leaf hash of the act's audit entry."""
    taken: tuple[str, ...] = field(default=())
    """Steps that the act took by itself."""

    @property
    def granted(self) -> bool:
        """Say whether the act was carried out."""
        return not self.reasons
