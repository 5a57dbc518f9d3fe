"""A claim's link may be as long as those by which clouds share a file."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("royalties", "0027_forget_outsiders")]

    operations = [
        migrations.AlterField(
            model_name="statementclaim",
            name="link",
            field=models.URLField(blank=True, max_length=500, verbose_name="where it can be seen"),
        ),
    ]
