"""Panels and claims for staff: what stands, never who sits; late claims are answered here."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from royalties import actions
from royalties.admin.base import LONGEST_WORDS, ArtistRequest, MoneyAdmin, Move, admin
from royalties.models import Answer, Escalation, PanelSeat, StatementClaim
from royalties.models.panel import LIVE

REASON = gettext_lazy("Public reason for the answer")
UNCHANGED = gettext_lazy("Right, but no amount changes")
WAITS_FIRST = Case(
    When(status=StatementClaim.Status.LATE, then=Value(0)), default=Value(1), output_field=IntegerField()
)


@admin.register(Escalation)
class EscalationAdmin(MoneyAdmin):
    """How far a panel is; its members and votes are nobody's to see before it has decided."""

    list_display = ("objection", "raised_by", "raised_at", "asked", "voted", "decision", "decided_at")
    list_filter = ("decision",)
    list_select_related = ("objection__statement", "raised_by")
    fields = (*list_display, "reason", "seed")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Escalation]:
        """With the counts of both columns, so that a list asks once."""
        asked = Count("seats", filter=Q(seats__status__in=LIVE))
        voted = Count("seats", filter=Q(seats__status=PanelSeat.Status.VOTED))
        rows: QuerySet[Escalation] = super().get_queryset(request)
        return rows.annotate(asked_count=asked, voted_count=voted)

    @admin.display(description=gettext_lazy("asked"))
    def asked(self, row: Any) -> int:
        count: int = row.asked_count
        return count

    @admin.display(description=gettext_lazy("voted"))
    def voted(self, row: Any) -> int:
        count: int = row.voted_count
        return count


@admin.register(StatementClaim)
class StatementClaimAdmin(MoneyAdmin):
    """Claims of missing works and wrong lines; late ones wait here, the oldest on top; the others are objections."""

    list_display = (
        "statement",
        "kind",
        "payee",
        "work",
        "name",
        "artist",
        "status",
        "created_at",
        "confirmed_at",
        "outcome",
    )
    list_filter = ("status", "kind", "statement__status", "statement")
    search_fields = ("work", "name")
    list_select_related = ("statement__production", "artist", "line__payee__artist")
    fields = (*list_display, "evidence", "link", "objection", "reason", "answered_by", "answered_at")
    ordering = (WAITS_FIRST, "pk")  # type: ignore[assignment]  # expressions are allowed, the stubs know only names
    actions = ("accept", "accept_partly", "accept_unchanged", "decline")

    @admin.display(description=gettext_lazy("line"))
    def payee(self, row: StatementClaim) -> str:
        return row.line.payee.shown_name if row.line else _("none: a work is missing")

    def moves(self, row: Any) -> list[Move]:
        if row.status != StatementClaim.Status.LATE or not row.statement.is_public:
            return []
        return [
            Move("accept", gettext_lazy("Accept"), REASON, is_long=True, most=LONGEST_WORDS),
            Move("accept_partly", gettext_lazy("Accept partly"), REASON, is_long=True, most=LONGEST_WORDS),
            Move("accept_unchanged", UNCHANGED, REASON, is_long=True, most=LONGEST_WORDS),
            Move("decline", gettext_lazy("Decline"), REASON, is_long=True, most=LONGEST_WORDS),
        ]

    def _answer(self, request: ArtistRequest, rows: QuerySet[StatementClaim], outcome: str) -> HttpResponse | None:
        return self.each(
            request,
            rows,
            lambda row: actions.answer_claim(
                actor=request.user, claim=row, outcome=outcome, reason=self.words(request)
            ),
            _("answered"),
        )

    @admin.action(description=gettext_lazy("Accept (reason needed)"))
    def accept(self, request: ArtistRequest, rows: QuerySet[StatementClaim]) -> HttpResponse | None:
        return self._answer(request, rows, Answer.Outcome.ACCEPTED)

    @admin.action(description=gettext_lazy("Accept partly (reason needed)"))
    def accept_partly(self, request: ArtistRequest, rows: QuerySet[StatementClaim]) -> HttpResponse | None:
        return self._answer(request, rows, Answer.Outcome.PARTLY)

    @admin.action(description=gettext_lazy("Right, but no amount changes (reason needed)"))
    def accept_unchanged(self, request: ArtistRequest, rows: QuerySet[StatementClaim]) -> HttpResponse | None:
        return self._answer(request, rows, Answer.Outcome.NOTED)

    @admin.action(description=gettext_lazy("Decline (reason needed)"))
    def decline(self, request: ArtistRequest, rows: QuerySet[StatementClaim]) -> HttpResponse | None:
        return self._answer(request, rows, Answer.Outcome.DECLINED)
