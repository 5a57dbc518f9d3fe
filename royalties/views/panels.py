"""Pages of who was drawn for a panel: their panels, one case with coded payees, and their vote."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from profiles.paging import page
from royalties import access, actions, cases, coding, trying
from royalties.exceptions import RoyaltiesRefused
from royalties.forms import PanelVoteForm
from royalties.models import PanelSeat
from royalties.views._request import ArtistRequest, sent_from
from royalties.views.line import explained

SEATS, PAYEES = 20, 200


@login_required
def panels(request: ArtistRequest) -> HttpResponse:
    """The panels one was drawn for, the newest first."""
    seats = page(cases.seats_of(request.user), order=("-pk",), query=request.GET, size=SEATS)
    return render(request, "royalties/panels.html", {"seats": seats})


@login_required
def panel(request: ArtistRequest, pk: int, form: PanelVoteForm | None = None) -> HttpResponse:
    """The case as a member of its panel sees it: no names, all figures."""
    seat = access.get_seat(request.user, pk)
    context = {**_case(seat), **_shares(request, seat), "seat": seat, "form": form or PanelVoteForm()}
    return render(request, "royalties/panel.html", context, status=422 if form else 200)


def _case(seat: PanelSeat) -> dict[str, Any]:
    """The objection, its answer and the arithmetic of its line, coded."""
    escalation = seat.escalation
    objection = escalation.objection
    statement, revision = objection.statement, access.current_of(objection.statement)
    code = coding.payee_names(revision)
    payee = objection.line.payee.code if objection.line is not None else ""
    items = explained(revision, payee) if payee in code else []
    raised_by = access.payee_of(objection.raised_by) if objection.raised_by else None
    return {
        "statement": statement,
        "revision": revision,
        "currency": statement.currency,
        "escalation": escalation,
        "objection": objection,
        "answer": objection.answer,
        "about": code.get(payee, ""),
        "objector": code.get(raised_by.code if raised_by else "", ""),
        "line": revision.lines.filter(payee__code=payee).first(),
        "lost": objection.line if payee not in code else None,
        "items": coding.coded_items(items),
        "asked": trying.asked_in(objection.comment.what_if) if objection.comment.what_if else [],
        "gains": coding.gains(objection.comment.what_if, code),
    }


def _shares(request: ArtistRequest, seat: PanelSeat) -> dict[str, Any]:
    """The largest shares, or with `all` every one; how many there are stands beside them."""
    revision = access.current_of(seat.escalation.objection.statement)
    rows = coding.rows(revision, None if request.GET.get("all") else PAYEES)
    return {"rows": rows, "rows_count": revision.payee_count}


def _panel_url(pk: int) -> str:
    return reverse("royalties:panel", args=[pk])


@sent_from(_panel_url)
@login_required
def accept(request: ArtistRequest, pk: int) -> HttpResponse:
    """Take part."""
    seat = access.get_seat(request.user, pk)
    try:
        actions.accept_seat(actor=request.user, seat=seat)
        messages.success(request, _("Thank you. Please vote within seven days."))
    except RoyaltiesRefused as problem:
        messages.error(request, str(problem))
    return redirect(seat)


@sent_from(_panel_url)
@login_required
def decline(request: ArtistRequest, pk: int) -> HttpResponse:
    """Leave it to the next who was drawn."""
    seat = access.get_seat(request.user, pk)
    try:
        actions.decline_seat(actor=request.user, seat=seat)
        messages.success(request, _("Thank you for answering. Somebody else is asked."))
    except RoyaltiesRefused as problem:
        messages.error(request, str(problem))
    return redirect("royalties:panels")


@sent_from(_panel_url)
@login_required
def vote(request: ArtistRequest, pk: int) -> HttpResponse:
    """Uphold or change, with a reason."""
    seat = access.get_seat(request.user, pk)
    form = PanelVoteForm(request.POST)
    if form.is_valid():
        try:
            actions.cast_panel_vote(actor=request.user, seat=seat, **form.cleaned_data)
            messages.success(request, _("Your vote counts. It becomes public once the panel has decided."))
            return redirect(seat)
        except RoyaltiesRefused as problem:
            form.add_error("reason", str(problem))
    return panel(request, pk, form=form)
