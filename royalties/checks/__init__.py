"""Every invariant of the ledger, read again from the rows (royalties.md 2.3, style.md 19).

Each `validate_*` yields one sentence for each breach, naming the rows; nothing when all is
well. They trust neither the triggers nor one another: a superuser can switch a trigger off,
so the hashes are reckoned anew in Python and the sums anew from the lines.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, connection, connections, transaction

from royalties.checks.balances import (
    validate_accounts,
    validate_accounts_have_their_payees,
    validate_balances,
    validate_bounds,
    validate_checkpoints,
    validate_trial_balance,
)
from royalties.checks.booked import (
    validate_rows_say_what_was_booked,
    validate_suspense_became_its_income,
    validate_what_is_taken_back_waits_again,
    validate_withholdings_are_whole,
)
from royalties.checks.corrections import validate_corrections, validate_shares_are_not_overspent
from royalties.checks.entries import (
    validate_amounts,
    validate_currencies,
    validate_entries_are_balanced,
    validate_entries_have_their_lines,
    validate_hash_chain,
    validate_keys_are_used_once,
    validate_lines_belong_to_entries,
    validate_numbers_have_no_gaps,
    validate_requests,
    validate_reversals,
)
from royalties.checks.files import validate_files_are_what_was_taken, validate_rates_are_those_of_their_files
from royalties.checks.guards import validate_heads, validate_privileges, validate_triggers
from royalties.checks.promises import APPEND_ONLY, TRIGGERS
from royalties.checks.reckoned import (
    validate_refunds_belong_to_their_sales,
    validate_what_was_converted_follows_its_rates,
    validate_withholdings_follow_their_rates,
)
from royalties.checks.recorded import validate_report_rows_are_what_was_told, validate_rows_are_what_was_recorded
from royalties.checks.sealed import validate_what_is_sealed_is_what_was_given
from royalties.checks.sources import validate_entries_come_from_rows, validate_keys_lead_to_rows
from royalties.checks.statements import (
    validate_conversions_are_in_one_statement,
    validate_statements_leave_no_money,
    validate_statements_post_their_own_numbers,
)
from royalties.checks.stored import (
    validate_batches_are_what_was_proposed,
    validate_payouts_carry_their_entries,
    validate_revisions_are_what_was_computed,
)
from royalties.checks.wanted import validate_every_entry_is_wanted
from royalties.exceptions import RoyaltiesRefused
from royalties.ledger import LedgerError

log = logging.getLogger(__name__)

Check = Callable[[], Iterator[str]]

CHECKS: tuple[Check, ...] = (
    validate_entries_are_balanced,
    validate_entries_have_their_lines,
    validate_lines_belong_to_entries,
    validate_numbers_have_no_gaps,
    validate_hash_chain,
    validate_requests,
    validate_keys_are_used_once,
    validate_currencies,
    validate_amounts,
    validate_accounts,
    validate_accounts_have_their_payees,
    validate_reversals,
    validate_balances,
    validate_bounds,
    validate_trial_balance,
    validate_checkpoints,
    validate_heads,
    validate_triggers,
    validate_privileges,
    validate_statements_post_their_own_numbers,
    validate_statements_leave_no_money,
    validate_conversions_are_in_one_statement,
    validate_corrections,
    validate_shares_are_not_overspent,
    validate_revisions_are_what_was_computed,
    validate_payouts_carry_their_entries,
    validate_batches_are_what_was_proposed,
    validate_rows_say_what_was_booked,
    validate_every_entry_is_wanted,
    validate_entries_come_from_rows,
    validate_keys_lead_to_rows,
    validate_suspense_became_its_income,
    validate_what_is_taken_back_waits_again,
    validate_withholdings_are_whole,
    validate_what_was_converted_follows_its_rates,
    validate_withholdings_follow_their_rates,
    validate_refunds_belong_to_their_sales,
    validate_rows_are_what_was_recorded,
    validate_report_rows_are_what_was_told,
    validate_what_is_sealed_is_what_was_given,
    validate_files_are_what_was_taken,
    validate_rates_are_those_of_their_files,
)
# What one look at the newest entries can tell without reading all the others.
NEWEST = (
    validate_entries_are_balanced,
    validate_entries_have_their_lines,
    validate_hash_chain,
    validate_requests,
)
SMALL = (validate_heads, validate_triggers, validate_privileges, validate_bounds, validate_trial_balance)
AT_ONCE = 2  # two connections that look at one snapshot: one waits for rows while the other hashes
MOST_KEPT = 1000
# What a check may raise over a row that nobody has foreseen. A connection that is gone is none of it.
STUMBLES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    RuntimeError,
    TypeError,
    ValueError,
    DatabaseError,
    ObjectDoesNotExist,
    LedgerError,
    RoyaltiesRefused,
)
SORT_MEMORY = "128MB"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one invariant looked like: the first thousand breaches, how many in all, how long it took."""

    name: str
    breaches: list[str]
    breach_count: int
    duration_ms: int


