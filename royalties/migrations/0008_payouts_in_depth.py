"""Payouts in depth: bank accounts, tax forms, withholding, holds, matches, reports, unclaimed money."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from profiles.append_only import append_only, keeping

RULES = """
CREATE FUNCTION payout_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- What has arrived may still come back; nothing else is ever undone.
    IF OLD.status IN ('settled', 'failed', 'dropped', 'returned') AND NEW.status <> OLD.status
        AND NOT (OLD.status = 'settled' AND NEW.status = 'returned') THEN
        RAISE EXCEPTION 'payout % is % and stays so', OLD.id, OLD.status USING ERRCODE = '23514';
    END IF;
    IF OLD.provider_reference <> '' AND NEW.provider_reference <> OLD.provider_reference THEN
        RAISE EXCEPTION 'the reference of payout % stays', OLD.id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER decided ON royalties_payout;
CREATE TRIGGER moves BEFORE UPDATE ON royalties_payout FOR EACH ROW EXECUTE FUNCTION payout_moves();
CREATE TRIGGER approval BEFORE UPDATE ON royalties_batch FOR EACH ROW EXECUTE FUNCTION approval_stays();
CREATE TRIGGER keep_country BEFORE UPDATE ON royalties_destination
    FOR EACH ROW EXECUTE FUNCTION keep_columns('country');

CREATE FUNCTION once_set_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    column_name text;
BEGIN
    FOREACH column_name IN ARRAY TG_ARGV LOOP
        IF to_jsonb(OLD) -> column_name NOT IN ('null', '""')
            AND to_jsonb(OLD) -> column_name IS DISTINCT FROM to_jsonb(NEW) -> column_name THEN
            RAISE EXCEPTION '% of % is set and stays so', column_name, TG_TABLE_NAME USING ERRCODE = '23514';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
CREATE TRIGGER once BEFORE UPDATE ON royalties_withholding
    FOR EACH ROW EXECUTE FUNCTION once_set_stays('remittance_id');
CREATE TRIGGER once BEFORE UPDATE ON royalties_payouthold
    FOR EACH ROW EXECUTE FUNCTION once_set_stays('lifted_by_id', 'lifted_at', 'lifted_because');
CREATE TRIGGER once BEFORE UPDATE ON royalties_unclaimedcase
    FOR EACH ROW EXECUTE FUNCTION once_set_stays('set_aside_at', 'ended_by_id', 'ended_at', 'reference');
