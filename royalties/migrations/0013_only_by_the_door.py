"""Entries, lines and balances are written by `ledger_post` and refused to everybody else (ADR 20).

What the door finds out for itself is not asked again: it takes account and currency from the account,
number and count from the entry it has just written, and hashes it has just reckoned. So the keys and
checks that said the same about every row are gone, and with them half the time of a post. Parents cannot
leave their lines afterwards: accounts and entries are append only.
"""

from importlib import import_module

from django.db import migrations, models

rules = import_module("royalties.migrations.0003_ledger_rules")
depth = import_module("royalties.migrations.0005_ledger_in_depth")

OLD_GUARDS = """
DROP TRIGGER entry_next_in_chain ON royalties_journalentry;
DROP TRIGGER entry_is_whole ON royalties_journalentry;
DROP TRIGGER lines_move_balances ON royalties_journalline;
DROP TRIGGER balances_move_with_lines ON royalties_balance;
DROP FUNCTION ledger_next_in_chain();
DROP FUNCTION ledger_entry_is_whole();
DROP FUNCTION ledger_move_balances();
DROP FUNCTION ledger_guard_balances();
DROP FUNCTION ledger_hash(text, bigint, text, text, date, timestamptz, bigint, text, text);
"""
OLD_GUARDS_AGAIN = "".join(
    (
        "DROP FUNCTION ledger_seal(royalties_journalentry);",
        *(rules.CHAIN, rules.WHOLE, rules.BALANCES),
        *(depth.HASH, depth.WHOLE, depth.BY_THE_DOOR),
    )
)

SHUT = f"""
CREATE FUNCTION ledger_only_by_the_door() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% comes through ledger_post alone: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = '23514';
END $$;
CREATE TRIGGER only_by_the_door BEFORE INSERT ON royalties_journalentry
    FOR EACH STATEMENT WHEN ({depth.DOOR}) EXECUTE FUNCTION ledger_only_by_the_door();
CREATE TRIGGER only_by_the_door BEFORE INSERT ON royalties_journalline
    FOR EACH STATEMENT WHEN ({depth.DOOR}) EXECUTE FUNCTION ledger_only_by_the_door();
CREATE TRIGGER only_by_the_door BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON royalties_balance
    FOR EACH STATEMENT WHEN ({depth.DOOR}) EXECUTE FUNCTION ledger_only_by_the_door();
ALTER TABLE royalties_journalentry ENABLE ALWAYS TRIGGER only_by_the_door;
ALTER TABLE royalties_journalline ENABLE ALWAYS TRIGGER only_by_the_door;
ALTER TABLE royalties_balance ENABLE ALWAYS TRIGGER only_by_the_door;
"""
OPENED = """
DROP TRIGGER only_by_the_door ON royalties_journalentry;
DROP TRIGGER only_by_the_door ON royalties_journalline;
DROP TRIGGER only_by_the_door ON royalties_balance;
DROP FUNCTION ledger_only_by_the_door();
"""

# Room on each page for the next version of its rows, so that a large allocation needs no new index entries.
ROOM = "ALTER TABLE royalties_balance SET (fillfactor = 45);"
NO_ROOM = "ALTER TABLE royalties_balance RESET (fillfactor);"