def name_of(check: Callable[..., Iterator[str]]) -> str:
    return check.__name__.removeprefix("validate_")


NAMES = tuple(name_of(check) for check in CHECKS)
# What reads files whole: how long that takes has nothing to do with the ledger.
OF_FILES = frozenset(
    map(
        name_of,
        (
            validate_what_is_sealed_is_what_was_given,
            validate_files_are_what_was_taken,
            validate_rates_are_those_of_their_files,
        ),
    )
)


def run_checks() -> Iterator[tuple[str, list[str]]]:
    """Yield each invariant's name and its breaches, all from one moment of the database."""
    for outcome in outcomes():
        yield outcome.name, outcome.breaches


def outcomes(only: Iterable[str] = NAMES) -> Iterator[Outcome]:
    """Yield what each of these invariants looks like, in their order, all from one moment of the database.

    Inside a transaction they run one after the other, since nobody else can see what it has written.
    """
    wanted = set(only)
    checks = [check for check in CHECKS if name_of(check) in wanted]
    if connection.in_atomic_block:
        yield from map(outcome_of, checks)
        return
    with transaction.atomic(), connection.cursor() as cursor:
        _look_only()
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            yield from pool.map(lambda check: _from_snapshot(check, snapshot), checks)


def newest_outcomes(count: int) -> Iterator[Outcome]:
    """Yield what the newest entries look like, and what is quickly said of the whole."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT greatest(coalesce(max(id), 0) - %s, 0) + 1 FROM royalties_journalentry", [count])
        (first,) = cursor.fetchone()
        for check in NEWEST:
            yield outcome_of(check, first)
        for small in SMALL:
            yield outcome_of(small)


def outcome_of(check: Callable[..., Iterator[str]], *first: int) -> Outcome:
    """Run one check to its end. What it stumbles over is a breach as well: the others have their turn all the same."""
    began = time.monotonic()
    kept: list[str] = []
    count = 0
    try:
        with transaction.atomic():
            for breach in check(*first):
                count += 1
                kept += [breach] if count <= MOST_KEPT else []
    except STUMBLES as problem:
        if not connection.is_usable():
            raise  # that is no breach: whoever asked tries again
        log.exception("a check of the ledger failed", extra={"check": name_of(check)})
        # By its type alone: what it says may hold what is in a row.
        kept, count = [f"the check itself failed: {type(problem).__name__}", *kept], count + 1
    return Outcome(name_of(check), kept, count, round((time.monotonic() - began) * 1000))


def _from_snapshot(check: Check, snapshot: str) -> Outcome:
    """Run one check on a connection of this thread's, on the moment that all of them look at."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            _look_only()
            cursor.execute("SET TRANSACTION SNAPSHOT %s", [snapshot])
            return outcome_of(check)
    finally:
        connections.close_all()


def _look_only() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute(f"SET LOCAL work_mem = '{SORT_MEMORY}'")


__all__ = [
    "APPEND_ONLY",
    "CHECKS",
    "NAMES",
    "OF_FILES",
    "TRIGGERS",
    "Outcome",
    "newest_outcomes",
    "outcomes",
    "run_checks",
]
