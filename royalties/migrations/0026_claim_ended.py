"""Who claimed without an account is told that the statement was withdrawn."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("royalties", "0025_claims_on_lines"),
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
                    ("claim_ended", "word that a claimed statement was withdrawn"),
                    ("payout", "what became of a payment"),
                    ("unclaimed", "money that nobody asks for"),
                    ("ledger_broken", "a broken ledger"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
    ]
