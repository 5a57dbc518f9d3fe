"""The admin of royalties: the ledger to look at, statements and payouts to work on."""

from royalties.admin import ledger

__all__ = ["ledger"]
