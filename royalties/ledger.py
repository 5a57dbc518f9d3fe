"""The one writer of the ledger: `post_entry` (royalties.md 2, style.md 18).

Entries are numbered without gaps and chained by hash under one advisory lock, which PostgreSQL
takes again when the row comes in. Everything checked here is checked once more by the database,
so the errors below are for people and the triggers for everybody else. Callers post last in
their transaction: whoever waits for a row while holding the lock stops all other posting.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from royalties import accounts
from royalties.allocation import canonical_bytes, sha256_hex
from royalties.models.ledger import LARGEST_LINE, Account, Balance, JournalEntry, JournalLine
from royalties.money import Money
from royalties.postings import Draft, Line

POSTING_LOCK = 727001  # the number 0003_ledger_rules takes as well
FIRST_HASH = "0" * 64

INSERT_LINES = """
INSERT INTO royalties_journalline (entry_id, line_no, n_lines, account_id, currency, amount_minor)
SELECT %s, given.number, %s, account.id, account.currency, given.amount
FROM unnest(%s::text[], %s::bigint[]) WITH ORDINALITY AS given (code, amount, number)
JOIN royalties_account account ON account.code = given.code
ORDER BY given.number
"""


class LedgerError(Exception):
    """An entry that cannot be posted."""


class Unbalanced(LedgerError):
    """The lines do not sum to zero in each currency, or are fewer than two."""


class KeyReused(LedgerError):
    """The idempotency key was used before, for other content."""


class Overdrawn(LedgerError):
    """An account would move past its bounds."""


class AlreadyReversed(LedgerError):
    """An entry is reversed at most once."""


def post_entry(
    *,
    kind: str,
    key: str,
    effective_on: dt.date,
    source: Mapping[str, Any],
    lines: Sequence[Line],
    reverses: JournalEntry | None = None,
) -> JournalEntry:
    """Write one entry and return it; the same request again returns the first one.

    `source` tells by ids where the entry comes from; it stands under the hash, so no names.
    """
    _check_lines(lines)
    stored_source = canonical_bytes(dict(source)).decode()
    request = request_hash(kind, key, effective_on, stored_source, lines, reverses.pk if reverses else None)
    with transaction.atomic():
        _take_lock()
        first = JournalEntry.objects.filter(idempotency_key=key).first()
        if first is not None:
            if first.request_sha256 != request:
                raise KeyReused(f"The key {key} was used before, for other content.")
            return first
        if reverses and JournalEntry.objects.filter(reverses=reverses).exists():
            raise AlreadyReversed(f"Entry {reverses.pk} was reversed before.")
        _open_accounts({line.account for line in lines})
        last = JournalEntry.objects.order_by("-id").first()
        entry = JournalEntry(
            id=last.pk + 1 if last else 1,
            n_lines=len(lines),
            kind=kind,
            idempotency_key=key,
            request_sha256=request,
            reverses=reverses,
            effective_on=effective_on,
            posted_at=timezone.now(),
            source=stored_source,
            previous_hash=last.hash if last else FIRST_HASH,
        )
        entry.hash = seal(entry, lines)
        entry.save(force_insert=True)
        _insert_lines(entry, lines)
    return entry


def post(draft: Draft, *, effective_on: dt.date, source: Mapping[str, Any]) -> JournalEntry:
    """Write the entry that a posting rule has drafted."""
    return post_entry(kind=draft.kind, key=draft.key, effective_on=effective_on, source=source, lines=draft.lines)


def reverse_entry(entry: JournalEntry, *, effective_on: dt.date, source: Mapping[str, Any]) -> JournalEntry:
    """Write the mirror image of an entry; again returns the first, elsewise only once."""
    return post_entry(
        kind="reversal",
        key=f"reversal:{entry.pk}",
        effective_on=effective_on,
        source=source,
        lines=[Line(account, -amount) for account, amount in lines_of(entry)],
        reverses=entry,
    )


def account(code: str) -> Account:
    """Return the account of a code, opened on demand; UnknownAccount if the chart has none."""
    with transaction.atomic():
        found = Account.objects.filter(code=code).first()
        if found is None:
            _take_lock()
            _open_accounts({code})
            found = Account.objects.get(code=code)
    return found


def balance(code: str) -> Money:
    """Return an account's balance, debit positive; zero where nothing was ever posted."""
    return balances([code])[code]


def balances(codes: Iterable[str]) -> dict[str, Money]:
    """Return the balances of many accounts in one query."""
    wanted = list(codes)
    rows = Balance.objects.filter(account__code__in=wanted).values_list("account__code", "balance_minor")
    found = dict(rows)
    return {code: Money(found.get(code, 0), accounts.currency_of(code)) for code in wanted}


