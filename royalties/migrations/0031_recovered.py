"""A payment that came back and was paid after all is found to have arrived, with its tax."""

from django.db import migrations, models

STAYS = """
CREATE TRIGGER once BEFORE UPDATE ON royalties_payout FOR EACH ROW EXECUTE FUNCTION once_set_stays('recovered_at');
"""


class Migration(migrations.Migration):
    dependencies = [("royalties", "0030_newest_name")]

    operations = [
        migrations.AddField(
            model_name="payout",
            name="recovered_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="found to have arrived"),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("recovered_at__isnull", True), ("status__in", ["failed", "returned"]), _connector="OR"
                ),
                name="payout_recovered",
            ),
        ),
        migrations.RunSQL(STAYS, "DROP TRIGGER once ON royalties_payout;"),
    ]
