"""A provider's name for a production is corrected by a further row; the newest counts."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("royalties", "0029_fee_given_back")]

    operations = [
        migrations.RemoveConstraint(model_name="productionname", name="production_name_once"),
        migrations.AlterModelOptions(
            name="productionname",
            options={
                "ordering": ("provider", "text", "-id"),
                "verbose_name": "provider’s name for a production",
                "verbose_name_plural": "providers’ names for productions",
            },
        ),
    ]
