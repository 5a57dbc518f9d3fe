"""What PostgreSQL itself holds of the ledger, whoever writes (royalties.md 2.3).

The check that an entry is whole runs once per entry, at the end of the transaction: once per
line would be quadratic. Lines cannot be added later because they carry the declared count, so
all numbers up to it are taken once the entry is whole. Balances move by a statement trigger
over the new lines, as the owner of the tables: the site's own role may not write them at all.
"""

from django.conf import settings
from django.db import migrations

from profiles.append_only import append_only

KEYS = """
ALTER TABLE royalties_journalline
    ADD CONSTRAINT line_of_whole_entry FOREIGN KEY (entry_id, n_lines)
        REFERENCES royalties_journalentry (id, n_lines),
    ADD CONSTRAINT line_in_account_currency FOREIGN KEY (account_id, currency)
        REFERENCES royalties_account (id, currency);
ALTER TABLE royalties_journalentry
    ADD CONSTRAINT entry_source_is_object CHECK (jsonb_typeof(source::jsonb) = 'object'),
    ADD CONSTRAINT entry_hashes_are_hex CHECK (
        hash ~ '^[0-9a-f]{64}$' AND previous_hash ~ '^[0-9a-f]{64}$' AND request_sha256 ~ '^[0-9a-f]{64}$');
ALTER TABLE royalties_account
    ADD CONSTRAINT account_code_ends_in_currency
        CHECK (code ~ ('^[a-z_]+(:[A-Za-z0-9_.-]+){0,4}:' || currency || '$'));
"""
NO_KEYS = """
ALTER TABLE royalties_journalline DROP CONSTRAINT line_of_whole_entry, DROP CONSTRAINT line_in_account_currency;
ALTER TABLE royalties_journalentry DROP CONSTRAINT entry_source_is_object, DROP CONSTRAINT entry_hashes_are_hex;
ALTER TABLE royalties_account DROP CONSTRAINT account_code_ends_in_currency;
"""

CHAIN = """
CREATE FUNCTION ledger_next_in_chain() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE last_id bigint; last_hash text;
BEGIN
    PERFORM pg_advisory_xact_lock(727001);
    SELECT id, hash INTO last_id, last_hash FROM royalties_journalentry ORDER BY id DESC LIMIT 1;
    IF NEW.id <> coalesce(last_id, 0) + 1 THEN
        RAISE EXCEPTION 'entry % does not follow entry %', NEW.id, coalesce(last_id, 0) USING ERRCODE = '23514';
    END IF;
    IF NEW.previous_hash <> coalesce(last_hash, repeat('0', 64)) THEN
        RAISE EXCEPTION 'entry % does not carry the hash of the one before', NEW.id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER entry_next_in_chain BEFORE INSERT ON royalties_journalentry
    FOR EACH ROW EXECUTE FUNCTION ledger_next_in_chain();
ALTER TABLE royalties_journalentry ENABLE ALWAYS TRIGGER entry_next_in_chain;
"""
NO_CHAIN = """
DROP TRIGGER entry_next_in_chain ON royalties_journalentry;
DROP FUNCTION ledger_next_in_chain();
"""

