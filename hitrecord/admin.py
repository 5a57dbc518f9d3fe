"""The staff's front door: what waits comes first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions.models import Job
from projects.models import Consideration
from reviews.models import Case, Recommendation
from royalties.cases import is_overdue
from royalties.models import (
    Advance,
    Batch,
    Conversion,
    Cost,
    Intake,
    LedgerCheck,
    Objection,
    PayeeMatch,
    ReportRow,
    Reserve,
    Reversal,
    Statement,
    StatementClaim,
    Suspense,
)
from royalties.models.statement import PUBLIC

# A report older than this is late.
CASE_PATIENCE = timedelta(days=2)


@dataclass(frozen=True)
class Waiting:
    """A pile of rows that somebody with the power should answer."""

    label: str
    count: int
    url: str
    note: str = ""
    late: bool = False


class HouseAdminSite(admin.AdminSite):
    """The stock admin with the site's name and a first page that says what waits."""

    site_header = settings.SITE_NAME
    site_title = settings.SITE_NAME

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        piles = [pile for pile in waiting(request.user) if pile.count]
        return super().index(request, {"waiting": piles, **(extra_context or {})})


def _pile(label: str, rows: QuerySet[Any], query: str = "", **more: Any) -> Waiting:
    meta = rows.model._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    return Waiting(label=label, count=rows.count(), url=f"{address}{query}", **more)


def waiting(user: Any) -> Iterator[Waiting]:
    """The piles that this person's powers can answer."""
    now = timezone.now()
    if user.has_power("moderator"):
        cases = Case.objects.filter(status=Case.Status.OPEN)
        late = cases.filter(opened_at__lt=now - CASE_PATIENCE).exists()
        yield _pile(_("Reports to answer"), cases, "?status__exact=open", late=late)
    if user.has_power("curator", "producer"):
        unseen = Recommendation.objects.filter(seen_at=None)
        yield _pile(_("Recommendations not seen yet"), unseen, "?seen_at__isempty=1")
        undecided = Consideration.objects.filter(fate__in=["received", "shortlisted"])
        late = undecided.filter(promised_by__lt=now.date()).exists()
        note = _("Some are past the promised day.") if late else ""
        yield _pile(_("Works that wait for their fate"), undecided, note=note, late=late)
        failed = Job.objects.filter(status=Job.Status.FAILED, finished_at__gt=now - timedelta(days=7))
        yield _pile(_("Preparations that failed this week"), failed, "?status__exact=failed")
    if user.has_power("drafter", "approver"):
        objections = Objection.objects.filter(status=Objection.Status.OPEN, statement__status__in=PUBLIC)
        late = any(is_overdue(row.statement, now) for row in objections.select_related("statement"))
        note = _("Some are overdue.") if late else ""
        public = "statement__status__in=" + ",".join(PUBLIC)
        yield _pile(_("Objections to answer"), objections, f"?status__exact=open&{public}", note=note, late=late)
        claims = StatementClaim.objects.filter(status=StatementClaim.Status.LATE, statement__status__in=PUBLIC)
        yield _pile(_("Late claims to answer"), claims, f"?status__exact=late&{public}")
    if user.has_power("approver"):
        drafts = Statement.objects.filter(status=Statement.Status.REVIEW)
        yield _pile(_("Statements to approve"), drafts, "?status__exact=review")
    if user.has_power("approver", "finance"):
        costs = Cost.objects.filter(approved_by=None, is_within_limit=False, dropped_at=None)
        filters = "?approved_by__isempty=1&is_within_limit__exact=0&dropped_at__isempty=1"
        yield _pile(_("Costs to approve"), costs, filters)
        for label, model in (
            (_("Reversals to approve"), Reversal),
            (_("Reserves to approve"), Reserve),
            (_("Advances to approve"), Advance),
            (_("Conversions to approve"), Conversion),
        ):
            proposals = model._default_manager.filter(approved_at=None, dropped_at=None)
            yield _pile(label, proposals, "?approved_at__isempty=1&dropped_at__isempty=1")
        broken = LedgerCheck.objects.filter(breach_count__gt=0, checked_at__gt=now - timedelta(days=7))
        yield _pile(_("Breaches of the ledger found this week"), broken, "?breach_count__gt=0", late=True)
        prepared = Batch.objects.filter(status=Batch.Status.PREPARED).exclude(prepared_by=user)
        yield _pile(_("Payout batches to submit"), prepared, "?status__exact=prepared")
        matches = PayeeMatch.objects.undecided()
        yield _pile(_("Payees who may be one person"), matches, "?open=1")
        yield _pile(_("Rows of payout reports that do not fit"), ReportRow.objects.open(), "?open=1")
    if user.has_power("finance", "producer"):
        suspense = Suspense.objects.filter(resolution="")
        yield _pile(_("Money that matches no production"), suspense, "?resolution__exact=")
        reports = Intake.objects.filter(status__in=["ready", "refused", "stopped"])
        yield _pile(_("Reports looked at and not booked"), reports)
