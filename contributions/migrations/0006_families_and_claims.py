"""Families: counters of the lineage, so that no page walks all of it. Claims of a missing source."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# What was claimed stays as it was said; only the answer is added. `forbid_change_but` came with the remixes.
CLAIMS = """
CREATE TRIGGER claim_frozen BEFORE UPDATE ON contributions_claim
    FOR EACH ROW EXECUTE FUNCTION forbid_change_but('status', 'answer', 'answered_by_id', 'answered_at');
CREATE TRIGGER claim_stays BEFORE DELETE ON contributions_claim
    FOR EACH ROW EXECUTE FUNCTION forbid_change();
ALTER TABLE contributions_claim ENABLE ALWAYS TRIGGER claim_frozen;
ALTER TABLE contributions_claim ENABLE ALWAYS TRIGGER claim_stays;
"""

NO_CLAIMS = """
DROP TRIGGER claim_stays ON contributions_claim;
DROP TRIGGER claim_frozen ON contributions_claim;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0005_signed_renditions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("evidence", models.CharField(max_length=1000, verbose_name="what shows it")),
                ("at_ms", models.PositiveIntegerField(blank=True, null=True, verbose_name="moment in milliseconds")),
                ("url", models.URLField(blank=True, verbose_name="address")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Waits for an answer"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("withdrawn", "Taken back"),
                        ],
                        default="open",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="made")),
                ("answer", models.CharField(blank=True, max_length=300, verbose_name="answer")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
            ],
            options={
                "verbose_name": "claim",
                "verbose_name_plural": "claims",
            },
        ),
        migrations.CreateModel(
            name="Family",
            fields=[
                (
                    "contribution",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="family",
                        serialize=False,
                        to="contributions.contribution",
                    ),
                ),
                ("ancestor_count", models.PositiveIntegerField(default=0)),
                ("descendant_count", models.PositiveIntegerField(default=0)),
                ("artist_count", models.PositiveIntegerField(default=1)),
                ("deepest", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "family",
                "verbose_name_plural": "families",
            },
        ),
        migrations.AddIndex(
            model_name="remix",
            index=models.Index(fields=["parent", "child_seq"], name="remix_in_order"),
        ),
        migrations.AddField(
            model_name="claim",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="claimed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="claims", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="contribution",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="contributions.contribution"
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="claimed_in", to="contributions.contribution"
            ),
        ),
        migrations.AddField(
            model_name="family",
            name="origin",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contributions.contribution"
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["claimed_by", "-created_at"], name="claim_by_artist"),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "open")), fields=("contribution", "source"), name="claim_open_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", models.F("contribution")), _negated=True), name="claim_not_about_itself"
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["open", "withdrawn"]),
                    models.Q(("answered_at__isnull", False), ("answered_by__isnull", False)),
                    _connector="OR",
                ),
                name="claim_answered_by_somebody",
            ),
        ),
        migrations.RunSQL(CLAIMS, NO_CLAIMS),
    ]
