"""What was taken back or dropped gives its number free: a cost, an invoice of ours, money in suspense."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

RULES = """
CREATE TRIGGER keep_again BEFORE UPDATE ON royalties_suspense FOR EACH ROW EXECUTE FUNCTION keep_columns('again');
CREATE TRIGGER keep_again BEFORE UPDATE ON royalties_invoice FOR EACH ROW EXECUTE FUNCTION keep_columns('again');
CREATE TRIGGER keep_again BEFORE UPDATE ON royalties_cost FOR EACH ROW EXECUTE FUNCTION keep_columns('again');
CREATE TRIGGER dropped BEFORE UPDATE ON royalties_cost FOR EACH ROW EXECUTE FUNCTION
    written_once('dropped_by_id', 'dropped_at', 'drop_reason');
CREATE TRIGGER keep_what BEFORE UPDATE ON royalties_reversal FOR EACH ROW EXECUTE FUNCTION
    keep_columns('cost_id', 'invoice_id');
"""
NO_RULES = """
DROP TRIGGER keep_what ON royalties_reversal;
DROP TRIGGER dropped ON royalties_cost;
DROP TRIGGER keep_again ON royalties_cost;
DROP TRIGGER keep_again ON royalties_invoice;
DROP TRIGGER keep_again ON royalties_suspense;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0003_locks"),
        ("royalties", "0020_removed_destination"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="income",
            name="income_transaction_once",
        ),
        migrations.RemoveConstraint(
            model_name="invoice",
            name="invoice_once",
        ),
        migrations.RemoveConstraint(
            model_name="suspense",
            name="suspense_transaction_once",
        ),
        migrations.AddField(
            model_name="cost",
            name="again",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="cost",
            name="drop_reason",
            field=models.CharField(blank=True, max_length=500, verbose_name="why it was dropped"),
        ),
        migrations.AddField(
            model_name="cost",
            name="dropped_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="dropped at"),
        ),
        migrations.AddField(
            model_name="cost",
            name="dropped_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="income",
            name="again",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="invoice",
            name="again",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="reversal",
            name="cost",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reversals",
                to="royalties.cost",
            ),
        ),
        migrations.AddField(
            model_name="reversal",
            name="invoice",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reversals",
                to="royalties.invoice",
            ),
        ),
        migrations.AddField(
            model_name="suspense",
            name="again",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="cost",
            name="invoice",
            field=models.CharField(max_length=60, verbose_name="invoice"),
        ),
        migrations.AlterField(
            model_name="reversal",
            name="income",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reversals",
                to="royalties.income",
            ),
        ),
        migrations.AddConstraint(
            model_name="cost",
            constraint=models.UniqueConstraint(fields=("invoice", "again"), name="cost_invoice_once"),
        ),
        migrations.AddConstraint(
            model_name="cost",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("drop_reason", ""), ("dropped_at__isnull", True), ("dropped_by__isnull", True)),
                    models.Q(
                        ("dropped_at__isnull", False),
                        ("dropped_by__isnull", False),
                        ("is_within_limit", False),
                        ("approved_by__isnull", True),
                        models.Q(("drop_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="cost_dropped_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="income",
            constraint=models.UniqueConstraint(
                fields=("provider", "transaction", "kind", "again"), name="income_transaction_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.UniqueConstraint(fields=("channel", "number", "again"), name="invoice_once"),
        ),
        migrations.AddConstraint(
            model_name="reversal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("dropped_at__isnull", True)), fields=("cost",), name="reversal_cost_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="reversal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("dropped_at__isnull", True)), fields=("invoice",), name="reversal_invoice_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="reversal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cost__isnull", True), ("income__isnull", False), ("invoice__isnull", True)),
                    models.Q(("cost__isnull", False), ("income__isnull", True), ("invoice__isnull", True)),
                    models.Q(("cost__isnull", True), ("income__isnull", True), ("invoice__isnull", False)),
                    _connector="OR",
                ),
                name="reversal_of_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspense",
            constraint=models.UniqueConstraint(
                fields=("provider", "transaction", "again"), name="suspense_transaction_once"
            ),
        ),
        migrations.RunSQL(RULES, NO_RULES),
    ]
