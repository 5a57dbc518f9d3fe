"""Pages where people say what they think."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from challenges.access import get_challenge
from challenges.models import Challenge
from contributions.access import get_contribution
from contributions.models import Comment, Contribution
from profiles.access import member
from reviews import access, actions
from reviews.errors import ReviewRefused
from reviews.forms import RecommendForm, ReportForm, ReviewForm
from reviews.models import Review


def _public(request: HttpRequest, pk: int) -> Contribution:
    work = get_contribution(request.user, pk)
    if not work.is_published:
        raise Http404(pk)
    return work


@login_required
@require_POST
def heart(request: HttpRequest, pk: int) -> HttpResponse:
    """Like, or with `stop` no longer like."""
    work = _public(request, pk)
    act = actions.unheart if request.POST.get("stop") else actions.heart
    act(actor=member(request), contribution=work)
    if "HX-Request" not in request.headers:
        return redirect(work)
    work.refresh_from_db(fields=["heart_count"])
    return render(request, "reviews/_heart.html", {"work": work, "is_hearted": not request.POST.get("stop")})


@login_required
@require_http_methods(["GET", "POST"])
def recommend(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a work forward with a reason."""
    work = _public(request, pk)
    form = RecommendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.recommend(actor=member(request), contribution=work, **form.cleaned_data)
        except ReviewRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Thank you. The curators will see it with your reason."))
            return redirect(work)
    return _ask(request, work, form, _("Recommend this work"), _("Recommend"))


@login_required
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Write or rewrite my review."""
    work = _public(request, pk)
    mine = Review.objects.filter(reviewer=member(request), contribution=work).first()
    form = ReviewForm(request.POST or None, instance=mine)
    if request.method == "POST" and form.is_valid() and _reviewed(request, work, form):
        messages.success(request, _("Your review is saved."))
        return redirect(work)
    return _ask(request, work, form, _("Review this work"), _("Save review"))


def _reviewed(request: HttpRequest, work: Contribution, form: ReviewForm) -> bool:
    """Try the action; a refusal goes back into the form."""
    try:
        actions.review(actor=member(request), contribution=work, **form.cleaned_data)
    except (ReviewRefused, ValidationError) as error:
        form.add_error(None, str(error) if isinstance(error, ReviewRefused) else error)
        return False
    return True


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Report a work; no account needed."""
    work = get_contribution(request.user, pk)
    return _report(request, work, {"contribution": work})


@require_http_methods(["GET", "POST"])
def report_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Report a comment; no account needed."""
    comment = get_object_or_404(Comment.objects.select_related("contribution"), pk=pk, hidden_at=None)
    return _report(request, get_contribution(request.user, comment.contribution_id), {"comment": comment})


def _report(request: HttpRequest, work: Contribution, about: dict[str, Any]) -> HttpResponse:
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor = request.user if request.user.is_authenticated else None
        actions.report(actor=actor, **form.cleaned_data, **about)
        messages.success(request, _("Your report reached the moderators. You will read their answer in your inbox."))
        return redirect(work)
    return _ask(request, work, form, _("Report"), _("Send report"), comment=about.get("comment"))


def _ask(
    request: HttpRequest, work: Contribution, form: Any, title: str, button: str, comment: Comment | None = None
) -> HttpResponse:
    """One form about one work."""
    context = {"work": work, "form": form, "heading": title, "button": button, "comment": comment}
    return render(request, "reviews/ask.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def queue(request: HttpRequest, slug: str) -> HttpResponse:
    """One entry at a time, the least reviewed first."""
    challenge = get_challenge(request.user, slug)
    form = ReviewForm(request.POST or None)
    if request.method == "POST":
        work = _public(request, int(request.POST.get("work", "0") or 0))
        if form.is_valid() and _reviewed(request, work, form):
            messages.success(request, _("Saved. Here is the next one."))
            return redirect("reviews:queue", challenge.slug)
        return _queue_page(request, challenge, work, form)
    return _queue_page(request, challenge, access.next_to_review(member(request), challenge), form)


def _queue_page(
    request: HttpRequest, challenge: Challenge, work: Contribution | None, form: ReviewForm
) -> HttpResponse:
    done, total = access.review_progress(member(request), challenge)
    context = {"challenge": challenge, "work": work, "form": form, "done": done, "total": total}
    return render(request, "reviews/queue.html", context, status=422 if form.is_bound else 200)
