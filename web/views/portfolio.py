"""All proposals a person may see: where the value stands, and a list with filters."""

from flask import Blueprint, render_template, request

from web import money, words
from web.current import reading
from web.paging import cursor, text_filter
from workflow.queries.portfolio import Filters, StateValue, portfolio, value_by_state

screen = Blueprint("portfolio", __name__)

VIEWS = ("mine", "blocked", "all")


@screen.get("/proposals")
def show() -> str:
    """List the proposals that the filters select."""
    filters = _filters()
    with reading() as (tx, viewer):
        page = portfolio(tx, viewer, filters, cursor())
        values = _ordered(value_by_state(tx, viewer, filters))
    return render_template(
        "portfolio.html",
        page=page,
        values=values,
        total=_total(values),
        proposals=sum(each.proposals for each in values),
        filters=filters,
        args=request.args,
        states=_states(),
    )


def _filters() -> Filters:
    view = request.args.get("view", "all")
    return Filters(
        text=text_filter("text"),
        state=text_filter("state"),
        kind=text_filter("kind"),
        summit=text_filter("summit"),
        party=text_filter("party"),
        view=view if view in VIEWS else "all",
    )


def _states() -> dict[str, None]:
    """Give the states that any kind knows, in the order of the first definition."""
    return {state: None for each in words.kinds().values() for state in each.states}


def _ordered(values: tuple[StateValue, ...]) -> tuple[StateValue, ...]:
    """Put the states into the order of a proposal's life."""
    order = list(_states())
    place = {state: number for number, state in enumerate(order)}
    return tuple(sorted(values, key=lambda each: place.get(each.state, len(order))))


def _total(values: tuple[StateValue, ...]) -> str | None:
    """Return the one sum there is; sums of other currencies or meanings are never added to it."""
    sums: dict[tuple[str, str], int] = {}
    for value in values:
        for each in value.amounts:
            key = (each.currency, each.meaning)
            sums[key] = sums.get(key, 0) + each.minor
    if len(sums) != 1:
        return None
    (((currency, _meaning), minor),) = sums.items()
    return money.short_amount(minor, currency)
