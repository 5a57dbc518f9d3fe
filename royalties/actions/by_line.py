"""Posting what the lines of a file ask for: what the ledger refuses is told by the line, as every other refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import DataError
from django.utils.translation import gettext as _

from royalties import accounts, ledger
from royalties.exceptions import ImportRefused
from royalties.money import MoneyError

#: Each is as it is however often it is tried; a database that does not answer is none of them.
FOR_GOOD = (ledger.LedgerError, accounts.UnknownAccount, MoneyError, DataError)


def book_lines(asked: Iterable[tuple[int, Callable[[], object]]]) -> None:
    """Book one after the other; ImportRefused names the first line that cannot be, and ends the transaction."""
    for number, book in asked:
        try:
            book()
        except FOR_GOOD as problem:
            raise ImportRefused([(number, _("the ledger refuses it: %(why)s") % {"why": problem})]) from problem
