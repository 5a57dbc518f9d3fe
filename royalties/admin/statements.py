"""Statements: draft, submit, publish, revise, close, make final, post; and the judgements in them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from royalties import access, actions, cases, correcting
from royalties.admin.asking import Ask, AsksByForm
from royalties.admin.base import AddsByAction, ArtistRequest, MoneyAdmin, MoneyInline, Move, admin, shown
from royalties.admin.columns import ShowsAdjustment
from royalties.admin.forms import AdjustmentForm, DraftForm
from royalties.admin.money_forms import CorrectionForm, SettlingForm
from royalties.in_common import in_common
from royalties.models import Adjustment, Publication, Revision, Statement
from royalties.models.statement import BOOKED, DOCUMENTS, documents_of

IN_COMMON = 50
Status = Statement.Status
REASON = gettext_lazy("Reason, which will be public")
MOVES = {
    Status.DRAFT: [
        Move("recompute", gettext_lazy("Compute again")),
        Move("submit", gettext_lazy("Submit for review")),
        Move("withdraw", gettext_lazy("Withdraw"), REASON),
    ],
    Status.REVIEW: [
        Move("publish", gettext_lazy("Publish")),
        Move("send_back", gettext_lazy("Send back to the drafter"), REASON),
        Move("withdraw", gettext_lazy("Withdraw"), REASON),
    ],
    Status.PUBLISHED: [
        Move("publish", gettext_lazy("Publish the waiting revision")),
        Move("revise", gettext_lazy("Begin a revision; it settles what was granted and is still owed"), REASON),
        Move("drop_revision", gettext_lazy("Drop the waiting revision")),
        Move("close", gettext_lazy("Close the discussion")),
        Move("withdraw", gettext_lazy("Withdraw"), REASON),
    ],
    Status.CLOSING: [
        Move("finalise", gettext_lazy("Compute once more and make final")),
        Move("withdraw", gettext_lazy("Withdraw"), REASON),
    ],
    Status.FINAL: [
        Move("post", gettext_lazy("Post to the ledger")),
        Move("withdraw", gettext_lazy("Withdraw"), REASON),
    ],
}
REVISE_SETTLING = Move("revise_settling", gettext_lazy("Begin a revision, and say which cases it settles"), page=True)
CORRECT_NAMING = Move("correct", gettext_lazy("Correct it, and say which late claims that carries out"), page=True)
CORRECT = [
    Move("correct_by_house", gettext_lazy("Correct it; the house pays what was missing"), REASON),
    Move("correct_by_shares", gettext_lazy("Correct it out of later shares"), REASON),
]


class PublicationInline(MoneyInline):
    model = Publication
    fields = readonly_fields = ("number", "published_by", "published_at", "window_ends_at")


class AdjustmentInline(ShowsAdjustment, MoneyInline):
    model = Adjustment
    fields = readonly_fields = (
        "kind",
        "cue",
        "factor",
        "payee_linked",
        "award",
        "reason",
        "proposed_by",
        "approved_by",
        "back_reason",
        "withdrawn_at",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Adjustment]:
        rows: QuerySet[Adjustment] = super().get_queryset(request)
        return rows.select_related("statement", "cue", "payee__artist", "proposed_by", "approved_by")


@admin.register(Statement)
class StatementAdmin(AsksByForm):
    """The life of a statement, one button a move."""

    list_display = ("production", "first_day", "last_day", "currency", "status", "stage", "pool", "drafter", "approver")
    list_filter = ("status", "stage", "currency")
    search_fields = ("production__title",)
    list_select_related = ("production", "drafter", "approver", "current", "pending")
    inlines = (PublicationInline, AdjustmentInline)
    fields = (
        "production",
        "cut",
        "first_day",
        "last_day",
        "currency",
        "corrects",
        "funding",
        "status",
        "stage",
        "percent",
        "failure",
        "pool",
        "waiting",
        "makers_in_common",
        "drafter",
        "approver",
        "published_at",
        "window_ends_at",
        "posted_at",
        "withdrawn_reason",
    )
    add_form_class = DraftForm
    add_powers = ("drafter",)
    add_title = gettext_lazy("Draft a statement")
    add_note = gettext_lazy("It takes the latest locked cut and what the ledger holds for these days.")
    asks = {
        "revise_settling": Ask(
            title=gettext_lazy("Begin a revision"),
            form=SettlingForm,
            act=lambda actor, row, data: actions.revise(actor=actor, statement=row, **data),
            done=gettext_lazy("a revision is being computed"),
        ),
        "correct": Ask(
            title=gettext_lazy("Begin a correction"),
            form=CorrectionForm,
            act=lambda actor, row, data: actions.draft_correction(actor=actor, statement=row, **data),
            done=gettext_lazy("a correction is being computed"),
        ),
    }
    actions = (
        "recompute",
        "submit",
        "send_back",
        "publish",
        "revise",
        "drop_revision",
        "close",
        "finalise",
        "post",
        "withdraw",
        "correct_by_house",
        "correct_by_shares",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Statement]:
        rows: QuerySet[Statement] = super().get_queryset(request)
        return rows.defer(*documents_of("current", "pending"))

    @admin.display(description=gettext_lazy("artists’ half"))
    def pool(self, row: Statement) -> str:
        revision = row.shown_revision
        return shown(revision.pool_minor, row.currency) if revision else ""

    @admin.display(description=gettext_lazy("waiting revision"))
    def waiting(self, row: Statement) -> str:
        if row.pending is None:
            return ""
        words = {"number": row.pending.number, "pool": shown(row.pending.pool_minor, row.currency)}
        return _("Draft %(number)d: %(pool)s") % words

    @admin.display(description=gettext_lazy("makers in common"))
    def makers_in_common(self, row: Statement) -> str:
        """Of the draft that is decided about: works that pay a source which some, but not all, of their makers made."""
        revision = row.pending or row.current
        found, count = in_common(revision, IN_COMMON) if revision else ([], 0)
        if not found:
            return _("none")
        query = f"?revision={access.WAITING}" if row.pending else ""
        context = {"in_common": found, "statement": row, "revision_query": query}
        listed = render_to_string("royalties/_in_common_list.html", context)
        # Each is a name or more that a person has to believe; nothing else stands against one that is there for show.
        asked = _("Look whether everybody named made the work: one more name makes the source’s part payable.")
        more = _("%(shown)d of %(all)d are shown; all are on the statement’s page.") % {
            "shown": len(found),
            "all": count,
        }
        return format_html("<p>{}</p>{}{}", asked, listed, more if count > len(found) else "")

    def moves(self, row: Any) -> list[Move]:
        """What its state allows; where cases or claims wait to be carried out, also by a form that names them."""
        if row.status in BOOKED and row.corrects_id is None:
            return [*CORRECT, CORRECT_NAMING] if correcting.claims_to_carry_out(row).exists() else CORRECT
        moves = MOVES.get(Status(row.status), [])
        return [*moves, REVISE_SETTLING] if row.is_open and cases.promised(row).exists() else moves

    def add_row(self, request: ArtistRequest, form: forms.Form) -> Statement:
        return actions.draft_statement(actor=request.user, **form.cleaned_data)

    def _move(
        self, request: ArtistRequest, rows: QuerySet[Statement], act: Any, done: str, **more: Any
    ) -> HttpResponse | None:
        return self.each(request, rows, lambda row: act(actor=request.user, statement=row, **more), done)

    @admin.action(description=gettext_lazy("Compute again"))
    def recompute(self, request: ArtistRequest, rows: QuerySet[Statement]) -> HttpResponse | None:
        return self._move(request, rows, actions.recompute_statement, _("is being computed"))

    @admin.action(description=gettext_lazy("Submit for review"))
    def submit(self, request: ArtistRequest, rows: QuerySet[Statement]) -> HttpResponse | None:
        return self._move(request, rows, actions.submit_for_review, _("submitted for review"))

    @admin.action(description=gettext_lazy("Send back (reason needed)"))
    def send_back(self, request: ArtistRequest, rows: QuerySet[Statement]) -> HttpResponse | None:
        return self._move(request, rows, actions.send_back, _("sent back"), reason=self.words(request))

    @admin.action(description=gettext_lazy("Publish (as the second person)"))
    def publish(self, request: ArtistRequest, rows: QuerySet[Statement]) -> HttpResponse | None:
        return self._move(request, rows, actions.publish, _("published; everybody named in it is told"))

    @admin.action(description=gettext_lazy("Begin a revision (reason needed)"))
    def revise(self, request: ArtistRequest, rows: QuerySet[Statement]) -> HttpResponse | None:
        return self._move(request, rows, actions.revise, _("a revision is being computed"), reason=self.words(request))

    @admin.action(description=gettext_lazy("Drop the waiting revision"))
    def drop_revision(self, request: ArtistRequest, rows: QuerySet[Statement]) -> HttpResponse | None:
        return self._move(request, rows, actions.drop_revision, _("the waiting revision is dropped"))

    @admin.action(description=gettext_lazy("Close the discussion"))
    def close(self, request: ArtistRequest, rows: QuerySet[Statement]) -> HttpResponse | None:
        return self._move(request, rows, actions.close_statement, _("closed"))

    @admin.action(description=gettext_lazy("Make final"))
    def finalise(self, request: ArtistRequest, rows: QuerySet[Statement]) -> HttpResponse | None:
        return self._move(request, rows, actions.finalise, _("final: a new run gave the same bytes"))

    @admin.action(description=gettext_lazy("Post to the ledger (not by the drafter)"))
    def post(self, request: ArtistRequest, rows: QuerySet[Statement]) -> HttpResponse | None:
        return self._move(request, rows, actions.post_statement, _("posted to the ledger"))

    @admin.action(description=gettext_lazy("Withdraw (reason needed)"))
    def withdraw(self, request: ArtistRequest, rows: QuerySet[Statement]) -> HttpResponse | None:
        return self._move(request, rows, actions.withdraw_statement, _("withdrawn"), reason=self.words(request))

    @admin.action(description=gettext_lazy("Correct; the house pays what was missing (reason needed)"))
    def correct_by_house(self, request: ArtistRequest, rows: QuerySet[Statement]) -> HttpResponse | None:
        return self._correct(request, rows, Statement.Funding.HOUSE)

    @admin.action(description=gettext_lazy("Correct out of later shares (reason needed)"))
    def correct_by_shares(self, request: ArtistRequest, rows: QuerySet[Statement]) -> HttpResponse | None:
        return self._correct(request, rows, Statement.Funding.SHARES)

    def _correct(self, request: ArtistRequest, rows: QuerySet[Statement], funding: str) -> HttpResponse | None:
        done = _("a correction is being computed")
        return self._move(request, rows, actions.draft_correction, done, funding=funding, reason=self.words(request))


@admin.register(Revision)
class RevisionAdmin(MoneyAdmin):
    list_display = ("statement", "number", "attempt", "pool", "payee_count", "drafted_by", "created_at")
    list_select_related = ("statement__production", "drafted_by")
    fields = (*list_display, "reason", "input_sha256", "result_sha256")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        rows: QuerySet[Revision] = super().get_queryset(request)
        return rows.defer(*DOCUMENTS)

    @admin.display(description=gettext_lazy("artists’ half"))
    def pool(self, row: Revision) -> str:
        return shown(row.pool_minor, row.statement.currency)


@admin.register(Adjustment)
class AdjustmentAdmin(ShowsAdjustment, AddsByAction):
    list_display = (
        "statement",
        "kind",
        "cue",
        "factor",
        "payee_linked",
        "award",
        "reason",
        "proposed_by",
        "approved_by",
    )
    list_filter = ("kind", ("approved_by", admin.EmptyFieldListFilter))
    list_select_related = ("statement__production", "cue", "payee__artist", "proposed_by", "approved_by")
    fields = (*list_display, "approved_at", "back_reason", "back_by", "withdrawn_by", "withdrawn_at")
    actions = ("approve", "take_back", "agree")
    add_form_class = AdjustmentForm
    add_title = gettext_lazy("Propose an adjustment")
    add_note = gettext_lazy("It counts once somebody else approves it, from the next computation on.")

    def moves(self, row: Any) -> list[Move]:
        if row.withdrawn_at:
            return []
        if not row.approved_by_id:
            return [Move("approve", gettext_lazy("Approve")), Move("take_back", gettext_lazy("Take back"))]
        if row.waits_to_be_taken_back:
            return [Move("agree", gettext_lazy("Agree that it is taken back"))]
        return [Move("take_back", gettext_lazy("Ask that it be taken back"), REASON)]

    def add_row(self, request: ArtistRequest, form: forms.Form) -> Adjustment:
        data = form.cleaned_data
        if data["kind"] == Adjustment.Kind.LINE_FACTOR:
            return actions.propose_factor(
                actor=request.user,
                statement=data["statement"],
                cue=data["cue"],
                factor_bps=data["factor"],
                reason=data["reason"],
            )
        return actions.propose_award(
            actor=request.user,
            statement=data["statement"],
            payee=data["payee"],
            amount_minor=data["amount"].amount_minor,
            reason=data["reason"],
        )

    @admin.action(description=gettext_lazy("Approve (as the second person)"))
    def approve(self, request: ArtistRequest, rows: QuerySet[Adjustment]) -> HttpResponse | None:
        return self.each(
            request,
            rows,
            lambda row: actions.approve_adjustment(actor=request.user, adjustment=row),
            _("approved; compute again to take it in"),
        )

    @admin.action(description=gettext_lazy("Take back (what is approved: reason needed, somebody else agrees)"))
    def take_back(self, request: ArtistRequest, rows: QuerySet[Adjustment]) -> HttpResponse | None:
        reason = self.words(request)
        return self.each(
            request,
            rows,
            lambda row: actions.withdraw_adjustment(actor=request.user, adjustment=row, reason=reason),
            _("taken back, or asked for where it was approved"),
        )

    @admin.action(description=gettext_lazy("Agree that it is taken back (as the second person)"))
    def agree(self, request: ArtistRequest, rows: QuerySet[Adjustment]) -> HttpResponse | None:
        return self.each(
            request,
            rows,
            lambda row: actions.approve_taking_back(actor=request.user, adjustment=row),
            _("taken back; compute again to leave it out"),
        )
