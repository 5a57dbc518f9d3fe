"""What PostgreSQL itself refuses: changing a locked cut, voting in a counted round, editing a dated table."""

from django.db import migrations

from profiles.append_only import append_only

FUNCTIONS = """
CREATE OR REPLACE FUNCTION projects_refuse_locked_cut() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'draft' THEN
            RAISE EXCEPTION 'a cut begins as a draft' USING ERRCODE = '23514';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.status = 'locked' THEN
        RAISE EXCEPTION 'cut % is locked: % refused', OLD.id, TG_OP USING ERRCODE = '23514';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.status = 'locked' AND (NEW.locked_at IS NULL OR NEW.locked_by_id IS NULL OR NEW.sha256 = '') THEN
        RAISE EXCEPTION 'a locked cut says when, by whom and its hash' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- The share lock waits for whoever is locking the cut, and makes the one who locks it wait for us.
CREATE OR REPLACE FUNCTION projects_refuse_locked_cue() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    locked bigint;
BEGIN
    PERFORM 1 FROM projects_cut
        WHERE id IN (COALESCE(NEW.cut_id, OLD.cut_id), COALESCE(OLD.cut_id, NEW.cut_id)) FOR SHARE;
    SELECT id INTO locked FROM projects_cut
        WHERE id IN (COALESCE(NEW.cut_id, OLD.cut_id), COALESCE(OLD.cut_id, NEW.cut_id)) AND status = 'locked';
    IF locked IS NOT NULL THEN
        RAISE EXCEPTION 'cut % is locked: % of a cue refused', locked, TG_OP USING ERRCODE = '23514';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;

CREATE OR REPLACE FUNCTION projects_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'TRUNCATE of % refused', TG_TABLE_NAME USING ERRCODE = '23514';
END $$;

CREATE OR REPLACE FUNCTION projects_refuse_counted_round() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.result IS NOT NULL THEN
        RAISE EXCEPTION 'round % is counted: % refused', OLD.id, TG_OP USING ERRCODE = '23514';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION projects_refuse_counted_ballot() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    counted bigint;
BEGIN
    PERFORM 1 FROM projects_round
        WHERE id IN (COALESCE(NEW.round_id, OLD.round_id), COALESCE(OLD.round_id, NEW.round_id)) FOR SHARE;
    SELECT id INTO counted FROM projects_round
        WHERE id IN (COALESCE(NEW.round_id, OLD.round_id), COALESCE(OLD.round_id, NEW.round_id))
            AND result IS NOT NULL;
    IF counted IS NOT NULL THEN
        RAISE EXCEPTION 'round % is counted: % on % refused', counted, TG_OP, TG_TABLE_NAME USING ERRCODE = '23514';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;

CREATE OR REPLACE FUNCTION projects_refuse_counted_approval() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paper bigint;
    paper_round bigint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'a mark is set or taken back, never moved' USING ERRCODE = '23514';
    END IF;
    paper := COALESCE(NEW.ballot_id, OLD.ballot_id);
    SELECT r.id INTO paper_round FROM projects_ballot b JOIN projects_round r ON r.id = b.round_id
        WHERE b.id = paper FOR SHARE OF r;
    IF EXISTS (SELECT 1 FROM projects_round WHERE id = paper_round AND result IS NOT NULL) THEN
        RAISE EXCEPTION 'round % is counted: % on % refused', paper_round, TG_OP, TG_TABLE_NAME
            USING ERRCODE = '23514';
    END IF;
    IF TG_OP = 'INSERT' AND NOT EXISTS (
        SELECT 1 FROM projects_candidate WHERE id = NEW.candidate_id AND round_id = paper_round
    ) THEN
        RAISE EXCEPTION 'candidate % does not stand in round %', NEW.candidate_id, paper_round
            USING ERRCODE = '23514';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
"""

# table, function, the moments at which it looks
ROW_TRIGGERS = (
    ("projects_cut", "projects_refuse_locked_cut", "INSERT OR UPDATE OR DELETE"),
    ("projects_cue", "projects_refuse_locked_cue", "INSERT OR UPDATE OR DELETE"),
    ("projects_round", "projects_refuse_counted_round", "UPDATE OR DELETE"),
    ("projects_candidate", "projects_refuse_counted_ballot", "INSERT OR UPDATE OR DELETE"),
    ("projects_ballot", "projects_refuse_counted_ballot", "INSERT OR UPDATE OR DELETE"),
    ("projects_approval", "projects_refuse_counted_approval", "INSERT OR UPDATE OR DELETE"),
)


def row_trigger(table: str, function: str, moments: str) -> migrations.RunSQL:
    """A trigger that looks at each row and that replication cannot skip."""
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER refuse_rows BEFORE {moments} ON "{table}" FOR EACH ROW EXECUTE FUNCTION {function}();
        ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER refuse_rows;
        CREATE TRIGGER refuse_table BEFORE TRUNCATE ON "{table}" EXECUTE FUNCTION projects_refuse_truncate();
        ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER refuse_table;
        """,
        f"""
        DROP TRIGGER refuse_rows ON "{table}";
        DROP TRIGGER refuse_table ON "{table}";
        """,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0002_tables"),
        ("profiles", "0002_append_only_events_and_powers"),
    ]

    operations = [
        migrations.RunSQL(
            FUNCTIONS,
            "".join(
                f"DROP FUNCTION {name}();"
                for name in (
                    "projects_refuse_counted_approval",
                    "projects_refuse_counted_ballot",
                    "projects_refuse_counted_round",
                    "projects_refuse_truncate",
                    "projects_refuse_locked_cue",
                    "projects_refuse_locked_cut",
                )
            ),
        ),
        *(row_trigger(*trigger) for trigger in ROW_TRIGGERS),
        append_only("projects_department"),
        append_only("projects_role"),
        append_only("projects_prominence"),
    ]
