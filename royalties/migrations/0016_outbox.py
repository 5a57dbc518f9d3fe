"""Mails about money are owed as rows until they are written."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("royalties", "0015_forget_payout_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OutboxMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("destination_code", "code of a payout address"),
                            ("destination_replaced", "warning of another payout address"),
                            ("claim_confirmation", "link that confirms a claim"),
                            ("claim_answer", "answer to a claim"),
                            ("payout", "what became of a payment"),
                            ("unclaimed", "money that nobody asks for"),
                            ("ledger_broken", "a broken ledger"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("about", models.BigIntegerField(verbose_name="about")),
                ("owed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="owed since")),
                ("again_at", models.DateTimeField(db_index=True, verbose_name="tried again")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="tried again so often")),
                (
                    "recipient",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recipient",
                    ),
                ),
            ],
            options={
                "verbose_name": "mail to be written",
                "verbose_name_plural": "mails to be written",
                "ordering": ("again_at",),
            },
        ),
    ]
