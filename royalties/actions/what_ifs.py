"""Keep other measures of a published revision, and compute what would come of them."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from profiles.actions import record_event
from profiles.models import Artist
from royalties import policy, tasks, trying, what_if
from royalties.actions.computing import SILENT_FOR
from royalties.actions.guards import clock, require_standing
from royalties.allocation import AllocationRefused
from royalties.exceptions import RoyaltiesRefused, WrongState
from royalties.models import Revision, WhatIf

Stage = WhatIf.Stage


@transaction.atomic
def propose_what_if(
    *, actor: Artist, revision: Revision, wanted: what_if.Changes, now: dt.datetime | None = None
) -> WhatIf:
    """Keep a set of measures under an address that can be passed on; the same set is kept once.

    It changes no amount. A small production is computed at once, a large one by a worker, who is asked again for a
    known set that has waited for minutes: its message may be lost.
    Raises RoyaltiesRefused where nothing differs or the measures make no sense.
    """
    require_standing(actor)
    moment = clock(now)
    if not hasattr(revision, "publication"):
        raise WrongState(_("Only a published draft can be tried with other measures."))
    document = revision.input
    changes = checked(document, wanted)
    row, is_new = WhatIf.objects.get_or_create(
        revision=revision,
        code=what_if.code_of(changes),
        defaults={
            "statement_id": revision.statement_id,
            "author": actor,
            "changes": changes,
            "created_at": moment,
        },
    )
    if is_new:
        record_event(
            actor=actor,
            verb="royalties.what_if_kept",
            about=revision.statement,
            payload={"what_if": row.pk, "code": row.code},
        )
    elif not row.is_computing or row.created_at > moment - SILENT_FOR:
        return row
    if is_small(document):
        return compute_what_if(what_if_id=row.pk)
    tasks.compute_what_if.delay_on_commit(row.pk)
    return row


def compute_what_if(*, what_if_id: int) -> WhatIf:
    """Divide with the other measures; twice changes nothing."""
    row = WhatIf.objects.select_related("revision").get(pk=what_if_id)
    if not row.is_computing:
        return row
    WhatIf.objects.filter(pk=row.pk, stage=Stage.QUEUED).update(stage=Stage.ALLOCATING, percent=30)
    try:
        row.amounts = what_if.amounts_of(row.revision.input, row.changes)
        row.stage, row.percent = Stage.DONE, 100
    except AllocationRefused as problem:
        row.stage, row.failure = Stage.FAILED, str(problem)
    going = WhatIf.objects.filter(pk=row.pk).exclude(stage__in=[Stage.DONE, Stage.FAILED])
    going.update(stage=row.stage, percent=row.percent, amounts=row.amounts, failure=row.failure)
    return row


def checked(document: what_if.Document, wanted: what_if.Changes) -> what_if.Changes:
    """What differs, or a refusal in plain words."""
    try:
        changes = what_if.differing(document, wanted)
    except what_if.WhatIfRefused as problem:
        raise RoyaltiesRefused(trying.words_of(problem)) from problem
    if not changes:
        raise RoyaltiesRefused(_("Change at least one measure."))
    return changes


def is_small(document: what_if.Document) -> bool:
    """Whether it is quick enough to be computed while the reader waits."""
    return len(document["lines"]) + len(document["contributions"]) <= policy.WHAT_IF_AT_ONCE
