"""To be fair among artists a worker asks whose jobs were worked on lately."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contributions", "0003_licences_rates_terms")]

    operations = [
        migrations.AddIndex(model_name="job", index=models.Index(fields=["heartbeat_at"], name="job_lately")),
    ]
