"""Works that stand for a production: every one gets a fate and a reason, by a promised day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from contributions.models import Contribution
from profiles.actions import notify, record_event
from profiles.models import Artist
from projects.actions._checks import need_curator, need_status, need_words, save_checked
from projects.errors import ProjectError, WrongState
from projects.models import Consideration, Production, Project, Step

PROMISE = dt.timedelta(days=21)
Fate = Consideration.Fate
DECIDED_BY_HAND = (Fate.SHORTLISTED, Fate.CUT)


@transaction.atomic
def consider(
    *,
    actor: Artist,
    production: Production,
    contribution: Contribution,
    step: Step | None = None,
    promised_by: dt.date | None = None,
) -> Consideration:
    """Take a published work in for a production, with the day by which its artist gets an answer.

    Doing it again changes nothing but the step. Curators do.
    """
    need_curator(actor)
    need_status(production.project, Project.Status.GREEN_LIT, Project.Status.IN_PRODUCTION, Project.Status.RELEASED)
    if not contribution.is_published:
        raise ProjectError(_("“%(title)s” is not published.") % {"title": contribution.title})
    if step is not None and step.production_id != production.pk:
        raise ProjectError(_("That step belongs to another production."))
    promise = promised_by or timezone.localdate() + PROMISE
    row, is_new = Consideration.objects.get_or_create(
        production=production,
        contribution=contribution,
        defaults={"step": step, "promised_by": promise},
    )
    if not is_new:
        if step is not None and row.step_id != step.pk:
            row.step = step
            save_checked(row)
        return row
    event = record_event(
        actor=actor,
        verb="projects.considered",
        about=row,
        payload={"production": production.pk, "contribution": contribution.pk},
    )
    text = _("“%(work)s” is considered for “%(production)s”. You will have an answer by %(day)s.") % {
        "work": contribution.title,
        "production": production.title,
        "day": formats.date_format(promise, "j F Y"),
    }
    notify(event=event, recipients=makers_of(contribution), text=text, url=production.get_absolute_url())
    return row


@transaction.atomic
def decide_fate(*, actor: Artist, consideration: Consideration, fate: str, reason: str = "") -> Consideration:
    """Shortlist a work, or say with a reason that it is not used; its makers are told.

    "In the cut" follows from locking a cut and is never said by hand.
    """
    need_curator(actor)
    if fate not in DECIDED_BY_HAND:
        raise ProjectError(_("Choose “Shortlisted” or “Not used”; what is in the cut follows from locking it."))
    if fate == Fate.CUT:
        reason = need_words(reason, _("Say why it is not used: its artist reads the reason."))
    row = Consideration.objects.select_for_update().get(pk=consideration.pk)
    if row.fate == Fate.IN_CUT:
        raise WrongState(_("This work is in the locked cut."))
    return set_fate(actor=actor, row=row, fate=fate, reason=reason)


def set_fate(*, actor: Artist, row: Consideration, fate: str, reason: str) -> Consideration:
    """Store a fate, leave an event, tell the makers. The caller has checked and opened the transaction."""
    former = row.fate
    row.fate = fate
    row.reason = reason.strip()[:300]
    row.decided_by = actor
    row.decided_at = timezone.now()
    save_checked(row)
    payload = {"contribution": row.contribution_id, "from": former, "to": fate, "reason": row.reason}
    event = record_event(actor=actor, verb="projects.fate_decided", about=row, payload=payload)
    if former != fate:
        words = {
            "work": row.contribution.title,
            "production": row.production.title,
            "reason": row.reason or _("thank you"),
        }
        text = _fate_words(fate) % words
        url = row.production.get_absolute_url()
        notify(event=event, recipients=makers_of(row.contribution), text=text, url=url)
    return row


def settle_fates(*, actor: Artist, production: Production, used: Iterable[int], unused_reason: str) -> None:
    """After a lock: works of the cut are in it; with a reason given, all others are answered as well."""
    in_cut = set(used)
    rows = Consideration.objects.select_for_update(of=("self",)).select_related("contribution", "production__project")
    for row in rows.filter(production=production):
        if row.contribution_id in in_cut and row.fate != Fate.IN_CUT:
            set_fate(actor=actor, row=row, fate=Fate.IN_CUT, reason=row.reason)
        elif row.contribution_id not in in_cut and row.fate == Fate.IN_CUT:
            # A later cut left it out.
            set_fate(actor=actor, row=row, fate=Fate.SHORTLISTED, reason=row.reason)
        elif unused_reason.strip() and row.fate in {Fate.RECEIVED, Fate.SHORTLISTED}:
            set_fate(actor=actor, row=row, fate=Fate.CUT, reason=unused_reason)


def makers_of(contribution: Contribution) -> list[Artist]:
    """Everybody who shares in a work; its artist where no shares were written down."""
    makers = list(Artist.objects.filter(shares__contribution=contribution))
    return makers or [contribution.artist]


def _fate_words(fate: str) -> str:
    if fate == Fate.IN_CUT:
        return _("“%(work)s” is in the locked cut of “%(production)s”.")
    if fate == Fate.SHORTLISTED:
        return _("“%(work)s” is shortlisted for “%(production)s”: %(reason)s")
    return _("“%(work)s” is not used in “%(production)s”: %(reason)s")
