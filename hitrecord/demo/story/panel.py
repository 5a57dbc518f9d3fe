"""Chapter: an answer before three members without a part in it, and the measures that were asked for."""

from __future__ import annotations

from django.db import transaction

from contributions import actions as contributions
from contributions.models import Contribution, Licence
from hitrecord.demo.story.people import account
from hitrecord.demo.story.stage import Stage
from hitrecord.demo.story.works import prepared
from hitrecord.demo.world import panel as world
from profiles.models import Artist
from projects.sheet import line_of
from royalties import actions, what_if
from royalties.models import Objection, PanelSeat

JOINED_DAY, WROTE_DAY, ESCALATED_DAY, VOTED_DAY = -90, -80, -2, -1


def panel(stage: Stage) -> None:
    """Three members join and write; an objector tries other measures, takes his case to them, and they decide."""
    for juror in world.JURORS:
        _write(stage, juror)
    with transaction.atomic():
        objection = Objection.objects.get(raised_by=stage.artist(world.OBJECTOR), statement__status="published")
        _try(stage, objection)
        _decide(stage, objection)


def _write(stage: Stage, juror: world.Juror) -> None:
    """One text each: whoever sits on a panel has published something."""
    artist = Artist.objects.filter(handle=juror.person.handle).first()
    if artist is None:
        with stage.on(JOINED_DAY):
            artist = account(juror.person)
    work = Contribution.objects.filter(artist=artist, title=juror.title).first()
    if work is None:
        work = contributions.write_text(actor=artist, title=juror.title, body=juror.text, language="en")
        contributions.prepare_text(actor=artist, contribution=work)
    ready = prepared(work.pk)
    if not ready.is_published:
        licence = Licence.objects.filter(code="CC-BY").order_by("-version").first()
        contributions.update_details(
            actor=artist, contribution=ready, title=juror.title, language="en", ai_use="none", original_work=True,
            production_permission="yes", licence=licence,
        )  # fmt: skip
        with stage.on(WROTE_DAY):
            contributions.publish_contribution(actor=artist, contribution=ready)


def _try(stage: Stage, objection: Objection) -> None:
    """What the objector asked for, kept where everybody can look at it."""
    statement = objection.statement
    revision = statement.current
    if revision is None:
        raise RuntimeError("the statement has no published revision")
    cue = statement.cut.cues.get(contribution=stage.work(world.WORK), department__code=world.DEPARTMENT)
    with stage.on(ESCALATED_DAY, hour=10):
        tried = actions.propose_what_if(
            actor=stage.artist(world.OBJECTOR),
            revision=revision,
            wanted={line_of(cue): {"prominence": 100, what_if.FACTOR: what_if.UNCHANGED_BPS}},
        )
        line = revision.lines.get(payee__artist=stage.artist(world.OBJECTOR))
        actions.comment(
            actor=stage.artist(world.OBJECTOR),
            statement=statement,
            body=world.WHAT_IF_WORDS,
            line=line,
            what_if=tried,
        )


def _decide(stage: Stage, objection: Objection) -> None:
    """The lot finds the three; two of them agree."""
    with stage.on(ESCALATED_DAY, hour=11):
        escalation = actions.escalate(actor=stage.artist(world.OBJECTOR), objection=objection, reason=world.WHY)
    votes = {juror.person.handle: juror for juror in world.JURORS}
    for number, seat in enumerate(escalation.seats.select_related("member").order_by("place")):
        with stage.on(VOTED_DAY, hour=9 + number):
            seat.refresh_from_db()
            if seat.status == PanelSeat.Status.INVITED:
                juror = votes[seat.member.handle]
                actions.cast_panel_vote(actor=seat.member, seat=seat, choice=juror.choice, reason=juror.reason)
