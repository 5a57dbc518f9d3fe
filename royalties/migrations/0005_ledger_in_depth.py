"""Posting in one round trip, balances as of a day, checkpoints, published heads and outcomes of checks.

`ledger_post` runs with the rights of who calls it: it can do nothing that the triggers of
0003_ledger_rules would not let the site's role do by hand. It only saves the way to and fro.
"""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from profiles.append_only import append_only

# One look at the lines where 0003 took three; the rules and the words are the same.
WHOLE = """
CREATE OR REPLACE FUNCTION ledger_entry_is_whole() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE found_lines int; rest numeric; first_currency text; last_currency text; words text; bad record;
BEGIN
    SELECT count(*), sum(line.amount_minor), min(line.currency), max(line.currency),
           string_agg(line.line_no || ' ' || account.code || ' ' || line.amount_minor, E'\\n' ORDER BY line.line_no)
      INTO found_lines, rest, first_currency, last_currency, words
      FROM royalties_journalline line JOIN royalties_account account ON account.id = line.account_id
     WHERE line.entry_id = NEW.id;
    IF found_lines <> NEW.n_lines THEN
        RAISE EXCEPTION 'entry % declares % lines and has %', NEW.id, NEW.n_lines, found_lines USING ERRCODE = '23514';
    END IF;
    IF rest <> 0 OR first_currency <> last_currency THEN
        SELECT currency, sum(amount_minor) AS rest INTO bad FROM royalties_journalline
            WHERE entry_id = NEW.id GROUP BY currency HAVING sum(amount_minor) <> 0 LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'entry % is out of balance by % %', NEW.id, bad.rest, bad.currency
                USING ERRCODE = '23514';
        END IF;
    END IF;
    IF NEW.hash <> ledger_hash(NEW.previous_hash, NEW.id, NEW.kind, NEW.idempotency_key, NEW.effective_on,
                               NEW.posted_at, NEW.reverses_id, NEW.source, words) THEN
        RAISE EXCEPTION 'entry % does not have the hash of its content', NEW.id USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;
"""
HASH = """
CREATE FUNCTION ledger_hash(previous text, number bigint, kind text, key text, day date, moment timestamptz,
    reverses bigint, source text, words text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(concat_ws(E'\\n', previous, number, kind, key, to_char(day, 'YYYY-MM-DD'),
        to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        coalesce(reverses::text, ''), source, words), 'UTF8')), 'hex')
$$;
"""
NO_HASH = "DROP FUNCTION ledger_hash(text, bigint, text, text, date, timestamptz, bigint, text, text);"
WHOLE_AS_IT_WAS = """
CREATE OR REPLACE FUNCTION ledger_entry_is_whole() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
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
"""

