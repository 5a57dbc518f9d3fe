"""A booking: one entry as a row of ours asks for it, to post or to compare with what stands in the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from royalties import ledger
from royalties.ledger import Receipt
from royalties.models import JournalEntry
from royalties.postings import Draft, mirrored


class Booking(NamedTuple):
    """What is posted, the day on which it takes effect, and the ids of the rows it comes from."""

    draft: Draft
    on: dt.date
    source: Mapping[str, int | str | bool]
    #: The entry whose mirror image this is.
    reverses: JournalEntry | None = None

    def post(self) -> Receipt:
        """Write the entry; the same booking again returns the first one."""
        if self.reverses is not None:
            return ledger.reverse_entry(self.reverses, effective_on=self.on, source=self.source)
        return ledger.post(self.draft, effective_on=self.on, source=self.source)

    def request_hash(self) -> str:
        """The hash that the entry of this booking carries, and of no other one."""
        draft = self.draft
        number = self.reverses.pk if self.reverses else None
        return ledger.request_hash(draft.kind, draft.key, self.on, ledger.stored(self.source), draft.lines, number)


def mirror_of(entry: JournalEntry, on: dt.date, source: Mapping[str, int | str | bool]) -> Booking:
    """What takes an entry back."""
    draft = Draft("reversal", f"reversal:{entry.pk}", mirrored(ledger.lines_of(entry)))
    return Booking(draft, on, source, reverses=entry)
