"""Chapter: a green-light round, open now, with the ballots so far."""

from __future__ import annotations

from django.db import transaction

from hitrecord.demo.story.projects import pitch
from hitrecord.demo.story.stage import Stage
from hitrecord.demo.world.rounds import CANDIDATES, ROUND
from projects import actions


@transaction.atomic
def rounds(stage: Stage) -> None:
    """Four pitches stand; members approve as many as they like, each mark saved at once."""
    pitches = [pitch(stage, spec) for spec in CANDIDATES]
    with stage.on(ROUND.opens_day, hour=8):
        row = actions.open_round(
            actor=stage.artist("sam"),
            title=ROUND.title,
            question=ROUND.question,
            projects=pitches,
            opens_at=stage.moment(ROUND.opens_day),
            closes_at=stage.moment(ROUND.closes_day),
        )
    standing = {candidate.project.title: candidate for candidate in row.candidates.select_related("project")}
    titles = {spec.key: spec.title for spec in CANDIDATES}
    for number, ballot in enumerate(ROUND.ballots):
        with stage.on(min(ROUND.opens_day + 1 + number % 4, -1), hour=9 + number):
            for key in ballot.approves:
                actions.approve(actor=stage.artist(ballot.voter), candidate=standing[titles[key]])
