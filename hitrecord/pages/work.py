"""The page of one work: play or read it, what may be done with it, its family, its talk."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from contributions import access, holds, lineage
from contributions.lineage import TreeNode
from contributions.models import Comment, Contribution, Job, LaterCredit, Remix
from profiles.access import member
from projects.models import Consideration, Cue, Cut
from reviews.models import Heart, Recommendation, Review

NAMED = 5


def short(request: HttpRequest, pk: int) -> HttpResponse:
    """The address without the title leads to the one with it."""
    return redirect(access.get_contribution(request.user, pk), permanent=False)


def work(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """A work, or its tombstone with status 410."""
    contribution = access.get_contribution(request.user, pk)
    if contribution.is_gone:
        return render(request, "pages/work_gone.html", family(contribution), status=410)
    if slug != contribution.slug:
        return redirect(contribution, permanent=contribution.is_published)
    context = {
        **family(contribution),
        **talk(contribution),
        **uses(contribution),
        **opinion(contribution, request),
        "tags": contribution.tags.all(),
        "holds": holds.holds_on(contribution) if contribution.artist_id == request.user.pk else [],
        "job": Job.objects.filter(version__contribution=contribution).order_by("-pk").first()
        if not contribution.is_published
        else None,
    }
    return render(request, "pages/work.html", context)


def family(contribution: Contribution) -> dict[str, Any]:
    """Sources, the tree, and sources that came later."""
    tree = lineage.tree(contribution)
    note_uses(tree.roots)
    edges = Remix.objects.filter(child=contribution).select_related("parent__artist", "external")
    return {
        "work": contribution,
        "tree": tree,
        "edges": edges.order_by(F("parent__generation").desc(nulls_last=True), "-rate_bps", "pk"),
        "later_credits": LaterCredit.objects.filter(contribution=contribution).select_related("source__artist"),
    }


def talk(contribution: Contribution) -> dict[str, Any]:
    """Comments in threads, and those with a moment as pins."""
    comments = list(Comment.objects.filter(contribution=contribution).select_related("artist").order_by("pk"))
    threads: list[Comment] = []
    by_pk = {comment.pk: comment for comment in comments}
    for comment in comments:
        comment.children = []  # type: ignore[attr-defined]  # what the thread's template reads
        stem = by_pk.get(comment.reply_to_id or 0)
        (stem.children if stem else threads).append(comment)  # type: ignore[attr-defined]  # as above
    pins = [comment for comment in comments if comment.at_ms is not None and not comment.hidden_at]
    return {"comments": threads, "comment_total": len(comments), "pins": pins}


def uses(contribution: Contribution) -> dict[str, Any]:
    """Productions whose locked cut holds the work, and those that consider it."""
    cues = (
        Cue.objects.filter(contribution=contribution, cut__status=Cut.Status.LOCKED)
        .select_related("cut__production__project", "role")
        .order_by("cut__production_id", "position")
    )
    considered = (
        Consideration.objects.filter(contribution=contribution)
        .exclude(fate=Consideration.Fate.IN_CUT)
        .select_related("production__project")
    )
    return {"cues": cues, "considerations": considered}


def opinion(contribution: Contribution, request: HttpRequest) -> dict[str, Any]:
    """Hearts, recommendations and reviews, and my own among them."""
    recommendations = Recommendation.objects.filter(contribution=contribution).select_related("artist", "project")
    mine = request.user.is_authenticated
    return {
        "is_hearted": mine and Heart.objects.filter(contribution=contribution, artist=member(request)).exists(),
        "recommendations": recommendations.order_by("-pk")[:NAMED],
        "reviews": Review.objects.filter(contribution=contribution).select_related("reviewer").order_by("-pk")[:NAMED],
        "is_mine": contribution.artist_id == request.user.pk,
    }


def note_uses(roots: list[TreeNode]) -> None:
    """Write "In The Night Ferry" on the nodes whose work stands in a locked cut."""
    nodes: dict[int, TreeNode] = {}
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        nodes[node.work.pk] = node
        waiting.extend(node.children)
    cues = Cue.objects.filter(contribution__in=nodes, cut__status=Cut.Status.LOCKED)
    titles: dict[int, set[str]] = defaultdict(set)
    for pk, title in cues.values_list("contribution_id", "cut__production__title"):
        titles[pk].add(title)
    for pk, found in titles.items():
        words = ngettext("In %(production)s", "In %(count)d productions", len(found))
        nodes[pk].note = words % {"production": min(found), "count": len(found)}
