"""Writes the demo's parties, summits and officials, each with its entry."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import insert

from workflow.domain.entry import Draft
from workflow.domain.identity import Mandate, Via
from workflow.persistence import people_writes
from workflow.persistence.entries import append
from workflow.persistence.people_tables import Summit, SummitTitle
from workflow.persistence.unit_of_work import Tx
from workflow.services.demo_files import Cells, by_language
from workflow.services.people_entries import mandate_facts, party_chain


def add_parties(tx: Tx, rows: Iterable[Cells]) -> None:
    """Write parties with their names."""
    drafts = []
    for cells in rows:
        code, names = cells["code"], by_language(cells, "name")
        people_writes.add_party(tx, code, cells["sort"], cells["time_zone"])
        people_writes.name_party(tx, code, names)
        facts = {"sort": cells["sort"], "time_zone": cells["time_zone"]}
        drafts.append(_draft(party_chain(code), "party", facts=facts, texts={"names": names}))
    append(tx, drafts)


def add_summits(tx: Tx, rows: Iterable[Cells]) -> None:
    """Write summits with their titles."""
    drafts = []
    for cells in rows:
        code, titles = cells["code"], by_language(cells, "title")
        days = {name: date.fromisoformat(cells[name]) for name in ("starts_on", "ends_on")}
        tx.connection.execute(
            insert(Summit).values(code=code, host=cells["host"], place=cells["place_en"], **days)
        )
        tx.connection.execute(
            insert(SummitTitle),
            [
                {"summit": code, "language": language, "title": title}
                for language, title in titles.items()
            ],
        )
        facts = {"summit": code, "host": cells["host"], **{k: str(v) for k, v in days.items()}}
        told = {"titles": titles, "place": cells["place_en"], "source": cells["sources"]}
        drafts.append(_draft("log", "summit", facts=facts, texts=told))
    append(tx, drafts)


IN_OFFICE_SINCE = datetime(2025, 12, 1, tzinfo=UTC)
"""What was signed on paper at the summits, and since, can be recorded for those who signed it."""


def add_officials(tx: Tx, rows: Iterable[Cells], hashes: Mapping[str, str]) -> None:
    """Write officials, each with a password and one mandate since before the summits."""
    drafts = []
    for cells in rows:
        person, subject = people_writes.add_person(
            tx, cells["login"], cells["name"], "demo", hashes[cells["login"]]
        )
        mandate = people_writes.add_mandate(
            tx,
            person.id,
            Mandate(0, cells["party"], cells["role"], None, min(tx.at, IN_OFFICE_SINCE), None),
            granted_by=None,
            origin="demo",
        )
        chain, of_whom = party_chain(cells["party"]), person.pseudonym
        texts = {"name": cells["name"]}
        drafts += [
            _draft(chain, "person", person=of_whom, texts=texts, subjects=(subject,)),
            _draft(chain, "grant", person=of_whom, facts=mandate_facts(mandate)),
        ]
    append(tx, drafts)


def _draft(chain: str, kind: str, **details: Any) -> Draft:  # noqa: ANN401 - a draft's own fields
    return Draft(chain=chain, kind=kind, via=Via.SETUP, **details)
