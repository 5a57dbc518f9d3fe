"""What PostgreSQL itself refuses about statements: changing what was published, said or paid."""

from django.db import migrations

from profiles.append_only import append_only, keeping

# Rows that change in a few columns only: everything named here stays as it was first written.
FIXED = {
    "cost": (
        "source_id production_id invoice supplier category amount_minor currency paid_on created_by_id created_at"
    ),
    "payee": "code artist_id kind created_at",
    "destination": "payee_id method fingerprint created_at",
    "statement": "production_id currency period created_at",
    "adjustment": ("statement_id kind cue_id factor_bps payee_id amount_minor reason proposed_by_id proposed_at"),
    "statementcomment": ("statement_id revision_id line_id item_id payee_id author_id reply_to_id body created_at"),
    "objection": "statement_id comment_id line_id kind raised_by_id raised_at",
    "batch": "method currency prepared_by_id prepared_at",
    "payout": "batch_id payee_id destination_id code amount_minor withheld_minor currency",
}
APPEND_ONLY = (
    "import",
    "income",
    "waiver",
    "revision",
    "publication",
    "statementline",
    "allocationline",
    "answer",
    "statementacceptance",
)

KEEP = """
CREATE FUNCTION keep_columns() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    column_name text;
BEGIN
    FOREACH column_name IN ARRAY TG_ARGV LOOP
        IF to_jsonb(OLD) -> column_name IS DISTINCT FROM to_jsonb(NEW) -> column_name THEN
            RAISE EXCEPTION '% of % is never changed', column_name, TG_TABLE_NAME USING ERRCODE = '23514';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
"""

# Approval, once given, is not taken back; a decided case and a settled payout stay so.
MOVES = """
CREATE FUNCTION statement_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IN ('posted', 'paid') AND (
        NEW.current_id IS DISTINCT FROM OLD.current_id OR NEW.status NOT IN ('posted', 'paid')
    ) THEN
        RAISE EXCEPTION 'statement % is posted and stays so', OLD.id USING ERRCODE = '23514';
    END IF;
    IF OLD.status = 'paid' AND NEW.status <> 'paid' THEN
        RAISE EXCEPTION 'statement % is paid and stays so', OLD.id USING ERRCODE = '23514';
    END IF;
    IF OLD.published_at IS NOT NULL AND (
        NEW.published_at IS DISTINCT FROM OLD.published_at OR NEW.window_ends_at < OLD.window_ends_at
    ) THEN
        RAISE EXCEPTION 'the window of statement % is not shortened', OLD.id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION decided_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'royalties_objection' AND OLD.status = 'answered' AND NEW.status <> 'answered' THEN
        RAISE EXCEPTION 'objection % is answered and stays so', OLD.id USING ERRCODE = '23514';
    ELSIF TG_TABLE_NAME = 'royalties_payout' AND OLD.status IN ('settled', 'failed', 'dropped')
        AND NEW.status <> OLD.status THEN
        RAISE EXCEPTION 'payout % is % and stays so', OLD.id, OLD.status USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION approval_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.approved_by_id IS NOT NULL AND (
        NEW.approved_by_id IS DISTINCT FROM OLD.approved_by_id OR NEW.approved_at IS DISTINCT FROM OLD.approved_at
    ) THEN
        RAISE EXCEPTION 'the approval of % % stays', TG_TABLE_NAME, OLD.id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER moves BEFORE UPDATE ON royalties_statement FOR EACH ROW EXECUTE FUNCTION statement_moves();
CREATE TRIGGER decided BEFORE UPDATE ON royalties_objection FOR EACH ROW EXECUTE FUNCTION decided_stays();
CREATE TRIGGER decided BEFORE UPDATE ON royalties_payout FOR EACH ROW EXECUTE FUNCTION decided_stays();
CREATE TRIGGER approval BEFORE UPDATE ON royalties_cost FOR EACH ROW EXECUTE FUNCTION approval_stays();
CREATE TRIGGER approval BEFORE UPDATE ON royalties_adjustment FOR EACH ROW EXECUTE FUNCTION approval_stays();
"""
UNMOVES = """
DROP TRIGGER moves ON royalties_statement;
DROP TRIGGER decided ON royalties_objection;
DROP TRIGGER decided ON royalties_payout;
DROP TRIGGER approval ON royalties_cost;
DROP TRIGGER approval ON royalties_adjustment;
DROP FUNCTION statement_moves(), decided_stays(), approval_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("profiles", "0002_append_only_events_and_powers"),
        ("royalties", "0003_ledger_rules"),
    ]

    operations = [
        *(append_only(f"royalties_{table}") for table in APPEND_ONLY),
        migrations.RunSQL(KEEP, "DROP FUNCTION keep_columns();"),
        *(keeping(f"royalties_{table}", columns) for table, columns in FIXED.items()),
        migrations.RunSQL(MOVES, UNMOVES),
    ]
