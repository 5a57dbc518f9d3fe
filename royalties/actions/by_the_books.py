"""What a statement must be by the books: in its turn, with all the money of its days, and worth opening.

Statements of a production and currency follow one another without a gap, so that no money is left behind and a loss
is carried from one into the next. Each function returns nothing or raises a refusal in plain words.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from projects.models import Production
from royalties import correcting, policy
from royalties.exceptions import FiguresDiffer, RoyaltiesRefused, WrongState
from royalties.models import Conversion, Revision, Statement
from royalties.models.statement import BOOKED
from royalties.money import Money
from royalties.movement import left_behind, movement_of
from royalties.settled import is_settled, open_from


def require_ledger_agrees(statement: Statement, revision: Revision) -> None:
    """The money of the revision is what the ledger moved."""
    if differing := differs_from_ledger(statement, revision):
        raise FiguresDiffer(
            _("The ledger has moved since this was computed (%(fields)s): compute it again, or publish a revision.")
            % {"fields": ", ".join(differing)}
        )


def differs_from_ledger(statement: Statement, revision: Revision) -> list[str]:
    """The fields of money that are not what the ledger says; of a correction, what its original says."""
    moved = correcting.basis_of(statement).input["money"] if statement.corrects_id else movement_of(statement)
    stated = revision.input["money"]
    return sorted(name for name, amount in moved.items() if stated[name] != amount)


def require_nothing_left_behind(production: int, currency: str, first_day: dt.date) -> None:
    """Every movement before this day is in some statement."""
    day = left_behind(production, currency, first_day)
    if day is not None:
        raise RoyaltiesRefused(
            _("What moved on %(day)s is in no statement yet, and would never be: let this one begin there.")
            % {"day": date_format(day)}
        )


def require_nothing_settled(production: int, currency: str, first_day: dt.date) -> None:
    """No later statement has settled these days: it took its loss from those before it, and a new one would not reach it."""
    days = open_from()
    if is_settled(days, production, currency, first_day):
        raise RoyaltiesRefused(
            _("What came before %(day)s is settled by a later statement: begin this one there, or after.")
            % {"day": date_format(days[production, currency])}
        )


def require_nothing_cut(production: Production, currency: str, first_day: dt.date, last_day: dt.date) -> None:
    """These days have a conversion whole or not at all: what it takes over leaves the first currency on its last day.

    Holds the production's row, so that none is approved meanwhile.
    """
    Production.objects.select_for_update(no_key=True).get(pk=production.pk)
    rows = Conversion.objects.approved().filter(Q(sold=currency) | Q(bought=currency), production=production)
    if (row := rows.cut_by(first_day, last_day).first()) is not None:
        raise WrongState(converted_together(row))


def converted_together(conversion: Conversion) -> str:
    """Why no other period has only some of its days."""
    return _(
        "%(first)s – %(last)s were converted together, so they stay together: choose a period with all these days."
    ) % {
        "first": date_format(conversion.first_day),
        "last": date_format(conversion.last_day),
    }


def require_its_turn(statement: Statement) -> None:
    """Statements of a production follow one another: a loss of an earlier one is carried into this one."""
    if statement.corrects_id is not None:
        return
    require_nothing_settled(statement.production_id, statement.currency, statement.first_day)
    require_nothing_left_behind(statement.production_id, statement.currency, statement.first_day)
    earlier = Statement.objects.in_sequence(statement.production_id, statement.currency).filter(
        period__fully_lt=statement.period
    )
    waiting = earlier.exclude(status__in=BOOKED).order_by("period").first()
    if waiting is not None:
        raise WrongState(
            _("The statement of %(first)s – %(last)s comes first: post it, or withdraw it and begin this one there.")
            % {"first": date_format(waiting.first_day), "last": date_format(waiting.last_day)}
        )


def require_worth_a_statement(statement: Statement, revision: Revision) -> None:
    """Little rolls on into the next period; what is wrong is corrected however little it is."""
    if statement.corrects_id is not None:
        if not correcting.deltas_between(correcting.basis_of(statement), revision):
            raise RoyaltiesRefused(_("Nothing changes by this correction: every amount comes out as it is booked."))
        return
    rules = policy.policy_of(statement.currency)
    least = max(rules.least_pool, rules.least_pool_per_payee * revision.payee_count)
    if revision.pool_minor < least:
        raise RoyaltiesRefused(
            _(
                "The artists’ half is %(pool)s, less than the %(least)s that opens a statement. It rolls on: "
                "withdraw this draft, and draft the longer period once there is more."
            )
            % {
                "pool": Money(revision.pool_minor, statement.currency),
                "least": Money(least, statement.currency),
            }
        )
