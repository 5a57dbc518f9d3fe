"""Chapter: comments at their moments, hearts, recommendations, the words of the film, and sources found missing."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from contributions import actions as contributions
from hitrecord.demo import writing
from hitrecord.demo.story.stage import Stage
from hitrecord.demo.works import WORKS
from hitrecord.demo.works.spec import Work
from hitrecord.demo.world.claims import CLAIMS, Claim
from profiles import actions as profiles
from profiles.models.event import topic_of
from reviews import actions as reviews

CAPTIONED: Final = "night-ferry-film"
CAPTIONED_FILE: Final = "night-ferry"


@transaction.atomic
def talk(stage: Stage) -> None:
    """What was said about each work in the weeks after it came out."""
    for spec in WORKS:
        _about(stage, spec)
    film = stage.work(CAPTIONED)
    for language in ("en", "de"):
        content = writing.read(f"{CAPTIONED_FILE}-{language}.vtt").encode()
        contributions.set_captions(actor=film.artist, contribution=film, language=language, content=content)
    for claim in CLAIMS:
        _claim(stage, claim)


def _about(stage: Stage, spec: Work) -> None:
    work = stage.work(spec.key)
    assert work.published_at is not None, "a told work is published"  # narrows the type
    day = (work.published_at.date() - stage.today).days
    for number, comment in enumerate(spec.comments):
        with stage.on(min(day + 1 + number, -1), hour=10 + number):
            contributions.comment_on(
                actor=stage.artist(comment.author), contribution=work, body=comment.text, at_ms=comment.at_ms
            )
    with stage.on(min(day + 2, -1), hour=20):
        for handle in spec.hearts:
            fan = stage.artist(handle)
            reviews.heart(actor=fan, contribution=work)
            profiles.follow(actor=fan, topic=topic_of(work.artist))
        for row in spec.recommendations:
            project = None if row.to == "curators" else stage.find_project(row.to)
            reviews.recommend(actor=stage.artist(row.author), contribution=work, reason=row.reason, project=project)


def _claim(stage: Stage, spec: Claim) -> None:
    work = stage.work(spec.work)
    with stage.on(spec.day, hour=9):
        claim = contributions.file_claim(
            actor=stage.artist(spec.author), contribution=work, source=stage.work(spec.source), evidence=spec.evidence
        )
    if spec.answer:
        with stage.on(spec.day + 1, hour=18):
            contributions.answer_claim(actor=work.artist, claim=claim, accepted=True, answer=spec.answer)
