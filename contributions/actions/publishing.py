"""The moment a work becomes public: everything is checked, then frozen, then told.

Publishing a work that is still being prepared stores the wish; it is fulfilled when the version is
ready, or taken back with the reasons in the artist's inbox.
"""

from __future__ import annotations

import hashlib
import json
import logging
from typing import Any, Final

from allauth.account.models import EmailAddress
from celery import current_app
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions import cone, rights
from contributions.actions.checks import lock, must_own
from contributions.actions.families import join_family
from contributions.actions.queueing import contribution_job
from contributions.actions.signing import queue_signing
from contributions.actions.sources import needs_answer
from contributions.errors import Problem, PublishRefused, WrongState
from contributions.models import (
    Contribution,
    DraftSource,
    InfluenceRate,
    Job,
    Licence,
    LicenceGrant,
    Remix,
    RightsReceipt,
    Share,
    Upload,
    Version,
)
from contributions.rights import Conflict, Reason
from profiles.actions import followers_of, notify, record_event
from profiles.models import Artist, Terms, TermsAcceptance

logger = logging.getLogger(__name__)

WHOLE_BPS: Final = 10_000
CHALLENGE_TASK: Final = "challenges.tasks.enter_from_upload"


@transaction.atomic
def publish_contribution(*, actor: Artist, contribution: Contribution) -> Contribution:
    """Make a work public. Raises PublishRefused with everything that is missing.

    While its file is still moving or being prepared, the wish is stored instead: then the returned
    work is not published yet, and `publish_when_ready` is set.
    """
    contribution = lock(contribution)
    must_own(actor, contribution)
    if contribution.is_published:
        return contribution
    if contribution.is_gone:
        raise WrongState(_("This work has been withdrawn or removed."))
    draft_sources = _lock_sources(contribution)
    problems = publish_problems(contribution)
    if problems:
        raise PublishRefused(problems)
    version = contribution.versions.order_by("-number").first()
    if version is None or version.ready_at is None:
        return _wish(actor, contribution)
    _freeze(contribution, version, draft_sources)
    queue_signing(version)
    leave_receipt(actor, contribution)
    _tell(actor, contribution, draft_sources)
    if contribution.challenge_slug:
        _enter_challenge(contribution)
    # Last, because it holds the rows of all ancestors until the transaction ends.
    join_family(contribution)
    return contribution


def _enter_challenge(contribution: Contribution) -> None:
    """Challenges stand on a higher floor: their task is called by its name."""
    entering = current_app.signature(CHALLENGE_TASK, args=[contribution.pk, contribution.challenge_slug])
    transaction.on_commit(entering.apply_async)


def _lock_sources(contribution: Contribution) -> list[DraftSource]:
    """The chosen sources; their works are held in one order, so that two publishers never block each other."""
    rows = list(contribution.draft_sources.select_related("source__artist", "external", "contribution").order_by("pk"))
    ids = [row.source_id for row in rows if row.source_id]
    list(Contribution.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))
    return rows


def _wish(actor: Artist, contribution: Contribution) -> Contribution:
    contribution.publish_when_ready = True
    contribution.save(update_fields=["publish_when_ready"])
    record_event(actor=actor, verb="contributions.publish_wished", about=contribution)
    return contribution


@transaction.atomic
def cancel_wish(*, actor: Artist, contribution: Contribution) -> Contribution:
    """Do not publish by itself after all."""
    contribution = lock(contribution)
    must_own(actor, contribution)
    contribution.publish_when_ready = False
    contribution.save(update_fields=["publish_when_ready"])
    return contribution


def publish_if_wished(*, contribution_id: int) -> None:
    """Fulfil a stored wish. What has come up since goes to the artist's inbox, and the wish is taken back."""
    wished = Contribution.objects.filter(pk=contribution_id, publish_when_ready=True).select_related("artist")
    contribution = wished.first()
    if contribution is None:
        return
    try:
        publish_contribution(actor=contribution.artist, contribution=contribution)
    except (PublishRefused, WrongState) as refused:
        with transaction.atomic():
            cancel_wish(actor=contribution.artist, contribution=contribution)
            event = record_event(actor=None, verb="contributions.publish_refused", about=contribution)
            text = _("“%(title)s” is ready but not published: %(reason)s") % {
                "title": contribution.title,
                "reason": refused,
            }
            notify(event=event, recipients=[contribution.artist], text=text, url=contribution.edit_url)


# -- what stands in the way


def publish_problems(contribution: Contribution) -> list[Problem]:
    """Everything that is missing, in the order of the page, with the field that mends it."""
    found = [
        *_file_problems(contribution),
        *_detail_problems(contribution),
        *_rights_problems(contribution),
        *_source_problems(contribution),
        *_share_problems(contribution),
    ]
    if not has_verified_address(contribution.artist):
        words = _("Confirm your e-mail address first: we sent a link to %(address)s.")
        found.append(Problem("email", words % {"address": contribution.artist.email}))
    return found


