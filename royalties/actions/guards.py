"""Who may do what with a statement, the same through every door (royalties.md 3).

Each function returns nothing or raises a refusal in plain words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.models import Artist
from projects.models import Cut
from royalties import days, kinship, ledger, people
from royalties.document import adjustments_of, number_in
from royalties.exceptions import (
    ConflictOfInterest,
    NotAllowed,
    RoyaltiesRefused,
    SecondPersonNeeded,
    WrongState,
)
from royalties.mapping.reading import NUMBER
from royalties.mapping.rules import SLUG, TAKEN_CHANNELS
from royalties.models import Objection, Payout, Revision, Statement, StatementClaim
from royalties.money import Money, MoneyError, exponent, for_one_line


def clock(now: dt.datetime | None) -> dt.datetime:
    """The moment an action counts from, in UTC; a caller may say it, as tests of dates must.

    In UTC because Python adds days to a moment of a zone by the clock on the wall, which
    would make a window an hour longer or shorter where summer time begins or ends within it.
    """
    return timezone.now() if now is None else now.astimezone(dt.UTC)


def require_power(actor: Artist, *powers: str) -> None:
    """Staff with one of these powers."""
    if not actor.has_power(*powers):
        raise NotAllowed(_("Only staff with the power “%(power)s” may do this.") % {"power": "” / “".join(powers)})


def require_standing(actor: Artist) -> None:
    """A member whose account is open."""
    if not actor.is_active or actor.closed_at is not None:
        raise NotAllowed(_("Log in to take part."))


def require_status(statement: Statement, *statuses: str) -> None:
    """The statement stands where this move begins."""
    if statement.status not in statuses:
        raise WrongState(
            _("This cannot be done while the statement is “%(status)s”.") % {"status": statement.get_status_display()}
        )


def require_second_person(actor: Artist, other: int | Iterable[int] | None, message: str) -> None:
    """Somebody else did the first half, or all of these did; another account of the same person is nobody else."""
    others = {other} if isinstance(other, int) else set(other or ())
    if actor.pk in others or (others and actor.pk in people.accounts_of(others)):
        raise SecondPersonNeeded(message)


def require_no_interest(actor: Artist, statement: Statement) -> None:
    """Neither the actor nor a lineage neighbour of theirs has a line in the statement.

    Every published revision counts, and the one that waits, and whatever they pay the works of the cut and all that
    these were made from.
    """
    if kinship.has_line(actor, statement):
        raise ConflictOfInterest(_("You have a line in this statement yourself, so somebody else must do this."))
    _require_no_neighbour(actor, kinship.paid_works(statement))


def require_no_interest_in_case(actor: Artist, case: Objection | StatementClaim) -> None:
    """Neither a line in the statement, nor a work near one that is said to be missing from it."""
    require_no_interest(actor, case.statement)
    if actor.pk in kinship.near_what_is_claimed(case):
        raise ConflictOfInterest(
            _(
                "A work of yours is shared with, a source or a remix of a work of who says that one is missing, "
                "so somebody else must do this."
            )
        )


def require_judges_had_no_interest(statement: Statement, revision: Revision, before: Revision | None) -> None:
    """Whoever proposed or approved a judgement that comes in by a revision has no interest by now either.

    An adjustment that everybody has seen in the revision before was looked at when that one was published.
    """
    known = before.input["adjustments"] if before else []
    come = [row for row in revision.input["adjustments"] if row not in known]
    judges = {number_in(row[part]) for row in come for part in ("by", "approved_by")}
    paid = kinship.paid_works(statement) if judges else set()
    for judge in Artist.objects.filter(pk__in=judges).order_by("pk"):
        if kinship.has_line(judge, statement) or kinship.is_neighbour(judge, paid):
            raise ConflictOfInterest(
                _(
                    "%(name)s judged in this statement, and has a line in it or a work near one: "
                    "take those adjustments back, and let somebody else propose and approve them."
                )
                % {"name": judge}
            )


def require_no_interest_in_cut(actor: Artist, cut: Cut) -> None:
    """The same before there is a statement: of whoever the cut will pay, nobody is near the actor."""
    _require_no_neighbour(actor, kinship.payable_works(cut))


def _require_no_neighbour(actor: Artist, paid: set[int]) -> None:
    if kinship.is_neighbour(actor, paid):
        raise ConflictOfInterest(
            _(
                "A work of yours is a source or a remix of a work with a line in this statement, "
                "so somebody else must do this."
            )
        )


def has_judgements_in(statement: Statement, revision: Revision) -> bool:
    """Whether it was computed with the adjustments that count now."""
    return bool(adjustments_of(statement) == revision.input["adjustments"])


def require_judgements_in(statement: Statement, revision: Revision) -> None:
    """What two people have decided about this statement is what the revision was computed with."""
    if not has_judgements_in(statement, revision):
        raise WrongState(_("Adjustments were approved or taken back since this was computed: compute again first."))


def require_currency(currency: str) -> None:
    """A currency of ISO 4217."""
    try:
        exponent(currency)
    except MoneyError as problem:
        raise RoyaltiesRefused(str(problem)) from problem


def require_amount(money: Money) -> None:
    """More than nothing, no more than the ledger holds, of a currency of ISO 4217."""
    require_currency(money.currency)
    if money.amount_minor <= 0:
        raise RoyaltiesRefused(_("An amount is more than nothing."))
    try:
        for_one_line(money)
    except MoneyError as problem:
        raise RoyaltiesRefused(str(problem)) from problem


def require_day(day: dt.date) -> None:
    """One that the books know."""
    problem = days.problem_of(day)
    if problem is not None:
        raise RoyaltiesRefused(f"{problem}.")


def within(text: str, most: int) -> str:
    """What was typed, whole and without blanks around it; refused where that is longer than what is kept.

    A line's end is one sign, as the browser counts it that keeps people from typing more.
    """
    words = text.replace("\r\n", "\n").strip()
    if len(words) > most:
        raise RoyaltiesRefused(
            _("Write at most %(most)d characters; these are %(count)d.") % {"most": most, "count": len(words)}
        )
    return words


def require_slug(name: str) -> None:
    """A channel or a provider, as it stands in account codes."""
    if not SLUG.fullmatch(name) or name in TAKEN_CHANNELS:
        raise RoyaltiesRefused(_("“%(name)s” needs small letters, digits, - or _.") % {"name": name})


def require_number(number: str, *, most: int = 80) -> None:
    """What a provider or a bank calls something of ours, or we a bill of ours."""
    if not NUMBER.fullmatch(number) or len(number) > most:
        raise RoyaltiesRefused(_("The number needs 1 to %(most)d characters without spaces.") % {"most": most})


@contextmanager
def naming(payouts: Iterable[Payout]) -> Iterator[None]:
    """Where the ledger lacks the money for an entry, refuse in words that name the payout, and leave no error page."""
    try:
        yield
    except ledger.Overdrawn as problem:
        known = list(payouts)
        # The ledger names the account, which names the payee.
        named = [payout for payout in known if f":{payout.payee.code}:" in str(problem)] or known
        what = ", ".join(payout.code for payout in named) or _("This")
        words = _("%(what)s cannot be booked, for the money is not all there: %(why)s. Nothing was changed.")
        raise WrongState(words % {"what": what, "why": problem}) from problem


def locked(statement: Statement) -> Statement:
    """The statement's row, held until the transaction ends."""
    return Statement.objects.select_for_update(of=("self",)).select_related("production", "cut").get(pk=statement.pk)
