"""Rows that PostgreSQL itself refuses to change: a migration operation for every app above.

Two locks, because each has a hole: triggers bind every role but a superuser can switch
them off; revoked privileges bind the app role even if a trigger is lost.
"""

from __future__ import annotations

from django.conf import settings
from django.db import migrations

FORBID = """
CREATE OR REPLACE FUNCTION forbid_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = '23514';
END $$;
"""


def append_only(table: str) -> migrations.RunSQL:
    """Refuse UPDATE, DELETE and TRUNCATE on a table, whoever asks."""
    role = settings.DATABASE_APP_ROLE
    revoke = f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM "{role}";' if role else ""
    grant = f'GRANT UPDATE, DELETE ON "{table}" TO "{role}";' if role else ""
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON "{table}"
            FOR EACH ROW EXECUTE FUNCTION forbid_change();
        CREATE TRIGGER append_only_table BEFORE TRUNCATE ON "{table}"
            EXECUTE FUNCTION forbid_change();
        ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER append_only_rows;
        ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER append_only_table;
        {revoke}
        """,
        f"""
        DROP TRIGGER append_only_rows ON "{table}";
        DROP TRIGGER append_only_table ON "{table}";
        {grant}
        """,
    )


def keeping(table: str, columns: str) -> migrations.RunSQL:
    """Refuse a change of these columns, and every deletion of a row; `keep_columns` of royalties must be there."""
    quoted = ", ".join(f"'{column}'" for column in columns.split())
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER keep_columns BEFORE UPDATE ON "{table}"
            FOR EACH ROW EXECUTE FUNCTION keep_columns({quoted});
        CREATE TRIGGER keep_rows BEFORE DELETE ON "{table}"
            FOR EACH ROW EXECUTE FUNCTION forbid_change();
        """,
        f"""
        DROP TRIGGER keep_columns ON "{table}";
        DROP TRIGGER keep_rows ON "{table}";
        """,
    )
