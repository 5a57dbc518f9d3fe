"""Each revision keeps who drafted it; those that are there have it from the events, else from their statement."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# At once, because PostgreSQL alters no table whose foreign keys are still to be looked at.
FILL = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE royalties_revision DISABLE TRIGGER append_only_rows;
UPDATE royalties_revision revision SET drafted_by_id = coalesce((
    SELECT event.actor_id FROM profiles_event event
    WHERE event.topic = 'statement:' || revision.statement_id AND event.actor_id IS NOT NULL
        AND event.verb IN ('royalties.statement_drafted', 'royalties.correction_drafted', 'royalties.revision_begun')
        AND event.at <= revision.created_at
    ORDER BY event.id DESC LIMIT 1
), statement.drafter_id) FROM royalties_statement statement WHERE statement.id = revision.statement_id;
ALTER TABLE royalties_revision ENABLE ALWAYS TRIGGER append_only_rows;
"""


def drafter(*, null: bool) -> models.ForeignKey:
    return models.ForeignKey(
        null=null,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
        verbose_name="drafted by",
    )


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("royalties", "0022_waits_again"),
    ]

    operations = [
        migrations.AddField("revision", "drafted_by", drafter(null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField("revision", "drafted_by", drafter(null=False)),
    ]
