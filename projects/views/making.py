"""Projects that are made: the list, the project's page, an episode, the credits, the diary."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from profiles.models.event import topic_of
from projects import access, actions, parts, showing
from projects.errors import ProjectError
from projects.forms import JoinForm, NameForm, UpdateForm
from projects.models import Consent, Production, Project
from projects.views._common import Request, page_of, refused

PAGE = 24
STAGE_MOST = 6
Status = Project.Status
STAGES = {
    "production": (Status.IN_PRODUCTION,),
    "development": (Status.GREEN_LIT,),
    "released": (Status.RELEASED,),
}


@require_GET
def projects(request: Request) -> HttpResponse:
    """Everything that is made, by stage."""
    titles = {
        "production": _("In production"),
        "development": _("In development"),
        "released": _("Released"),
    }
    found = Project.objects.visible_to(request.user).select_related("cover__current_version", "cover__artist")
    stage = request.GET.get("stage", "")
    if stage in STAGES:
        rows, more_url = page_of(request, found.filter(status__in=STAGES[stage]), PAGE)
        groups = [{"key": stage, "title": titles[stage], "projects": rows}]
    else:
        stage, more_url = "", ""
        groups = [
            {
                "key": key,
                "title": titles[key],
                "projects": list(found.filter(status__in=of).order_by("-pk")[:STAGE_MOST]),
            }
            for key, of in STAGES.items()
        ]
    pills = [{"url": "/projects/", "label": _("All"), "current": not stage}]
    pills += [{"url": f"?stage={key}", "label": title, "current": stage == key} for key, title in titles.items()]
    context = {"groups": groups, "stage": stage, "more_url": more_url, "pills": pills}
    return render(request, "projects/projects.html", context)


@require_GET
def project(request: Request, slug: str) -> HttpResponse:
    """One project: picture, steps, money, credits; for a season its episodes."""
    found = access.get_project(request.user, slug)
    productions = list(
        Production.objects.filter(project=found).with_release().with_master().order_by("season", "number")
    )
    context = _about(request, found)
    if len(productions) == 1 and productions[0].number is None:
        context |= _of_production(request, productions[0])
    else:
        context |= {"episodes": productions}
    return render(request, "projects/project.html", context)


@require_GET
def episode(request: Request, slug: str, season: int, number: int) -> HttpResponse:
    """One episode: topic, segments pre-mixed or live, closing credits."""
    production = access.get_production(request.user, slug, season, number)
    context = _about(request, production.project) | _of_production(request, production)
    context["shown_cover"] = production.cover or production.project.cover
    return render(request, "projects/episode.html", context)


@require_http_methods(["GET", "POST"])
def production_credits(
    request: Request, slug: str, season: int | None = None, number: int | None = None
) -> HttpResponse:
    """All names with the works they gave; whoever is named says here how the name shall stand."""
    production = access.get_production(request.user, slug, season, number)
    view = showing.credits_view(production, request.user)
    form = NameForm(request.POST or None, initial={"name": view.to_confirm.name} if view.to_confirm else None)
    own = view.to_confirm
    if request.method == "POST" and own is not None and own.artist is not None and form.is_valid():
        actions.confirm_credit(actor=own.artist, credit=own, name=form.cleaned_data["name"])
        messages.success(request, _("This is how your name will stand."))
        return redirect(production.get_credits_url())
    context = {"production": production, "project": production.project, "credits": view, "form": form}
    context |= {"cut": showing.cut_shown(production), "presents": showing.presents(production.project.kind)}
    return render(request, "projects/credits.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def updates(request: Request, slug: str) -> HttpResponse:
    """The diary; those who lead the project write in it here."""
    found = access.get_project(request.user, slug)
    may_write = access.leads(request.user, found) or access.is_producer(request.user)
    form = UpdateForm(request.POST or None) if may_write else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            actions.post_update(actor=request.user, project=found, **form.cleaned_data)  # type: ignore[arg-type]  # may_write: signed in
        except ProjectError as error:
            return refused(request, error, request.path)
        return redirect(request.path)
    rows, more_url = page_of(request, found.updates.select_related("artist"), PAGE)
    context = _about(request, found) | {"updates": rows, "more_url": more_url, "form": form}
    return render(request, "projects/updates.html", context, status=422 if form and form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def consent(request: Request, pk: int) -> HttpResponse:
    """May we use it? The question, and the answer so far."""
    found = access.get_own_consent(request.user, pk)
    if request.method == "POST":
        try:
            actions.answer_consent(actor=found.artist, consent=found, answer=request.POST.get("answer", ""))
        except ProjectError as error:
            return refused(request, error, found)
        messages.success(request, _("Thank you. The producers know."))
        return redirect(found)
    return render(request, "projects/consent.html", {"consent": found, "Answer": Consent.Answer})


def _about(request: Request, found: Project) -> dict[str, Any]:
    """What every page of a project shows."""
    members = list(found.members.select_related("artist").order_by("pk"))
    return {
        "project": found,
        "members": members,
        "own_membership": next((member for member in members if member.artist_id == request.user.pk), None),
        "is_following": showing.is_following(request.user, found),
        "follow_topic": topic_of(found),
        "join_form": JoinForm(),
        "presents": showing.presents(found.kind),
        "kind_line": _("%(kind)s: %(status)s")
        % {"kind": found.get_kind_display(), "status": found.get_status_display()},
    }


def _of_production(request: Request, production: Production) -> dict[str, Any]:
    """What a production's page shows: steps, segments, money, credits."""
    steps = showing.step_views(request, production)
    cut = showing.cut_shown(production)
    return {
        "production": production,
        **showing.watching(production),
        "steps": steps,
        "steps_title": showing.steps_title(steps),
        "needed": next((view for view in steps if view.url or view.kind == "live"), None),
        "cut": cut,
        "sections": showing.section_views(cut),
        "credits": showing.credits_view(production, request.user),
        "money": parts.drawn("money", request, production),
        "latest": list(production.project.updates.select_related("artist")[:2]),
    }
