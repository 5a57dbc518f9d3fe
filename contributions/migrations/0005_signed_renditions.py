"""When a file was signed, and how far the signing of a version is."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("contributions", "0004_jobs_by_heartbeat")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="rendition",
            name="signed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="rendition",
            name="credentials_bytes",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="version",
            name="signed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="version",
            name="signing_attempts",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddIndex(
            model_name="version",
            index=models.Index(
                condition=models.Q(("ready_at__isnull", False), ("signed_at", None)),
                fields=["signing_attempts", "id"],
                name="version_to_sign",
            ),
        ),
    ]
