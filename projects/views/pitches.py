"""Pitches: the list, one pitch, proposing and changing one, offering to help."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from profiles.models.event import topic_of
from projects import access, actions, parts, showing
from projects.errors import ProjectError
from projects.forms import JoinForm, PitchForm
from projects.models import MADE, PITCHED, Candidate, Project
from projects.views._common import ArtistRequest, Request, page_of, refused

PAGE = 24


@require_GET
def pitches(request: Request) -> HttpResponse:
    """Ideas for what is made next, newest first."""
    found = Project.objects.visible_to(request.user).filter(status__in=PITCHED)
    rows, more_url = page_of(request, found.select_related("artist", "cover__current_version", "cover__artist"), PAGE)
    context = {"pitches": rows, "more_url": more_url, "first": "after" not in request.GET}
    return render(request, "projects/pitches.html", context)


@require_GET
def pitch(request: Request, pk: int) -> HttpResponse:
    """One idea: its words, its works, who helps, the rounds it stood in and the producers' answer."""
    project = access.get_pitch(request.user, pk)
    members = list(project.members.select_related("artist").order_by("pk"))
    context = {
        "project": project,
        "members": members,
        "own": next((member for member in members if member.artist_id == request.user.pk), None),
        "works": project.works.published().for_cards(),
        "candidacies": Candidate.objects.filter(project=project).select_related("round").order_by("-round__opens_at"),
        "is_following": showing.is_following(request.user, project),
        "leads": access.leads(request.user, project),
        "form": JoinForm(),
        "is_made": project.status in MADE,
        "follow_topic": topic_of(project),
        "talk": parts.drawn("pitch", request, project),
    }
    return render(request, "projects/pitch.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def propose(request: ArtistRequest) -> HttpResponse:
    """Put an idea before everybody."""
    form = PitchForm(request.POST or None, artist=request.user)
    if request.method == "POST" and form.is_valid():
        project = actions.pitch_project(actor=request.user, **form.cleaned_data)
        messages.success(request, _("Your pitch is out. Tell people who might help."))
        return redirect(project)
    return render(request, "projects/propose.html", {"form": form}, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def edit_pitch(request: ArtistRequest, pk: int) -> HttpResponse:
    """Change one's own pitch while no round is under way."""
    project = access.get_own_pitch(request.user, pk)
    form = PitchForm(request.POST or None, instance=access.get_own_pitch(request.user, pk), artist=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_pitch(actor=request.user, project=project, **form.cleaned_data)
        except ProjectError as error:
            return refused(request, error, project)
        messages.success(request, _("The pitch is changed."))
        return redirect(project)
    context = {"form": form, "project": project}
    return render(request, "projects/propose.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def join(request: ArtistRequest, pk: int) -> HttpResponse:
    """Offer to help, or with `stop` no longer help."""
    project = access.get_pitch(request.user, pk)
    form = JoinForm(request.POST)
    try:
        if request.POST.get("stop"):
            actions.leave_project(actor=request.user, project=project)
        elif form.is_valid():
            actions.join_project(actor=request.user, project=project, does=form.cleaned_data["does"])
            messages.success(request, _("You are in. The people who lead it know."))
        else:
            messages.error(request, " ".join(map(str, form.errors["does"])))
    except ProjectError as error:
        return refused(request, error, project)
    return redirect(project)
