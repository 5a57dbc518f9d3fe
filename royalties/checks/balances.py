"""What must hold of accounts, of their balances and of the checkpoints between them."""

from __future__ import annotations

from collections.abc import Iterator

from royalties import accounts
from royalties.checks.rows import rows


def validate_accounts() -> Iterator[str]:
    """Every account stands in the chart, with the kind and bounds the chart gives it."""
    sql = "SELECT code, kind, currency, min_minor, max_minor FROM royalties_account ORDER BY code"
    for code, kind, currency, low, high in rows(sql):
        try:
            root, right = accounts.parse(code)
        except accounts.UnknownAccount as problem:
            yield str(problem)
            continue
        if (kind, currency, low, high) != (root.kind, right, root.min_minor, root.max_minor):
            yield f"account {code} does not have the kind, currency and bounds of the chart"


def validate_accounts_have_their_payees() -> Iterator[str]:
    """Whoever an account is said to belong to is there, but for what nobody knows who owes it."""
    for (code,) in rows("""
        SELECT named.code FROM (
            SELECT code, substring(code FROM CASE split_part(code, ':', 1)
                WHEN 'advance' THEN '^advance:(.+):[^:]+:[A-Z]{3}$'
                WHEN 'withheld' THEN '^withheld:[^:]+:(.+):[A-Z]{3}$'
                WHEN 'in_transit' THEN '^in_transit:[^:]+:(.+):[A-Z]{3}$'
                ELSE '^[a-z]+:(.+):[A-Z]{3}$' END) AS payee
            FROM royalties_account WHERE split_part(code, ':', 1) IN
                ('payable', 'held', 'unclaimed', 'overpaid', 'advance', 'withheld', 'in_transit')
                AND NOT starts_with(code, 'overpaid:unknown:')
        ) named WHERE NOT EXISTS (SELECT FROM royalties_payee payee WHERE payee.code = named.payee)
        ORDER BY named.code
    """):
        yield f"account {code} is of a payee who is not there"


def validate_balances() -> Iterator[str]:
    """Each balance row is the sum of its account's lines, and names the last of their entries."""
    for code, stored, summed in rows("""
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
    for code, balance in rows("""
        SELECT account.code, balance.balance_minor FROM royalties_balance balance
        JOIN royalties_account account ON account.id = balance.account_id
        WHERE balance.balance_minor < account.min_minor OR balance.balance_minor > account.max_minor
        ORDER BY account.code
    """):
        yield f"account {code} is overdrawn: {balance}"


def validate_trial_balance() -> Iterator[str]:
    """All balances of a currency sum to zero."""
    for currency, rest in rows("""
        SELECT account.currency, sum(balance.balance_minor) FROM royalties_balance balance
        JOIN royalties_account account ON account.id = balance.account_id
        GROUP BY account.currency HAVING sum(balance.balance_minor) <> 0 ORDER BY account.currency
    """):
        yield f"the balances in {currency} sum to {rest}"


def validate_checkpoints() -> Iterator[str]:
    """Each checkpoint is the sum of the lines up to its entry and to the end of its month.

    One pass over the lines: they are summed by month and by the checkpoint they came before,
    and what a checkpoint covers is a corner of that table.
    """
    for code, month_end, stored, summed in rows("""
        WITH runs AS (SELECT array_agg(DISTINCT last_entry ORDER BY last_entry) AS ends FROM royalties_checkpoint),
        cells AS (
            SELECT line.account_id, entry.effective_on, width_bucket(line.entry_id - 1, runs.ends) AS run,
                sum(line.amount_minor) AS total
            FROM royalties_journalline line JOIN royalties_journalentry entry ON entry.id = line.entry_id, runs
            WHERE line.account_id IN (SELECT account_id FROM royalties_checkpoint)
            GROUP BY line.account_id, entry.effective_on, run
        )
        SELECT account.code, checkpoint.month_end, checkpoint.balance_minor, coalesce(sum(cells.total), 0)::bigint
        FROM royalties_checkpoint checkpoint CROSS JOIN runs
        LEFT JOIN royalties_account account ON account.id = checkpoint.account_id
        LEFT JOIN cells ON cells.account_id = checkpoint.account_id AND cells.effective_on <= checkpoint.month_end
            AND cells.run < width_bucket(checkpoint.last_entry, runs.ends)
        GROUP BY checkpoint.id, account.code
        HAVING checkpoint.balance_minor <> coalesce(sum(cells.total), 0) ORDER BY account.code, checkpoint.month_end
    """):
        yield f"the checkpoint of {code} at {month_end} is {stored}, and its lines sum to {summed}"
