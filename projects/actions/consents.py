"""May we use it? One question a person, one answer, until the cut is locked."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions.models import Contribution
from profiles.actions import notify, record_event
from profiles.models import Artist
from projects.actions._checks import need_curator, save_checked
from projects.actions.shortlisting import makers_of
from projects.errors import NotAllowed, ProjectError, WrongState
from projects.models import Consent, Cue, Cut, Production

Answer = Consent.Answer


@transaction.atomic
def ask_consent(*, actor: Artist, production: Production, contribution: Contribution, use: str = "") -> list[Consent]:
    """Ask everybody who shares in a work whether the production may use it; nobody is asked twice."""
    need_curator(actor)
    if contribution.production_permission == Contribution.ProductionPermission.NO:
        raise ProjectError(
            _("The artist said that “%(title)s” is not for productions.") % {"title": contribution.title}
        )
    consents = []
    for artist in makers_of(contribution):
        consent, is_new = Consent.objects.get_or_create(
            production=production,
            contribution=contribution,
            artist=artist,
            defaults={"use": use.strip(), "asked_by": actor},
        )
        consents.append(consent)
        if is_new:
            _ask(actor, consent)
    return consents


@transaction.atomic
def answer_consent(*, actor: Artist, consent: Consent, answer: str) -> Consent:
    """Yes or no, by the artist who was asked. It can be changed until the work is in a locked cut."""
    consent = Consent.objects.select_for_update().get(pk=consent.pk)
    if consent.artist_id != actor.pk:
        raise NotAllowed(_("Somebody else was asked."))
    if answer not in {Answer.YES, Answer.NO}:
        raise ProjectError(_("Answer yes or no."))
    locked = Cue.objects.filter(
        cut__production=consent.production_id, cut__status=Cut.Status.LOCKED, contribution=consent.contribution_id
    )
    if answer == Answer.NO and consent.answer == Answer.YES and locked.exists():
        raise WrongState(_("The cut is locked on your earlier yes. Write to the producers."))
    former, consent.answer, consent.answered_at = consent.answer, answer, timezone.now()
    save_checked(consent)
    payload = {"contribution": consent.contribution_id, "from": former, "to": answer}
    event = record_event(actor=actor, verb="projects.consent_answered", about=consent, payload=payload)
    words = {"name": actor.display_name, "work": consent.contribution.title}
    text = (
        _("%(name)s says yes to the use of “%(work)s”.")
        if answer == Answer.YES
        else _("%(name)s says no to the use of “%(work)s”.")
    ) % words
    notify(event=event, recipients=[consent.asked_by], text=text, url=consent.production.get_absolute_url())
    return consent


def _ask(actor: Artist, consent: Consent) -> None:
    payload = {"production": consent.production_id, "contribution": consent.contribution_id}
    event = record_event(actor=actor, verb="projects.consent_asked", about=consent, payload=payload)
    text = _("May “%(production)s” use “%(work)s”? Please answer.") % {
        "production": consent.production.title,
        "work": consent.contribution.title,
    }
    notify(event=event, recipients=[consent.artist], text=text, url=consent.get_absolute_url())
