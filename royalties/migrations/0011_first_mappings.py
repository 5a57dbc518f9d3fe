"""The mappings that come with the site: a music shop, a distributor, festivals, suppliers' bills."""

from django.db import migrations

SHOP = {
    "provider": "bandcamp",
    "id_columns": ["bandcamp transaction id", "item name"],
    "day_column": "date",
    "day_format": "%m/%d/%y %I:%M%p",
    "amount_column": "item total",
    "grouping": ",",
    "fee_column": "transaction fee",
    "negative": "refund",
    "currency_column": "currency",
    "production_columns": ["item name"],
    "channel": "bandcamp",
    "kind_column": "item type",
    "kinds": {
        "album": "sale",
        "track": "sale",
        "package": "sale",
        "merch": "sale",
        "refund": "refund",
        "chargeback": "refund",
        "payout": "skip",
    },
}
DISTRIBUTOR = {
    "provider": "distributor",
    "id_columns": ["reporting period", "isrc", "store"],
    "rows": "add",
    "day_column": "reporting period",
    "day_format": "%Y-%m",
    "amount_column": "earnings",
    "negative": "refund",
    "currency_column": "currency",
    "production_columns": ["isrc", "title"],
    "channel_column": "store",
}
FESTIVAL = {
    "provider": "festival",
    "id_columns": ["invoice"],
    "day_column": "screened on",
    "day_format": "%d.%m.%Y",
    "amount_column": "fee",
    "decimal": ",",
    "grouping": ".",
    "currency_column": "currency",
    "production_columns": ["film"],
    "channel": "festival",
}
BILLS = {
    "provider": "bills",
    "id_columns": ["invoice"],
    "day_column": "paid on",
    "amount_column": "amount",
    "currency_column": "currency",
    "production_columns": ["production"],
    "unmatched": "refuse",
    "supplier_column": "supplier",
    "category_column": "category",
    "categories": {
        "mix": "post",
        "grade": "post",
        "captions": "delivery",
        "delivery": "delivery",
        "pressing": "manufacture",
        "printing": "manufacture",
        "festival": "festival",
        "marketing": "marketing",
        "legal": "legal",
        "other": "other",
    },
}
FIRST = (
    ("Music shop", "revenue", SHOP, "A row a sale, its fee beside it, as Bandcamp’s sales report has them."),
    ("Distributor", "revenue", DISTRIBUTOR, "A row a month, track, store and country; rows of one id are added up."),
    ("Festival fees", "revenue", FESTIVAL, "Screening fees, with a comma before the cents."),
    ("Suppliers’ bills", "cost", BILLS, "Costs in plain words."),
)


def add(apps, schema_editor):
    Mapping = apps.get_model("royalties", "Mapping")
    for name, kind, rules, note in FIRST:
        Mapping.objects.create(name=name, version=1, kind=kind, rules=rules, note=note)


class Migration(migrations.Migration):
    dependencies = [("royalties", "0010_money_in_rules")]

    # Rows are never deleted; going further back drops their table.
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