# No regular expression in a CHECK and no foreign key of a line: PostgreSQL reads the text of each CHECK anew
# for every statement, and looks up each line's parents once more.
NO_ECHOES = """
ALTER TABLE royalties_journalentry DROP CONSTRAINT entry_source_is_object, DROP CONSTRAINT entry_hashes_are_hex;
ALTER TABLE royalties_journalline DROP CONSTRAINT line_of_whole_entry, DROP CONSTRAINT line_in_account_currency;
"""
ECHOES = """
ALTER TABLE royalties_journalline
    ADD CONSTRAINT line_of_whole_entry FOREIGN KEY (entry_id, n_lines)
        REFERENCES royalties_journalentry (id, n_lines),
    ADD CONSTRAINT line_in_account_currency FOREIGN KEY (account_id, currency)
        REFERENCES royalties_account (id, currency);
ALTER TABLE royalties_journalentry
    ADD CONSTRAINT entry_source_is_object CHECK (jsonb_typeof(source::jsonb) = 'object'),
    ADD CONSTRAINT entry_hashes_are_hex CHECK (
        hash ~ '^[0-9a-f]{64}$' AND previous_hash ~ '^[0-9a-f]{64}$' AND request_sha256 ~ '^[0-9a-f]{64}$');
"""
COUNTS_AGAIN = """
ALTER TABLE royalties_journalline ADD COLUMN n_lines int, DISABLE TRIGGER append_only_rows;
UPDATE royalties_journalline line SET n_lines = entry.n_lines FROM royalties_journalentry entry WHERE entry.id = entry_id;
ALTER TABLE royalties_journalline ALTER COLUMN n_lines SET NOT NULL, ENABLE ALWAYS TRIGGER append_only_rows;
"""

