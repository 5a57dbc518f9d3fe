"""What must hold of entries and their lines; the hashes are reckoned anew in Python.

`first` is the first entry that is looked at: 1 for all of them, a later one for the newest alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from royalties.checks.rows import listed, rows
from royalties.ledger import FIRST_HASH
from royalties.money import LARGEST_LINE


def validate_entries_are_balanced(first: int = 1) -> Iterator[str]:
    """An entry sums to zero in each currency."""
    for entry, currency, rest in rows(
        """
        SELECT entry_id, currency, sum(amount_minor) FROM royalties_journalline WHERE entry_id >= %s
        GROUP BY entry_id, currency HAVING sum(amount_minor) <> 0 ORDER BY entry_id
        """,
        [first],
    ):
        yield f"entry {entry} is out of balance by {rest} {currency}"


def validate_entries_have_their_lines(first: int = 1) -> Iterator[str]:
    """An entry has exactly the lines it declares, two or more, numbered from 1."""
    for entry, declared, found in rows(
        """
        SELECT entry.id, entry.n_lines, coalesce(line.found, 0) FROM royalties_journalentry entry
        LEFT JOIN (
            SELECT entry_id, count(*) AS found, count(DISTINCT line_no) AS numbers, min(line_no) AS low,
                max(line_no) AS high
            FROM royalties_journalline WHERE entry_id >= %s GROUP BY entry_id
        ) line ON line.entry_id = entry.id
        WHERE entry.id >= %s AND (entry.n_lines < 2 OR line.found IS DISTINCT FROM entry.n_lines::bigint
            OR line.low <> 1 OR line.high <> entry.n_lines OR line.numbers <> entry.n_lines)
        ORDER BY entry.id
        """,
        [first, first],
    ):
        yield f"entry {entry} declares {declared} lines and has {found}"


def validate_lines_belong_to_entries() -> Iterator[str]:
    """Every line has its entry and its account."""
    for line, entry in rows("""
        SELECT id, entry_id FROM royalties_journalline line WHERE NOT EXISTS (
            SELECT FROM royalties_journalentry entry WHERE entry.id = line.entry_id)
        UNION
        SELECT id, entry_id FROM royalties_journalline line WHERE NOT EXISTS (
            SELECT FROM royalties_account account WHERE account.id = line.account_id)
        ORDER BY id
    """):
        yield f"line {line} of entry {entry} has no such entry or account"


def validate_numbers_have_no_gaps() -> Iterator[str]:
    """Entries are numbered 1, 2, 3 …"""
    for number, before in rows("""
        SELECT id, before FROM (
            SELECT id, lag(id, 1, 0::bigint) OVER (ORDER BY id) AS before FROM royalties_journalentry
        ) numbered WHERE id <> before + 1 ORDER BY id
    """):
        yield f"entry {number} follows entry {before}"


def validate_hash_chain(first: int = 1) -> Iterator[str]:
    """Each entry's hash is that of its content and of the hash before it."""
    before = list(rows("SELECT hash FROM royalties_journalentry WHERE id = %s", [first - 1]))
    expected = before[0][0] if before else FIRST_HASH
    for number, previous, content, stored in rows(
        """
        SELECT entry.id, entry.previous_hash, concat_ws(E'\\n',
            entry.previous_hash, entry.id, entry.kind, entry.idempotency_key,
            to_char(entry.effective_on, 'YYYY-MM-DD'),
            to_char(entry.posted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            coalesce(entry.reverses_id::text, ''), entry.source, line.words), entry.hash
        FROM royalties_journalentry entry LEFT JOIN (
            SELECT entry_id,
                string_agg(line_no || ' ' || code || ' ' || amount_minor, E'\\n' ORDER BY line_no) AS words
            FROM royalties_journalline LEFT JOIN royalties_account account ON account.id = account_id
            WHERE entry_id >= %s GROUP BY entry_id
        ) line ON line.entry_id = entry.id
        WHERE entry.id >= %s ORDER BY entry.id
        """,
        [first, first],
    ):
        if previous != expected:
            yield f"entry {number} does not carry the hash of the entry before"
        if hashlib.sha256(content.encode()).hexdigest() != stored:
            yield f"entry {number} does not have the hash of its content"
        expected = stored


