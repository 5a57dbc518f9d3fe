"""An answer may be that somebody is right and no amount changes by it."""

from django.db import migrations, models

OUTCOMES = [
    ("accepted", "Accepted"),
    ("partly", "Partly accepted"),
    ("noted", "Right, and no amount changes"),
    ("declined", "Declined"),
]


class Migration(migrations.Migration):
    dependencies = [("royalties", "0033_sealed_only_goes")]

    operations = [
        migrations.AlterField(
            model_name="answer", name="outcome", field=models.CharField(choices=OUTCOMES, max_length=8)
        ),
        migrations.AlterField(
            model_name="statementclaim",
            name="outcome",
            field=models.CharField(blank=True, choices=OUTCOMES, max_length=8),
        ),
    ]
