"""What must hold of the database itself, and of what was published: triggers, rights, heads."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from royalties.checks.rows import rows
from royalties.ledger import FIRST_HASH

APPEND_ONLY = (
    "royalties_account",
    "royalties_journalentry",
    "royalties_journalline",
    "royalties_checkpoint",
    "royalties_ledgerhead",
    "royalties_ledgercheck",
)
KEPT = {"append_only_rows", "append_only_table"}
TRIGGERS = {
    "royalties_account": KEPT,
    "royalties_journalentry": {*KEPT, "only_by_the_door"},
    "royalties_journalline": {*KEPT, "only_by_the_door"},
    "royalties_balance": {"only_by_the_door"},
    "royalties_checkpoint": KEPT,
    "royalties_ledgerhead": {*KEPT, "head_is_true"},
    "royalties_ledgercheck": KEPT,
}
# What the site's role may not do by hand beyond that: entries and lines come through ledger_post alone.
BY_THE_DOOR = (
    ("royalties_journalentry", "INSERT"),
    ("royalties_journalline", "INSERT"),
    *(("royalties_balance", right) for right in ("INSERT", "UPDATE", "DELETE", "TRUNCATE")),
)


def validate_heads() -> Iterator[str]:
    """Every head that was published is still the hash of its entry, and heads only move on."""
    for day, number, published, stored, before in rows(
        """
        SELECT head.day, head.last_entry, head.hash, CASE WHEN head.last_entry = 0 THEN %s ELSE entry.hash END,
            lag(head.last_entry) OVER (ORDER BY head.day)
        FROM royalties_ledgerhead head LEFT JOIN royalties_journalentry entry ON entry.id = head.last_entry
        ORDER BY head.day
        """,
        [FIRST_HASH],
    ):
        if published != stored:
            yield f"the head published on {day} says {published} of entry {number}, which has {stored}"
        if before is not None and before > number:
            yield f"the head published on {day} is entry {number}, and before it was {before}"


def validate_triggers() -> Iterator[str]:
    """The triggers that hold all this stand, and fire whatever the session says."""
    found = {
        (table, name)
        for table, name in rows("""
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
    for table, right in [*refused, *BY_THE_DOOR]:
        if next(rows("SELECT has_table_privilege(%s, %s, %s)", [role, table, right]))[0]:
            yield f"role {role} may {right} on {table}"


def _owner_of(table: str) -> str:
    sql = "SELECT pg_get_userbyid(relowner)::text FROM pg_class WHERE oid = %s::regclass"
    return str(next(rows(sql, [table]))[0])
