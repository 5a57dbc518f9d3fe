"""Balances that are paid in another currency: the rate of a batch, what each payout buys, and that neither changes."""

import django.core.validators
from django.db import migrations, models

from profiles.append_only import append_only

FIXED = {
    "batch": "method currency prepared_by_id prepared_at",
    "payout": "batch_id payee_id destination_id code amount_minor withheld_minor currency",
}
BOUGHT = {"batch": "bought numerator denominator", "payout": "bought_minor bought"}
KEEP = """
DROP TRIGGER keep_columns ON royalties_{table};
CREATE TRIGGER keep_columns BEFORE UPDATE ON royalties_{table} FOR EACH ROW EXECUTE FUNCTION keep_columns({columns});
"""


def keeping(table: str) -> migrations.RunSQL:
    """These columns stay as they were first written, with those that did before."""
    before = FIXED[table].split()
    columns = [*before, *BOUGHT[table].split()]
    now, then = (KEEP.format(table=table, columns=", ".join(map(repr, names))) for names in (columns, before))
    return migrations.RunSQL(now, then)


class Migration(migrations.Migration):
    dependencies = [
        ("royalties", "0017_batch_fee"),
    ]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="bought",
            field=models.CharField(
                blank=True,
                max_length=3,
                validators=[
                    django.core.validators.RegexValidator("^[A-Z]{3}$", "Use three capital letters, such as USD.")
                ],
                verbose_name="converted into",
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="denominator",
            field=models.DecimalField(blank=True, decimal_places=0, max_digits=40, null=True),
        ),
        migrations.AddField(
            model_name="batch",
            name="numerator",
            field=models.DecimalField(blank=True, decimal_places=0, max_digits=40, null=True),
        ),
        migrations.AddField(
            model_name="batch",
            name="rates",
            field=models.ManyToManyField(blank=True, related_name="batches", to="royalties.exchangerate"),
        ),
        migrations.AddField(
            model_name="payout",
            name="bought",
            field=models.CharField(
                blank=True,
                max_length=3,
                validators=[
                    django.core.validators.RegexValidator("^[A-Z]{3}$", "Use three capital letters, such as USD.")
                ],
            ),
        ),
        migrations.AddField(
            model_name="payout",
            name="bought_minor",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("bought", ""), ("denominator__isnull", True), ("numerator__isnull", True)),
                    models.Q(
                        models.Q(("bought", ""), _negated=True),
                        models.Q(("bought", models.F("currency")), _negated=True),
                        ("denominator__gt", 0),
                        ("numerator__gt", 0),
                        ("denominator__isnull", False),
                        ("numerator__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="batch_rate_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("bought", ""), ("bought_minor__isnull", True)),
                    models.Q(
                        models.Q(("bought", ""), _negated=True),
                        models.Q(("bought", models.F("currency")), _negated=True),
                        ("bought_minor__gt", 0),
                        ("bought_minor__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="payout_bought_whole",
            ),
        ),
        *(keeping(table) for table in FIXED),
        append_only("royalties_batch_rates"),
    ]
