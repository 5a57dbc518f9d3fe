"""What PostgreSQL itself refuses, whoever asks.

A work's published_seq comes from a sequence once and never changes; a remix carries the numbers of
both its ends, tied to the works by composite foreign keys, and CHECK (parent_seq < child_seq) then
makes a cycle impossible. Published works and remixes are never deleted. Shares add up.
"""

from django.db import migrations

from profiles.append_only import append_only

SEQUENCE = """
CREATE SEQUENCE contribution_published_seq OWNED BY contributions_contribution.published_seq;

-- SECURITY DEFINER: only publishing draws a number, the site's own role cannot.
CREATE FUNCTION contribution_number() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.published_seq IS NOT NULL THEN
        IF NEW.published_seq IS DISTINCT FROM OLD.published_seq THEN
            RAISE EXCEPTION 'published_seq of contribution % never changes', OLD.id USING ERRCODE = '23514';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.published_seq IS NOT NULL THEN
        RAISE EXCEPTION 'published_seq is given by the database' USING ERRCODE = '23514';
    END IF;
    IF NEW.status = 'published' THEN
        NEW.published_seq := nextval('public.contribution_published_seq');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contribution_number BEFORE INSERT OR UPDATE ON contributions_contribution
    FOR EACH ROW EXECUTE FUNCTION contribution_number();
ALTER TABLE contributions_contribution ENABLE ALWAYS TRIGGER contribution_number;
"""

NO_SEQUENCE = """
DROP TRIGGER contribution_number ON contributions_contribution;
DROP FUNCTION contribution_number();
DROP SEQUENCE contribution_published_seq;
"""

TOMBSTONES = """
CREATE FUNCTION contribution_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'contribution % was published: it leaves a tombstone and is never deleted', OLD.id
        USING ERRCODE = '23514';
END $$;
CREATE TRIGGER contribution_stays BEFORE DELETE ON contributions_contribution
    FOR EACH ROW WHEN (OLD.published_seq IS NOT NULL) EXECUTE FUNCTION contribution_stays();
ALTER TABLE contributions_contribution ENABLE ALWAYS TRIGGER contribution_stays;
"""

NO_TOMBSTONES = """
DROP TRIGGER contribution_stays ON contributions_contribution;
DROP FUNCTION contribution_stays();
"""

EDGES = """
ALTER TABLE contributions_remix
    ADD CONSTRAINT remix_child_number FOREIGN KEY (child_id, child_seq)
        REFERENCES contributions_contribution (id, published_seq),
    ADD CONSTRAINT remix_parent_number FOREIGN KEY (parent_id, parent_seq)
        REFERENCES contributions_contribution (id, published_seq);

-- Its arguments are the columns that may change.
CREATE FUNCTION forbid_change_but() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(OLD) - TG_ARGV) IS DISTINCT FROM (to_jsonb(NEW) - TG_ARGV) THEN
        RAISE EXCEPTION '% is immutable but for %', TG_TABLE_NAME, array_to_string(TG_ARGV, ', ')
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER remix_frozen BEFORE UPDATE ON contributions_remix
    FOR EACH ROW EXECUTE FUNCTION forbid_change_but('unlinked_at');
CREATE TRIGGER remix_stays BEFORE DELETE ON contributions_remix
    FOR EACH ROW EXECUTE FUNCTION forbid_change();
CREATE TRIGGER licence_frozen BEFORE UPDATE ON contributions_licence
    FOR EACH ROW EXECUTE FUNCTION forbid_change_but('offered');
ALTER TABLE contributions_remix ENABLE ALWAYS TRIGGER remix_frozen;
ALTER TABLE contributions_remix ENABLE ALWAYS TRIGGER remix_stays;
ALTER TABLE contributions_licence ENABLE ALWAYS TRIGGER licence_frozen;
"""

NO_EDGES = """
DROP TRIGGER licence_frozen ON contributions_licence;
DROP TRIGGER remix_stays ON contributions_remix;
DROP TRIGGER remix_frozen ON contributions_remix;
DROP FUNCTION forbid_change_but();
ALTER TABLE contributions_remix DROP CONSTRAINT remix_parent_number, DROP CONSTRAINT remix_child_number;
"""

# Deferred: shares are written row by row, and only the end of the transaction must be right.
SHARES = """
CREATE FUNCTION shares_add_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    work bigint;
    total bigint;
BEGIN
    IF TG_TABLE_NAME = 'contributions_contribution' THEN work := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN work := OLD.contribution_id;
    ELSE work := NEW.contribution_id;
    END IF;
    PERFORM 1 FROM contributions_contribution WHERE id = work AND published_seq IS NOT NULL;
    IF FOUND THEN
        SELECT coalesce(sum(share_bps), 0) INTO total FROM contributions_share WHERE contribution_id = work;
        IF total <> 10000 THEN
            RAISE EXCEPTION 'shares of contribution % add up to %, not 10000', work, total USING ERRCODE = '23514';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER shares_add_up AFTER INSERT OR UPDATE OR DELETE ON contributions_share
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION shares_add_up();
CREATE CONSTRAINT TRIGGER shares_add_up_at_publish AFTER UPDATE ON contributions_contribution
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.published_seq IS NULL AND NEW.published_seq IS NOT NULL) EXECUTE FUNCTION shares_add_up();
CREATE CONSTRAINT TRIGGER shares_add_up_at_insert AFTER INSERT ON contributions_contribution
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.published_seq IS NOT NULL) EXECUTE FUNCTION shares_add_up();
ALTER TABLE contributions_share ENABLE ALWAYS TRIGGER shares_add_up;
ALTER TABLE contributions_contribution ENABLE ALWAYS TRIGGER shares_add_up_at_publish;
ALTER TABLE contributions_contribution ENABLE ALWAYS TRIGGER shares_add_up_at_insert;
"""

NO_SHARES = """
DROP TRIGGER shares_add_up_at_insert ON contributions_contribution;
DROP TRIGGER shares_add_up_at_publish ON contributions_contribution;
DROP TRIGGER shares_add_up ON contributions_share;
DROP FUNCTION shares_add_up();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0001_initial"),
        ("profiles", "0002_append_only_events_and_powers"),
    ]

    operations = [
        migrations.RunSQL(SEQUENCE, NO_SEQUENCE),
        migrations.RunSQL(TOMBSTONES, NO_TOMBSTONES),
        migrations.RunSQL(EDGES, NO_EDGES),
        migrations.RunSQL(SHARES, NO_SHARES),
        append_only("contributions_rightsreceipt"),
        append_only("contributions_influencerate"),
    ]
