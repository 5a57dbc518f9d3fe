"""Money whose way out of suspense was taken back before it could wait again: it waits from now on."""

from django.db import migrations

WAITS = """
INSERT INTO royalties_suspense (source_id, line_number, provider, transaction, channel, text, amount_minor, fee_minor,
    currency, received_on, again, created_at, resolution, reason)
SELECT suspense.source_id, suspense.line_number, suspense.provider, suspense.transaction, suspense.channel, suspense.text,
    suspense.amount_minor, suspense.fee_minor, suspense.currency, suspense.received_on, 1, reversal.approved_at, '', ''
FROM royalties_suspense suspense
JOIN royalties_income income
    ON income.provider = suspense.provider AND income.transaction = suspense.transaction AND income.kind = 'sale'
JOIN royalties_reversal reversal ON reversal.income_id = income.id AND reversal.approved_at IS NOT NULL
WHERE suspense.resolution = 'income' AND suspense.again = 0 AND income.again = 0
ORDER BY reversal.approved_at
"""


class Migration(migrations.Migration):
    dependencies = [("royalties", "0021_taken_back")]

    operations = [migrations.RunSQL(WAITS, migrations.RunSQL.noop)]
