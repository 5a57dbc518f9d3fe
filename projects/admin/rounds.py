"""Green-light rounds: announce one, count one that has closed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from projects import actions
from projects.admin._base import LookInline, Move, Moving, adopt, producers_may, staff
from projects.models import Candidate, Project, Round

COUNT = Move("close", _("Count the votes"))


class RoundForm(forms.ModelForm[Round]):
    """What a round asks, when, and who stands."""

    projects = forms.ModelMultipleChoiceField(
        label=_("pitches that stand"), queryset=Project.objects.filter(status=Project.Status.PITCH).order_by("title")
    )

    class Meta:
        model = Round
        fields = ("title", "question", "opens_at", "closes_at", "joined_before")


class CandidateInline(LookInline):
    model = Candidate
    fields = ("position", "project")


@admin.register(Round)
class RoundAdmin(Moving):
    """Who voted for what is nowhere here: ballots are published by receipt when the round is counted."""

    list_display = ("title", "opens_at", "closes_at", "closed_at", "voters")
    ordering = ("-opens_at",)
    inlines = (CandidateInline,)
    has_add_permission = producers_may

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **({"form": RoundForm} if obj is None else {}), **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        words = ("title", "question", "opens_at", "closes_at", "joined_before")
        return (*words, "projects") if obj is None else (*words, "closed_at", "closed_by", "result")

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    @admin.display(description=_("voters"))
    def voters(self, row: Round) -> str:
        return str(row.result["voters"]) if row.result else "–"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        adopt(obj, actions.open_round(actor=staff(request), **form.cleaned_data))

    def moves_for(self, row: Round) -> list[Move]:
        return [COUNT] if row.result is None else []

    def move_close(self, request: HttpRequest, row: Round, reason: str) -> None:
        actions.close_round(actor=staff(request), voting_round=row)
