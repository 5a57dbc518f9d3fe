"""What our bank exchanges for us, the direction of a transfer (those that are there came to the bank), what is lost."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from profiles.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("royalties", "0018_bought_at_payout"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="transfer",
            options={"ordering": ("-id",), "verbose_name": "transfer", "verbose_name_plural": "transfers"},
        ),
        migrations.AddField(
            model_name="transfer",
            name="direction",
            field=models.CharField(
                choices=[("bank", "From the provider to our bank"), ("provider", "From our bank to the provider")],
                default="bank",
                max_length=8,
                verbose_name="direction",
            ),
        ),
        migrations.CreateModel(
            name="BankExchange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=80, unique=True, verbose_name="the bank’s number")),
                ("sold_minor", models.BigIntegerField()),
                (
                    "sold",
                    models.CharField(
                        max_length=3,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{3}$", "Use three capital letters, such as USD."
                            )
                        ],
                        verbose_name="currency given",
                    ),
                ),
                ("bought_minor", models.BigIntegerField()),
                (
                    "bought",
                    models.CharField(
                        max_length=3,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{3}$", "Use three capital letters, such as USD."
                            )
                        ],
                        verbose_name="currency received",
                    ),
                ),
                ("at_rate_minor", models.BigIntegerField()),
                ("exchanged_on", models.DateField(verbose_name="exchanged on")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("rates", models.ManyToManyField(related_name="bank_exchanges", to="royalties.exchangerate")),
            ],
            options={
                "verbose_name": "exchange at the bank",
                "verbose_name_plural": "exchanges at the bank",
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("at_rate_minor__gt", 0), ("bought_minor__gt", 0), ("sold_minor__gt", 0)),
                        name="bank_exchange_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sold", models.F("bought")), _negated=True),
                        name="bank_exchange_two_currencies",
                    ),
                ],
            },
        ),
        migrations.AlterField(
            model_name="rowverdict",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("wrong", "The report was wrong; the entry is reversed"),
                    ("owed", "The payee owes it; it is taken from what is payable"),
                    ("lost", "Nobody gives it back; the company bears it"),
                    ("belongs", "It belongs to a payee"),
                    ("noted", "Nothing to book"),
                ],
                max_length=7,
            ),
        ),
        append_only("royalties_bankexchange"),
        append_only("royalties_bankexchange_rates"),
    ]
