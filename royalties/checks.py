"""Every invariant of the ledger, read again from the rows (royalties.md 2.3, style.md 19).

Each `validate_*` yields one sentence for each breach, naming the rows; nothing when all is
well. They trust neither the triggers nor one another: a superuser can switch a trigger off,
so the hashes are reckoned anew in Python and the sums anew from the lines.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from royalties import accounts
from royalties.allocation import AllocationRefused, allocate, canonical_bytes, sha256_hex
from royalties.ledger import FIRST_HASH, request_hash
from royalties.models import JournalLine, Statement
from royalties.models.ledger import LARGEST_LINE
from royalties.postings import Line, key_of
from royalties.stored import validate_payouts_carry_their_entries, validate_revisions_are_what_was_computed

Check = Callable[[], Iterator[str]]

APPEND_ONLY = ("royalties_account", "royalties_journalentry", "royalties_journalline")
TRIGGERS = {
    "royalties_account": {"append_only_rows", "append_only_table"},
    "royalties_journalentry": {"append_only_rows", "append_only_table", "entry_is_whole", "entry_next_in_chain"},
    "royalties_journalline": {"append_only_rows", "append_only_table", "lines_move_balances"},
    "royalties_balance": {"balances_move_with_lines"},
}


def validate_entries_are_balanced() -> Iterator[str]:
    """An entry sums to zero in each currency."""
    for entry, currency, rest in _rows("""
        SELECT entry_id, currency, sum(amount_minor) FROM royalties_journalline
        GROUP BY entry_id, currency HAVING sum(amount_minor) <> 0 ORDER BY entry_id
    """):
        yield f"entry {entry} is out of balance by {rest} {currency}"


def validate_entries_have_their_lines() -> Iterator[str]:
    """An entry has exactly the lines it declares, two or more, numbered from 1."""
    for entry, declared, found in _rows("""
        SELECT entry.id, entry.n_lines, count(line.id) FROM royalties_journalentry entry
        LEFT JOIN royalties_journalline line ON line.entry_id = entry.id
        GROUP BY entry.id
        HAVING entry.n_lines < 2 OR count(line.id) <> entry.n_lines OR min(line.line_no) <> 1
            OR max(line.line_no) <> entry.n_lines OR count(DISTINCT line.line_no) <> entry.n_lines
        ORDER BY entry.id
    """):
        yield f"entry {entry} declares {declared} lines and has {found}"


def validate_lines_belong_to_entries() -> Iterator[str]:
    """Every line has its entry and its account, and repeats the declared count."""
    for line, entry in _rows("""
        SELECT line.id, line.entry_id FROM royalties_journalline line
        LEFT JOIN royalties_journalentry entry ON entry.id = line.entry_id AND entry.n_lines = line.n_lines
        LEFT JOIN royalties_account account ON account.id = line.account_id
        WHERE entry.id IS NULL OR account.id IS NULL ORDER BY line.id
    """):
        yield f"line {line} of entry {entry} has no such entry or account"


def validate_numbers_have_no_gaps() -> Iterator[str]:
    """Entries are numbered 1, 2, 3 …"""
    for number, before in _rows("""
        SELECT id, before FROM (
            SELECT id, lag(id, 1, 0::bigint) OVER (ORDER BY id) AS before FROM royalties_journalentry
        ) numbered WHERE id <> before + 1 ORDER BY id
    """):
        yield f"entry {number} follows entry {before}"


def validate_hash_chain() -> Iterator[str]:
    """Each entry's hash is that of its content and of the hash before it."""
    expected = FIRST_HASH
    for number, previous, content, stored in _rows("""
        SELECT entry.id, entry.previous_hash, concat_ws(E'\\n',
            entry.previous_hash, entry.id, entry.kind, entry.idempotency_key,
            to_char(entry.effective_on, 'YYYY-MM-DD'),
            to_char(entry.posted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            coalesce(entry.reverses_id::text, ''), entry.source,
            string_agg(line.line_no || ' ' || account.code || ' ' || line.amount_minor, E'\\n' ORDER BY line.line_no)
        ), entry.hash
        FROM royalties_journalentry entry
        LEFT JOIN royalties_journalline line ON line.entry_id = entry.id
        LEFT JOIN royalties_account account ON account.id = line.account_id
        GROUP BY entry.id ORDER BY entry.id
    """):
        if previous != expected:
            yield f"entry {number} does not carry the hash of the entry before"
        if hashlib.sha256(content.encode()).hexdigest() != stored:
            yield f"entry {number} does not have the hash of its content"
        expected = stored


