"""The mail that tells of an address that was removed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("royalties", "0019_banking"),
    ]

    operations = [
        migrations.AlterField(
            model_name="outboxmail",
            name="kind",
            field=models.CharField(
                choices=[
                    ("destination_code", "code of a payout address"),
                    ("destination_replaced", "warning of another payout address"),
                    ("destination_removed", "warning of a payout address that was removed"),
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
    ]
