"""django-hordak as its documentation uses it: a transaction and its legs in one atomic block, each its own commit.

A process of its own, since it wants settings of its own: for each number on standard input it posts that many
entries and prints the seconds.
"""

import sys
import time

import django


def main() -> None:
    """Two accounts, then as many entries as are asked for."""
    django.setup()
    from django.core.management import call_command
    from django.db import transaction
    from hordak.models import Account, AccountType, Leg, Transaction
    from moneyed import Money

    call_command("migrate", verbosity=0, interactive=False)
    asset = Account.objects.create(name="Clearing", code="1", type=AccountType.asset, currencies=["USD"])
    income = Account.objects.create(name="Shop", code="2", type=AccountType.income, currencies=["USD"])
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for asked in sys.stdin:
        began = time.perf_counter()
        for number in range(int(asked)):
            with transaction.atomic():
                entry = Transaction.objects.create(description=f"sale {number}")
                Leg.objects.create(transaction=entry, account=asset, debit=Money(5, "USD"))
                Leg.objects.create(transaction=entry, account=income, credit=Money(5, "USD"))
        sys.stdout.write(f"{time.perf_counter() - began}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
