"""What a provider takes for a whole batch."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from profiles.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("royalties", "0016_outbox"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BatchFee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_minor", models.BigIntegerField(verbose_name="amount in minor units")),
                ("number", models.CharField(max_length=80, verbose_name="the provider’s number")),
                ("charged_on", models.DateField(verbose_name="charged on")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "batch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fee",
                        to="royalties.batch",
                        verbose_name="batch",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "fee of a batch",
                "verbose_name_plural": "fees of batches",
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount_minor__gt", 0)), name="batch_fee_positive")
                ],
            },
        ),
        append_only("royalties_batchfee"),
    ]
