"""Who may do what with a statement, the same through every door (royalties.md 3).

Each function returns nothing or raises a refusal in plain words.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions.models import Contribution, Remix, Share
from profiles.models import Artist
from royalties.exceptions import (
    ConflictOfInterest,
    NotAllowed,
    RoyaltiesRefused,
    SecondPersonNeeded,
    WrongState,
)
from royalties.models import Revision, Statement
from royalties.money import MoneyError, exponent


def clock(now: dt.datetime | None) -> dt.datetime:
    """The moment an action counts from; a caller may say it, as tests of dates must."""
    return timezone.now() if now is None else now


def require_power(actor: Artist, *powers: str) -> None:
    """Staff with one of these powers."""
    if not actor.has_power(*powers):
        raise NotAllowed(_("Only staff with the power “%(power)s” may do this.") % {"power": "” / “".join(powers)})


def require_status(statement: Statement, *statuses: str) -> None:
    """The statement stands where this move begins."""
    if statement.status not in statuses:
        raise WrongState(
            _("This cannot be done while the statement is “%(status)s”.") % {"status": statement.get_status_display()}
        )


def require_second_person(actor: Artist, other: int | None, message: str) -> None:
    """Somebody else did the first half."""
    if actor.pk == other:
        raise SecondPersonNeeded(message)


def require_no_interest(actor: Artist, revision: Revision | None) -> None:
    """Neither the actor nor a lineage neighbour of theirs has a line in the revision."""
    if revision is None:
        return
    if revision.lines.filter(payee__artist=actor, amount_minor__gt=0).exists():
        raise ConflictOfInterest(_("You have a line in this statement yourself, so somebody else must do this."))
    if _neighbour_has_line(actor, revision):
        raise ConflictOfInterest(
            _(
                "A work of yours is a source or a remix of a work with a line in this statement, "
                "so somebody else must do this."
            )
        )


def _neighbour_has_line(actor: Artist, revision: Revision) -> bool:
    """Whether a work of the actor is tied by one remix to a work that earns in the revision."""
    own = Contribution.objects.filter(
        Q(artist=actor) | Q(pk__in=Share.objects.filter(artist=actor).values("contribution"))
    )
    earning = revision.items.filter(amount_minor__gt=0).values("contribution")
    return Remix.objects.filter(Q(child__in=own, parent__in=earning) | Q(parent__in=own, child__in=earning)).exists()


def require_currency(currency: str) -> None:
    """A currency of ISO 4217."""
    try:
        exponent(currency)
    except MoneyError as problem:
        raise RoyaltiesRefused(str(problem)) from problem


def locked(statement: Statement) -> Statement:
    """The statement's row, held until the transaction ends."""
    return Statement.objects.select_for_update(of=("self",)).select_related("production", "cut").get(pk=statement.pk)
