"""Licences of a published work: given once, widened later, never taken back.

What was offered under a licence stays offered to whoever took it; a later grant is a row of its own.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from contributions import cone, rights
from contributions.actions.checks import lock, must_own
from contributions.actions.publishing import conflict_words, leave_receipt
from contributions.actions.signing import sign_anew
from contributions.errors import Problem, RelicenceRefused, WrongState
from contributions.models import Contribution, Licence
from profiles.actions import notify, record_event
from profiles.models import Artist


@transaction.atomic
def relicense(*, actor: Artist, contribution: Contribution, licence: Licence) -> Contribution:
    """Offer a published work under a wider licence as well. Raises RelicenceRefused with every reason."""
    contribution = lock(contribution)
    must_own(actor, contribution)
    if not contribution.is_published:
        raise WrongState(_("Only a published work can be given another licence here."))
    if contribution.licence_id == licence.pk:
        return contribution
    problems = relicence_problems(contribution, licence)
    if problems:
        raise RelicenceRefused(problems)
    before, contribution.licence = contribution.licence_id, licence
    contribution.save(update_fields=["licence"])
    leave_receipt(actor, contribution)
    sign_anew(contribution)
    event = record_event(
        actor=actor,
        verb="contributions.relicensed",
        about=contribution,
        payload={"from": before, "to": licence.pk},
    )
    children = Artist.objects.filter(contributions__source_edges__parent=contribution).distinct()
    text = _("%(name)s lets “%(title)s” be used under %(licence)s as well") % {
        "name": contribution.artist.display_name,
        "title": contribution.title,
        "licence": licence.name,
    }
    notify(event=event, recipients=children, text=text, url=contribution.get_absolute_url())
    return contribution


def relicence_problems(contribution: Contribution, licence: Licence) -> list[Problem]:
    """Why a published work cannot be offered under a licence; empty when it can."""
    assert contribution.licence is not None
    old, new = cone.grant_of(contribution.licence), cone.grant_of(licence)
    if not licence.offered:
        return [Problem("licence", _("This licence is no longer offered. Choose another."))]
    if not rights.is_wider(new, old):
        words = _("%(new)s would take away what %(old)s allows. Others have relied on that, so it stays.")
        return [Problem("licence", words % {"new": new.name, "old": old.name})]
    found = rights.conflicts(new, cone.materials_of(contribution))
    return [Problem("licence", conflict_words(conflict, new.name)) for conflict in found]


def wider_licences(contribution: Contribution) -> list[tuple[Licence, str]]:
    """The licences that a published work could be given beside its own, each with what stands against it."""
    assert contribution.licence is not None
    old = cone.grant_of(contribution.licence)
    materials = cone.materials_of(contribution)
    found = []
    for licence in Licence.objects.filter(offered=True):
        new = cone.grant_of(licence)
        if rights.is_wider(new, old):
            against = rights.conflicts(new, materials)
            found.append((licence, conflict_words(against[0], new.name) if against else ""))
    return found
