"""Which of the granted late claims a correction carries out: none for whom it moves nothing."""

from __future__ import annotations

from collections.abc import Collection

from profiles.models import Event
from profiles.models.event import topic_of
from royalties import correcting, people
from royalties.models import Payee, Revision, Statement, StatementClaim


def carry_out_claims(correction: Statement, revision: Revision) -> None:
    """Write down which claims a published draft of a correction carries out. Part of publishing.

    Those that its drafter named, or else all that are owed. What an earlier draft of it carried out and this one does
    not is owed again.
    """
    named = _named(correction)
    moved = correcting.deltas_between(correcting.basis_of(correction), revision)
    for claim in correcting.claims_within_reach(correction):
        is_done = (named is None or claim.pk in named) and _moves_for(claim, moved)
        claim.carried_out_by = correction if is_done else None
        claim.save(update_fields=["carried_out_by"])


def _named(correction: Statement) -> Collection[int] | None:
    """The keys that the drafter named; None where nobody did."""
    drafted = Event.objects.filter(topic=topic_of(correction), verb="royalties.correction_drafted").first()
    return drafted.payload.get("claims") if drafted else None


def _moves_for(claim: StatementClaim, moved: Collection[int]) -> bool:
    """Whether somebody gets more or less: whose line is said to be wrong; else whoever claims, by any account.

    Of an outsider it is not known who that is, so there anybody will do.
    """
    if claim.line is not None:
        return claim.line.payee_id in moved
    if claim.artist_id is None:
        return bool(moved)
    accounts = people.accounts_of([claim.artist_id])
    return Payee.objects.filter(pk__in=moved, artist__in=accounts).exists()
