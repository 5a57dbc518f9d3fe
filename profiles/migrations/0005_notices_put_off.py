"""A notice whose mail was not taken says until when it is put off."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("profiles", "0004_submissions_of_nobody"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="mail_again_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
