"""What was approved is taken back by two people, with a public reason."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("royalties", "0023_who_drafted"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="adjustment",
            name="back_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="asked to be taken back by",
            ),
        ),
        migrations.AddField(
            model_name="adjustment",
            name="back_reason",
            field=models.CharField(blank=True, max_length=500, verbose_name="public reason for taking it back"),
        ),
        migrations.AddField(
            model_name="adjustment",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="taken back by",
            ),
        ),
        migrations.AddConstraint(
            model_name="adjustment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("back_by__isnull", True), ("back_reason", "")),
                    models.Q(("back_by__isnull", False), models.Q(("back_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="adjustment_back_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="adjustment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("back_by__isnull", True),
                    ("withdrawn_by__isnull", True),
                    models.Q(("withdrawn_by", models.F("back_by")), _negated=True),
                    _connector="OR",
                ),
                name="adjustment_back_second_person",
            ),
        ),
    ]
