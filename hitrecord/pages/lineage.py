"""The family of a work: around it as a list, the whole of it as a tree that opens branch by branch."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contributions import access
from contributions import lineage as graph
from contributions.lineage import Branch, Leaf, TreeNode
from contributions.models import Contribution, Family, Remix
from contributions.views.posting import Request, number
from hitrecord.pages.work import note_uses
from profiles.paging import page
from profiles.templatetags.house import generation_words, rev

PAGE = 10
# How many remixes "+n more" brings: into the list, and into the drawn tree.
PART = 12
BRANCH = 50
# How many generations of the line the drawn tree asks for at once.
LINE = 8


@require_safe
def lineage(request: HttpRequest, pk: int) -> HttpResponse:
    """The tree first, then every remix of this very work by pages, so that nothing is out of reach."""
    work = access.get_contribution(request.user, pk)
    # By the edges, whose index holds them in this order: of ten thousand remixes only a page is read.
    remixes = work.remix_edges.filter(unlinked_at=None).select_related("child__artist").defer("child__search")
    context = {
        **around(work),
        "outside": Remix.objects.filter(child=work, parent=None).select_related("external").order_by("pk"),
        "page": page(remixes, order=("-child_seq",), query=request.GET, size=PAGE),
    }
    return render(request, "pages/lineage.html", context)


def around(work: Contribution) -> dict[str, Any]:
    """The drawn tree around a work."""
    tree = graph.tree(work)
    note_uses(tree.roots)
    return {"work": work, "tree": tree, "chain_url": reverse("chain", args=[work.pk])}


@require_safe
def branch(request: Request, pk: int) -> HttpResponse:
    """The next remixes of a work: as part of the list for htmx, else as data for the drawn tree."""
    work = access.get_contribution(request.user, pk)
    found = graph.remixes_of(work, after=number(request.GET.get("after")), size=PART if request.htmx else BRANCH)
    if not request.htmx:
        return JsonResponse(branch_data(found))
    nodes = [branch_node(leaf) for leaf in found.leaves]
    note_uses(nodes)
    stem = TreeNode(work=work, more_count=found.left, more_after=found.after or 0)
    return render(request, "parts/_lineage_branch.html", {"nodes": nodes, "stem": stem})


def branch_node(leaf: Leaf) -> TreeNode:
    """A remix in the list. Where it hangs on a nearer source its own remixes are shown there, once."""
    if leaf.is_home:
        return TreeNode(work=leaf.work, kind=leaf.kind, more_count=leaf.work.remix_count)
    return TreeNode(work=leaf.work, kind=leaf.kind, note=_("In a nearer branch too"))


def branch_data(found: Branch) -> dict[str, Any]:
    """A page of a branch; `after` asks for the next one."""
    works = [work_data(leaf.work, home=leaf.is_home) for leaf in found.leaves]
    return {"stem": found.stem.pk, "works": works, "after": found.after, "left": found.left}


def work_data(work: Contribution, *, home: bool = True) -> dict[str, Any]:
    """What the drawn tree says of a work. `home` is false for a remix that hangs on a nearer source."""
    return {
        "id": work.pk,
        "title": work.title,
        "by": work.artist.display_name,
        "url": work.get_absolute_url(),
        "rev": rev(work.generation),
        "generation": generation_words(work.generation),
        "remixes": work.remix_count,
        "gone": work.is_gone,
        "home": home,
    }


@require_safe
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """A work and the next of its line upwards, nearest first, with the origin; `left` generations lie between."""
    work = access.get_contribution(request.user, pk)
    family = Family.objects.filter(pk=pk).first()
    ids = graph.line_above(work, most=LINE)
    origin_id = family.origin_id if family is not None else ids[-1] if ids else work.pk
    works = Contribution.objects.filter(pk__in=[*ids, origin_id]).select_related("artist").in_bulk()
    left = 0
    if origin_id not in {work.pk, *ids}:
        left = max(works[ids[-1]].generation - works[origin_id].generation - 1, 0)
    data = {
        "here": work_data(work),
        "works": [work_data(works[step]) for step in ids],
        "origin": work_data(works.get(origin_id, work)),
        "left": left,
    }
    return JsonResponse(data)


@require_safe
def whole_tree(request: HttpRequest, pk: int) -> HttpResponse:
    """The tree drawn from its origin, opened branch by branch; without script the list does the same."""
    work = access.get_contribution(request.user, pk)
    return render(request, "pages/lineage_tree.html", around(work))