def has_verified_address(artist: Artist) -> bool:
    """Staff accounts are made by hand; everybody else has followed a link in a mail."""
    return artist.is_staff or EmailAddress.objects.filter(user=artist, verified=True).exists()


def _file_problems(contribution: Contribution) -> list[Problem]:
    version = contribution.versions.order_by("-number").first()
    moving = contribution.uploads.filter(status=Upload.Status.OPEN, purpose=Upload.Purpose.VERSION).exists()
    if version is None:
        return [] if moving else [Problem("file", _("There is no file yet."))]
    job = contribution_job(contribution)
    if version.ready_at is None and not moving and (job is None or not job.is_live):
        reason = job.failure_reason if job and job.status == Job.Status.FAILED else _("The text is not prepared yet.")
        return [Problem("file", reason)]
    return []


def _looks_like_picture(contribution: Contribution) -> bool:
    """By content once that is known; before, by the word of the browser, so that alt text is asked in time."""
    if contribution.medium:
        return contribution.medium == Contribution.Medium.IMAGE
    upload = contribution.uploads.filter(purpose=Upload.Purpose.VERSION).order_by("-created_at").first()
    return upload is not None and str(upload.metadata.get("filetype", "")).startswith("image/")


def _detail_problems(contribution: Contribution) -> list[Problem]:
    found = []
    if not contribution.title.strip():
        found.append(Problem("title", _("Give the work a title.")))
    if _looks_like_picture(contribution) and not contribution.alt_text.strip():
        found.append(Problem("alt_text", _("Describe the picture for people who cannot see it.")))
    return found


def _rights_problems(contribution: Contribution) -> list[Problem]:
    found = []
    if not contribution.original_work:
        found.append(Problem("original_work", _("Say that you made it, but for the sources you name.")))
    if contribution.licence is None:
        found.append(Problem("licence", _("Choose a licence.")))
    elif not contribution.licence.offered:
        found.append(Problem("licence", _("This licence is no longer offered. Choose another.")))
    if not contribution.ai_use:
        found.append(Problem("ai_use", _("Say whether a generative tool was used.")))
    elif contribution.ai_use != Contribution.AIUse.NONE and not contribution.ai_note.strip():
        found.append(Problem("ai_note", _("Say in a few words which tool was used, and for what.")))
    return found


def _source_problems(contribution: Contribution) -> list[Problem]:
    found = []
    for row in contribution.draft_sources.select_related("source__artist", "contribution"):
        if row.source is not None and row.source.status == Contribution.Status.REMOVED:
            words = _("“%(title)s” has been removed by staff and cannot be a source.")
            found.append(Problem("sources", words % {"title": row.source.title}))
        elif needs_answer(row):
            assert row.source is not None
            no = _("%(name)s would rather not have “%(title)s” remixed.")
            wait = _(
                "%(name)s wants to be asked before “%(title)s” is remixed. We sent your request; wait for the answer."
            )
            words = no if row.granted is False else wait
            names = {"name": row.source.artist.display_name, "title": row.source.title}
            found.append(Problem("sources", words % names))
    if contribution.licence is not None:
        chosen = cone.grant_of(contribution.licence)
        for conflict in rights.conflicts(chosen, cone.materials_of(contribution)):
            found.append(Problem("licence", conflict_words(conflict, chosen.name)))
    return found


def conflict_words(conflict: Conflict, chosen: str) -> str:
    """The offending ancestor by name, and what would do."""
    words = {
        Reason.NO_DERIVATIVES: _(
            "“%(title)s” by %(maker)s is under %(theirs)s, which allows no changed versions at all."
        ),
        Reason.SITE_ONLY: _(
            "“%(title)s” by %(maker)s may be used on this site only, so your work can only be “This site only” too."
        ),
        Reason.SHARE_ALIKE: _(
            "“%(title)s” by %(maker)s is under %(theirs)s: what is built on it must be under that same licence, not %(chosen)s."
        ),
        Reason.NOT_COMMERCIAL: _(
            "“%(title)s” by %(maker)s is under %(theirs)s, which allows no commercial use; %(chosen)s would allow it."
        ),
        Reason.CREDIT: _(
            "“%(title)s” by %(maker)s is under %(theirs)s, which asks for credit; %(chosen)s would give that away."
        ),
    }[conflict.reason]
    material = conflict.material
    return words % {
        "title": material.title,
        "maker": material.maker,
        "theirs": material.grant.name,
        "chosen": chosen,
    }


def hindrances(contribution: Contribution) -> dict[int, str]:
    """For each licence offered that does not go with the sources: the first reason, by the licence's number."""
    materials, found = cone.materials_of(contribution), {}
    for licence in Licence.objects.filter(offered=True):
        against = rights.conflicts(cone.grant_of(licence), materials)
        if against:
            found[licence.pk] = conflict_words(against[0], licence.name)
    return found