def validate_requests() -> Iterator[str]:
    """The hash of the request is that of the content, so that a key means one thing."""
    for number, kind, key, day, source, reverses, stored, codes, amounts in _rows("""
        SELECT entry.id, entry.kind, entry.idempotency_key, entry.effective_on, entry.source, entry.reverses_id,
            entry.request_sha256, array_agg(account.code ORDER BY line.line_no),
            array_agg(line.amount_minor ORDER BY line.line_no)
        FROM royalties_journalentry entry
        LEFT JOIN royalties_journalline line ON line.entry_id = entry.id
        LEFT JOIN royalties_account account ON account.id = line.account_id
        GROUP BY entry.id ORDER BY entry.id
    """):
        lines = [Line(code, amount) for code, amount in zip(codes, amounts, strict=True)]
        if request_hash(kind, key, day, source, lines, reverses) != stored:
            yield f"entry {number} does not have the hash of its request"


def validate_keys_are_used_once() -> Iterator[str]:
    """No idempotency key stands twice, whatever became of the unique index."""
    for key, numbers in _rows("""
        SELECT idempotency_key, array_agg(id ORDER BY id) FROM royalties_journalentry
        GROUP BY idempotency_key HAVING count(*) > 1 ORDER BY idempotency_key
    """):
        yield f"key {key} is used by the entries {_listed(numbers)}"


def validate_currencies() -> Iterator[str]:
    """A line's currency is its account's, and every code ends in it."""
    for line, entry, currency, code in _rows("""
        SELECT line.id, line.entry_id, line.currency, account.code
        FROM royalties_journalline line JOIN royalties_account account ON account.id = line.account_id
        WHERE line.currency <> account.currency OR right(account.code, 4) <> ':' || line.currency ORDER BY line.id
    """):
        yield f"line {line} of entry {entry} is in {currency} on account {code}"


def validate_amounts() -> Iterator[str]:
    """No line is zero or beyond the bound."""
    sql = (
        "SELECT id, entry_id, amount_minor FROM royalties_journalline WHERE amount_minor = 0 OR abs(amount_minor) > %s"
    )
    for line, entry, amount in _rows(sql + " ORDER BY id", [LARGEST_LINE]):
        yield f"line {line} of entry {entry} has the amount {amount}"


def validate_accounts() -> Iterator[str]:
    """Every account stands in the chart, with the kind and bounds the chart gives it."""
    sql = "SELECT code, kind, currency, min_minor, max_minor FROM royalties_account ORDER BY code"
    for code, kind, currency, low, high in _rows(sql):
        try:
            root, right = accounts.parse(code)
        except accounts.UnknownAccount as problem:
            yield str(problem)
            continue
        if (kind, currency, low, high) != (root.kind, right, root.min_minor, root.max_minor):
            yield f"account {code} does not have the kind, currency and bounds of the chart"


def validate_reversals() -> Iterator[str]:
    """A reversal is the mirror image of its entry, and an entry has one at most."""
    for reversed_id, numbers in _rows("""
        SELECT reverses_id, array_agg(id ORDER BY id) FROM royalties_journalentry
        WHERE reverses_id IS NOT NULL GROUP BY reverses_id HAVING count(*) > 1 ORDER BY reverses_id
    """):
        yield f"entry {reversed_id} is reversed by the entries {_listed(numbers)}"
    for number, reversed_id in _rows("""
        SELECT entry.id, entry.reverses_id FROM royalties_journalentry entry
        WHERE entry.reverses_id IS NOT NULL AND (
            entry.reverses_id >= entry.id OR EXISTS (
                SELECT account_id FROM royalties_journalline
                WHERE entry_id IN (entry.id, entry.reverses_id)
                GROUP BY account_id HAVING sum(amount_minor) <> 0))
        ORDER BY entry.id
    """):
        yield f"entry {number} is no mirror image of entry {reversed_id}"


def validate_balances() -> Iterator[str]:
    """Each balance row is the sum of its account's lines, and names the last of their entries."""
    for code, stored, summed in _rows("""
        SELECT account.code, balance.balance_minor, summed.total
        FROM (SELECT account_id, sum(amount_minor)::bigint AS total, max(entry_id) AS last_entry
              FROM royalties_journalline GROUP BY account_id) summed
        FULL JOIN royalties_balance balance ON balance.account_id = summed.account_id
        LEFT JOIN royalties_account account ON account.id = coalesce(balance.account_id, summed.account_id)
        WHERE balance.balance_minor IS DISTINCT FROM summed.total
            OR balance.last_entry_id IS DISTINCT FROM summed.last_entry
        ORDER BY account.code
    """):
        yield f"account {code} has the balance {stored}, and its lines sum to {summed}"


