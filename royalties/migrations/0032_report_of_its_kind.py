"""A file that was taken for the wrong kind of report may be taken in as what it is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("royalties", "0031_recovered")]

    operations = [
        migrations.AlterField(model_name="payoutreport", name="sha256", field=models.CharField(max_length=64)),
        migrations.AddConstraint(
            model_name="payoutreport",
            constraint=models.UniqueConstraint(fields=("sha256", "format"), name="payout_report_once"),
        ),
    ]
