"""Corrections: which statement corrects which, and the rows of what they change and move."""

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from profiles.append_only import append_only

# What a statement corrects, and who pays for it, is said once.
KEEP = """
CREATE TRIGGER keep_correction BEFORE UPDATE ON royalties_statement
    FOR EACH ROW EXECUTE FUNCTION keep_columns('corrects_id', 'funding');
"""
DROP = "DROP TRIGGER keep_correction ON royalties_statement;"


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0003_locks"),
        ("royalties", "0006_statement_life"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CorrectionMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_minor", models.BigIntegerField(verbose_name="amount in minor units")),
            ],
            options={
                "verbose_name": "booking of a correction",
                "verbose_name_plural": "bookings of corrections",
                "ordering": ("correction", "pk"),
            },
        ),
        migrations.CreateModel(
            name="CorrectionShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("delta_minor", models.BigIntegerField(verbose_name="difference in minor units")),
            ],
            options={
                "verbose_name": "difference of a correction",
                "verbose_name_plural": "differences of corrections",
                "ordering": ("correction", "pk"),
            },
        ),
        migrations.RemoveConstraint(
            model_name="statement",
            name="statement_period_once",
        ),
        migrations.AddField(
            model_name="statement",
            name="corrects",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="royalties.statement",
            ),
        ),
        migrations.AddField(
            model_name="statement",
            name="funding",
            field=models.CharField(
                blank=True,
                choices=[
                    ("house", "by the house, which erred"),
                    ("shares", "out of later shares of the same production"),
                ],
                max_length=6,
                verbose_name="who pays what was missing",
            ),
        ),
        migrations.AddField(
            model_name="statementclaim",
            name="carried_out_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="carried_out",
                to="royalties.statement",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(models.Q(("status", "withdrawn"), _negated=True), ("corrects__isnull", True)),
                expressions=[("production", "="), ("currency", "="), ("period", "&&")],
                name="statement_period_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["posted", "paid", "withdrawn"]), _negated=True),
                fields=("corrects",),
                name="statement_one_open_correction",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("corrects__isnull", True), ("funding", "")),
                    models.Q(("corrects__isnull", False), models.Q(("funding", ""), _negated=True)),
                    _connector="OR",
                ),
                name="statement_correction_is_funded",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(("corrects", models.F("pk")), _negated=True), name="statement_corrects_another"
            ),
        ),
        migrations.AddField(
            model_name="correctionmove",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="moved_corrections", to="royalties.statement"
            ),
        ),
        migrations.AddField(
            model_name="correctionmove",
            name="correction",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="correction_moves", to="royalties.statement"
            ),
        ),
        migrations.AddField(
            model_name="correctionmove",
            name="payee",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="correction_moves", to="royalties.payee"
            ),
        ),
        migrations.AddField(
            model_name="correctionshare",
            name="correction",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="correction_shares", to="royalties.statement"
            ),
        ),
        migrations.AddField(
            model_name="correctionshare",
            name="payee",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="royalties.payee"
            ),
        ),
        migrations.AddConstraint(
            model_name="correctionmove",
            constraint=models.UniqueConstraint(fields=("correction", "by", "payee"), name="correction_move_once"),
        ),
        migrations.AddConstraint(
            model_name="correctionmove",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor", 0), _negated=True), name="correction_move_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="correctionshare",
            constraint=models.UniqueConstraint(fields=("correction", "payee"), name="correction_share_once"),
        ),
        migrations.AddConstraint(
            model_name="correctionshare",
            constraint=models.CheckConstraint(
                condition=models.Q(("delta_minor", 0), _negated=True), name="correction_share_something"
            ),
        ),
        migrations.RunSQL(KEEP, DROP),
        append_only("royalties_correctionshare"),
        append_only("royalties_correctionmove"),
    ]
