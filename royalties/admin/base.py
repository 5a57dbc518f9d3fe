"""What the pages of money staff share: who may look, moves that call actions, refusals as messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME, ActionForm
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from profiles import submissions
from profiles.actions import SubmissionReused
from profiles.admin import CONFIDENTIAL, READ_WITH, ReadOnlyAdmin, ReadOnlyInline
from profiles.models.event import topic_of
from royalties.actions.guards import within
from royalties.exceptions import ImportRefused, RoyaltiesRefused
from royalties.money import Money
from royalties.views._request import ArtistRequest

LONGEST_WORDS = 4000
POWERS = ("drafter", "approver", "finance", "producer")
READ_WITH["royalties."] = POWERS
CONFIDENTIAL.update({"royalties.panel_invited", "royalties.panel_released"})


class WordsActionForm(ActionForm):
    """The reason or the provider's reference that goes with a move."""

    # However long: a form that is not valid is taken for one without a move, and what was typed is lost.
    words = forms.CharField(label=gettext_lazy("Reason or reference"), required=False)


@dataclass(frozen=True, slots=True)
class Move:
    """A button on a row's page: which action it runs, and what must be typed for it."""

    action: str
    label: Any
    words: Any = ""
    is_long: bool = False
    # So many signs the action takes.
    most: int = 500
    # A form on a page of its own asks what is needed (admin/asking.py).
    page: bool = False


class MoneyLook:
    """Looking is for whoever works with money, whatever Django's own permissions say."""

    powers: tuple[str, ...] = POWERS

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_authenticated and request.user.has_power(*self.powers))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


class MoneyInline(MoneyLook, ReadOnlyInline):
    """Rows beside theirs, to look at."""


class MoneyAdmin(MoneyLook, ReadOnlyAdmin):
    """Rows that move by actions: from the list, several at once, or from a row's own page."""

    action_form = WordsActionForm
    change_form_template = "admin/royalties/moves.html"
    show_full_result_count = False

    def moves(self, row: Any) -> list[Move]:
        """What can be done with a row as it stands."""
        return []

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        meta = self.opts
        extra = {
            "moves": self.moves(row) if row is not None else [],
            "moves_url": reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist"),
            "row": row,
            "site_page": getattr(row, "get_absolute_url", str)(),
        }
        return super().change_view(request, object_id, form_url, {**extra, **(extra_context or {})})

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """A move of one row takes the form's key before the list is read: what comes again costs no list."""
        ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
        act = partial(super().changelist_view, request, extra_context)
        is_one = len(ticked) == 1 and ticked[0].isdecimal() and request.POST.get("select_across") != "1"
        if not is_one:
            return act()
        try:
            return submissions.once_for(request, f"{self.opts.model_name}:{int(ticked[0])}", act)
        except SubmissionReused:
            return submissions.reused(request)

    def each(
        self, request: HttpRequest, rows: QuerySet[Any], act: Callable[[Any], Any], done: str
    ) -> HttpResponse | None:
        """Run an action on every row; say what was done and what was refused, row by row.

        Each row is one part of the form, so that a form sent again goes on where the first time ended.
        """
        chosen = self._chosen(request, rows)
        answer, is_alone = None, len(chosen) == 1
        for row in chosen:
            one = partial(self._one, request, row, act, done, is_alone=is_alone)
            try:
                answer = submissions.once_for(request, topic_of(row), one)
            except SubmissionReused:
                return submissions.reused(request)
        return answer if is_alone else None

    def _chosen(self, request: HttpRequest, rows: QuerySet[Any]) -> list[Any]:
        """The rows that were ticked, even where the first time has moved them out of the list's filter."""
        ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not ticked or request.POST.get("select_across") == "1":
            return list(rows)
        return list(self.get_queryset(request).filter(pk__in=ticked).order_by("pk"))

    def _one(
        self, request: HttpRequest, row: Any, act: Callable[[Any], Any], done: str, *, is_alone: bool
    ) -> HttpResponse:
        try:
            within(self.words(request), LONGEST_WORDS)
            act(row)
        except RoyaltiesRefused as problem:
            self.message_user(request, f"{row}: {problem}", messages.ERROR)
            if is_alone:
                return self._refused(request, row, str(problem))
        else:
            self.log_change(request, row, done)
            self.message_user(request, f"{row}: {done}", messages.SUCCESS)
        return _back_to(row)

    def _refused(self, request: HttpRequest, row: Any, problem: str) -> HttpResponse:
        """The row's page again: the refusal at its top and beside the move, and what was typed still there."""
        key, action = str(row.pk), request.POST.get("action", "")
        now = self.get_object(request, key)
        is_offered = now is not None and action in {move.action for move in self.moves(now)}
        tried = {"action": action, "words": self.words(request), "problem": problem, "is_offered": is_offered}
        request.method = "GET"  # the page is only looked at: Django takes a POST to it for its own form
        response = self.change_view(request, key, extra_context={"tried": tried})
        request.method = "POST"
        response.headers.pop("Refresh", None)  # coming again by itself it would take the words away
        if response.status_code == 200:
            response.status_code = 422
        return response

    @staticmethod
    def words(request: HttpRequest) -> str:
        """What was typed beside the move; a line's end is one sign."""
        return request.POST.get("words", "").replace("\r\n", "\n")


class AddsByAction(MoneyAdmin):
    """A kind of row that a form and an action make."""

    add_form_class: type[forms.Form]
    add_title: Any = ""
    add_powers: tuple[str, ...] = ("drafter",)
    add_note: Any = ""
    #: Calls the action with what the form has read; each kind of row that may be added has its own.
    add_row: Callable[[ArtistRequest, Any], Model]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_authenticated and request.user.has_power(*self.add_powers))

    @method_decorator(submissions.once)
    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A form that ends in an action; what it refuses stands above the fields."""
        if not self.has_add_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        form = self.add_form_class(request.POST or None, request.FILES or None, initial=request.GET.dict())
        if request.method == "POST" and form.is_valid():
            try:
                row = self.add_row(cast("ArtistRequest", request), form)
            except ImportRefused as refusal:
                for number, reason in refusal.problems:
                    words = _("Line %(number)d: %(reason)s") % {"number": number, "reason": reason}
                    form.add_error(None, words if number else reason)
            except RoyaltiesRefused as problem:
                form.add_error(None, str(problem))
            else:
                self.log_addition(request, row, str(_("Added by an action")))
                self.message_user(request, _("Done: %(row)s") % {"row": row}, messages.SUCCESS)
                return _back_to(row)
        context = {
            **self.admin_site.each_context(request),
            "title": self.add_title,
            "note": self.add_note,
            "opts": self.opts,
            "form": form,
            "is_multipart": form.is_multipart(),
        }
        return TemplateResponse(request, "admin/royalties/add.html", context, status=422 if form.is_bound else 200)


def shown(minor: int | None, currency: str) -> str:
    """An amount for the eyes of staff."""
    return "" if minor is None else Money(minor, currency).format(get_language() or "en")


def _back_to(row: Model) -> HttpResponseRedirect:
    meta = row._meta
    return HttpResponseRedirect(reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk]))


__all__ = [
    "LONGEST_WORDS",
    "AddsByAction",
    "ArtistRequest",
    "MoneyAdmin",
    "MoneyInline",
    "Move",
    "WordsActionForm",
    "admin",
    "shown",
]
