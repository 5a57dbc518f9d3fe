"""Moves of a row that need more than one word: a form on a page of its own, that ends in an action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import Promise

from profiles import submissions
from royalties.admin.base import AddsByAction
from royalties.exceptions import RoyaltiesRefused
from royalties.views._request import ArtistRequest


@dataclass(frozen=True, slots=True)
class Ask:
    """What a page asks, and the function that answers it: it takes the person, the row, what the form read."""

    title: str | Promise
    form: Callable[..., forms.Form]
    act: Callable[[Any, Any, dict[str, Any]], Any]
    done: str | Promise


class AsksByForm(AddsByAction):
    """Rows some of whose moves ask with a form; `asks` names them as `moves` does."""

    asks: dict[str, Ask] = {}
    add_form_class = forms.Form
    add_powers: tuple[str, ...] = ()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.add_powers) and super().has_add_permission(request, obj)

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_ask"
        return [
            path("<int:pk>/ask/<slug:move>/", self.admin_site.admin_view(self.ask_view), name=name),
            *super().get_urls(),
        ]

    @method_decorator(submissions.once)
    def ask_view(self, request: ArtistRequest, pk: int, move: str) -> HttpResponse:
        """The form of one move of one row; what the action refuses stands above the fields."""
        row, ask = self.get_object(request, str(pk)), self.asks.get(move)
        if row is None or ask is None or not self.has_view_permission(request, row):
            return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))
        form = ask.form(request.POST or None, row=row)
        if request.method == "POST" and form.is_valid():
            try:
                ask.act(request.user, row, form.cleaned_data)
            except RoyaltiesRefused as problem:
                form.add_error(None, str(problem))
            else:
                self.log_change(request, row, str(ask.done))
                self.message_user(request, f"{row}: {ask.done}", messages.SUCCESS)
                address = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
                return HttpResponseRedirect(reverse(address, args=[pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": ask.title,
            "note": str(row),
            "opts": self.opts,
            "form": form,
            "is_multipart": False,
        }
        return TemplateResponse(request, "admin/royalties/add.html", context, status=422 if form.is_bound else 200)
