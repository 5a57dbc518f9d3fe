"""Claims of a missing source: made by anybody, answered by the work's artist or a moderator.

The edges of a published work are frozen, and money has perhaps been divided along them. What is accepted is
therefore shown as a later credit on both pages, and is no edge.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions.actions.checks import lock
from contributions.errors import ClaimRefused, NotYours, WrongState
from contributions.models import Claim, Contribution, LaterCredit, Remix
from profiles.actions import notify, record_event
from profiles.models import Artist, Event

MOST_A_DAY: Final = 10
DAY: Final = dt.timedelta(days=1)
Status = Claim.Status


@transaction.atomic
def file_claim(
    *,
    actor: Artist,
    contribution: Contribution,
    source: Contribution,
    evidence: str,
    at_ms: int | None = None,
    url: str = "",
) -> Claim:
    """Say that a published work builds on another that it does not name; both artists are told.

    `at_ms` is a moment of the work. Raises ClaimRefused for what is known already or not public, and past
    MOST_A_DAY of one artist. Raises WrongState where there is nothing to see.
    """
    # The claimant's own row serialises what one person sends, so that the count below holds.
    Artist.objects.select_for_update(no_key=True).get(pk=actor.pk)
    contribution = lock(contribution)
    evidence = evidence.strip()[:1000]
    if not evidence:
        raise WrongState(_("Say what shows it: a moment, a passage, a detail."))
    _must_be_possible(contribution, source)
    if Claim.objects.filter(claimed_by=actor, created_at__gt=timezone.now() - DAY).count() >= MOST_A_DAY:
        raise ClaimRefused(_("You have made %(most)d claims today. Please go on tomorrow.") % {"most": MOST_A_DAY})
    claim = Claim.objects.create(
        contribution=contribution,
        source=source,
        claimed_by=actor,
        evidence=evidence,
        at_ms=at_ms if at_ms is not None and at_ms <= (contribution.duration_ms or 0) else None,
        url=url,
    )
    event = record_event(
        actor=actor,
        verb="contributions.claim_filed",
        about=contribution,
        payload={"claim": claim.pk, "source": source.pk},
    )
    _tell_of(event, claim, actor)
    return claim


def _must_be_possible(contribution: Contribution, source: Contribution) -> None:
    """Raises ClaimRefused for a pair about which nothing can be claimed."""
    if contribution.pk == source.pk:
        raise ClaimRefused(_("A work cannot be a source of itself."))
    if not (contribution.is_published and source.is_published):
        raise ClaimRefused(_("Claims are about works that anybody can see."))
    names = {"title": contribution.title, "source": source.title}
    if Remix.objects.filter(child=contribution, parent=source).exists():
        raise ClaimRefused(_("“%(title)s” names “%(source)s” as a source already.") % names)
    if LaterCredit.objects.filter(contribution=contribution, source=source).exists():
        raise ClaimRefused(_("“%(title)s” credits “%(source)s” already.") % names)
    if Claim.objects.filter(contribution=contribution, source=source, status=Status.OPEN).exists():
        raise ClaimRefused(_("Somebody has claimed this already; the artist has not answered yet."))


def _tell_of(event: Event, claim: Claim, actor: Artist) -> None:
    """The work's artist, who is to answer; and the source's, if somebody else noticed."""
    work, source = claim.contribution, claim.source
    names = {"name": actor.display_name, "title": work.title, "source": source.title}
    ask = _("%(name)s says that “%(title)s” builds on “%(source)s”. Please answer.") % names
    notify(event=event, recipients=[work.artist], text=ask, url=f"/contributions/{work.pk}/requests/")
    tell = _("%(name)s says that “%(title)s” builds on your work “%(source)s”") % names
    notify(event=event, recipients=[source.artist], text=tell, url=work.get_absolute_url())


@transaction.atomic
def answer_claim(*, actor: Artist, claim: Claim, accepted: bool, answer: str = "") -> Claim:
    """The work's artist or a moderator accepts a claim, which credits the source; or declines it with a reason."""
    claim = _open_claim(claim)
    is_artist = claim.contribution.artist_id == actor.pk
    if not (is_artist or actor.has_power("moderator")):
        raise NotYours(_("Only the artist of the work and moderators can answer."))
    answer = answer.strip()[:300]
    if not accepted and not answer:
        raise WrongState(_("Say why not, in a sentence: whoever claimed it will read it."))
    claim.status, claim.answer = Status.ACCEPTED if accepted else Status.DECLINED, answer
    claim.answered_by, claim.answered_at = actor, timezone.now()
    claim.save(update_fields=["status", "answer", "answered_by", "answered_at"])
    if accepted:
        LaterCredit.objects.get_or_create(
            contribution=claim.contribution, source=claim.source, defaults={"by": actor, "note": answer}
        )
    event = record_event(
        actor=actor,
        verb="contributions.claim_answered",
        about=claim.contribution,
        payload={"claim": claim.pk, "accepted": accepted},
    )
    _tell_answer(event, claim)
    return claim


def _tell_answer(event: Event, claim: Claim) -> None:
    names = {"title": claim.contribution.title, "source": claim.source.title, "answer": claim.answer}
    if claim.status == Status.ACCEPTED:
        text = _("“%(title)s” now credits “%(source)s”") % names
    else:
        text = _("The claim that “%(title)s” builds on “%(source)s” was declined: %(answer)s") % names
    heard = [claim.claimed_by, claim.source.artist, claim.contribution.artist]
    notify(event=event, recipients=heard, text=text, url=claim.contribution.get_absolute_url())


@transaction.atomic
def withdraw_claim(*, actor: Artist, claim: Claim) -> Claim:
    """Who made a claim takes it back before it is answered."""
    claim = _open_claim(claim)
    if claim.claimed_by_id != actor.pk:
        raise NotYours(_("Only who made a claim can take it back."))
    claim.status = Status.WITHDRAWN
    claim.save(update_fields=["status"])
    record_event(
        actor=actor, verb="contributions.claim_withdrawn", about=claim.contribution, payload={"claim": claim.pk}
    )
    return claim


def _open_claim(claim: Claim) -> Claim:
    """The row, held. Raises WrongState for one that is answered."""
    rows = Claim.objects.select_for_update(of=("self",))
    claim = rows.select_related("contribution__artist", "source__artist", "claimed_by").get(pk=claim.pk)
    if not claim.is_open:
        raise WrongState(_("This claim has been answered or taken back."))
    return claim
