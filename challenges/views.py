"""Pages of challenges."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from challenges import access, actions
from challenges.errors import ChallengeError
from challenges.forms import ChallengeForm, EnterForm, ResultsForm
from challenges.models import Challenge, Entry, Phase
from challenges.timetable import phases
from profiles.access import member
from profiles.models import Follow
from profiles.models.event import topic_of
from profiles.paging import page

PAGE = 24


def challenges(request: HttpRequest) -> HttpResponse:
    """Open, under review and closed challenges."""
    now = timezone.now()
    shelf = request.GET.get("phase", "open")
    shelves = {
        "open": Q(closes_at__gt=now),
        "review": Q(closes_at__lte=now, results_published_at=None),
        "results": Q(results_published_at__isnull=False),
    }
    shelf = shelf if shelf in shelves else "open"
    rows = (
        Challenge.objects.visible()
        .filter(shelves[shelf])
        .select_related("artist", "project", "cover__current_version", "cover__artist")
    )
    labels = {"open": _("Open"), "review": _("Being reviewed"), "results": _("Closed")}
    pills = [{"url": f"?phase={name}", "label": label, "current": name == shelf} for name, label in labels.items()]
    context = {"page": page(rows, order=("-pk",), query=request.GET, size=PAGE), "pills": pills, "shelf": shelf}
    return render(request, "challenges/challenges.html", context)


def challenge(request: HttpRequest, slug: str) -> HttpResponse:
    """Brief, timetable, material and entries."""
    row = access.get_challenge(request.user, slug)
    signed_in = request.user.is_authenticated
    topic = topic_of(row)
    works = access.shown_entries(row)
    context = {
        "challenge": row,
        "phases": phases(row, timezone.now()),
        "materials": row.materials.published().for_cards(),
        "page": page(works, order=("-published_seq",), query=request.GET, size=PAGE),
        "entry_total": works.count(),
        "artist_total": works.values("artist").distinct().count(),
        "my_entries": Entry.objects.filter(challenge=row, artist=member(request), withdrawn_at=None).select_related(
            "contribution"
        )
        if signed_in
        else [],
        "topic": topic,
        "is_following": signed_in and Follow.objects.filter(artist=member(request), topic=topic).exists(),
        "may_steer": signed_in and access.may_steer(member(request), row),
        "late_key": request.GET.get("late", ""),
    }
    return render(request, "challenges/challenge.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Any artist may issue a challenge."""
    form = ChallengeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        materials = fields.pop("materials")
        try:
            row = actions.issue_challenge(actor=member(request), materials=materials, **fields)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Your challenge is out."))
            return redirect(row)
    return render(request, "challenges/propose.html", {"form": form}, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose one of my works, or upload a new one."""
    row = access.get_challenge(request.user, slug)
    works = access.works_to_enter(member(request), row)
    initial = {"late_key": request.GET.get("late", ""), "contribution": request.GET.get("work")}
    form = EnterForm(request.POST or None, works=works, initial=initial)
    if request.method == "POST" and form.is_valid():
        work = form.cleaned_data["contribution"]
        try:
            actions.enter_challenge(
                actor=member(request), challenge=row, contribution=work, late_key=form.cleaned_data["late_key"]
            )
        except ChallengeError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(title)s is in the challenge.") % {"title": work.title})
            return redirect(row)
    context = {"challenge": row, "form": form, "works": works[:60]}
    return render(request, "challenges/enter.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an entry out again."""
    entry = get_object_or_404(Entry.objects.select_related("challenge"), pk=pk, artist=member(request))
    try:
        actions.withdraw_entry(actor=member(request), entry=entry)
    except ChallengeError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Your entry is withdrawn. The work itself stays as it is."))
    return redirect(entry.challenge)


def results(request: HttpRequest, slug: str) -> HttpResponse:
    """Chosen works, how they were chosen, and thanks to all."""
    row = access.get_challenge(request.user, slug)
    entries = (
        Entry.objects.filter(challenge=row, withdrawn_at=None, contribution__status="published")
        .select_related("contribution__artist", "contribution__current_version", "artist")
        .order_by("pk")
    )
    out = row.phase == Phase.RESULTS
    context = {
        "challenge": row,
        "is_out": out,
        "chosen": [entry for entry in entries if entry.outcome == Entry.Outcome.CHOSEN] if out else [],
        "thanked": [entry for entry in entries if entry.outcome != Entry.Outcome.CHOSEN] if out else [],
        "entry_total": len(entries),
    }
    return render(request, "challenges/results.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, slug: str) -> HttpResponse:
    """The issuer or staff choose works and publish the results."""
    row = access.get_challenge(request.user, slug)
    if not access.may_steer(member(request), row):
        raise Http404(slug)
    entries = Entry.objects.filter(challenge=row, withdrawn_at=None).select_related("contribution", "artist")
    form = ResultsForm(request.POST or None, entries=entries.order_by("pk"))
    if request.method == "POST" and form.is_valid():
        try:
            actions.publish_results(
                actor=member(request), challenge=row, chosen=form.chosen(), note=form.cleaned_data["note"]
            )
        except ChallengeError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The results are out, and every entrant is told."))
            return redirect("challenges:results", row.slug)
    context = {"challenge": row, "form": form}
    return render(request, "challenges/decide.html", context, status=422 if form.is_bound else 200)
