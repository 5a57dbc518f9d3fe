"""Dated tables that staff add to: licences and influence rates. Rows are never edited."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions.errors import NotYours, WrongState
from contributions.models import InfluenceRate, Licence, RemixKind
from profiles.actions import record_event
from profiles.models import Artist


def _must_be_staff(actor: Artist) -> None:
    if not actor.has_power("producer", "approver"):
        raise NotYours(_("Only producers and approvers change policy."))


@transaction.atomic
def add_influence_rate(
    *, actor: Artist, kind: str, rate_bps: int, effective_at: dt.datetime | None = None
) -> InfluenceRate:
    """From `effective_at` on, new remixes of this kind pass this much on. Published ones keep their rate."""
    _must_be_staff(actor)
    at = effective_at or timezone.now()
    if at < timezone.now() - dt.timedelta(minutes=5):
        raise WrongState(_("A rate cannot begin in the past."))
    if not 0 <= rate_bps <= 10_000:
        raise WrongState(_("A rate lies between 0 and 100%."))
    rate = InfluenceRate.objects.create(kind=RemixKind(kind), rate_bps=rate_bps, effective_at=at)
    record_event(
        actor=actor,
        verb="contributions.rate_added",
        about=rate,
        payload={"kind": rate.kind, "rate_bps": rate_bps, "effective_at": at.isoformat()},
    )
    return rate


@transaction.atomic
def add_licence(*, actor: Artist, **fields: Any) -> Licence:
    """A new licence, or a new version of one; works keep the version they were published under."""
    _must_be_staff(actor)
    licence = Licence(**fields)
    licence.full_clean()
    licence.save(force_insert=True)
    record_event(actor=actor, verb="contributions.licence_added", about=licence, payload={"code": licence.code})
    return licence


@transaction.atomic
def offer_licence(*, actor: Artist, licence: Licence, offered: bool) -> Licence:
    """Offer a licence for new works, or stop offering it."""
    _must_be_staff(actor)
    licence.offered = offered
    licence.save(update_fields=["offered"])
    record_event(actor=actor, verb="contributions.licence_offered", about=licence, payload={"offered": offered})
    return licence
