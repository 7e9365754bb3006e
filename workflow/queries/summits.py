"""The summits on record."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from workflow.persistence.people_tables import Summit, SummitTitle
from workflow.persistence.unit_of_work import Tx


@dataclass(frozen=True, slots=True)
class SummitShown:
    """A summit with its titles by language."""

    code: str
    host: str
    place: str
    starts_on: date
    ends_on: date
    titles: Mapping[str, str]


def summit_titles(tx: Tx) -> Mapping[str, Mapping[str, str]]:
    """Give every summit's titles by language, by code."""
    titles: dict[str, dict[str, str]] = defaultdict(dict)
    for summit, language, title in tx.connection.execute(
        select(SummitTitle.summit, SummitTitle.language, SummitTitle.title)
    ):
        titles[summit][language] = title
    return titles


def summits_list(tx: Tx) -> tuple[SummitShown, ...]:
    """Give every summit, the newest first."""
    titles = summit_titles(tx)
    rows = tx.connection.execute(
        select(Summit.code, Summit.host, Summit.place, Summit.starts_on, Summit.ends_on).order_by(
            Summit.starts_on.desc(), Summit.code
        )
    )
    return tuple(SummitShown(*row, titles.get(row.code, {})) for row in rows)