WHOLE = """
CREATE FUNCTION ledger_seal(entry royalties_journalentry) RETURNS text LANGUAGE sql STABLE
    SET search_path = public, pg_temp AS $$
    SELECT encode(sha256(convert_to(concat_ws(E'\\n',
        entry.previous_hash, entry.id, entry.kind, entry.idempotency_key,
        to_char(entry.effective_on, 'YYYY-MM-DD'),
        to_char(entry.posted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        coalesce(entry.reverses_id::text, ''), entry.source,
        (SELECT string_agg(line.line_no || ' ' || account.code || ' ' || line.amount_minor, E'\\n' ORDER BY line.line_no)
           FROM royalties_journalline line JOIN royalties_account account ON account.id = line.account_id
          WHERE line.entry_id = entry.id)
    ), 'UTF8')), 'hex')
$$;
CREATE FUNCTION ledger_entry_is_whole() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE found_lines int; bad record;
BEGIN
    SELECT count(*) INTO found_lines FROM royalties_journalline WHERE entry_id = NEW.id;
    IF found_lines <> NEW.n_lines THEN
        RAISE EXCEPTION 'entry % declares % lines and has %', NEW.id, NEW.n_lines, found_lines USING ERRCODE = '23514';
    END IF;
    SELECT currency, sum(amount_minor) AS rest INTO bad FROM royalties_journalline
        WHERE entry_id = NEW.id GROUP BY currency HAVING sum(amount_minor) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entry % is out of balance by % %', NEW.id, bad.rest, bad.currency USING ERRCODE = '23514';
    END IF;
    IF NEW.hash <> ledger_seal(NEW) THEN
        RAISE EXCEPTION 'entry % does not have the hash of its content', NEW.id USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER entry_is_whole AFTER INSERT ON royalties_journalentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_is_whole();
ALTER TABLE royalties_journalentry ENABLE ALWAYS TRIGGER entry_is_whole;
"""
NOT_WHOLE = """
DROP TRIGGER entry_is_whole ON royalties_journalentry;
DROP FUNCTION ledger_entry_is_whole();
DROP FUNCTION ledger_seal(royalties_journalentry);
"""

BALANCES = """
CREATE FUNCTION ledger_move_balances() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
DECLARE bad record;
BEGIN
    INSERT INTO royalties_balance AS b (account_id, balance_minor, last_entry_id)
        SELECT account_id, sum(amount_minor), max(entry_id) FROM new_lines GROUP BY account_id ORDER BY account_id
    ON CONFLICT (account_id) DO UPDATE SET
        balance_minor = b.balance_minor + excluded.balance_minor,
        last_entry_id = greatest(b.last_entry_id, excluded.last_entry_id);
    SELECT a.code, b.balance_minor INTO bad
        FROM royalties_balance b JOIN royalties_account a ON a.id = b.account_id
        WHERE b.account_id IN (SELECT account_id FROM new_lines)
          AND (b.balance_minor < a.min_minor OR b.balance_minor > a.max_minor) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'account % would be overdrawn: %', bad.code, bad.balance_minor
            USING ERRCODE = '23514', CONSTRAINT = 'account_bounds';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER lines_move_balances AFTER INSERT ON royalties_journalline
    REFERENCING NEW TABLE AS new_lines FOR EACH STATEMENT EXECUTE FUNCTION ledger_move_balances();
ALTER TABLE royalties_journalline ENABLE ALWAYS TRIGGER lines_move_balances;

CREATE FUNCTION ledger_guard_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'a balance moves only with its lines: % refused', TG_OP USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER balances_move_with_lines BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON royalties_balance
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_guard_balances();
ALTER TABLE royalties_balance ENABLE ALWAYS TRIGGER balances_move_with_lines;
"""
NO_BALANCES = """
DROP TRIGGER balances_move_with_lines ON royalties_balance;
DROP FUNCTION ledger_guard_balances();
DROP TRIGGER lines_move_balances ON royalties_journalline;
DROP FUNCTION ledger_move_balances();
"""

# Where one role does everything, it must keep the right, since the trigger runs as it.
RIGHTS = f"""
DO $$ BEGIN
    IF current_user <> '{settings.DATABASE_APP_ROLE}' AND '{settings.DATABASE_APP_ROLE}' <> '' THEN
        {{}} ON royalties_balance {{}} "{settings.DATABASE_APP_ROLE or "nobody"}";
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("royalties", "0002_statements"),
        ("profiles", "0002_append_only_events_and_powers"),
    ]

    operations = [
        migrations.RunSQL(KEYS, NO_KEYS),
        migrations.RunSQL(CHAIN, NO_CHAIN),
        migrations.RunSQL(WHOLE, NOT_WHOLE),
        migrations.RunSQL(BALANCES, NO_BALANCES),
        migrations.RunSQL(
            RIGHTS.format("REVOKE INSERT, UPDATE, DELETE, TRUNCATE", "FROM"),
            RIGHTS.format("GRANT INSERT, UPDATE, DELETE", "TO"),
        ),
        append_only("royalties_account"),
        append_only("royalties_journalentry"),
        append_only("royalties_journalline"),
    ]
