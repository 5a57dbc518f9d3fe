"""What a channel gives back of its fee is a kind of income's own; nothing changes in the database."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("royalties", "0028_longer_links")]

    operations = [
        migrations.AlterField(
            model_name="income",
            name="kind",
            field=models.CharField(
                choices=[
                    ("sale", "Sale"),
                    ("refund", "Refund"),
                    ("fee", "Channel fee"),
                    ("rebate", "Channel fee given back"),
                ],
                max_length=6,
            ),
        ),
    ]
