"""Which version of a work is shown, and which of the earlier ones others may look at."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions.actions.checks import lock, must_not_be_gone, must_own
from contributions.actions.signing import queue_signing
from contributions.errors import WrongState
from contributions.models import Contribution, Version
from profiles.actions import record_event
from profiles.models import Artist


@transaction.atomic
def use_version(*, actor: Artist, contribution: Contribution, version: Version) -> Contribution:
    """Show an earlier version again; none is lost by that."""
    contribution = lock(contribution)
    must_own(actor, contribution)
    must_not_be_gone(contribution)
    if version.contribution_id != contribution.pk or version.ready_at is None:
        raise WrongState(_("Only a prepared version of this work can be shown."))
    if contribution.current_version_id != version.pk:
        before = contribution.current_version
        contribution.current_version = version
        contribution.save(update_fields=["current_version"])
        Version.objects.filter(pk=version.pk).update(hidden_at=None)
        if contribution.is_published:
            queue_signing(version)
        record_event(
            actor=actor,
            verb="contributions.version_chosen",
            about=contribution,
            payload={"version": version.number, "before": before.number if before else None},
        )
    return contribution


@transaction.atomic
def hide_version(*, actor: Artist, contribution: Contribution, version: Version, hidden: bool = True) -> Version:
    """Keep an earlier version from others, or show it to them again. The one that is shown cannot be hidden."""
    contribution = lock(contribution)
    must_own(actor, contribution)
    must_not_be_gone(contribution)
    version = contribution.versions.select_for_update().get(pk=version.pk)
    if hidden and contribution.current_version_id == version.pk:
        raise WrongState(_("This version is the one that is shown. Show another first."))
    if (version.hidden_at is not None) == hidden:
        return version
    version.hidden_at = timezone.now() if hidden else None
    version.save(update_fields=["hidden_at"])
    record_event(
        actor=actor,
        verb="contributions.version_hidden" if hidden else "contributions.version_unhidden",
        about=contribution,
        payload={"version": version.number},
    )
    return version
