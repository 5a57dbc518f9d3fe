"""Chapter: three challenges, one in each phase, with entries, reviews and results."""

from __future__ import annotations

import re

from django.db import transaction

from challenges import actions
from challenges.models import Challenge
from hitrecord.demo.story.stage import Stage
from hitrecord.demo.world import challenges as world
from projects.models import Step
from reviews import actions as reviews

DOLLARS = re.compile(r"US\$([0-9,]+)")


@transaction.atomic
def challenges(stage: Stage) -> None:
    """Issue, enter, review and decide, each on its day."""
    for spec in world.CHALLENGES:
        challenge = _issue(stage, spec)
        for number, entry in enumerate(spec.entries):
            _enter(stage, spec, challenge, entry, spec.opens_day + 1 + number % _room(spec))
        if spec.phase == "closed":
            _decide(stage, spec, challenge)


def _room(spec: world.Challenge) -> int:
    """How many days people had so far."""
    return max(1, min(spec.closes_day, 0) - spec.opens_day - 1)


def _issue(stage: Stage, spec: world.Challenge) -> Challenge:
    pay = DOLLARS.search(spec.pay)
    cents = int(pay.group(1).replace(",", "")) * 100 if pay else None
    with stage.on(spec.opens_day, hour=9):
        return actions.issue_challenge(
            actor=stage.artist(spec.issuer),
            title=spec.title,
            prompt=f"{spec.prompt}\n\n{spec.brief}",
            rules="\n".join(spec.rules),
            media=list(spec.media),
            skills=list(spec.skills),
            project=stage.find_project(spec.project),
            step=Step.objects.filter(production__project=stage.find_project(spec.project), title=spec.step).first(),
            pay_minor=cents,
            pay_currency="USD" if cents else "",
            cover=stage.work(spec.entries[0].work) if spec.entries else None,
            materials=[stage.work(key) for key in spec.materials],
            opens_at=stage.moment(spec.opens_day),
            closes_at=stage.moment(spec.closes_day, hour=23),
            results_at=stage.moment(spec.results_day),
        )


def _enter(stage: Stage, spec: world.Challenge, challenge: Challenge, entry: world.Entry, day: int) -> None:
    work = stage.work(entry.work)
    with stage.on(day, hour=15):
        actions.enter_challenge(actor=work.artist, challenge=challenge, contribution=work)
    for number, (reviewer, (idea, craft, fit), sentence) in enumerate(entry.reviews):
        with stage.on(min(spec.closes_day + 1 + number, -1), hour=18):
            reviews.review(
                actor=stage.artist(reviewer), contribution=work, idea=idea, craft=craft, fit=fit, sentence=sentence
            )


def _decide(stage: Stage, spec: world.Challenge, challenge: Challenge) -> None:
    chosen = {}
    for entry in spec.entries:
        if entry.outcome == "chosen":
            best = max(entry.reviews, key=lambda row: sum(row[1]))
            chosen[challenge.entries.get(contribution=stage.work(entry.work)).pk] = best[2]
    with stage.on(spec.results_day):
        actions.publish_results(
            actor=stage.artist(spec.issuer), challenge=challenge, chosen=chosen, note=spec.result_note
        )
