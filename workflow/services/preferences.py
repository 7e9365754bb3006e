"""What a person prefers to read: their language and their time zone."""

from zoneinfo import available_timezones

from sqlalchemy import update

from workflow.domain.identity import Caller
from workflow.domain.verdicts import Code, Refusal, refuse
from workflow.domain.vocabulary import LANGUAGES
from workflow.persistence.people_tables import Person
from workflow.services.runtime import Runtime


def prefer(
    runtime: Runtime, caller: Caller, language: str | None, time_zone: str | None
) -> tuple[Refusal, ...]:
    """Keep the caller's own choices; None follows the browser, and the summit's two capitals."""
    reasons = []
    if language is not None and language not in LANGUAGES:
        reasons.append(refuse(Code.LANGUAGE_UNKNOWN, field="language", language=language[:20]))
    if time_zone is not None and time_zone not in available_timezones():
        reasons.append(refuse(Code.TIME_ZONE_UNKNOWN, time_zone=time_zone[:64]))
    if not reasons:
        with runtime.uow.write() as tx:
            tx.connection.execute(
                update(Person)
                .where(Person.id == caller.person_id)
                .values(language=language, time_zone=time_zone)
            )
    return tuple(reasons)
