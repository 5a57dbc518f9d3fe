"""Who was staff at a moment of the past: read from the events that each change of powers has left.

An account from the command line (`createsuperuser`) leaves no event, so before the first one a superuser counts as
staff; an account without any event is what it is now.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from profiles.models import Artist, Event
from profiles.models.event import topic_of

POWERS_GRANTED = "profiles.powers_granted"


class Staffing:
    """Since when each of some artists held staff powers, and since when none."""

    def __init__(self, artists: Iterable[Artist]) -> None:
        """One query, however many artists."""
        self._changes: dict[str, list[tuple[dt.datetime, bool]]] = defaultdict(list)
        topics = [topic_of(artist) for artist in artists]
        rows = Event.objects.filter(verb=POWERS_GRANTED, topic__in=topics).order_by("pk")
        for topic, at, powers in rows.values_list("topic", "at", "payload__powers"):
            self._changes[topic].append((at, bool(powers)))

    def was_staff(self, artist: Artist, at: dt.datetime | None) -> bool:
        """Whether the artist held any staff power at that moment, or does now where none is given."""
        changes = self._changes.get(topic_of(artist), [])
        if at is None or not changes:
            return artist.is_staff
        known = [is_staff for since, is_staff in changes if since <= at]
        return known[-1] if known else artist.is_superuser
