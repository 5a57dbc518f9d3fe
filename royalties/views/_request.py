"""The request of somebody who is signed in, for views that only such people reach."""

from __future__ import annotations

from django.http import HttpRequest

from profiles.models import Artist


class ArtistRequest(HttpRequest):
    """A request whose user is an artist."""

    user: Artist
