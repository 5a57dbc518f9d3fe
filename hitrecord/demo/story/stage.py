"""What all chapters share: the people, the works and the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import time_machine

from contributions.models import Contribution
from hitrecord.demo.crew import CREW_WORKS
from hitrecord.demo.works import WORKS
from hitrecord.demo.works.spec import Work
from hitrecord.demo.world import projects as world
from hitrecord.demo.world.rounds import CANDIDATES
from profiles.models import Artist
from projects.models import Production, Project

Say = Callable[[str], None]
EVERY_WORK: dict[str, Work] = {work.key: work for work in (*WORKS, *CREW_WORKS)}
TITLES = {spec.key: spec.title for spec in (*world.PROJECTS, *CANDIDATES)}
NOON = time(12, 0, tzinfo=UTC)


class Stage:
    """Finds by its key in the story what earlier chapters have made."""

    def __init__(self, *, folder: Path, say: Say, today: date | None = None) -> None:
        self.folder = folder
        self.say = say
        self.today = today or datetime.now(UTC).date()

    def moment(self, day: int, hour: int = 12) -> datetime:
        """A moment by whole days from today; negative is past."""
        return datetime.combine(self.today + timedelta(days=day), NOON) + timedelta(hours=hour - 12)

    @contextmanager
    def on(self, day: int, hour: int = 12) -> Iterator[None]:
        """Act as if it were that day. Never around work that holds a lease: leases are real time."""
        with time_machine.travel(self.moment(day, hour), tick=True):
            yield

    def artist(self, handle: str) -> Artist:
        """Somebody of the cast."""
        return Artist.objects.get(handle=handle.replace("-", "_"))

    def work(self, key: str) -> Contribution:
        """A work of the story by its key."""
        found = self.find(key)
        if found is None:
            raise LookupError(f"{key} is not published yet")
        return found

    def find(self, key: str) -> Contribution | None:
        """The same, or None before its chapter."""
        spec = EVERY_WORK[key]
        works = Contribution.objects.select_related("artist", "current_version")
        return works.filter(artist__handle=spec.artist.replace("-", "_"), title=spec.title).first()

    def project(self, key: str) -> Project:
        """A project by its key."""
        return Project.objects.get(title=TITLES[key])

    def find_project(self, key: str) -> Project | None:
        """The same, or None before its chapter."""
        return Project.objects.filter(title=TITLES.get(key, "")).first()

    def production(self, key: str, episode: int | None = None) -> Production:
        """What a project makes: the one, or the episode of season one."""
        return Production.objects.select_related("project").get(project__title=TITLES[key], number=episode)


Chapter = Callable[[Stage], None]
