"""What PostgreSQL itself refuses about money in: changing a mapping, a rate, a decision once made."""

from django.db import migrations

from profiles.append_only import append_only, keeping

APPEND_ONLY = ("mapping", "productionname", "exchangerate", "transfer", "conversion_rates")
DECIDED = "reason proposed_by_id proposed_at"
FIXED = {
    "intake": "mapping_id name sha256 created_by_id created_at",
    "suspense": (
        "source_id line_number provider transaction channel text amount_minor fee_minor currency received_on created_at"
    ),
    "reversal": f"income_id takes_effect_on {DECIDED}",
    "reserve": f"statement_id amount_minor {DECIDED}",
    "advance": f"payee_id production_id amount_minor currency paid_on {DECIDED}",
    "conversion": f"production_id sold bought first_day last_day numerator denominator lines {DECIDED}",
    "invoice": "channel number production_id amount_minor currency invoiced_on created_by_id created_at",
}
ENDS = """
CREATE FUNCTION decision_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.approved_at IS NOT NULL AND (
        NEW.approved_at IS DISTINCT FROM OLD.approved_at OR NEW.approved_by_id IS DISTINCT FROM OLD.approved_by_id
    ) OR OLD.dropped_at IS NOT NULL AND NEW.dropped_at IS DISTINCT FROM OLD.dropped_at THEN
        RAISE EXCEPTION 'the decision % % stays', TG_TABLE_NAME, OLD.id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION written_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    column_name text;
BEGIN
    FOREACH column_name IN ARRAY TG_ARGV LOOP
        IF coalesce(to_jsonb(OLD) ->> column_name, '') <> ''
            AND to_jsonb(OLD) -> column_name IS DISTINCT FROM to_jsonb(NEW) -> column_name THEN
            RAISE EXCEPTION '% of % % is written once', column_name, TG_TABLE_NAME, OLD.id USING ERRCODE = '23514';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;

CREATE TRIGGER ends BEFORE UPDATE ON royalties_reversal FOR EACH ROW EXECUTE FUNCTION decision_ends();
CREATE TRIGGER ends BEFORE UPDATE ON royalties_reserve FOR EACH ROW EXECUTE FUNCTION decision_ends();
CREATE TRIGGER ends BEFORE UPDATE ON royalties_advance FOR EACH ROW EXECUTE FUNCTION decision_ends();
CREATE TRIGGER ends BEFORE UPDATE ON royalties_conversion FOR EACH ROW EXECUTE FUNCTION decision_ends();
CREATE TRIGGER once BEFORE UPDATE ON royalties_suspense FOR EACH ROW EXECUTE FUNCTION
    written_once('resolution', 'production_id', 'reason', 'resolved_by_id', 'resolved_at');
CREATE TRIGGER once BEFORE UPDATE ON royalties_reserve FOR EACH ROW EXECUTE FUNCTION
    written_once('released_in_id', 'released_by_id', 'released_at');
CREATE TRIGGER once BEFORE UPDATE ON royalties_invoice FOR EACH ROW EXECUTE FUNCTION
    written_once('provider', 'received_on');
CREATE TRIGGER once BEFORE UPDATE ON royalties_intake FOR EACH ROW EXECUTE FUNCTION
    written_once('source_id', 'booked_by_id');
CREATE TRIGGER keep_limit BEFORE UPDATE ON royalties_cost FOR EACH ROW EXECUTE FUNCTION
    keep_columns('is_within_limit');
"""
NO_ENDS = """
DROP TRIGGER keep_limit ON royalties_cost;
DROP TRIGGER once ON royalties_intake;
DROP TRIGGER once ON royalties_invoice;
DROP TRIGGER once ON royalties_reserve;
DROP TRIGGER once ON royalties_suspense;
DROP TRIGGER ends ON royalties_conversion;
DROP TRIGGER ends ON royalties_advance;
DROP TRIGGER ends ON royalties_reserve;
DROP TRIGGER ends ON royalties_reversal;
DROP FUNCTION decision_ends(), written_once();
"""


class Migration(migrations.Migration):
    dependencies = [("royalties", "0009_money_in")]

    operations = [
        *(append_only(f"royalties_{table}") for table in APPEND_ONLY),
        *(keeping(f"royalties_{table}", columns) for table, columns in FIXED.items()),
        migrations.RunSQL(ENDS, NO_ENDS),
    ]