# The door: who comes through it has been checked here, in one look at the lines, so the triggers that
# check everybody else stand aside. The site's role has no other way in (RIGHTS below); the owner could
# step past the triggers by this setting as by DISABLE TRIGGER, and check_ledger names what came of it.
POST = """
CREATE FUNCTION ledger_post(the_kind text, the_key text, the_request text, the_day date, the_source text,
    the_reverses bigint, codes text[], amounts bigint[])
    RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    n int := cardinality(codes); moment timestamptz; known bigint; own_hash text; found_accounts int; rest numeric;
    last_id bigint; last_hash text; low_currency text; high_currency text; words text; door text; bad record;
    ids bigint[]; currencies text[]; is_bounded boolean;
BEGIN
    door := pg_advisory_xact_lock(727001)::text;
    SELECT (SELECT id FROM royalties_journalentry WHERE idempotency_key = the_key),
           (SELECT id FROM royalties_journalentry ORDER BY id DESC LIMIT 1),
           (SELECT hash FROM royalties_journalentry ORDER BY id DESC LIMIT 1),
           count(*), sum(given.amount), min(account.currency), max(account.currency),
           string_agg(given.number || ' ' || given.code || ' ' || given.amount, E'\\n' ORDER BY given.number),
           array_agg(account.id ORDER BY given.number), array_agg(account.currency ORDER BY given.number),
           bool_or(account.min_minor IS NOT NULL OR account.max_minor IS NOT NULL)
        INTO known, last_id, last_hash, found_accounts, rest, low_currency, high_currency, words, ids, currencies,
            is_bounded
        FROM unnest(codes, amounts) WITH ORDINALITY AS given (code, amount, number)
        JOIN royalties_account account ON account.code = given.code;
    IF known IS NOT NULL THEN
        RETURN (SELECT concat_ws(' ', id, previous_hash, hash, request_sha256, extract(epoch FROM posted_at))
                FROM royalties_journalentry WHERE id = known);
    END IF;
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
    own_hash := ledger_hash(last_hash, last_id, the_kind, the_key, the_day, moment, the_reverses, the_source, words);
    door := set_config('ledger.door', 'open', true);
    WITH booked AS (
        INSERT INTO royalties_journalentry (id, n_lines, kind, idempotency_key, request_sha256, reverses_id,
            effective_on, posted_at, source, previous_hash, hash)
        VALUES (last_id, n, the_kind, the_key, the_request, the_reverses, the_day, moment, the_source, last_hash,
            own_hash)
    ), written AS (
        INSERT INTO royalties_journalline (entry_id, line_no, n_lines, account_id, currency, amount_minor)
            SELECT last_id, number, n, account_id, currency, amount
            FROM unnest(ids, currencies, amounts) WITH ORDINALITY AS given (account_id, currency, amount, number)
    )
    INSERT INTO royalties_balance AS balance (account_id, balance_minor, last_entry_id)
        SELECT account_id, sum(amount), last_id FROM unnest(ids, amounts) AS given (account_id, amount)
        GROUP BY account_id
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
NO_POST = "DROP FUNCTION ledger_post(text, text, text, date, text, bigint, text[], bigint[]);"

# Whoever does not come through the door meets the same four checks as before.
DOOR = "current_setting('ledger.door', true) IS DISTINCT FROM 'open'"
TRIGGERS = """
DROP TRIGGER entry_next_in_chain ON royalties_journalentry;
DROP TRIGGER entry_is_whole ON royalties_journalentry;
DROP TRIGGER lines_move_balances ON royalties_journalline;
DROP TRIGGER balances_move_with_lines ON royalties_balance;
CREATE TRIGGER entry_next_in_chain BEFORE INSERT ON royalties_journalentry
    FOR EACH ROW {0} EXECUTE FUNCTION ledger_next_in_chain();
CREATE CONSTRAINT TRIGGER entry_is_whole AFTER INSERT ON royalties_journalentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW {0} EXECUTE FUNCTION ledger_entry_is_whole();
CREATE TRIGGER lines_move_balances AFTER INSERT ON royalties_journalline
    REFERENCING NEW TABLE AS new_lines FOR EACH STATEMENT {0} EXECUTE FUNCTION ledger_move_balances();
CREATE TRIGGER balances_move_with_lines BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON royalties_balance
    FOR EACH STATEMENT {0} EXECUTE FUNCTION ledger_guard_balances();
ALTER TABLE royalties_journalentry ENABLE ALWAYS TRIGGER entry_next_in_chain;
ALTER TABLE royalties_journalentry ENABLE ALWAYS TRIGGER entry_is_whole;
ALTER TABLE royalties_journalline ENABLE ALWAYS TRIGGER lines_move_balances;
ALTER TABLE royalties_balance ENABLE ALWAYS TRIGGER balances_move_with_lines;
"""
BY_THE_DOOR = TRIGGERS.format(f"WHEN ({DOOR})")
AS_BEFORE = TRIGGERS.format("")

# The same promises in words that cost a tenth of a regular expression; two indexes nobody searches by.
LEAN = """
ALTER TABLE royalties_journalentry DROP CONSTRAINT entry_hashes_are_hex,
    ADD CONSTRAINT entry_hashes_are_hex CHECK (length(decode(hash || previous_hash || request_sha256, 'hex')) = 96
        AND lower(hash || previous_hash || request_sha256) = hash || previous_hash || request_sha256
        AND length(hash) = 64 AND length(previous_hash) = 64),
    DROP CONSTRAINT entry_plain_words,
    ADD CONSTRAINT entry_plain_words CHECK (idempotency_key <> '' AND kind <> ''
        AND translate(idempotency_key, '!"#$%%&''()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`'
            'abcdefghijklmnopqrstuvwxyz{|}~', '') = ''
        AND translate(kind, 'abcdefghijklmnopqrstuvwxyz_', '') = '');
