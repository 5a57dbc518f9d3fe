"""An objection as a case: the line, the answer, the panel and its votes; the way to a panel; the draw as a file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from royalties import access, actions, cases, drawing
from royalties.exceptions import RoyaltiesRefused
from royalties.forms import EscalationForm
from royalties.models import Escalation, Objection, PanelSeat, Statement
from royalties.views import _statement as common
from royalties.views._request import ArtistRequest, sent_from


def case(request: HttpRequest, pk: int, objection: int, form: EscalationForm | None = None) -> HttpResponse:
    """Everything that is public about one objection."""
    statement, row = _found(request, pk, objection)
    escalation = getattr(row, "escalation", None)
    moment = timezone.now()
    until = cases.last_moment_to_escalate(statement)
    can_escalate = (
        statement.is_open
        and row.raised_by_id == request.user.pk
        and cases.may_be_escalated(statement).filter(pk=row.pk).exists()
    )
    context = {
        **common.head_of(request, statement, access.revision_of(request.user, statement)),
        "objection": row,
        "answer": getattr(row, "answer", None),
        "escalation": escalation,
        "seats": seats_shown(escalation) if escalation else [],
        "settled_by": cases.settled_by(row),
        "is_owed": statement.is_public and cases.promised(statement).filter(pk=row.pk).exists(),
        "late_for_revision": cases.is_late_for_revision(statement, moment),
        "is_overdue": statement.is_open and row.status == Objection.Status.OPEN and cases.is_overdue(statement, moment),
        "can_escalate": can_escalate,
        "escalate_until": until if can_escalate else None,
        "form": form or EscalationForm(),
    }
    return render(request, "royalties/case.html", context, status=422 if form else 200)


def seats_shown(escalation: Escalation) -> list[dict[str, Any]]:
    """The seats that count, numbered; names and votes only once the panel has decided. One query."""
    gone = (PanelSeat.Status.DECLINED, PanelSeat.Status.LAPSED, PanelSeat.Status.PASSED_OVER)
    seats = escalation.seats.exclude(status__in=gone).select_related("member", "vote").order_by("place")
    return [
        {
            "number": number,
            "seat": seat,
            "member": seat.member if escalation.decided_at and hasattr(seat, "vote") else None,
            "vote": getattr(seat, "vote", None) if escalation.decided_at else None,
        }
        for number, seat in enumerate(seats, start=1)
    ]


def _case_url(pk: int, objection: int) -> str:
    return reverse("royalties:case", args=[pk, objection])


@common.or_withdrawn
@sent_from(_case_url)
@login_required
def escalate(request: ArtistRequest, pk: int, objection: int) -> HttpResponse:
    """Take the answer to a panel."""
    _statement, row = _found(request, pk, objection)
    form = EscalationForm(request.POST)
    if form.is_valid():
        try:
            actions.escalate(actor=request.user, objection=row, reason=form.cleaned_data["reason"])
            messages.success(request, _("Three members are being asked. Their decision will stand here."))
            return redirect(row)
        except RoyaltiesRefused as problem:
            form.add_error("reason", str(problem))
    return case(request, pk, objection, form=form)


def draw(request: HttpRequest, pk: int, objection: int) -> HttpResponse:
    """What the draw followed from, for whoever wants to repeat it; once the panel has decided."""
    _statement, row = _found(request, pk, objection)
    escalation = Escalation.objects.filter(objection=row).exclude(decided_at=None).first()
    if escalation is None:
        raise Http404(f"draw of {objection}")
    return JsonResponse(
        {
            "seed": escalation.seed,
            "candidates": escalation.candidates,
            "order": drawing.order(escalation.seed, escalation.candidates),
            "seats": [
                {"place": seat.place, "candidate": seat.member_id, "status": seat.status}
                for seat in escalation.seats.order_by("place")
            ],
        }
    )


def _found(request: HttpRequest, pk: int, objection: int) -> tuple[Statement, Objection]:
    statement = access.get_statement(request.user, pk)
    return statement, access.get_objection(statement, objection)
