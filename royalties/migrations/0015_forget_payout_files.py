"""A provider's report stays as it is but for its file, which can be forgotten and never replaced."""

from django.conf import settings
from django.db import migrations

ROLE = settings.DATABASE_APP_ROLE
GRANT = f'GRANT UPDATE (content_encrypted) ON royalties_payoutreport TO "{ROLE}";' if ROLE else ""
REVOKE = f'REVOKE UPDATE (content_encrypted) ON royalties_payoutreport FROM "{ROLE}";' if ROLE else ""
FORGETS = f"""
CREATE FUNCTION only_forgets() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before jsonb := to_jsonb(OLD);
    after jsonb := to_jsonb(NEW);
BEGIN
    IF before - TG_ARGV[0] IS DISTINCT FROM after - TG_ARGV[0] OR after ->> TG_ARGV[0] <> '\\x' THEN
        RAISE EXCEPTION '% is append-only but for forgetting %: % refused', TG_TABLE_NAME, TG_ARGV[0], TG_OP
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER append_only_rows ON royalties_payoutreport;
CREATE TRIGGER append_only_rows BEFORE DELETE ON royalties_payoutreport
    FOR EACH ROW EXECUTE FUNCTION forbid_change();
CREATE TRIGGER only_forgets BEFORE UPDATE ON royalties_payoutreport
    FOR EACH ROW EXECUTE FUNCTION only_forgets('content_encrypted');
ALTER TABLE royalties_payoutreport ENABLE ALWAYS TRIGGER append_only_rows;
ALTER TABLE royalties_payoutreport ENABLE ALWAYS TRIGGER only_forgets;
{GRANT}
"""
KEEPS = f"""
DROP TRIGGER only_forgets ON royalties_payoutreport;
DROP TRIGGER append_only_rows ON royalties_payoutreport;
DROP FUNCTION only_forgets();
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON royalties_payoutreport
    FOR EACH ROW EXECUTE FUNCTION forbid_change();
ALTER TABLE royalties_payoutreport ENABLE ALWAYS TRIGGER append_only_rows;
{REVOKE}
"""


class Migration(migrations.Migration):
    dependencies = [("royalties", "0014_what_was_proposed")]

    operations = [migrations.RunSQL(FORGETS, KEEPS)]
