"""Writes parties, persons and mandates; the services that call it have judged the act."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update

from workflow.domain.disclosure import Subject, make_subject
from workflow.domain.identity import Mandate
from workflow.domain.texts import is_storable
from workflow.persistence import people_tables as t
from workflow.persistence.people import PersonRow, in_force, is_demo
from workflow.persistence.unit_of_work import Tx


def hold_mandates(tx: Tx, login: str) -> None:
    """Wait until nobody acts on a person's mandates, and keep others from it.

    Whoever ends a mandate holds it before the instant is taken: an act that went first is then
    recorded as earlier than the revocation, too.
    """
    if not is_storable(login):
        return
    tx.connection.execute(
        select(t.Mandate.id)
        .join(t.Person, t.Person.id == t.Mandate.person_id)
        .where(t.Person.login == login)
        .order_by(t.Mandate.id)
        .with_for_update(of=[t.Mandate, t.Person])
    ).all()


def lock_party(tx: Tx, code: str) -> bool:
    """Lock a party's row until the transaction ends; False when there is no such party."""
    if not code.isprintable():  # PostgreSQL takes neither NUL nor half a surrogate pair
        return False
    row = select(t.Party.code).where(t.Party.code == code).with_for_update()
    return tx.connection.scalar(row) is not None


def add_party(tx: Tx, code: str, sort: str, time_zone: str, *, imported: bool = False) -> None:
    """Write a new party."""
    tx.connection.execute(
        insert(t.Party).values(
            code=code, sort=sort, time_zone=time_zone, created_at=tx.at, imported=imported
        )
    )


def move_party(tx: Tx, code: str, time_zone: str) -> None:
    """Change a party's time zone."""
    tx.connection.execute(update(t.Party).where(t.Party.code == code).values(time_zone=time_zone))


def name_party(tx: Tx, code: str, names: Mapping[str, str]) -> None:
    """Replace a party's names by language."""
    tx.connection.execute(delete(t.PartyName).where(t.PartyName.party == code))
    if names:
        tx.connection.execute(
            insert(t.PartyName),
            [
                {"party": code, "language": language, "name": name}
                for language, name in names.items()
            ],
        )


def origin_of_new(tx: Tx) -> str:
    """Say what new people of this database are: a demo's stay the demo's."""
    return "demo" if is_demo(tx) else "real"


def add_person(
    tx: Tx, login: str, name: str, origin: str, password_hash: str | None = None
) -> tuple[PersonRow, Subject]:
    """Write a new person, and return them with what stands behind their pseudonym in the log."""
    subject = make_subject(login, name, tx.ids.salt())
    number = tx.connection.scalar(
        insert(t.Person)
        .values(
            login=login,
            name=name,
            pseudonym=subject.pseudonym,
            password_hash=password_hash,
            origin=origin,
            created_at=tx.at,
        )
        .returning(t.Person.id)
    )
    assert number is not None  # noqa: S101 - RETURNING of one inserted row
    return PersonRow(number, login, name, subject.pseudonym, origin, None, None, None), subject


def disable_person(tx: Tx, person_id: int) -> None:
    """Let a person act no more; what they did stays theirs."""
    tx.connection.execute(
        update(t.Person).where(t.Person.id == person_id).values(disabled_at=tx.at)
    )


def add_mandate(
    tx: Tx, person_id: int, mandate: Mandate, *, granted_by: int | None, origin: str
) -> Mandate:
    """Write a new mandate, and return it with its number."""
    number = tx.connection.scalar(
        insert(t.Mandate)
        .values(
            person_id=person_id,
            party=mandate.party,
            role=mandate.role,
            summit=mandate.summit,
            starts_at=mandate.starts_at,
            ends_at=mandate.ends_at,
            granted_by=granted_by,
            origin=origin,
        )
        .returning(t.Mandate.id)
    )
    assert number is not None  # noqa: S101 - RETURNING of one inserted row
    return Mandate(
        number, mandate.party, mandate.role, mandate.summit, mandate.starts_at, mandate.ends_at
    )


def end_mandate(tx: Tx, mandate: Mandate, revoked_by: int | None) -> datetime:
    """End a mandate now, or before it starts, and return when."""
    ends_at = max(tx.at, mandate.starts_at)
    tx.connection.execute(
        update(t.Mandate)
        .where(t.Mandate.id == mandate.id)
        .values(ends_at=ends_at, revoked_by=revoked_by)
    )
    return ends_at


def unended_mandates(tx: Tx, person_id: int) -> tuple[Mandate, ...]:
    """Give the mandates a person holds or will hold; those of imported acts aside."""
    rows = tx.connection.execute(
        select(
            t.Mandate.id,
            t.Mandate.party,
            t.Mandate.role,
            t.Mandate.summit,
            t.Mandate.starts_at,
            t.Mandate.ends_at,
        )
        .where(
            t.Mandate.person_id == person_id,
            t.Mandate.origin != "import",
            t.Mandate.ends_at.is_(None) | (t.Mandate.ends_at > tx.at),
        )
        .order_by(t.Mandate.id)
    )
    return tuple(Mandate(*row) for row in rows)


def terms_of(tx: Tx, party: str, role: str) -> list[tuple[int, datetime | None]]:
    """Give who holds this very role of a party now, and until when."""
    rows = tx.connection.execute(
        select(t.Mandate.person_id, t.Mandate.ends_at)
        .join(t.Person, t.Person.id == t.Mandate.person_id)
        .where(t.Mandate.party == party, t.Mandate.role == role, in_force(tx.at))
    )
    return [(person_id, ends_at) for person_id, ends_at in rows]


def ever_had_role(tx: Tx, party: str, role: str) -> bool:
    """Say whether anybody was ever given this role of a party."""
    given = (
        select(func.count())
        .select_from(t.Mandate)
        .where(t.Mandate.party == party, t.Mandate.role == role, t.Mandate.origin != "import")
    )
    return bool(tx.connection.scalar(given))


def all_logins(tx: Tx) -> list[str]:
    """Give every login there is."""
    return list(tx.connection.scalars(select(t.Person.login)))


def has_password(tx: Tx, person_id: int) -> bool:
    """Say whether a person has set a password."""
    stored = select(t.Person.password_hash).where(t.Person.id == person_id)
    return tx.connection.scalar(stored) is not None


def is_bootstrapped(tx: Tx, party: str) -> bool:
    """Say whether a party's first administrator was made by a document."""
    row = select(t.PartyBootstrap.party).where(t.PartyBootstrap.party == party)
    return tx.connection.scalar(row) is not None


def keep_bootstrap(tx: Tx, party: str, person_id: int, sha256: str, name: str) -> None:
    """Keep by which document a party's first administrator was made."""
    tx.connection.execute(
        insert(t.PartyBootstrap).values(
            party=party,
            person_id=person_id,
            document_sha256=sha256,
            document_name=name,
            at=tx.at,
        )
    )


def summit_exists(tx: Tx, code: str) -> bool:
    """Say whether there is such a summit."""
    if not code.isprintable():
        return False
    return tx.connection.scalar(select(t.Summit.code).where(t.Summit.code == code)) is not None
