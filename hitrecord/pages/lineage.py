"""The whole family of a work as a list, with the tree around it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from contributions import access
from contributions import lineage as graph
from contributions.models import Contribution
from hitrecord.pages.work import note_uses
from profiles.paging import page

PAGE = 50
WHOLE_TREE = 400


def lineage(request: HttpRequest, pk: int) -> HttpResponse:
    """Tree first, then every remix of this very work by pages, so that nothing is out of reach."""
    work = access.get_contribution(request.user, pk)
    tree = graph.tree(work, branch=12, limit=WHOLE_TREE)
    note_uses(tree.roots)
    remixes = Contribution.objects.filter(source_edges__parent=work).for_cards()
    context = {
        "work": work,
        "tree": tree,
        "page": page(remixes, order=("-published_seq",), query=request.GET, size=PAGE),
    }
    return render(request, "pages/lineage.html", context)
