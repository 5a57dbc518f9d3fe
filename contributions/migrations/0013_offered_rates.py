"""What a remixer offers a source beyond the table, until the remix is published."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0012_fingerprints"),
    ]

    operations = [
        migrations.AddField(
            model_name="draftsource",
            name="offered_bps",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="offered rate in basis points"),
        ),
        migrations.AddConstraint(
            model_name="draftsource",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("offered_bps__isnull", True),
                    models.Q(("offered_bps__lte", 10000), ("source__isnull", False)),
                    _connector="OR",
                ),
                name="draft_source_offer",
            ),
        ),
    ]