def balances_below(prefix: str) -> dict[str, Money]:
    """Return the balances of all accounts whose code begins so, as `payable:` or `revenue:12:`."""
    rows = Balance.objects.filter(account__code__startswith=prefix).order_by("account__code")
    values = rows.values_list("account__code", "balance_minor", "account__currency")
    return {code: Money(minor, currency) for code, minor, currency in values}


def movements(prefix: str, *, first_day: dt.date, last_day: dt.date) -> dict[str, Money]:
    """Return what moved on each account below a prefix in a period, both days included."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT account.code, account.currency, sum(line.amount_minor)::bigint
            FROM royalties_account account
            JOIN royalties_journalline line ON line.account_id = account.id
            JOIN royalties_journalentry entry ON entry.id = line.entry_id
            WHERE starts_with(account.code, %s) AND entry.effective_on BETWEEN %s AND %s
            GROUP BY account.code, account.currency ORDER BY account.code
            """,
            [prefix, first_day, last_day],
        )
        return {code: Money(minor, currency) for code, currency, minor in cursor.fetchall()}


def trial_balance() -> dict[str, dict[str, int]]:
    """Return {currency: {account: minor units}}, debit positive; each currency sums to zero."""
    result: dict[str, dict[str, int]] = defaultdict(dict)
    rows = Balance.objects.order_by("account__currency", "account__code")
    for currency, code, minor in rows.values_list("account__currency", "account__code", "balance_minor"):
        result[currency][code] = minor
    return dict(result)


def lines_of(entry: JournalEntry) -> list[Line]:
    """Return an entry's lines as they were given."""
    rows = JournalLine.objects.filter(entry=entry).order_by("line_no")
    return [Line(code, minor) for code, minor in rows.values_list("account__code", "amount_minor")]


def head() -> tuple[int, str]:
    """Return the number and hash of the last entry: to publish it is to fix all before it."""
    last = JournalEntry.objects.order_by("-id").values_list("id", "hash").first()
    return last or (0, FIRST_HASH)


def seal(entry: JournalEntry, lines: Sequence[Line]) -> str:
    """Return the hash over an entry, its lines and the hash before it; ledger_seal() in SQL."""
    moment = entry.posted_at.astimezone(dt.UTC)
    words = [
        entry.previous_hash,
        str(entry.pk),
        entry.kind,
        entry.idempotency_key,
        entry.effective_on.isoformat(),
        moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        str(entry.reverses_id or ""),
        entry.source,
        *(f"{number} {line.account} {line.amount_minor}" for number, line in enumerate(lines, 1)),
    ]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def request_hash(
    kind: str, key: str, effective_on: dt.date, source: str, lines: Sequence[Line], reverses: int | None
) -> str:
    """Return the hash of everything a caller asked for, so that a key cannot mean two things."""
    asked = [kind, key, effective_on.isoformat(), source, reverses, [list(line) for line in lines]]
    return sha256_hex(canonical_bytes(asked))


def _check_lines(lines: Sequence[Line]) -> None:
    if len(lines) < 2:
        raise Unbalanced("An entry has at least two lines.")
    rest: dict[str, int] = defaultdict(int)
    for line in lines:
        if type(line.amount_minor) is not int:
            raise TypeError(f"A line takes whole minor units, not {type(line.amount_minor).__name__}.")
        if not 0 < abs(line.amount_minor) <= LARGEST_LINE:
            raise LedgerError(f"{line.amount_minor} on {line.account} is zero or too large for a line.")
        rest[accounts.currency_of(line.account)] += line.amount_minor
    for currency, minor in rest.items():
        if minor:
            raise Unbalanced(f"The lines are out of balance by {minor} {currency}.")


def _take_lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [POSTING_LOCK])


def _open_accounts(codes: set[str]) -> None:
    known = set(Account.objects.filter(code__in=codes).values_list("code", flat=True))
    fresh = []
    for code in sorted(codes - known):
        root, currency = accounts.parse(code)
        fresh.append(
            Account(code=code, kind=root.kind, currency=currency, min_minor=root.min_minor, max_minor=root.max_minor)
        )
    Account.objects.bulk_create(fresh)


def _insert_lines(entry: JournalEntry, lines: Sequence[Line]) -> None:
    codes = [line.account for line in lines]
    amounts = [line.amount_minor for line in lines]
    try:
        with connection.cursor() as cursor:
            cursor.execute(INSERT_LINES, [entry.pk, entry.n_lines, codes, amounts])
    except IntegrityError as problem:
        diagnosis = getattr(problem.__cause__, "diag", None)
        if diagnosis is not None and diagnosis.constraint_name == "account_bounds":
            raise Overdrawn(f"{diagnosis.message_primary}.") from problem
        raise
