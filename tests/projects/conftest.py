"""Works, projects and cuts for the tests of projects, arranged through the actions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from contributions import actions as contributions
from contributions.models import Contribution, Licence
from profiles.actions import join, verify_email
from profiles.models import Artist
from projects import actions
from projects.models import Cut, Production, Project
from tests.support.prepared import known_texts
from tests.support.sites import eventually


def verified(artist: Artist) -> Artist:
    verify_email(actor=None, artist=artist)
    return artist


def newcomer(handle: str, name: str = "") -> Artist:
    """One more artist, with a verified address."""
    return verified(join(handle=handle, display_name=name or handle.title(), email=f"{handle}@example.com"))


def publish(
    actor: Artist,
    title: str = "Kettle",
    *,
    permission: str = "yes",
    sources: Iterable[tuple[Contribution, str]] = (),
    shares: dict[Artist, tuple[int, str]] | None = None,
) -> Contribution:
    """A short written work, prepared and published as its artist would do it."""
    verified(actor)
    work = contributions.write_text(actor=actor, title=title, body="A few words, and then some more.")
    job = contributions.prepare_text(actor=actor, contribution=work)
    assert job is not None
    with known_texts():
        contributions.run_transcode(job_id=job.pk)
    contributions.update_details(
        actor=actor,
        contribution=work,
        licence=Licence.objects.get(code="CC-BY", version="4.0"),
        original_work=True,
        production_permission=permission,
        ai_use="none",
    )
    for source, kind in sources:
        contributions.add_source(actor=actor, contribution=work, source=source, kind=kind, note="took the words")
    if shares:
        contributions.set_shares(actor=actor, contribution=work, shares=shares)
        for artist in shares:
            contributions.agree_share(actor=artist, contribution=work)
    work.refresh_from_db()
    contributions.publish_contribution(actor=actor, contribution=work)
    # At once; only where a worker runs beside the test, that one may still be preparing it.
    published = Contribution.objects.filter(pk=work.pk, status=Contribution.Status.PUBLISHED)
    eventually(published.exists, seconds=60, what="the publication")
    return published.get()


def produce(producer: Artist, pitcher: Artist, *, kind: str = "film", title: str = "The Lid") -> Project:
    """A project in production."""
    project = actions.pitch_project(actor=pitcher, title=title, kind=kind, logline="A kettle looks for its lid.")
    actions.green_light(actor=producer, project=project, reason="It made us laugh.")
    actions.start_production(actor=producer, project=project)
    project.refresh_from_db()
    return project


def place(cut: Cut, work: Contribution, actor: Artist, **changes: Any) -> Any:
    """A written cue of ten words."""
    usual = {"department": "writing", "role": "story", "unit": "words", "quantity": 10}
    return actions.place_cue(actor=actor, cut=cut, contribution=work, **(usual | changes))


@pytest.fixture
def pitch(alice: Artist) -> Project:
    return actions.pitch_project(
        actor=alice, title="The Lid", kind="film", logline="A kettle looks for its lid.", pitch="Linocut, four minutes."
    )


@pytest.fixture
def film(alice: Artist, sam: Artist) -> Production:
    """The one production of a film in production."""
    return produce(sam, alice).productions.get()


@pytest.fixture
def cut(film: Production, sam: Artist) -> Cut:
    """A draft cut without cues."""
    return actions.new_cut(actor=sam, production=film)
