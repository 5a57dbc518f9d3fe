"""The words of sounds and films, a row a language."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contributions", "0007_count_families")]

    operations = [
        migrations.CreateModel(
            name="Caption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=12, verbose_name="language")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("captions", "Captions: speech and sounds, for people who do not hear it"),
                            ("subtitles", "Subtitles: speech alone, for people who do not know the language"),
                        ],
                        default="captions",
                        max_length=9,
                        verbose_name="kind",
                    ),
                ),
                ("body", models.TextField(verbose_name="WebVTT")),
                ("cue_count", models.PositiveIntegerField(verbose_name="number of cues")),
                ("sha256", models.CharField(max_length=64)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="changed")),
                (
                    "contribution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="caption_rows",
                        to="contributions.contribution",
                    ),
                ),
            ],
            options={
                "verbose_name": "captions",
                "verbose_name_plural": "captions",
                "constraints": [
                    models.UniqueConstraint(fields=("contribution", "language"), name="caption_language_once")
                ],
            },
        ),
    ]
