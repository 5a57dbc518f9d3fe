"""Works that are published already were given under the licence that their receipt names."""

from django.db import migrations


def add_grants(apps, schema_editor):
    receipts = apps.get_model("contributions", "RightsReceipt")
    grants = apps.get_model("contributions", "LicenceGrant")
    rows = receipts.objects.filter(contribution__licence__isnull=False).select_related("contribution").order_by("pk")
    first = {}
    for receipt in rows.iterator():
        first.setdefault(receipt.contribution_id, receipt)
    grants.objects.bulk_create(
        (
            grants(contribution_id=pk, licence_id=receipt.contribution.licence_id, receipt_id=receipt.pk, at=receipt.at)
            for pk, receipt in first.items()
        ),
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [("contributions", "0009_files_downloads_grants")]

    # Undoing the schema removes the table, and with it these rows.
    operations = [migrations.RunPython(add_grants, migrations.RunPython.noop)]
