"""A claim may be about a line, and of the kinds that objections have."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Who claimed what about which line stays as it was first written.
KEEP = """
CREATE TRIGGER keep_more_columns BEFORE UPDATE ON royalties_statementclaim
    FOR EACH ROW EXECUTE FUNCTION keep_columns('kind', 'line_id');
"""
FORGET = "DROP TRIGGER keep_more_columns ON royalties_statementclaim;"


class Migration(migrations.Migration):
    dependencies = [
        ("royalties", "0024_taking_back"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="statementclaim",
            options={
                "ordering": ("pk",),
                "verbose_name": "claim to a statement",
                "verbose_name_plural": "claims to statements",
            },
        ),
        migrations.AddField(
            model_name="statementclaim",
            name="kind",
            field=models.CharField(
                choices=[
                    ("missing", "A work is missing"),
                    ("measure", "Wrong measure"),
                    ("role", "Wrong role or prominence"),
                    ("lineage", "Wrong lineage"),
                    ("split", "Wrong split inside a work"),
                    ("identity", "Wrong person"),
                    ("other", "Something else"),
                ],
                default="missing",
                max_length=8,
                verbose_name="what is wrong",
            ),
        ),
        migrations.AddField(
            model_name="statementclaim",
            name="line",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="royalties.statementline",
            ),
        ),
        migrations.AddConstraint(
            model_name="statementclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(("line__isnull", False), ("kind", "missing"), _connector="OR"),
                name="statement_claim_names_a_line",
            ),
        ),
        migrations.RunSQL(KEEP, FORGET),
    ]
