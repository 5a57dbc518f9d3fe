"""What was done on a case is never rewritten."""

from django.db import migrations

from profiles.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0001_initial"),
        ("profiles", "0002_append_only_events_and_powers"),
    ]

    operations = [append_only("reviews_caseaction")]