"""
NOT_LEAN = """
ALTER TABLE royalties_journalentry DROP CONSTRAINT entry_hashes_are_hex,
    ADD CONSTRAINT entry_hashes_are_hex CHECK (
        hash ~ '^[0-9a-f]{64}$' AND previous_hash ~ '^[0-9a-f]{64}$' AND request_sha256 ~ '^[0-9a-f]{64}$'),
    DROP CONSTRAINT entry_plain_words,
    ADD CONSTRAINT entry_plain_words CHECK (idempotency_key ~ '^[!-~]+$' AND kind ~ '^[a-z_]+$');
"""

# Where one role does everything, it keeps its rights, since it owns the tables.
RIGHTS = f"""
DO $$ BEGIN
    IF current_user <> '{settings.DATABASE_APP_ROLE}' AND '{settings.DATABASE_APP_ROLE}' <> '' THEN
        {{}} INSERT ON royalties_journalentry, royalties_journalline {{}} "{settings.DATABASE_APP_ROLE or "nobody"}";
    END IF;
END $$;
"""

AS_OF = """
CREATE FUNCTION ledger_balance_as_of(the_account bigint, the_day date, up_to bigint)
    RETURNS bigint LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE base royalties_checkpoint; posted_later bigint; posted_before bigint;
BEGIN
    SELECT * INTO base FROM royalties_checkpoint
        WHERE account_id = the_account AND month_end <= the_day AND last_entry <= up_to
        ORDER BY month_end DESC LIMIT 1;
    SELECT sum(line.amount_minor) INTO posted_later
        FROM royalties_journalline line JOIN royalties_journalentry entry ON entry.id = line.entry_id
        WHERE line.account_id = the_account AND line.entry_id > coalesce(base.last_entry, 0)
          AND line.entry_id <= up_to AND entry.effective_on <= the_day;
    IF base.id IS NOT NULL AND base.month_end < the_day THEN
        SELECT sum(line.amount_minor) INTO posted_before
            FROM royalties_journalentry entry JOIN royalties_journalline line ON line.entry_id = entry.id
            WHERE entry.effective_on > base.month_end AND entry.effective_on <= the_day
              AND entry.id <= base.last_entry AND line.account_id = the_account;
    END IF;
    RETURN coalesce(base.balance_minor, 0) + coalesce(posted_later, 0) + coalesce(posted_before, 0);
END $$;
"""
NO_AS_OF = "DROP FUNCTION ledger_balance_as_of(bigint, date, bigint);"

# An account that has not moved since its last checkpoint needs no new one.
CLOSE = """
CREATE FUNCTION ledger_close_month(the_end date) RETURNS bigint LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE up_to bigint; written bigint;
BEGIN
    SELECT coalesce(max(id), 0) INTO up_to FROM royalties_journalentry;
    INSERT INTO royalties_checkpoint (account_id, month_end, balance_minor, last_entry, made_at)
    SELECT account_id, the_end, now_is, up_to, clock_timestamp() FROM (
        SELECT balance.account_id, balance.last_entry_id, before.last_entry, before.balance_minor AS was,
               ledger_balance_as_of(balance.account_id, the_end, up_to) AS now_is
        FROM royalties_balance balance LEFT JOIN LATERAL (
            SELECT last_entry, balance_minor FROM royalties_checkpoint
            WHERE account_id = balance.account_id AND month_end <= the_end ORDER BY month_end DESC LIMIT 1
        ) before ON true
    ) moved
    WHERE last_entry_id > coalesce(last_entry, 0) OR now_is IS DISTINCT FROM was
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS written = ROW_COUNT;
    RETURN written;
