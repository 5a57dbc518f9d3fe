"""What artists do with works they have: drafts that end, shares, comments."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contributions import access, actions
from contributions.errors import ContributionError
from contributions.forms import CommentForm, ShareForms
from contributions.models import Comment, Contribution, Share
from contributions.views.posting import posted
from profiles.access import member


@require_safe
def view(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture as large as it is, to look into."""
    work = access.get_contribution(request.user, pk)
    if work.is_gone or work.medium != Contribution.Medium.IMAGE or not work.media:
        return redirect(work)
    return render(request, "contributions/view.html", {"work": work})


@login_required
@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a draft for good."""
    work = access.get_own(request.user, pk)
    if request.method == "POST":
        try:
            actions.discard_draft(actor=member(request), contribution=work)
        except ContributionError as refused:
            messages.error(request, str(refused))
            return redirect("contributions:edit", pk)
        messages.success(request, _("The draft is deleted."))
        return redirect("contributions:drafts")
    return render(request, "contributions/discard.html", {"work": work})


@login_required
@require_http_methods(["GET", "POST"])
def shares(request: HttpRequest, pk: int) -> HttpResponse:
    """Who made it in what parts: its artist proposes, those named agree here."""
    work = Contribution.objects.filter(shares__artist=member(request), pk=pk).first() or access.get_own(
        request.user, pk
    )
    if request.method == "POST" and "agree" in request.POST:
        return _agree(request, work)
    rows = list(work.shares.select_related("artist").order_by("-share_bps", "pk"))
    may_propose = work.artist_id == request.user.pk and work.published_seq is None
    forms = ShareForms(*posted(request)[:1], initial=_proposed(work, rows)) if may_propose else None
    if forms is not None and request.method == "POST" and forms.is_valid() and _propose(request, work, forms):
        return redirect("contributions:shares", pk)
    context = {
        "work": work,
        "shares": rows,
        "forms": forms,
        "waits_for_me": any(row.artist_id == request.user.pk and row.agreed_at is None for row in rows),
    }
    return render(request, "contributions/shares.html", context, status=422 if request.method == "POST" else 200)


def _agree(request: HttpRequest, work: Contribution) -> HttpResponse:
    try:
        actions.agree_share(actor=member(request), contribution=work)
    except ContributionError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("You agreed to the shares."))
    return redirect("contributions:shares", work.pk)


def _proposed(work: Contribution, rows: list[Share]) -> list[dict[str, Any]]:
    """What the form begins with: the shares so far, or all of it for its artist."""
    if not rows:
        return [{"handle": work.artist.handle, "percent": Decimal(100)}]
    return [{"handle": row.artist.handle, "role": row.role, "percent": Decimal(row.share_bps) / 100} for row in rows]


def _propose(request: HttpRequest, work: Contribution, forms: Any) -> bool:
    """Try the action; what it refuses is told above the form."""
    named = [form.cleaned_data for form in forms if form.cleaned_data.get("artist")]
    parts = {row["artist"]: (int(row["percent"] * 100), row["role"]) for row in named}
    try:
        actions.set_shares(actor=member(request), contribution=work, shares=parts)
    except ContributionError as refused:
        messages.error(request, str(refused))
        return False
    messages.success(request, _("Proposed. The others are asked to agree."))
    return True


@login_required
@require_POST
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something; back to the work, at the comment."""
    work = access.get_contribution(request.user, pk)
    form = CommentForm(request.POST)
    if not form.is_valid():
        context = {"work": work, "form": form}
        return render(request, "contributions/comment.html", context, status=422)
    replied = form.cleaned_data["reply_to"]
    stem = get_object_or_404(Comment, pk=replied, contribution=work) if replied else None
    try:
        made = actions.comment_on(
            actor=member(request),
            contribution=work,
            body=form.cleaned_data["body"],
            at_ms=form.cleaned_data["at_ms"],
            reply_to=stem,
        )
    except ContributionError as refused:
        form.add_error(None, str(refused))
        return render(request, "contributions/comment.html", {"work": work, "form": form}, status=422)
    return redirect(f"{work.get_absolute_url()}#comment-{made.pk}")


@login_required
@require_POST
def hide_comment(request: HttpRequest, pk: int, comment: int) -> HttpResponse:
    """Hide a comment: its author, the work's artist, moderators."""
    work = access.get_contribution(request.user, pk)
    row = get_object_or_404(Comment, pk=comment, contribution=work)
    try:
        actions.hide_comment(actor=member(request), comment=row, reason=request.POST.get("reason", ""))
    except ContributionError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The comment is hidden."))
    return redirect(work)
