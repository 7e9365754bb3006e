"""Every refusal as a sentence that says what stands in the way and what to do.

The sentences are msgids: both faces say them, the web through its catalogues. `%(role)s` and the
like are filled with names in the reader's language by whoever has them, else with the codes.
"""

from collections.abc import Callable, Mapping

from workflow.domain.verdicts import Code, Param, Refusal

Translate = Callable[[str], str]
NameOf = Callable[[str, Param], str]
"""Say a parameter (its kind, its value) as the reader would: ('role', 'finance_ministry')."""


def N_(sentence: str) -> str:  # noqa: N802 - gettext's own mark for sentences translated later
    """Mark a sentence for the catalogues."""
    return sentence


SENTENCES: Mapping[Code, str] = {
    Code.NOT_FOUND: N_("There is no such proposal, or you may not see it: %(reference)s."),
    Code.CHANGED_MEANWHILE: N_(
        "It changed since you looked (now version %(version)s). Look again before you decide."
    ),
    Code.STEP_UNKNOWN: N_("This kind of proposal has no step %(step)s."),
    Code.STEP_NOT_OPEN: N_("The step %(step)s is not open while the proposal is %(state)s."),
    Code.REVISION_OLD: N_(
        "The text has a newer revision than the one you opened. Read it, then sign that one."
    ),
    Code.REVISION_AWAITED: N_(
        "The text was returned: nobody can sign until there is a new revision."
    ),
    Code.NO_MANDATE: N_(
        "You hold no mandate in force for this (%(party)s, %(role)s). Your party's administrator"
        " can grant it."
    ),
    Code.MAY_NOT_TAKE_STEP: N_("Only these roles may take the step: %(roles)s."),
    Code.SEAT_UNKNOWN: N_("The step %(step)s does not ask for a sign-off by %(party)s, %(role)s."),
    Code.STAGE_NOT_OPEN: N_("It is not yet your turn: an earlier stage must sign first."),
    Code.PROPOSER_MAY_NOT_SIGN: N_("You proposed this, so another person must sign in your place."),
    Code.LAST_EDITOR_MAY_NOT_SIGN: N_(
        "You edited this text last, so another person must sign in your place."
    ),
    Code.PERSON_ALREADY_SIGNED: N_(
        "You have already signed this step in another role; one person counts once."
    ),
    Code.SEAT_ALREADY_SIGNED: N_("%(party)s, %(role)s has already decided so."),
    Code.SEAT_SIGNED_BY_ANOTHER: N_(
        "A colleague decided for %(party)s, %(role)s; only they can change it while they hold"
        " the mandate."
    ),
    Code.NOTHING_TO_WITHDRAW: N_("There is no sign-off of yours to withdraw."),
    Code.NOTHING_TO_LIFT: N_("There is no objection of yours to lift."),
    Code.NOTHING_TO_CONFIRM: N_(
        "There is nothing to confirm here: neither an approval ad referendum nor a paper act."
    ),
    Code.RECORDER_MAY_NOT_CONFIRM: N_(
        "You recorded this paper act, so somebody else who holds the seat must confirm it."
    ),
    Code.DELEGATED_TOO_FAR: N_(
        "The mandate came to you through %(chain)s delegations, and the rules of this kind allow"
        " %(longest)s."
    ),
    Code.IMPORTED_ONLY: N_(
        "History can be imported only for proposals that an import created: %(reference)s is not."
    ),
    Code.SIGNOFFS_MISSING: N_("Sign-offs by %(role)s: %(have)s of %(need)s parties."),
    Code.SIGNOFF_MISSING: N_("The sign-off of %(party)s, %(role)s is missing."),
    Code.EVIDENCE_MISSING: N_("Verified evidence %(type)s: %(have)s of %(need)s."),
    Code.FIELD_MISSING: N_("The field %(field)s is empty."),
    Code.OBJECTED: N_("Objections that block this step: %(objections)s."),
    Code.NOBODY_CAN_SIGN: N_("No party of this proposal could sign the step %(step)s."),
    Code.NAMED_PARTY_ABSENT: N_(
        "The rules of this kind name %(party)s, which is not among the parties."
    ),
    Code.REASON_MISSING: N_("This step asks for a reason. Give one."),
    Code.FIRES_BY_ITSELF: N_(
        "Nobody takes the step %(step)s by hand: it happens when all it needs is there."
    ),
    Code.ALTERNATIVES_MISSING: N_("Of %(of)s alternatives %(have)s hold, and %(need)s must."),
    Code.EVIDENCE_OF_EACH_MISSING: N_(
        "Verified evidence %(type)s of each party: %(have)s of %(need)s parties."
    ),
    Code.CHILDREN_MISSING: N_("Not enough proposals under this one are %(states)s yet."),
    Code.WOULD_BE_UNDONE: N_(
        "The step %(back)s would follow at once and undo it: what that one needs is still there."
    ),
    Code.PARTIES_MISSING: N_("Parties that take part as %(capacities)s: %(have)s of %(need)s."),
    Code.SILENCE_RUNS: N_("Objections can be made until %(on)s."),
    Code.DATE_AHEAD: N_("The date %(on)s has not come yet."),
    Code.DATE_UNKNOWN: N_("The field %(field)s holds no date yet."),
    Code.NOT_YET_EFFECTIVE: N_("All it needs is there: it takes effect on %(on)s."),
    Code.STATE_UNKNOWN: N_("The new rules for %(kind)s have no state %(state)s."),
    Code.TEXT_WOULD_CHANGE: N_(
        "The new rules change which fields belong to the signed text. Keep the old rules, or"
        " make a new proposal."
    ),
    Code.CHANGE_UNKNOWN: N_("There is no migration %(change)s."),
    Code.REFERENCE_TAKEN: N_("There is a proposal with the reference %(reference)s already."),
    Code.REFERENCE_MALFORMED: N_(
        "A reference has 1 to 64 letters, digits, dots, hyphens or underscores: %(reference)s."
    ),
    Code.KIND_UNKNOWN: N_("There is no published definition for the kind %(kind)s."),
    Code.EDITION_UNKNOWN: N_("The kind %(kind)s has no edition %(number)s."),
    Code.SUMMIT_UNKNOWN: N_("There is no summit %(summit)s."),
    Code.PARTY_UNKNOWN: N_("There is no party %(party)s."),
    Code.PARTY_LOOKS_ALIKE: N_(
        "%(party)s looks like a code that exists. Use the existing one, or a clearly other code."
    ),
    Code.CAPACITY_UNKNOWN: N_("There is no capacity %(capacity)s."),
    Code.FIELD_UNKNOWN: N_("A %(kind)s has no field %(field)s."),
    Code.FIELD_MALFORMED: N_("The field %(field)s must be of the type %(type)s."),
    Code.TEXT_UNSAFE: N_(
        "%(field)s holds invisible or control characters. Type the text again without them."
    ),
    Code.TEXT_MISSING: N_("%(field)s must not be empty."),
    Code.TEXT_TOO_LONG: N_("%(field)s may be at most %(limit)s long."),
    Code.LANGUAGE_UNKNOWN: N_("%(field)s: %(language)s is not one of en, ja, uz, ru."),
    Code.NOTHING_CHANGED: N_("Nothing was changed: the text is as it was."),
    Code.NOT_EDITABLE: N_(
        "The text is fixed while the proposal is %(state)s; it can change only while proposed."
    ),
    Code.KEY_REUSED: N_("The idempotency key %(key)s was used for another request. Use a new one."),
    Code.NOTE_MISSING: N_("Say why: this decision needs a reason."),
    Code.EVIDENCE_UNKNOWN: N_("There is no evidence number %(number)s."),
    Code.EVIDENCE_TYPE_UNKNOWN: N_("This kind of proposal asks for no evidence of type %(type)s."),
    Code.EVIDENCE_ALREADY_VERIFIED: N_("Evidence number %(number)s is verified already."),
    Code.SUPPLIER_MAY_NOT_VERIFY: N_(
        "%(party)s supplied this document, so a verifier of another party must confirm it."
    ),
    Code.FILE_NOT_ACCEPTED: N_(
        "%(file)s is not a PDF, PNG, JPEG, TXT or CSV file. Save it as one of these and try again."
    ),
    Code.LINK_MALFORMED: N_("A link must start with http:// or https:// and name a host."),
    Code.LOGIN_TAKEN: N_("There is a person with the login %(login)s already."),
    Code.LOGIN_MALFORMED: N_(
        "A login has 2 to 64 small letters a-z, digits, dots, hyphens or underscores: %(login)s."
    ),
    Code.LOGIN_LOOKS_ALIKE: N_(
        "%(login)s looks like the login of somebody else. Choose a clearly other one."
    ),
    Code.PERSON_UNKNOWN: N_("There is no person with the login %(login)s."),
    Code.PERSON_DISABLED: N_("%(login)s is disabled."),
    Code.PERSON_ERASED: N_("This person is erased already: %(login)s."),
    Code.REASON_NAMES_PERSON: N_(
        "The reason names the person, and would stay on record. Say why without login or name."
    ),
    Code.ROLE_UNKNOWN: N_("There is no role %(role)s."),
    Code.NOT_ADMINISTRATOR: N_(
        "Only an administrator of %(party)s may do this; nobody can for another party."
    ),
    Code.MANDATE_UNKNOWN: N_("%(login)s holds no such mandate: %(party)s, %(role)s."),
    Code.MANDATE_ALREADY_HELD: N_("%(login)s holds this mandate already: %(party)s, %(role)s."),
    Code.DATES_MALFORMED: N_("The dates cannot be read, or the end is before the start."),
    Code.DATE_IN_FUTURE: N_("%(field)s is in the future. Give the day on which it happened."),
    Code.ALREADY_BOOTSTRAPPED: N_(
        "%(party)s has had its first administrator; its administrators grant all others."
    ),
    Code.LAST_ADMINISTRATOR: N_(
        "This is the last administrator of %(party)s. Grant another one the role first."
    ),
    Code.PASSWORD_TOO_SHORT: N_("A password has at least %(shortest)s characters."),
    Code.PASSWORD_TOO_LONG: N_("A password has at most %(longest)s characters."),
    Code.PASSWORD_COMMON: N_(
        "This password is easy to guess. Use several words that have nothing to do with you."
    ),
    Code.LINK_INVALID: N_(
        "This link was used already, has expired or never existed. Ask your administrator for a"
        " new one."
    ),
    Code.SIGN_IN_WRONG: N_("Login or password is not right."),
    Code.SIGN_IN_THROTTLED: N_("Too many attempts. Try again in %(seconds)s seconds."),
    Code.AUDITOR_ONLY: N_("Only an auditor may do this."),
    Code.ENTRY_NOT_FOUND: N_("There is no such entry, or you may not see it: %(entry)s."),
    Code.PARTY_MALFORMED: N_(
        "A party's code has 2 to 20 capital letters A-Z or digits: %(party)s."
    ),
    Code.TIME_ZONE_UNKNOWN: N_("There is no time zone %(time_zone)s."),
    Code.TOKEN_INVALID: N_(
        "The access token is not valid for this login or has expired. Get one with"
        " 'summit people token LOGIN'."
    ),
    Code.OVERSIGHT_NOT_DELEGATED: N_(
        "The role %(role)s watches over a party's acts and cannot be delegated. Its"
        " administrator can grant it to another person."
    ),
    Code.DELEGATE_IS_GIVER: N_("Nobody can delegate to themselves. Name another person."),
    Code.DELEGATION_CYCLE: N_(
        "%(login)s has passed this mandate on already; it cannot come back to them."
    ),
    Code.DELEGATION_TOO_DEEP: N_(
        "A mandate can be passed on %(most)s times at most. Ask its holder to delegate it directly."
    ),
    Code.DELEGATION_TOO_LONG: N_(
        "A delegation cannot outlast the mandate or the delegation that it comes from. Choose an"
        " earlier last day."
    ),
    Code.DELEGATION_ENDLESS: N_("A delegation needs a last day."),
    Code.DELEGATION_PAST: N_("A delegation cannot begin or end in the past."),
    Code.DELEGATE_OF_NO_MANDATE: N_(
        "%(login)s holds no mandate of %(party)s on the first day. Only people of the same party"
        " can act for one another."
    ),
    Code.ALREADY_DELEGATED: N_(
        "%(party)s, %(role)s is delegated to %(login)s already for some of these days."
    ),
    Code.DELEGATION_UNKNOWN: N_(
        "There is no delegation of %(party)s, %(role)s to %(login)s that you could revoke."
    ),
    Code.MAY_NOT_RECORD: N_(
        "Only the joint secretariat or a colleague of %(party)s may record what was signed on"
        " paper."
    ),
    Code.PAPER_DECISION: N_(
        "On paper one can approve, reserve, approve ad referendum, abstain or object. Confirm or"
        " withdraw it here."
    ),
    Code.PAPER_BEFORE_TEXT: N_(
        "Revision %(revision)s could be signed from %(day)s on: an earlier act was about another"
        " text or round."
    ),
    Code.MANDATE_NOT_HELD_THEN: N_("%(login)s held no mandate as %(party)s, %(role)s on %(day)s."),
    Code.CHECKPOINT_MISSING: N_(
        "No checkpoint is signed yet. Run 'summit audit seal' where the log's key is."
    ),
    Code.CHECKPOINT_SMALLER: N_(
        "The newest checkpoint is of %(size)s entries, so nothing begins at %(begins)s. A witness"
        " that stands there has seen more of this log than this database holds."
    ),
    Code.WITNESS_KEY_MALFORMED: N_(
        "This is no witness's public key with a name in ASCII. 'summit audit cosign key' makes one."
    ),
    Code.WITNESS_TAKEN: N_(
        "There is a witness of this key or name already: %(witness)s. Make a key of another name."
    ),
    Code.WITNESS_UNKNOWN: N_(
        "There is no such witness: %(witness)s. 'summit audit witness list' names those there are."
    ),
    Code.WITNESS_DECLINED: N_("%(witness)s did not cosign: %(why)s."),
    Code.COSIGNATURE_MALFORMED: N_(
        "The file holds no signature lines of a witness, as 'summit audit cosign sign' prints them."
    ),
    Code.COSIGNATURE_FALSE: N_(
        "The line of %(witness)s fits no checkpoint of this log, or is dated in the future."
    ),
    Code.FILE_NOT_TEXT: N_("The file cannot be read as text in this encoding."),
    Code.COLUMN_MISSING: N_("Line %(line)s: the column %(column)s is missing."),
    Code.COLUMN_UNKNOWN: N_("Line %(line)s: the column %(column)s is not known."),
    Code.OUT_OF_ORDER: N_("Line %(line)s happened before the line above it."),
    Code.ROW_MALFORMED: N_("Line %(line)s cannot be read: %(problem)s."),
}


class _Params(dict[str, str]):
    """Parameters by name; one that a refusal left out reads as a dash, never as an error."""

    def __missing__(self, key: str) -> str:
        return "–"


def sentence(
    refusal: Refusal, translate: Translate = str, name_of: NameOf = lambda _kind, value: str(value)
) -> str:
    """Say a refusal in the reader's language."""
    params = _Params({kind: name_of(kind, value) or "–" for kind, value in refusal.params})
    return translate(SENTENCES[refusal.code]) % params
