"""Whether every entry stands for a row that asks for it.

`checks/booked.py` begins at the rows, and finds what is missing or different; an entry that nobody asked for, whose
row is gone or is something else by now, is found from the entries.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from royalties.checks.fact import AT_ONCE
from royalties.checks.facts import facts
from royalties.checks.rows import rows
from royalties.models import JournalEntry


def validate_every_entry_is_wanted() -> Iterator[str]:
    """No entry is there but for a row or an event that asks for it. One byte of memory an entry."""
    count = JournalEntry.objects.count()
    seen = bytearray(count + 1)
    keys = _wanted_keys()
    while some := list(islice(keys, AT_ONCE)):
        # One whose number is beyond has a gap before it, and is named as nobody's as well.
        for number in JournalEntry.objects.filter(idempotency_key__in=some, pk__range=(0, count)).values_list(
            "pk", flat=True
        ):
            seen[number] = 1
    for number, key in rows("SELECT id, idempotency_key FROM royalties_journalentry ORDER BY id"):
        if not 0 <= number <= count or not seen[number]:
            yield f"entry {number} is there as {key}, and no row asks for it"


def _wanted_keys() -> Iterator[str]:
    for fact in facts():
        try:
            yield fact.key or fact.booking().draft.key
        except (ValueError, LookupError, TypeError):
            continue  # it asks for nothing that could be booked: rows_say_what_was_booked names it
