"""The one writer of the ledger: `post_entry` (royalties.md 2, style.md 18).

It calls `ledger_post` in PostgreSQL, the one door (0013_only_by_the_door): in one round trip
that takes the lock, finds the key, checks, numbers without gap, seals and writes entry, lines and
balances. What is checked here is checked there once more, so the errors below are for people.
Callers post last in their transaction: whoever waits for a row while holding the lock stops all
other posting. What is refused ends that transaction.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import IntegrityError, connection, transaction

from royalties import accounts, days
from royalties.models.ledger import Account, Balance, JournalEntry, JournalLine
from royalties.money import LARGEST_LINE, Money
from royalties.postings import Draft, Line, mirrored

POSTING_LOCK = 727001  # the number ledger_post takes as well
FIRST_HASH = "0" * 64
# RFC 8785 of lists, strings, whole numbers and objects with plain keys is what the C encoder writes, fifty times as fast.
ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, check_circular=False)

OPEN_ACCOUNTS = """
INSERT INTO royalties_account (code, kind, currency, min_minor, max_minor, opened_at)
SELECT code, kind, currency, low, high, now()
FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[]) AS given (code, kind, currency, low, high)
ON CONFLICT (code) DO NOTHING
"""

AS_OF = """
SELECT ledger_balance_as_of(id, %s, (SELECT coalesce(max(id), 0) FROM royalties_journalentry))
FROM royalties_account WHERE code = %s
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


class Receipt(NamedTuple):
    """What an entry was given when it was written: its number, and the hash that seals it and all before it."""

    number: int
    hash: str


REFUSALS = {"account_bounds": Overdrawn, "reversed_once": AlreadyReversed}
POST = "SELECT ledger_post(%s, %s, %s, %s, %s, %s, %s::text[], %s::bigint[])"


def post_entry(
    *,
    kind: str,
    key: str,
    effective_on: dt.date,
    source: Mapping[str, Any],
    lines: Sequence[Line],
    reverses: JournalEntry | None = None,
) -> Receipt:
    """Write one entry and return its receipt; the same request again returns that of the first one.

    `source` tells by ids where the entry comes from; it stands under the hash, so no names.
    """
    _check_day(effective_on)
    _check_lines(lines)
    stored_source = stored(source)
    number = reverses.pk if reverses else None
    request = request_hash(kind, key, effective_on, stored_source, lines, number)
    codes, amounts = zip(*lines, strict=True)
    asked = (kind, key, request, effective_on, stored_source, number, _array(codes), _array(map(str, amounts)))
    # No savepoint: what is refused ends the caller's transaction, and every action has one. Without one, the
    # statement is a transaction by itself.
    told = _post(asked)
    if told is None:
        with transaction.atomic():
            _take_lock()
            _open_accounts(set(codes))
            told = _post(asked)
    if told is None:
        raise LedgerError(f"The accounts of {key} could not be opened.")
    own, _previous_hash, own_hash, first_request, _moment = told.split(" ")
    if first_request != request:
        raise KeyReused(f"The key {key} was used before, for other content.")
    return Receipt(int(own), own_hash)


def post(draft: Draft, *, effective_on: dt.date, source: Mapping[str, Any]) -> Receipt:
    """Write the entry that a posting rule has drafted."""
    return post_entry(kind=draft.kind, key=draft.key, effective_on=effective_on, source=source, lines=draft.lines)


def reverse_entry(entry: JournalEntry, *, effective_on: dt.date, source: Mapping[str, Any]) -> Receipt:
    """Write the mirror image of an entry; again returns the first, elsewise only once."""
    return post_entry(
        kind="reversal",
        key=f"reversal:{entry.pk}",
        effective_on=effective_on,
        source=source,
        lines=mirrored(lines_of(entry)),
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


def balance_as_of(code: str, day: dt.date) -> Money:
    """Return what an account stood at when `day` ended, by the days on which entries take effect.

    Read from the last checkpoint before it and the lines since; what was posted later for
    earlier days counts.
    """
    with connection.cursor() as cursor:
        cursor.execute(AS_OF, [day, code])
        found = cursor.fetchone()
    return Money(found[0] if found else 0, accounts.currency_of(code))


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
    asked = (kind, key, effective_on.isoformat(), source, reverses, lines)
    text = ENCODER.encode(asked)
    return hashlib.sha256(text.encode()).hexdigest()


def stored(source: Mapping[str, Any]) -> str:
    """Return where an entry comes from as its row keeps it: RFC 8785; TypeError for what is no id or plain word."""
    for word, value in source.items():
        if not word.isascii() or isinstance(value, float):
            raise TypeError(f"A source tells ids by plain words, not {word!r}: {value!r}.")
    return ENCODER.encode(source)


def _check_day(day: dt.date) -> None:
    problem = days.problem_of(day)
    if problem is not None:
        raise LedgerError(problem)


def _check_lines(lines: Sequence[Line]) -> None:
    if len(lines) < 2:
        raise Unbalanced("An entry has at least two lines.")
    rest: dict[str, int] = defaultdict(int)
    for account_code, minor in lines:
        if type(minor) is not int:
            raise TypeError(f"A line takes whole minor units, not {type(minor).__name__}.")
        if not 0 < abs(minor) <= LARGEST_LINE:
            raise LedgerError(f"{minor} on {account_code} is zero or too large for a line.")
        # Every code ends in its currency; one that the chart does not have is refused when it would be opened.
        rest[account_code[-3:]] += minor
    for currency, minor in rest.items():
        if minor:
            raise Unbalanced(f"The lines are out of balance by {minor} {currency}.")


def _take_lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [POSTING_LOCK])


def _open_accounts(codes: set[str]) -> None:
    ordered = sorted(codes)
    roots = [accounts.parse(code) for code in ordered]
    facts = [
        ordered,
        [root.kind for root, _ in roots],
        [currency for _, currency in roots],
        [_number(root.min_minor) for root, _ in roots],
        [_number(root.max_minor) for root, _ in roots],
    ]
    with connection.cursor() as cursor:
        cursor.execute(OPEN_ACCOUNTS, [_array(column) for column in facts])


def _post(asked: Sequence[Any]) -> str | None:
    """Call the function that does it all in one round trip; None where an account is missing."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(POST, asked)
            told: str | None = cursor.fetchone()[0]
    except IntegrityError as problem:
        diagnosis = getattr(problem.__cause__, "diag", None)
        if diagnosis is not None and diagnosis.constraint_name in REFUSALS:
            raise REFUSALS[diagnosis.constraint_name](diagnosis.message_primary) from problem
        raise
    return told


def _array(words: Iterable[str]) -> str:
    """PostgreSQL's spelling of an array, for words that need no quotes: codes of the chart and numbers."""
    return "{" + ",".join(words) + "}"


def _number(value: int | None) -> str:
    return "NULL" if value is None else str(value)
