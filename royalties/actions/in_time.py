"""Until when a published statement is revised, what a late revision may bring, and how long people then have to look.

Each function but `longer_window` returns nothing or raises a refusal in plain words.
"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from royalties import cases, policy
from royalties.actions.by_the_books import differs_from_ledger
from royalties.actions.guards import has_judgements_in
from royalties.document import cut_of
from royalties.exceptions import WrongState
from royalties.models import Revision, Settlement, Statement


def require_only_what_counted_before(
    statement: Statement, before: Revision, after: Revision, moment: dt.datetime
) -> None:
    """After day 38 a revision takes in money and judgements alone, also one that was begun in time.

    No new cut, which nobody could object to any more, and no case but those that were named since.
    """
    if not cases.is_late_for_revision(statement, moment):
        return
    assert statement.published_at is not None  # what is late has been published; narrows the type
    in_time = Settlement.objects.filter(
        objection__statement=statement,
        run=after.run,
        at__lte=statement.published_at + policy.NO_REVISION_AFTER,
    )
    old, new = before.input, after.input
    same_cut = (cut_of(before) or statement.cut).pk == statement.cut_id
    same_measures = all(old.get(name) == new.get(name) for name in ("sections", "departments", "lines"))
    if in_time.exists() or not (same_cut and same_measures):
        raise WrongState(
            _(
                "After %(days)d days a revision takes in money and judgements alone, and this one was begun before, with "
                "a new cut or with cases to settle: drop it and begin it anew."
            )
            % {"days": policy.NO_REVISION_AFTER.days}
        )


def require_revision_in_time(statement: Statement, moment: dt.datetime) -> None:
    """Not after day 38, but for money or a judgement that counted before and is in no revision: else nothing closes."""
    revision = statement.current
    if revision is None or differs_from_ledger(statement, revision) or not has_judgements_in(statement, revision):
        return
    require_revisable(statement, moment)


def require_revisable(statement: Statement, moment: dt.datetime) -> None:
    """Day 38 is not over."""
    if cases.is_late_for_revision(statement, moment):
        raise WrongState(
            _("After %(days)d days a statement is not revised any more; what comes later is a correction statement.")
            % {"days": policy.NO_REVISION_AFTER.days}
        )


def longer_window(statement: Statement, before: Revision, after: Revision, moment: dt.datetime) -> dt.datetime:
    """Never shorter than it was; time to look at a revision, more for who loses by it."""
    least = policy.LOSER_LEAVES if _somebody_loses(statement, before, after) else policy.REVISION_LEAVES
    return max(statement.window_ends_at or moment, moment + least)


def _somebody_loses(statement: Statement, before: Revision, after: Revision) -> bool:
    worth_notice = policy.policy_of(statement.currency).loss_worth_notice
    new = dict(after.lines.values_list("payee", "amount_minor"))
    return any(
        old - new.get(payee, 0) > max(worth_notice, old * policy.LOSS_BPS // 10_000)
        for payee, old in before.lines.values_list("payee", "amount_minor")
    )
