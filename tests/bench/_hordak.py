"""django-hordak as its documentation uses it: a transaction and its legs in one atomic block, each its own commit.

A process of its own, since it wants settings of its own. For each "held 400" or "found 400" on standard input it posts
that many entries and prints the seconds. Where accounts are *found*, each entry looks both up by their codes, in one
query, as `ledger.post` does; where they are *held*, they are objects that somebody has looked up before.
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
    held = {
        "1": Account.objects.create(name="Clearing", code="1", type=AccountType.asset, currencies=["USD"]),
        "2": Account.objects.create(name="Shop", code="2", type=AccountType.income, currencies=["USD"]),
    }

    def found() -> dict[str, Account]:
        return {account.full_code: account for account in Account.objects.filter(full_code__in=["1", "2"])}

    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for asked in sys.stdin:
        way, count = asked.split()
        began = time.perf_counter()
        for number in range(int(count)):
            with transaction.atomic():
                accounts = found() if way == "found" else held
                entry = Transaction.objects.create(description=f"sale {number}")
                Leg.objects.create(transaction=entry, account=accounts["1"], debit=Money(5, "USD"))
                Leg.objects.create(transaction=entry, account=accounts["2"], credit=Money(5, "USD"))
        sys.stdout.write(f"{time.perf_counter() - began}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
