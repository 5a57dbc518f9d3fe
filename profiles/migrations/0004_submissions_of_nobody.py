"""Answers to forms of people without an account are kept as well: told by the key alone."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("profiles", "0003_submissions"),
    ]

    operations = [
        migrations.AlterField(
            model_name="submission",
            name="actor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="submissions",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(
                condition=models.Q(("actor__isnull", True)),
                fields=("key", "part"),
                name="submission_once_by_nobody",
            ),
        ),
    ]
