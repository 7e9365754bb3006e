"""Deciding on a step: signing for a seat, objecting, taking a sign-off back, taking the step."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web import words
from web.act_words import decided
from web.current import caller, reading, runtime
from web.differences import differences
from web.forms.decision import TAKE, DecisionForm
from web.languages import language
from web.proposal_screen import ProposalScreen
from web.statuses import STALE, status_of
from workflow.domain.commands import Decision, Sign, StepLine, TakeStep
from workflow.domain.verdicts import Code, Outcome, Refusal, refuse
from workflow.queries.explain import explain_step
from workflow.queries.proposal import Place, StepView, proposal_page
from workflow.services.sign import sign
from workflow.services.step import take_step

screen = Blueprint("decide", __name__)

Answer = Response | tuple[str, int]


@screen.get("/proposals/<reference>/steps/<step>")
def show(reference: str, step: str) -> str:
    """Show what the step needs, and the form of what the person may do."""
    return _page(reference, step, DecisionForm(formdata=None))[0]


@screen.post("/proposals/<reference>/steps/<step>")
def decide(reference: str, step: str) -> Answer:
    """Carry the decision out, or say every reason why not and keep what was typed."""
    form = DecisionForm()
    if not form.validate():
        return _page(reference, step, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if form.decision.data == TAKE:
        outcome = _take(reference, step, form)
    elif form.revision.data is None:
        # A decision is about the text its maker has seen.
        return _page(reference, step, form, (refuse(Code.REVISION_OLD),), HTTPStatus.CONFLICT)
    else:
        outcome = _sign(reference, step, form)
    if outcome.granted:
        flash(_what_happened(form, outcome), "decided")
        return redirect(url_for("proposal.show", reference=reference))
    if STALE & {reason.code for reason in outcome.reasons}:
        return _conflict(reference, step, form)
    return _page(reference, step, form, outcome.reasons, status_of(outcome.reasons))


def _sign(reference: str, step: str, form: DecisionForm) -> Outcome:
    order = Sign(
        references=(reference,),
        step=step,
        party=form.party.data or "",
        role=form.role.data or "",
        decision=Decision(form.decision.data),
        note=(form.note.data or "").strip() or None,
        revision=_small(form.revision.data),
        language=language(),
        idempotency_key=form.idempotency_key.data,
    )
    return sign(runtime(), caller(), order)[0]


def _take(reference: str, step: str, form: DecisionForm) -> Outcome:
    line = StepLine(
        reference=reference,
        reason=(form.note.data or "").strip() or None,
        version=_small(form.version.data),
        idempotency_key=form.idempotency_key.data,
    )
    return take_step(runtime(), caller(), TakeStep(step=step, lines=(line,)))[0]


def _small(number: int | None) -> int | None:
    """Keep a number within what a database takes; one outside is never the present one anyway."""
    return number if number is None or abs(number) < 2**31 else -1


def _what_happened(form: DecisionForm, outcome: Outcome) -> str:
    state = words.state(outcome.state or "")
    if form.decision.data == TAKE or outcome.taken:
        return _("Done. The proposal is now “%(state)s”.") % {"state": state}
    return decided(form.decision.data) % {"revision": outcome.revision}


def _page(
    reference: str,
    step: str,
    form: DecisionForm,
    reasons: tuple[Refusal, ...] = (),
    status: int = HTTPStatus.OK,
) -> tuple[str, int]:
    with reading() as (tx, viewer):
        page = proposal_page(tx, viewer, reference)
        if page is None:
            abort(404)
        shown = ProposalScreen.made(tx, viewer, page)
        explained = explain_step(tx, viewer, reference, step)
    rule = page.definition.steps.get(step)
    view = next((each for each in page.steps if each.name == step), None)
    if rule is None:
        abort(404)
    asked = form.decision.data or request.args.get("decision", "")
    party = form.party.data or request.args.get("party", "")
    role = form.role.data or request.args.get("role", "")
    body = render_template(
        "decide.html",
        page=page,
        shown=shown,
        step=view,
        rule=rule,
        form=form,
        reasons=reasons,
        asked=asked,
        places=_ordered(shown.places_on(step), party, role),
        told=explained.told if explained and view else None,
        place=_place(view, shown, asked, party, role),
        own=[each for each in shown.own if each.step == step],
    )
    return body, status


def _place(
    view: StepView | None, shown: ProposalScreen, asked: str, party: str, role: str
) -> Place | None:
    """Find where the person may decide as asked; None where that is what the page offers anyway."""
    if view is None or asked not in set(Decision):
        return None
    place = next(iter(_ordered(view.places(Decision(asked)), party, role)), None)
    offered = {(each.party, each.role, each.decision) for each in shown.places_on(view.name)}
    return None if place is None or (*place, asked) in offered else place


def _ordered(places: Iterable[Any], party: str, role: str) -> list[Any]:
    """Give places where the person may act, the one asked for first."""
    return sorted(places, key=lambda place: (place.party, place.role) != (party, role))


def _conflict(reference: str, step: str, form: DecisionForm) -> tuple[str, int]:
    with reading() as (tx, viewer):
        page = proposal_page(tx, viewer, reference)
        if page is None:
            abort(404)
        changed = differences(tx, viewer, reference, _small(form.revision.data), page.revision)
    body = render_template(
        "conflict.html", page=page, step=step, form=form, differences=changed,
        opened=form.revision.data,
    )  # fmt: skip
    return body, HTTPStatus.CONFLICT