def _share_problems(contribution: Contribution) -> list[Problem]:
    shares = list(contribution.shares.select_related("artist"))
    if not shares:
        return []
    found = []
    if sum(share.share_bps for share in shares) != WHOLE_BPS:
        found.append(Problem("shares", _("The shares of those who made it do not add up to 100%.")))
    for share in shares:
        if share.agreed_at is None:
            words = _("%(name)s has not agreed to the shares yet.")
            found.append(Problem("shares", words % {"name": share.artist.display_name}))
    return found


# -- what happens then


def _freeze(contribution: Contribution, version: Version, draft_sources: list[DraftSource]) -> None:
    """Status, number, generation, shares and edges. The number is given by the database."""
    now = timezone.now()
    if not contribution.shares.exists():
        Share.objects.create(contribution=contribution, artist=contribution.artist, share_bps=WHOLE_BPS, agreed_at=now)
    # What was replaced before anybody saw it is nobody's business, unless its artist shows it.
    contribution.versions.exclude(pk=version.pk).update(hidden_at=now)
    generations = [row.source.generation if row.source else 0 for row in draft_sources]
    contribution.generation = 1 + max(generations) if generations else 0
    contribution.status, contribution.published_at = Contribution.Status.PUBLISHED, now
    contribution.publish_when_ready, contribution.current_version = False, version
    contribution.save(update_fields=["generation", "status", "published_at", "publish_when_ready", "current_version"])
    contribution.refresh_from_db(fields=["published_seq"])
    assert contribution.published_seq is not None
    rates = InfluenceRate.objects.in_force()
    Remix.objects.bulk_create(
        Remix(
            child=contribution,
            child_seq=contribution.published_seq,
            parent=row.source,
            parent_seq=row.source.published_seq if row.source else None,
            external=row.external,
            kind=row.kind,
            rate_bps=row.rate_bps(rates),
            note=row.note,
        )
        for row in draft_sources
    )
    parents = [row.source_id for row in draft_sources if row.source_id]
    Contribution.objects.filter(pk__in=parents).update(remix_count=F("remix_count") + 1)
    DraftSource.objects.filter(pk__in=[row.pk for row in draft_sources]).delete()


def leave_receipt(actor: Artist, contribution: Contribution) -> None:
    """What was declared, under which terms, with a hash over both; from now on the licence is given."""
    now = timezone.now()
    kind = Terms.Kind.CONTRIBUTION
    terms = Terms.objects.filter(kind=kind, effective_at__lte=now).order_by("-effective_at", "-pk")[:1].get()
    answers = _answers(contribution)
    signed = json.dumps({"answers": answers, "terms_sha256": terms.sha256}, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(signed.encode()).hexdigest()
    receipt = RightsReceipt.objects.create(
        contribution=contribution, artist=actor, terms=terms, answers=answers, sha256=digest
    )
    assert contribution.licence is not None
    LicenceGrant.objects.create(contribution=contribution, licence=contribution.licence, receipt=receipt, at=now)
    TermsAcceptance.objects.get_or_create(artist=actor, terms=terms)


def _answers(contribution: Contribution) -> dict[str, Any]:
    licence = contribution.licence
    assert licence is not None
    return {
        "contribution": contribution.pk,
        "published_seq": contribution.published_seq,
        "original_work": contribution.original_work,
        "licence": [licence.code, licence.version],
        "remix_permission": contribution.remix_permission,
        "production_permission": contribution.production_permission,
        "ai_use": contribution.ai_use,
        "ai_note": contribution.ai_note,
        "ai_training": contribution.ai_training,
        "sources": [
            {
                "kind": edge.kind,
                "contribution": edge.parent_id,
                "external": edge.external_id,
                "rate_bps": edge.rate_bps,
            }
            for edge in contribution.source_edges.order_by("pk")
        ],
        "shares": {str(share.artist_id): share.share_bps for share in contribution.shares.all()},
    }


def _tell(actor: Artist, contribution: Contribution, draft_sources: list[DraftSource]) -> None:
    """One event; the makers of the sources hear first, then who follows the artist or a tag."""
    sources = [row.source for row in draft_sources if row.source]
    event = record_event(
        actor=actor,
        verb="contributions.published",
        about=contribution,
        payload={"sources": [source.pk for source in sources], "challenge": contribution.challenge_slug},
    )
    names = {"name": contribution.artist.display_name, "title": contribution.title}
    url = contribution.get_absolute_url()
    for source in sources:
        text = _("%(name)s built on your work “%(source)s”: “%(title)s”") % {**names, "source": source.title}
        notify(event=event, recipients=[source.artist], text=text, url=url)
    topics = [
        f"artist:{contribution.artist_id}",
        *(f"tag:{slug}" for slug in contribution.tags.values_list("slug", flat=True)),
    ]
    topics += [f"contribution:{source.pk}" for source in sources]
    text = _("%(name)s published “%(title)s”") % names
    notify(event=event, recipients=followers_of(*topics), text=text, url=url)
