"""Addresses of the pages that join apps."""

from django.urls import path
from django.views.generic import TemplateView

from hitrecord.pages import artist, chain, explore, home, lineage, search, style, work
from profiles.views import inbox

WORDS = ("how", "rights", "conduct", "privacy", "accessibility", "help")

urlpatterns = [
    path("", home.home, name="home"),
    path("explore/", explore.explore, name="explore"),
    path("tags/<slug:slug>/", explore.tag, name="tag"),
    path("search/", search.search, name="search"),
    path("inbox/", inbox, name="inbox"),
    path("contributions/<int:pk>/", work.short, name="contribution_short"),
    path("contributions/<int:pk>/lineage/", lineage.lineage, name="lineage"),
    path("contributions/<int:pk>/lineage/tree/", lineage.whole_tree, name="lineage_tree"),
    path("contributions/<int:pk>/lineage/branch/", lineage.branch, name="lineage_branch"),
    path("contributions/<int:pk>/lineage/line/", lineage.line, name="lineage_line"),
    path("contributions/<int:pk>/chain/", chain.chain, name="chain"),
    path("contributions/<int:pk>/<str:slug>/", work.work, name="contribution"),
    path("@<str:handle>/", artist.artist, name="artist"),
    path("@<str:handle>/credits/", artist.credits_of, name="artist_credits"),
    path("style/", style.style, name="style"),
    *(path(f"{name}/", TemplateView.as_view(template_name=f"pages/{name}.html"), name=name) for name in WORDS),
]
