import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("profiles", "0002_append_only_events_and_powers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=200, unique=True, verbose_name="code")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("asset", "asset"),
                            ("liability", "liability"),
                            ("equity", "equity"),
                            ("revenue", "revenue"),
                            ("expense", "expense"),
                        ],
                        max_length=9,
                        verbose_name="kind",
                    ),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("min_minor", models.BigIntegerField(blank=True, null=True, verbose_name="lowest balance")),
                ("max_minor", models.BigIntegerField(blank=True, null=True, verbose_name="highest balance")),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="opened")),
            ],
            options={
                "verbose_name": "account",
                "verbose_name_plural": "accounts",
                "ordering": ("code",),
                "constraints": [
                    models.UniqueConstraint(fields=("id", "currency"), name="account_in_its_currency"),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")), name="account_currency_code"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["asset", "liability", "equity", "revenue", "expense"])),
                        name="account_kind_known",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="JournalEntry",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="number")),
                ("n_lines", models.IntegerField(verbose_name="lines")),
                ("kind", models.CharField(max_length=40, verbose_name="kind")),
                ("idempotency_key", models.CharField(max_length=400, unique=True, verbose_name="key")),
                ("request_sha256", models.CharField(max_length=64)),
                (
                    "reverses",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="royalties.journalentry",
                        verbose_name="reverses",
                    ),
                ),
                ("effective_on", models.DateField(verbose_name="effective on")),
                ("posted_at", models.DateTimeField(verbose_name="posted at")),
                ("source", models.TextField(verbose_name="source")),
                ("previous_hash", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64, unique=True)),
            ],
            options={
                "verbose_name": "journal entry",
                "verbose_name_plural": "journal entries",
                "ordering": ("-id",),
                "indexes": [models.Index(fields=["effective_on"], name="entry_by_day")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id__gt", 0)), name="entry_number_positive"),
                    models.CheckConstraint(
                        condition=models.Q(("n_lines__range", (2, 1000000))), name="entry_two_lines"
                    ),
                    models.UniqueConstraint(fields=("id", "n_lines"), name="entry_with_its_lines"),
                    models.CheckConstraint(
                        condition=models.Q(("idempotency_key__regex", "^[!-~]+$"), ("kind__regex", "^[a-z_]+$")),
                        name="entry_plain_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="JournalLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="royalties.journalentry",
                    ),
                ),
                ("line_no", models.IntegerField(verbose_name="line")),
                ("n_lines", models.IntegerField()),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="royalties.account",
                    ),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("amount_minor", models.BigIntegerField(verbose_name="amount in minor units")),
            ],
            options={
                "verbose_name": "journal line",
                "verbose_name_plural": "journal lines",
                "ordering": ("entry", "line_no"),
                "indexes": [
                    models.Index(fields=["account", "entry"], include=("amount_minor",), name="line_by_account")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("entry", "line_no"), name="line_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("line_no__gte", 1), ("line_no__lte", models.F("n_lines"))),
                        name="line_number_declared",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount_minor", 0), _negated=True),
                            ("amount_minor__range", (-1000000000000000, 1000000000000000)),
                        ),
                        name="line_amount_bounded",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Balance",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="balance",
                        serialize=False,
                        to="royalties.account",
                    ),
                ),
                ("balance_minor", models.BigIntegerField(verbose_name="balance in minor units")),
                (
                    "last_entry",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="royalties.journalentry",
                        verbose_name="last entry",
                    ),
                ),
            ],
            options={
                "verbose_name": "balance",
                "verbose_name_plural": "balances",
                "indexes": [],
                "constraints": [],
            },
        ),
    ]