POST = """
CREATE OR REPLACE FUNCTION ledger_post(the_kind text, the_key text, the_request text, the_day date, the_source text,
    the_reverses bigint, codes text[], amounts bigint[])
    RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    n int := cardinality(codes); moment timestamptz; known bigint; own_hash text; found_accounts int; moved int; rest numeric;
    last_id bigint; last_hash text; low_currency text; high_currency text; words text; door text; bad record;
    ids bigint[]; currencies text[]; is_bounded boolean;
BEGIN
    IF the_kind !~ '^[a-z_]+$' OR the_key !~ '^[!-~]+$' OR the_request !~ '^[0-9a-f]{64}$'
        OR jsonb_typeof(the_source::jsonb) <> 'object' THEN
        RAISE EXCEPTION 'the kind, key, hash of the request or source of % are not as they are written', the_key
            USING ERRCODE = '23514', CONSTRAINT = 'entry_plain_words';
    END IF;
    door := pg_advisory_xact_lock(727001)::text;
    SELECT last.id, last.hash, (SELECT entry.id FROM royalties_journalentry entry WHERE idempotency_key = the_key)
        INTO last_id, last_hash, known FROM royalties_journalentry last ORDER BY last.id DESC LIMIT 1;
    IF known IS NOT NULL THEN
        RETURN (SELECT concat_ws(' ', id, previous_hash, hash, request_sha256, extract(epoch FROM posted_at))
                FROM royalties_journalentry WHERE id = known);
    END IF;
    SELECT count(*), count(DISTINCT account.id), sum(given.amount), min(account.currency), max(account.currency),
           string_agg(given.number || ' ' || given.code || ' ' || given.amount, E'\n' ORDER BY given.number),
           array_agg(account.id ORDER BY given.number), array_agg(account.currency ORDER BY given.number),
           bool_or(account.min_minor IS NOT NULL OR account.max_minor IS NOT NULL)
        INTO found_accounts, moved, rest, low_currency, high_currency, words, ids, currencies, is_bounded
        FROM unnest(codes, amounts) WITH ORDINALITY AS given (code, amount, number)
        JOIN royalties_account account ON account.code = given.code;
    IF found_accounts <> n THEN
        RETURN NULL;
    END IF;
    IF the_reverses IS NOT NULL AND EXISTS (SELECT FROM royalties_journalentry WHERE reverses_id = the_reverses) THEN
        RAISE EXCEPTION 'Entry % was reversed before.', the_reverses
            USING ERRCODE = '23505', CONSTRAINT = 'reversed_once';
    END IF;
    last_id := coalesce(last_id, 0) + 1;
    last_hash := coalesce(last_hash, repeat('0', 64));
    IF rest <> 0 OR low_currency <> high_currency THEN
        SELECT currency, sum(amount) AS rest INTO bad FROM unnest(currencies, amounts) AS given (currency, amount)
            GROUP BY currency HAVING sum(amount) <> 0 LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'entry % is out of balance by % %', last_id, bad.rest, bad.currency
                USING ERRCODE = '23514';
        END IF;
    END IF;
    moment := clock_timestamp();
    own_hash := encode(sha256(convert_to(concat_ws(E'\n', last_hash, last_id, the_kind, the_key,
        to_char(the_day, 'YYYY-MM-DD'), to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        coalesce(the_reverses::text, ''), the_source, words), 'UTF8')), 'hex');
    door := set_config('ledger.door', 'open', true);
    INSERT INTO royalties_journalentry (id, n_lines, kind, idempotency_key, request_sha256, reverses_id,
            effective_on, posted_at, source, previous_hash, hash)
        VALUES (last_id, n, the_kind, the_key, the_request, the_reverses, the_day, moment, the_source, last_hash,
            own_hash);
    INSERT INTO royalties_journalline (entry_id, line_no, account_id, currency, amount_minor)
        SELECT last_id, number, account_id, currency, amount
        FROM unnest(ids, currencies, amounts) WITH ORDINALITY AS given (account_id, currency, amount, number);
    IF moved < n THEN
        SELECT array_agg(account_id), array_agg(amount) INTO ids, amounts FROM (
            SELECT account_id, sum(amount)::bigint AS amount
            FROM unnest(ids, amounts) AS given (account_id, amount) GROUP BY account_id) AS together;
    END IF;
    INSERT INTO royalties_balance AS balance (account_id, balance_minor, last_entry_id)
        SELECT account_id, amount, last_id FROM unnest(ids, amounts) AS given (account_id, amount)
    ON CONFLICT (account_id) DO UPDATE SET
        balance_minor = balance.balance_minor + excluded.balance_minor, last_entry_id = last_id;
    door := set_config('ledger.door', '', true);
    IF is_bounded THEN
        SELECT account.code, balance.balance_minor INTO bad
            FROM royalties_balance balance JOIN royalties_account account ON account.id = balance.account_id
            WHERE balance.account_id = ANY (ids) AND (balance.balance_minor < account.min_minor
                OR balance.balance_minor > account.max_minor) LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'account % would be overdrawn: %', bad.code, bad.balance_minor
                USING ERRCODE = '23514', CONSTRAINT = 'account_bounds';
        END IF;
    END IF;
    RETURN concat_ws(' ', last_id, last_hash, own_hash, the_request, extract(epoch FROM moment));
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("royalties", "0012_forget_people")]

    operations = [
        migrations.RunSQL(OLD_GUARDS, OLD_GUARDS_AGAIN),
        migrations.RunSQL(NO_ECHOES, ECHOES),
        migrations.RemoveConstraint("journalentry", "entry_plain_words"),
        # Unique as before, without the second index that Django adds for LIKE.
        migrations.AlterField("journalentry", "idempotency_key", models.CharField(max_length=400, verbose_name="key")),
        migrations.AddConstraint(
            "journalentry", models.UniqueConstraint(fields=["idempotency_key"], name="entry_key_once")
        ),
        migrations.AlterField("journalentry", "hash", models.CharField(max_length=64)),
        migrations.RemoveConstraint("journalentry", "entry_with_its_lines"),
        migrations.RemoveConstraint("account", "account_in_its_currency"),
        migrations.RemoveConstraint("journalline", "line_number_declared"),
        migrations.RunSQL(
            "ALTER TABLE royalties_journalline DROP COLUMN n_lines;",
            COUNTS_AGAIN,
            state_operations=[migrations.RemoveField("journalline", "n_lines")],
        ),
        migrations.RunSQL(POST, depth.POST.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")),
        migrations.RunSQL(SHUT, OPENED),
        migrations.RunSQL(ROOM, NO_ROOM),
    ]