"""
NO_RULES = """
DROP TRIGGER once ON royalties_unclaimedcase;
DROP TRIGGER once ON royalties_payouthold;
DROP TRIGGER once ON royalties_withholding;
DROP FUNCTION once_set_stays();
DROP TRIGGER keep_country ON royalties_destination;
DROP TRIGGER approval ON royalties_batch;
DROP TRIGGER moves ON royalties_payout;
CREATE TRIGGER decided BEFORE UPDATE ON royalties_payout FOR EACH ROW EXECUTE FUNCTION decided_stays();
DROP FUNCTION payout_moves();
"""

FIXED = {
    "taxform": "payee_id kind country fingerprint signed_at valid_from valid_to",
    "withholding": "payout_id rate_id authority basis_minor amount_minor",
    "payouthold": "payee_id kind reason placed_by_id placed_at currencies",
    "unclaimedcase": "payee_id currency warned_at due_on",
}
APPEND_ONLY = (
    "payeematch",
    "matchverdict",
    "withholdingrate",
    "remittance",
    "payoutreport",
    "reportrow",
    "rowverdict",
)


class Migration(migrations.Migration):
    dependencies = [
        ("royalties", "0007_corrections"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MatchVerdict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("outcome", models.CharField(choices=[("one", "One person"), ("two", "Two people")], max_length=3)),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("decided_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "verbose_name": "verdict",
                "verbose_name_plural": "verdicts",
            },
        ),
        migrations.CreateModel(
            name="PayeeMatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ground",
                    models.CharField(
                        choices=[("destination", "the same payout destination"), ("tax_id", "the same tax id")],
                        max_length=11,
                    ),
                ),
                ("found_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "verbose_name": "payees who may be one person",
                "verbose_name_plural": "payees who may be one person",
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="PayoutHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("minor", "Under age: a guardian must be verified"),
                            ("dispute", "In dispute"),
                            ("staff", "Held by staff"),
                        ],
                        max_length=7,
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("placed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "currencies",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=3), blank=True, default=list, size=None
                    ),
                ),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                ("lifted_because", models.CharField(blank=True, max_length=300, verbose_name="why it was lifted")),
            ],
            options={
                "verbose_name": "hold on payouts",
                "verbose_name_plural": "holds on payouts",
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="PayoutReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "format",
                    models.CharField(
                        choices=[
                            ("paypal", "PayPal report (CSV)"),
                            ("sepa", "Bank report (CSV)"),
                            ("pain002", "Bank status report (pain.002)"),
                            ("camt", "Bank statement or advice (camt.053, camt.054)"),
                        ],
                        max_length=7,
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="file")),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("content_encrypted", models.BinaryField()),
                ("row_count", models.PositiveIntegerField(verbose_name="rows")),
                ("taken_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "verbose_name": "payout report",
                "verbose_name_plural": "payout reports",
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="Remittance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "authority",
                    models.CharField(
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z][a-z0-9-]{1,19}$", "Use small letters, such as irs."
                            )
                        ],
                        verbose_name="authority",
                    ),
                ),
                ("period", models.CharField(max_length=10, verbose_name="period")),
                (
                    "currency",
                    models.CharField(
                        max_length=3,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{3}$", "Use three capital letters, such as USD."
                            )
                        ],
                    ),
                ),
                ("amount_minor", models.BigIntegerField()),
                ("reference", models.CharField(max_length=80, verbose_name="the bank’s reference")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "verbose_name": "remittance of tax",
                "verbose_name_plural": "remittances of tax",
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="ReportRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="line")),
                ("item", models.CharField(blank=True, max_length=80, verbose_name="item")),
                ("reference", models.CharField(blank=True, max_length=80, verbose_name="the provider’s reference")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("completed", "Paid"),
                            ("failed", "Not paid"),
                            ("returned", "Came back"),
                            ("waiting", "Not decided yet"),
                        ],
                        max_length=9,
                    ),
                ),
                ("amount_minor", models.BigIntegerField()),
                ("fee_minor", models.BigIntegerField(default=0)),
                (
                    "currency",
                    models.CharField(
                        max_length=3,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{3}$", "Use three capital letters, such as USD."
                            )
                        ],
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("fact", models.CharField(db_index=True, max_length=64)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("settled", "settled a payout"),
                            ("failed", "made a payout payable again"),
                            ("returned", "took back a payout that had arrived"),
                            ("known", "known before"),
                            ("waiting", "nothing decided yet"),
                            ("unknown", "names no payout of ours"),
                            ("contradicts", "contradicts what we know"),
                        ],
                        max_length=11,
                    ),
                ),
                ("booked", models.CharField(blank=True, max_length=200, verbose_name="key of the ledger’s entry")),
            ],
            options={
                "verbose_name": "row of a payout report",
                "verbose_name_plural": "rows of payout reports",
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="RowVerdict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("wrong", "The report was wrong; the entry is reversed"),
                            ("owed", "The payee owes it; it is taken from what is payable"),
                            ("belongs", "It belongs to a payee"),
                            ("noted", "Nothing to book"),
                        ],
                        max_length=7,
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("decided_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "verbose_name": "verdict on a row",
                "verbose_name_plural": "verdicts on rows",
            },
        ),
        migrations.CreateModel(
            name="TaxForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("w9", "W-9: person of the United States"),
                            ("w8ben", "W-8BEN: person of another country"),
                            ("residence", "Declaration of residence"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "country",
                    models.CharField(
                        max_length=2,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{2}$", "Use the two capital letters of ISO 3166, such as DE."
                            )
                        ],
                        verbose_name="country",
                    ),
                ),
                ("tax_id_encrypted", models.BinaryField()),
                ("fingerprint", models.CharField(editable=False, max_length=64)),
                ("signed_name_encrypted", models.BinaryField()),
                ("signed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "tax form",
                "verbose_name_plural": "tax forms",
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="UnclaimedCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "currency",
                    models.CharField(
                        max_length=3,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{3}$", "Use three capital letters, such as USD."
                            )
                        ],
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("warned", "Warned"),
                            ("answered", "The payee answered in time"),
                            ("unclaimed", "Set aside"),
                            ("claimed", "Claimed"),
                            ("escheat", "Given to the state, as the law wants"),
                        ],
                        default="warned",
                        max_length=9,
                    ),
                ),
                ("warned_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("due_on", models.DateField(verbose_name="set aside on")),
                ("amount_minor", models.BigIntegerField(default=0)),
                ("set_aside_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("reference", models.CharField(blank=True, max_length=80, verbose_name="the authority’s reference")),
            ],
            options={
                "verbose_name": "unclaimed money",
                "verbose_name_plural": "unclaimed money",
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="Withholding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("authority", models.CharField(max_length=20)),
                ("basis_minor", models.BigIntegerField()),
                ("amount_minor", models.BigIntegerField()),
            ],
            options={
                "verbose_name": "withholding",
                "verbose_name_plural": "withholdings",
            },
        ),
        migrations.CreateModel(
            name="WithholdingRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "authority",
                    models.CharField(
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z][a-z0-9-]{1,19}$", "Use small letters, such as irs."
                            )
                        ],
                        verbose_name="authority",
                    ),
                ),
                (
                    "country",
                    models.CharField(
                        blank=True,
                        max_length=2,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{2}$", "Use the two capital letters of ISO 3166, such as DE."
                            )
                        ],
                        verbose_name="country of the payee",
                    ),
                ),
                ("rate_bps", models.PositiveIntegerField(verbose_name="basis points")),
                ("valid_from", models.DateField(verbose_name="from")),
                ("note", models.CharField(max_length=300, verbose_name="public note")),
                ("entered_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "verbose_name": "withholding rate",
                "verbose_name_plural": "withholding rates",
                "ordering": ("-id",),
            },
        ),
        migrations.RemoveConstraint(
            model_name="destination",
            name="destination_one_current",
        ),
        migrations.RemoveConstraint(
            model_name="destination",
            name="destination_one_payee",
        ),
        migrations.RemoveConstraint(
            model_name="payout",
            name="payout_failed_reason",
        ),
        migrations.AddField(
            model_name="batch",
            name="approved_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="batch",
            name="approved_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="destination",
            name="country",
            field=models.CharField(blank=True, max_length=2, verbose_name="country"),
        ),
        migrations.AlterField(
            model_name="batch",
            name="method",
            field=models.CharField(choices=[("paypal", "PayPal"), ("sepa", "Bank transfer in euros")], max_length=6),
        ),
        migrations.AlterField(
            model_name="destination",
            name="method",
            field=models.CharField(
                choices=[("paypal", "PayPal"), ("sepa", "Bank transfer in euros")], default="paypal", max_length=6
            ),
        ),
        migrations.AlterField(
            model_name="payout",
            name="status",
            field=models.CharField(
                choices=[
                    ("pending", "Scheduled"),
                    ("sent", "Sent"),
                    ("settled", "Arrived"),
                    ("failed", "Returned"),
                    ("returned", "Returned after arrival"),
                    ("dropped", "Dropped"),
                ],
                default="pending",
                max_length=8,
            ),
        ),
        migrations.AddIndex(
            model_name="destination",
            index=models.Index(fields=["fingerprint"], name="destination_by_fingerprint"),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by__isnull", True),
                    models.Q(
                        ("approved_at__isnull", False),
                        models.Q(("approved_by", models.F("prepared_by")), _negated=True),
                        models.Q(
                            ("submitted_by__isnull", True),
                            models.Q(("approved_by", models.F("submitted_by")), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="batch_third_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="destination",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at__isnull", True)),
                fields=("payee", "method"),
                name="destination_one_current",
            ),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["failed", "returned"]), _negated=True),
                    models.Q(("failure", ""), _negated=True),
                    _connector="OR",
                ),
                name="payout_failed_reason",
            ),
        ),
        migrations.AddField(
            model_name="matchverdict",
            name="decided_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="payeematch",
            name="first",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="royalties.payee"
            ),
        ),
        migrations.AddField(
            model_name="payeematch",
            name="second",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="royalties.payee"
            ),
        ),
        migrations.AddField(
            model_name="matchverdict",
            name="match",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="verdicts", to="royalties.payeematch"
            ),
        ),
        migrations.AddField(
            model_name="payouthold",
            name="lifted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="payouthold",
            name="payee",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="royalties.payee"
            ),
        ),
        migrations.AddField(
            model_name="payouthold",
            name="placed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="payoutreport",
            name="taken_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="remittance",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="reportrow",
            name="payout",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="report_rows",
                to="royalties.payout",
            ),
        ),
        migrations.AddField(
            model_name="reportrow",
            name="report",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="royalties.payoutreport"
            ),
        ),
        migrations.AddField(
            model_name="rowverdict",
            name="decided_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="rowverdict",
            name="row",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="verdict", to="royalties.reportrow"
            ),
        ),
        migrations.AddField(
            model_name="taxform",
            name="payee",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="tax_forms", to="royalties.payee"
            ),
        ),
        migrations.AddField(
            model_name="unclaimedcase",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="unclaimedcase",
            name="escheat_asked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="unclaimedcase",
            name="payee",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="unclaimed_cases", to="royalties.payee"
            ),
        ),
        migrations.AddField(
            model_name="withholding",
            name="payout",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="withholdings", to="royalties.payout"
            ),
        ),
        migrations.AddField(
            model_name="withholding",
            name="remittance",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="withholdings",
                to="royalties.remittance",
            ),
        ),
        migrations.AddField(
            model_name="withholdingrate",
            name="entered_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="withholding",
            name="rate",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="withholdings", to="royalties.withholdingrate"
            ),
        ),
        migrations.AddConstraint(
            model_name="payeematch",
            constraint=models.UniqueConstraint(fields=("first", "second", "ground"), name="payee_match_once"),
        ),
        migrations.AddConstraint(
            model_name="payeematch",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__lt", models.F("second"))), name="payee_match_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="matchverdict",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="match_verdict_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="payouthold",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="payout_hold_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="payouthold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lifted_at__isnull", True), ("lifted_by__isnull", True)),
                    models.Q(
                        ("lifted_at__isnull", False),
                        models.Q(("lifted_because", ""), _negated=True),
                        models.Q(("lifted_by", models.F("placed_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="payout_hold_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="payouthold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at__isnull", True)), fields=("payee", "kind"), name="payout_hold_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="remittance",
            constraint=models.UniqueConstraint(
                fields=("authority", "period", "currency"), name="remittance_once_a_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="remittance",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gt", 0), models.Q(("reference", ""), _negated=True)),
                name="remittance_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportrow",
            constraint=models.UniqueConstraint(fields=("report", "number"), name="report_row_once"),
        ),
        migrations.AddConstraint(
            model_name="reportrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gt", 0), ("fee_minor__gte", 0)), name="report_row_amounts"
            ),
        ),
        migrations.AddConstraint(
            model_name="rowverdict",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="row_verdict_reason"
            ),
        ),
        migrations.AddIndex(
            model_name="taxform",
            index=models.Index(fields=["payee", "-id"], name="tax_form_by_payee"),
        ),
        migrations.AddIndex(
            model_name="taxform",
            index=models.Index(fields=["fingerprint"], name="tax_form_by_fingerprint"),
        ),
        migrations.AddConstraint(
            model_name="taxform",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="tax_form_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="unclaimedcase",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "warned")), fields=("payee", "currency"), name="unclaimed_one_warning"
            ),
        ),
        migrations.AddConstraint(
            model_name="unclaimedcase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["warned", "answered"]),
                    models.Q(("amount_minor__gt", 0), ("set_aside_at__isnull", False)),
                    _connector="OR",
                ),
                name="unclaimed_amount",
            ),
        ),
        migrations.AddConstraint(
            model_name="unclaimedcase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "escheat"), _negated=True),
                    models.Q(
                        models.Q(("reference", ""), _negated=True),
                        ("ended_by__isnull", False),
                        ("escheat_asked_by__isnull", False),
                        models.Q(("escheat_asked_by", models.F("ended_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="escheat_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="withholdingrate",
            constraint=models.CheckConstraint(
                condition=models.Q(("rate_bps__lte", 10000)), name="withholding_rate_bounded"
            ),
        ),
        migrations.AddConstraint(
            model_name="withholdingrate",
            constraint=models.CheckConstraint(
                condition=models.Q(("note", ""), _negated=True), name="withholding_rate_note"
            ),
        ),
        migrations.AddConstraint(
            model_name="withholding",
            constraint=models.UniqueConstraint(fields=("payout", "authority"), name="withholding_once"),
        ),
        migrations.AddConstraint(
            model_name="withholding",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gt", 0), ("amount_minor__lte", models.F("basis_minor"))),
                name="withholding_amounts",
            ),
        ),
        *(append_only(f"royalties_{table}") for table in APPEND_ONLY),
        *(keeping(f"royalties_{table}", columns) for table, columns in FIXED.items()),
        migrations.RunSQL(RULES, NO_RULES),
    ]