def validate_bounds() -> Iterator[str]:
    """No account stands past its bounds: payable and pool are never overdrawn."""
    for code, balance in _rows("""
        SELECT account.code, balance.balance_minor FROM royalties_balance balance
        JOIN royalties_account account ON account.id = balance.account_id
        WHERE balance.balance_minor < account.min_minor OR balance.balance_minor > account.max_minor
        ORDER BY account.code
    """):
        yield f"account {code} is overdrawn: {balance}"


def validate_trial_balance() -> Iterator[str]:
    """All balances of a currency sum to zero."""
    for currency, rest in _rows("""
        SELECT account.currency, sum(balance.balance_minor) FROM royalties_balance balance
        JOIN royalties_account account ON account.id = balance.account_id
        GROUP BY account.currency HAVING sum(balance.balance_minor) <> 0 ORDER BY account.currency
    """):
        yield f"the balances in {currency} sum to {rest}"


def validate_triggers() -> Iterator[str]:
    """The triggers that hold all this stand, and fire whatever the session says."""
    found = {
        (table, name)
        for table, name in _rows("""
            SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
            WHERE tgenabled = 'A' AND NOT tgisinternal
        """)
    }
    for table, names in TRIGGERS.items():
        for name in sorted(names):
            if (table, name) not in found:
                yield f"trigger {name} on {table} is missing or not enabled always"


def validate_privileges() -> Iterator[str]:
    """The site's own role may neither update, delete nor truncate what is append only."""
    role = settings.DATABASE_APP_ROLE
    if role in {"", _owner_of("royalties_journalentry")}:
        return  # one role does everything here, and a table's owner can always grant itself a right
    refused = [(table, right) for table in APPEND_ONLY for right in ("UPDATE", "DELETE", "TRUNCATE")]
    refused += [("royalties_balance", right) for right in ("INSERT", "UPDATE", "DELETE", "TRUNCATE")]
    for table, right in refused:
        if next(_rows("SELECT has_table_privilege(%s, %s, %s)", [role, table, right]))[0]:
            yield f"role {role} may {right} on {table}"


def validate_statements_post_their_own_numbers() -> Iterator[str]:
    """A posted statement's entry carries the amounts of the revision in force, and no others."""
    posted = Statement.objects.filter(status__in=[Statement.Status.POSTED, Statement.Status.PAID])
    for statement in posted.select_related("current").order_by("pk"):
        revision = statement.current
        if revision is None:
            yield f"statement {statement.pk} is posted without a revision"
            continue
        try:
            result = allocate(revision.input)
        except AllocationRefused as refusal:
            yield f"statement {statement.pk}: the stored input is refused: {refusal}"
            continue
        stored = bytes(revision.input_bytes), bytes(revision.result_bytes)
        if (revision.input_sha256, revision.result_sha256) != (sha256_hex(stored[0]), sha256_hex(stored[1])):
            yield f"statement {statement.pk}: the stored bytes do not have the published hashes"
        if canonical_bytes(result) != stored[1]:
            yield f"statement {statement.pk}: the stored input does not give the stored result"
        amounts = {payee: minor for payee, minor in result["amounts"].items() if minor}
        if amounts != _allocated(statement):
            yield f"statement {statement.pk}: the ledger does not carry the amounts of revision {revision.number}"


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
    validate_reversals,
    validate_balances,
    validate_bounds,
    validate_trial_balance,
    validate_triggers,
    validate_privileges,
    validate_statements_post_their_own_numbers,
    validate_revisions_are_what_was_computed,
    validate_payouts_carry_their_entries,
)


def run_checks() -> Iterator[tuple[str, list[str]]]:
    """Yield each invariant's name and its breaches, all from one moment of the database."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for check in CHECKS:
            yield check.__name__.removeprefix("validate_"), list(check())


def _allocated(statement: Statement) -> dict[str, int]:
    """What the allocation entry of a statement gave to each payee."""
    rows = JournalLine.objects.filter(
        entry__idempotency_key=key_of("st", statement.code, "alloc"), account__kind="liability"
    ).exclude(account__code__startswith="pool:")
    return {
        code.split(":", 1)[1].rsplit(":", 1)[0]: -minor
        for code, minor in rows.values_list("account__code", "amount_minor")
    }


def _owner_of(table: str) -> str:
    sql = "SELECT pg_get_userbyid(relowner)::text FROM pg_class WHERE oid = %s::regclass"
    return str(next(_rows(sql, [table]))[0])


def _rows(sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
    """Read in batches, so that millions of rows need little memory."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, parameters or None)
        while batch := cursor.fetchmany(2000):
            yield from batch


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))