def validate_requests(first: int = 1) -> Iterator[str]:
    """The hash of the request is that of the content, so that a key means one thing.

    PostgreSQL spells the canonical JSON of `ledger.request_hash` by itself.
    """
    for number, content, stored in rows(
        """
        SELECT entry.id, concat('[', to_json(entry.kind), ',', to_json(entry.idempotency_key), ',"',
            to_char(entry.effective_on, 'YYYY-MM-DD'), '",', to_json(entry.source), ',',
            coalesce(entry.reverses_id::text, 'null'), ',[', line.words, ']]'), entry.request_sha256
        FROM royalties_journalentry entry LEFT JOIN (
            SELECT entry_id, string_agg('["' || code || '",' || amount_minor || ']', ',' ORDER BY line_no) AS words
            FROM royalties_journalline LEFT JOIN royalties_account account ON account.id = account_id
            WHERE entry_id >= %s GROUP BY entry_id
        ) line ON line.entry_id = entry.id
        WHERE entry.id >= %s ORDER BY entry.id
        """,
        [first, first],
    ):
        if hashlib.sha256(content.encode()).hexdigest() != stored:
            yield f"entry {number} does not have the hash of its request"


def validate_keys_are_used_once() -> Iterator[str]:
    """No idempotency key stands twice, whatever became of the unique index."""
    for key, numbers in rows("""
        SELECT idempotency_key, array_agg(id ORDER BY id) FROM royalties_journalentry
        GROUP BY idempotency_key HAVING count(*) > 1 ORDER BY idempotency_key
    """):
        yield f"key {key} is used by the entries {listed(numbers)}"


def validate_currencies() -> Iterator[str]:
    """A line's currency is its account's, and every code ends in it."""
    for line, entry, currency, code in rows("""
        WITH wrong AS MATERIALIZED (
            SELECT id, entry_id, currency, account_id FROM royalties_journalline line WHERE NOT EXISTS (
                SELECT FROM royalties_account account WHERE account.id = line.account_id
                    AND account.currency = line.currency AND right(account.code, 4) = ':' || account.currency)
        )
        SELECT wrong.id, wrong.entry_id, wrong.currency, account.code
        FROM wrong JOIN royalties_account account ON account.id = wrong.account_id ORDER BY wrong.id
    """):
        yield f"line {line} of entry {entry} is in {currency} on account {code}"


def validate_amounts() -> Iterator[str]:
    """No line is zero or beyond the bound."""
    sql = (
        "SELECT id, entry_id, amount_minor FROM royalties_journalline WHERE amount_minor = 0 OR abs(amount_minor) > %s"
    )
    for line, entry, amount in rows(sql + " ORDER BY id", [LARGEST_LINE]):
        yield f"line {line} of entry {entry} has the amount {amount}"


def validate_reversals() -> Iterator[str]:
    """A reversal is the mirror image of its entry, and an entry has one at most."""
    for reversed_id, numbers in rows("""
        SELECT reverses_id, array_agg(id ORDER BY id) FROM royalties_journalentry
        WHERE reverses_id IS NOT NULL GROUP BY reverses_id HAVING count(*) > 1 ORDER BY reverses_id
    """):
        yield f"entry {reversed_id} is reversed by the entries {listed(numbers)}"
    for number, reversed_id in rows("""
        SELECT entry.id, entry.reverses_id FROM royalties_journalentry entry
        WHERE entry.reverses_id IS NOT NULL AND (
            entry.reverses_id >= entry.id OR EXISTS (
                SELECT account_id FROM royalties_journalline
                WHERE entry_id IN (entry.id, entry.reverses_id)
                GROUP BY account_id HAVING sum(amount_minor) <> 0))
        ORDER BY entry.id
    """):
        yield f"entry {number} is no mirror image of entry {reversed_id}"
