"""What must hold of the database itself, and of what was published: triggers, rights, heads."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from royalties.checks.promises import FORGOTTEN, REFUSED, TABLES, TRIGGERS, USUAL
from royalties.checks.rows import rows
from royalties.ledger import FIRST_HASH

COLUMN_RIGHTS = {"INSERT", "UPDATE"}  # those that can be given for a column alone


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
    """The triggers that hold all this stand, and fire; those of what is append only whatever the session says."""
    found: dict[str, set[tuple[str, str]]] = {"A": set(), "O": set()}
    for table, name, enabled in rows("""
        SELECT relname, tgname, tgenabled::text FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE tgenabled IN ('A', 'O') AND NOT tgisinternal
    """):
        found[enabled].add((table, name))
    for table in TABLES:
        for name in sorted(TRIGGERS.get(table, ())):
            if (table, name) not in found["A"]:
                yield f"trigger {name} on {table} is missing or not enabled always"
        for name in sorted(USUAL.get(table, ())):
            if (table, name) not in found["A"] | found["O"]:
                yield f"trigger {name} on {table} is missing or not enabled"


def validate_privileges() -> Iterator[str]:
    """The site's own role owns nothing that is kept, and may neither change nor empty it, nor a column of it."""
    role = settings.DATABASE_APP_ROLE
    if not role or _owner_of("django_migrations") == role:
        return  # one role does everything here, and a table's owner can always grant itself a right
    owned = set()
    for table, owner in rows(
        """
        SELECT relname, pg_get_userbyid(relowner)::text FROM pg_class
        WHERE oid IN (SELECT to_regclass(name) FROM unnest(%s) AS given (name)) AND pg_has_role(%s, relowner, 'MEMBER')
        ORDER BY relname
        """,
        [TABLES, role],
    ):
        owned.add(table)
        yield f"role {role} owns {table}" + (f", as a member of {owner}" if owner != role else "")
    yield from _functions_of(role)
    yield from _rights_of(role, [(table, right) for table, right in REFUSED if table not in owned])


def _functions_of(role: str) -> Iterator[str]:
    """Whoever owns the function of a trigger can make it say yes."""
    for name, table in rows(
        """
        SELECT proname, min(relname) FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        JOIN pg_proc ON pg_proc.oid = tgfoid
        WHERE NOT tgisinternal AND relname = ANY (%s) AND pg_has_role(%s, proowner, 'MEMBER')
        GROUP BY proname ORDER BY proname
        """,
        [TABLES, role],
    ):
        yield f"role {role} owns the function {name} that keeps {table}"


def _rights_of(role: str, refused: list[tuple[str, str]]) -> Iterator[str]:
    """Rights to a table, and to single columns of one, which the right to the whole does not show."""
    tables, rights = map(list, zip(*refused, strict=True)) if refused else ([], [])
    may = set()
    for table, right in rows(
        """
        SELECT name, may FROM unnest(%s, %s) AS given (name, may)
        WHERE has_table_privilege(%s, to_regclass(name), may) ORDER BY name, may
        """,
        [tables, rights, role],
    ):
        may.add((table, right))
        yield f"role {role} may {right} on {table}"
    for table, column, right in rows(
        """
        SELECT name, attname, may FROM unnest(%s, %s) AS given (name, may)
        JOIN pg_attribute ON attrelid = to_regclass(name) AND attnum > 0 AND NOT attisdropped
        WHERE may = ANY (%s) AND has_column_privilege(%s, attrelid, attnum, may) ORDER BY name, attnum, may
        """,
        [tables, rights, [*COLUMN_RIGHTS], role],
    ):
        if (table, right) not in may and (table, column) != FORGOTTEN:
            yield f"role {role} may {right} the column {column} of {table}"


def _owner_of(table: str) -> str:
    sql = "SELECT pg_get_userbyid(relowner)::text FROM pg_class WHERE oid = %s::regclass"
    return str(next(rows(sql, [table]))[0])
