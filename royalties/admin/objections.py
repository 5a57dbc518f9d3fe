"""The queue of objections, oldest open first, and comments that moderators may hide."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from royalties import actions, cases
from royalties.admin.base import LONGEST_WORDS, POWERS, ArtistRequest, MoneyAdmin, MoneyInline, Move, admin, shown
from royalties.models import Answer, Objection, StatementComment

REASON = gettext_lazy("Public reason for the answer")
UNCHANGED = gettext_lazy("Right, but no amount changes")
OPEN_FIRST = Case(When(status=Objection.Status.OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())
WORDS_IN_LIST = 16


class AnswerInline(MoneyInline):
    model = Answer
    fields = readonly_fields = ("outcome", "reason", "by", "at")


@admin.register(Objection)
class ObjectionAdmin(MoneyAdmin):
    """Open ones first, the oldest on top."""

    list_display = ("statement", "payee", "amount", "kind", "status", "stands", "words_said", "raised_by", "raised_at")
    list_filter = ("status", "kind", "statement__status", "statement")
    search_fields = ("comment__body", "raised_by__handle")
    list_select_related = ("statement__production", "line__payee__artist", "comment", "raised_by", "escalation")
    ordering = (OPEN_FIRST, "pk")  # type: ignore[assignment]  # expressions are allowed, the stubs know only names
    fields = tuple("said" if name == "words_said" else name for name in list_display)
    inlines = (AnswerInline,)
    actions = ("accept", "accept_partly", "accept_unchanged", "decline")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Objection]:
        """With what was granted and is not carried out, so that a list asks once."""
        rows: QuerySet[Objection] = super().get_queryset(request)
        return rows.annotate(is_owed=cases.owed())

    @admin.display(description=gettext_lazy("line"))
    def payee(self, row: Objection) -> str:
        return row.line.payee.shown_name if row.line else _("none: a work is missing")

    @admin.display(description=gettext_lazy("amount"))
    def amount(self, row: Objection) -> str:
        return shown(row.line.amount_minor, row.statement.currency) if row.line else ""

    @admin.display(description=gettext_lazy("what was said"))
    def words_said(self, row: Objection) -> str:
        """How it begins: a list of whole letters shows nothing else. The row's page has all of it."""
        return Truncator(row.comment.body).words(WORDS_IN_LIST)

    @admin.display(description=gettext_lazy("what was said"))
    def said(self, row: Objection) -> str:
        return row.comment.body

    @admin.display(description=gettext_lazy("how it stands"))
    def stands(self, row: Objection) -> str:
        """Overdue, before a panel, granted and not carried out: what staff must still see to."""
        if not row.statement.is_public:
            return row.statement.get_status_display()
        if row.status == Objection.Status.OPEN:
            return _("Overdue") if cases.is_overdue(row.statement, timezone.now()) else ""
        escalation = getattr(row, "escalation", None)
        if escalation is not None and escalation.is_open:
            return _("Before a panel")
        return _("Granted, not carried out yet") if getattr(row, "is_owed", False) else ""

    def moves(self, row: Any) -> list[Move]:
        if row.status != Objection.Status.OPEN or not row.statement.is_open:
            return []
        return [
            Move("accept", gettext_lazy("Accept"), REASON, is_long=True, most=LONGEST_WORDS),
            Move("accept_partly", gettext_lazy("Accept partly"), REASON, is_long=True, most=LONGEST_WORDS),
            Move("accept_unchanged", UNCHANGED, REASON, is_long=True, most=LONGEST_WORDS),
            Move("decline", gettext_lazy("Decline"), REASON, is_long=True, most=LONGEST_WORDS),
        ]

    def _answer(self, request: ArtistRequest, rows: QuerySet[Objection], outcome: str) -> HttpResponse | None:
        return self.each(
            request,
            rows,
            lambda row: actions.answer_objection(
                actor=request.user, objection=row, outcome=outcome, reason=self.words(request)
            ),
            _("answered"),
        )

    @admin.action(description=gettext_lazy("Accept (reason needed)"))
    def accept(self, request: ArtistRequest, rows: QuerySet[Objection]) -> HttpResponse | None:
        return self._answer(request, rows, Answer.Outcome.ACCEPTED)

    @admin.action(description=gettext_lazy("Accept partly (reason needed)"))
    def accept_partly(self, request: ArtistRequest, rows: QuerySet[Objection]) -> HttpResponse | None:
        return self._answer(request, rows, Answer.Outcome.PARTLY)

    @admin.action(description=gettext_lazy("Right, but no amount changes (reason needed)"))
    def accept_unchanged(self, request: ArtistRequest, rows: QuerySet[Objection]) -> HttpResponse | None:
        return self._answer(request, rows, Answer.Outcome.NOTED)

    @admin.action(description=gettext_lazy("Decline (reason needed)"))
    def decline(self, request: ArtistRequest, rows: QuerySet[Objection]) -> HttpResponse | None:
        return self._answer(request, rows, Answer.Outcome.DECLINED)


@admin.register(StatementComment)
class StatementCommentAdmin(MoneyAdmin):
    powers = (*POWERS, "moderator")
    list_display = ("statement", "author", "body", "created_at", "hidden_at")
    list_filter = (("hidden_at", admin.EmptyFieldListFilter), "statement")
    search_fields = ("body", "author__handle")
    list_select_related = ("statement__production", "author")
    fields = (*list_display, "payee", "reply_to", "hidden_reason")
    actions = ("hide",)

    def moves(self, row: Any) -> list[Move]:
        return (
            []
            if row.hidden_at
            else [Move("hide", gettext_lazy("Hide"), gettext_lazy("Reason, shown in its place"), most=300)]
        )

    @admin.action(description=gettext_lazy("Hide (reason needed)"))
    def hide(self, request: ArtistRequest, rows: QuerySet[StatementComment]) -> HttpResponse | None:
        return self.each(
            request,
            rows,
            lambda row: actions.hide_comment(actor=request.user, comment=row, reason=self.words(request)),
            _("hidden"),
        )
