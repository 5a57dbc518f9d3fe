"""The page of one work: play or read it, what may be done with it, its family, its talk."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext

from contributions import access, holds, lineage
from contributions.actions.captioning import TIMED
from contributions.lineage import TreeNode
from contributions.models import Comment, Contribution, Job, LaterCredit, Remix
from contributions.pins import pinned
from contributions.views.posting import number
from profiles.access import member
from projects.models import Consideration, Cue, Cut
from reviews.models import Heart, Recommendation, Review
from royalties.access import waivers_of

NAMED = 5
# As many as a page carries well; the rest stands on the transcript's own page.
CUES_SHOWN = 60


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
        **talk(contribution, request),
        **words(contribution, request),
        **uses(contribution),
        **opinion(contribution, request),
        **earning(contribution, request),
        "tags": contribution.tags.all(),
        "version_count": access.versions_of(request.user, contribution).filter(ready_at__isnull=False).count(),
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
    chain_url = reverse("chain", args=[contribution.pk])
    edges = Remix.objects.filter(child=contribution).select_related("parent__artist", "external")
    later = LaterCredit.objects.order_by("pk")
    return {
        "work": contribution,
        "tree": tree,
        "chain_url": chain_url,
        "edges": list(edges.order_by(F("parent__generation").desc(nulls_last=True), "-rate_bps", "pk")),
        "later_credits": list(later.filter(contribution=contribution).select_related("source__artist")),
        "later_credited_in": list(later.filter(source=contribution).select_related("contribution__artist")[:NAMED]),
    }


def talk(contribution: Contribution, request: HttpRequest) -> dict[str, Any]:
    """Comments in threads of two levels, those with a moment as pins, and the one that is being answered."""
    comments = list(Comment.objects.filter(contribution=contribution).select_related("artist").order_by("pk"))
    by_pk = {comment.pk: comment for comment in comments}
    threads: list[Comment] = []
    for comment in comments:
        comment.children = []  # type: ignore[attr-defined]  # what the thread's template reads
        _offer(comment, contribution, request)
        stem = _stem(comment, by_pk)
        (threads if stem is comment else stem.children).append(comment)  # type: ignore[attr-defined]  # as above
    answered = by_pk.get(number(request.GET.get("reply")))
    return {
        "comments": threads,
        "comment_total": len(comments),
        "pins": pinned(comments, contribution.duration_ms),
        "answered": answered if answered and not answered.hidden_at else None,
    }


def _offer(comment: Comment, contribution: Contribution, request: HttpRequest) -> None:
    """What the reader may do with a comment: answer it, and hide it if it or the work is theirs."""
    if not request.user.is_authenticated or comment.hidden_at:
        return
    comment.reply_url = f"?reply={comment.pk}#composer"  # type: ignore[attr-defined]  # what its template reads
    if request.user.pk in {comment.artist_id, contribution.artist_id} or request.user.has_power("moderator"):
        address = reverse("contributions:hide_comment", args=[contribution.pk, comment.pk])
        comment.hide_url = address  # type: ignore[attr-defined]  # as above


def _stem(comment: Comment, by_pk: dict[int, Comment]) -> Comment:
    """The comment that a thread began with; an answer to an answer stands beside it, not further in."""
    while comment.reply_to_id in by_pk:
        comment = by_pk[comment.reply_to_id]
    return comment


def words(contribution: Contribution, request: HttpRequest) -> dict[str, Any]:
    """The captions to read below the player: in the reader's language, else the work's, else the first."""
    captions = contribution.captions if contribution.medium in TIMED else []
    if not captions:
        return {}
    wanted = [code.partition("-")[0] for code in (request.LANGUAGE_CODE, contribution.language)]
    by_language = {caption.language.partition("-")[0]: caption for caption in reversed(captions)}
    chosen = next((by_language[code] for code in wanted if code in by_language), captions[0])
    return {"captions": captions, "caption": chosen, "said": chosen.cues[:CUES_SHOWN]}


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


def earning(contribution: Contribution, request: HttpRequest) -> dict[str, Any]:
    """Whether a part of what it earns is the reader's, and whether they waived it. Two queries at most."""
    if not (request.user.is_authenticated and contribution.published_seq):
        return {}
    viewer = member(request)
    is_shared = contribution.artist_id == viewer.pk or contribution.shares.filter(artist=viewer).exists()
    return {
        "has_part": is_shared,
        "has_waived": is_shared and waivers_of(viewer).filter(contribution=contribution).exists(),
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
