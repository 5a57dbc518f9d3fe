"""What is sealed stays as it was given, or goes: another address or tax number is a row of its own."""

from django.db import migrations

SEALED = {"destination": "address_encrypted", "taxform": "tax_id_encrypted signed_name_encrypted"}
EMPTIED = """
CREATE FUNCTION only_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    column_name text;
BEGIN
    FOREACH column_name IN ARRAY TG_ARGV LOOP
        IF to_jsonb(OLD) -> column_name IS DISTINCT FROM to_jsonb(NEW) -> column_name
            AND to_jsonb(NEW) ->> column_name IS DISTINCT FROM '\\x' THEN
            RAISE EXCEPTION '% of % is forgotten, never changed', column_name, TG_TABLE_NAME USING ERRCODE = '23514';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
"""
TRIGGER = """
CREATE TRIGGER only_emptied BEFORE UPDATE ON royalties_{table} FOR EACH ROW EXECUTE FUNCTION only_emptied({columns});
ALTER TABLE royalties_{table} ENABLE ALWAYS TRIGGER only_emptied;
"""
NO_TRIGGER = "DROP TRIGGER only_emptied ON royalties_{table};"


class Migration(migrations.Migration):
    dependencies = [("royalties", "0032_report_of_its_kind")]

    operations = [
        migrations.RunSQL(EMPTIED, "DROP FUNCTION only_emptied();"),
        *(
            migrations.RunSQL(
                TRIGGER.format(table=table, columns=", ".join(map(repr, columns.split()))),
                NO_TRIGGER.format(table=table),
            )
            for table, columns in SEALED.items()
        ),
    ]
