"""A batch keeps the hash of what was proposed; those that are there get theirs from their payouts."""

from django.db import migrations, models

FILL = """
UPDATE royalties_batch batch SET proposed_sha256 = encode(sha256(convert_to(coalesce((
    SELECT string_agg(words, E'\\n' ORDER BY words COLLATE "C") FROM (
        SELECT concat_ws(' ', code, payee_id, destination_id, amount_minor, withheld_minor, currency) AS words
        FROM royalties_payout WHERE batch_id = batch.id) AS payout), ''), 'UTF8')), 'hex');
"""


class Migration(migrations.Migration):
    dependencies = [("royalties", "0013_only_by_the_door")]

    operations = [
        migrations.AddField(
            "batch",
            "proposed_sha256",
            models.CharField(default="", editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
