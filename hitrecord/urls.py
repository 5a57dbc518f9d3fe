"""The map of addresses. Nouns; each app owns those of its nouns."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from hitrecord import health

urlpatterns = [
    # Before the pages: /contributions/<id>/edit/ is no work called "edit".
    path("", include("contributions.urls")),
    path("", include("profiles.urls")),
    path("", include("projects.urls")),
    path("", include("challenges.urls")),
    path("", include("reviews.urls")),
    path("", include("royalties.urls")),
    # Last, because the address of a work ends in its title, which may be any word.
    path("", include("hitrecord.pages.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