END $$;
"""
NO_CLOSE = "DROP FUNCTION ledger_close_month(date);"

TRUE_HEADS = """
CREATE FUNCTION ledger_head_is_true() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.hash <> coalesce((SELECT hash FROM royalties_journalentry WHERE id = NEW.last_entry),
                            CASE WHEN NEW.last_entry = 0 THEN repeat('0', 64) ELSE '' END) THEN
        RAISE EXCEPTION 'entry % does not have the hash %', NEW.last_entry, NEW.hash USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER head_is_true BEFORE INSERT ON royalties_ledgerhead
    FOR EACH ROW EXECUTE FUNCTION ledger_head_is_true();
ALTER TABLE royalties_ledgerhead ENABLE ALWAYS TRIGGER head_is_true;
"""
NO_TRUE_HEADS = """
DROP TRIGGER head_is_true ON royalties_ledgerhead;
DROP FUNCTION ledger_head_is_true();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("royalties", "0004_statement_rules"),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("run", models.CharField(max_length=40, verbose_name="run")),
                ("invariant", models.CharField(max_length=60, verbose_name="invariant")),
                ("breach_count", models.PositiveIntegerField(verbose_name="breaches")),
                ("breaches", models.JSONField(default=list, verbose_name="what is wrong")),
                ("last_entry", models.BigIntegerField(verbose_name="entries up to")),
                ("duration_ms", models.PositiveIntegerField(verbose_name="milliseconds")),
                ("checked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="checked")),
            ],
            options={
                "verbose_name": "check of the ledger",
                "verbose_name_plural": "checks of the ledger",
                "ordering": ("-checked_at", "invariant"),
                "indexes": [models.Index(fields=["-checked_at"], name="check_by_moment")],
                "constraints": [models.UniqueConstraint(fields=("run", "invariant"), name="check_once_a_run")],
            },
        ),
        migrations.CreateModel(
            name="LedgerHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True, verbose_name="day")),
                ("last_entry", models.BigIntegerField(verbose_name="last entry")),
                ("hash", models.CharField(max_length=64, verbose_name="hash")),
                ("published_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="published")),
            ],
            options={
                "verbose_name": "published head",
                "verbose_name_plural": "published heads",
                "ordering": ("-day",),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("last_entry__gte", 0)), name="head_not_below_nothing"),
                    models.CheckConstraint(
                        condition=models.Q(("hash__regex", "^[0-9a-f]{64}$")), name="head_hash_is_hex"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month_end", models.DateField(verbose_name="end of the month")),
                ("balance_minor", models.BigIntegerField(verbose_name="balance in minor units")),
                ("last_entry", models.BigIntegerField(verbose_name="entries up to")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="made at")),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checkpoints",
                        to="royalties.account",
                    ),
                ),
            ],
            options={
                "verbose_name": "checkpoint",
                "verbose_name_plural": "checkpoints",
                "ordering": ("-month_end", "account"),
                "constraints": [
                    models.UniqueConstraint(fields=("account", "month_end"), name="checkpoint_once_a_month")
                ],
            },
        ),
        migrations.RunSQL(HASH, NO_HASH),
        migrations.RunSQL(WHOLE, WHOLE_AS_IT_WAS),
        migrations.RunSQL(POST, NO_POST),
        migrations.RunSQL(BY_THE_DOOR, AS_BEFORE),
        migrations.RunSQL(LEAN, NOT_LEAN),
        migrations.RunSQL(RIGHTS.format("REVOKE", "FROM"), RIGHTS.format("GRANT", "TO")),
        migrations.RunSQL(AS_OF, NO_AS_OF),
        migrations.RunSQL(CLOSE, NO_CLOSE),
        migrations.RunSQL(TRUE_HEADS, NO_TRUE_HEADS),
        append_only("royalties_checkpoint"),
        append_only("royalties_ledgerhead"),
        append_only("royalties_ledgercheck"),
    ]
