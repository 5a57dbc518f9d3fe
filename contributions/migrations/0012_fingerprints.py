"""What a version is known again by, looked up by value or by any of four bands, and the questions that follow."""

import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0011_what_was_given_stays"),
    ]

    operations = [
        migrations.CreateModel(
            name="Fingerprint",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "version", "kind", "place", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "edition"), (1, "picture"), (2, "frame"), (3, "sound"), (4, "words")]
                    ),
                ),
                ("place", models.PositiveIntegerField()),
                ("value", models.BigIntegerField()),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fingerprints",
                        to="contributions.version",
                    ),
                ),
            ],
            options={
                "verbose_name": "fingerprint",
                "verbose_name_plural": "fingerprints",
                "indexes": [
                    models.Index(fields=["kind", "value", "version"], include=("place",), name="fingerprint_value"),
                    models.Index(
                        models.F("kind"),
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(models.F("value"), ">>", models.Value(0)),
                            "&",
                            models.Value(65535),
                        ),
                        models.F("version"),
                        condition=models.Q(("kind__in", [1, 2])),
                        include=("place", "value"),
                        name="fingerprint_band_0",
                    ),
                    models.Index(
                        models.F("kind"),
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(models.F("value"), ">>", models.Value(16)),
                            "&",
                            models.Value(65535),
                        ),
                        models.F("version"),
                        condition=models.Q(("kind__in", [1, 2])),
                        include=("place", "value"),
                        name="fingerprint_band_1",
                    ),
                    models.Index(
                        models.F("kind"),
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(models.F("value"), ">>", models.Value(32)),
                            "&",
                            models.Value(65535),
                        ),
                        models.F("version"),
                        condition=models.Q(("kind__in", [1, 2])),
                        include=("place", "value"),
                        name="fingerprint_band_2",
                    ),
                    models.Index(
                        models.F("kind"),
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(models.F("value"), ">>", models.Value(48)),
                            "&",
                            models.Value(65535),
                        ),
                        models.F("version"),
                        condition=models.Q(("kind__in", [1, 2])),
                        include=("place", "value"),
                        name="fingerprint_band_3",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Likeness",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("strength", models.PositiveSmallIntegerField()),
                ("found_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("denied_at", models.DateTimeField(blank=True, null=True)),
                (
                    "contribution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="likenesses",
                        to="contributions.contribution",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contributions.contribution"
                    ),
                ),
            ],
            options={
                "verbose_name": "likeness",
                "verbose_name_plural": "likenesses",
                "constraints": [
                    models.UniqueConstraint(fields=("contribution", "source"), name="likeness_once"),
                    models.CheckConstraint(
                        condition=models.Q(("source", models.F("contribution")), _negated=True),
                        name="likeness_not_itself",
                    ),
                ],
            },
        ),
    ]
