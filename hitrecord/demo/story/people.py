"""Chapter one: everybody joins."""

from __future__ import annotations

from django.db import transaction

from hitrecord.demo import cast, crew
from hitrecord.demo.cast import Person
from hitrecord.demo.story.stage import Stage
from profiles import actions
from profiles.models import Artist
from profiles.models.artist import StaffPower

# Printed by bin/up: a demo is for trying the site on one's own machine, and check --deploy refuses it.
PASSWORD = "demo"  # noqa: S105  # public on purpose
JOINED_DAY = -320
CREW_DAY = -60


@transaction.atomic
def join(stage: Stage) -> None:
    """The cast, then the people who sent windows; staff get their powers."""
    for number, person in enumerate(cast.EVERYONE):
        with stage.on(JOINED_DAY + number):
            artist = account(person, password=PASSWORD)
            if person.powers:
                powers = [StaffPower(power) for power in person.powers]
                actions.grant_powers(actor=None, artist=artist, powers=powers)
    with stage.on(CREW_DAY):
        for person in crew.CREW:
            account(person)


def handle_of(key: str) -> str:
    """The story's keys have hyphens, handles have underscores."""
    return key.replace("-", "_")


def account(person: Person, *, password: str | None = None) -> Artist:
    """An account with a verified address. Those who only sent a window have no password: hashing one takes half a second."""
    artist = actions.join(
        email=f"{person.handle}@example.org",
        handle=handle_of(person.handle),
        display_name=person.display_name,
        credit_name=person.credit_name,
        password=password,
        bio=person.bio,
        skills=list(person.skills),
        languages=list(person.languages),
        location=person.location,
        time_zone=person.time_zone,
    )
    actions.verify_email(actor=None, artist=artist)
    return artist
