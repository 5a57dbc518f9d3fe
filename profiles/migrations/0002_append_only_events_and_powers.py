"""Events are append only; the groups that carry staff powers exist from the first day."""

from django.db import migrations

from profiles.append_only import FORBID, append_only

POWERS = ("curator", "producer", "drafter", "approver", "moderator", "finance")


def make_groups(apps, schema_editor):
    group = apps.get_model("auth", "Group")
    for power in POWERS:
        group.objects.get_or_create(name=power)


class Migration(migrations.Migration):
    dependencies = [
        ("profiles", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.RunSQL(FORBID, "DROP FUNCTION forbid_change();"),
        append_only("profiles_event"),
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
