"""The admin of royalties: the ledger to look at, money in, statements and payouts to work on."""

from royalties.admin import (
    cases,
    decisions,
    intake,
    ledger,
    mappings,
    objections,
    outbox,
    payees,
    payouts,
    receiving,
    reports,
    statements,
    tax,
)

__all__ = [
    "cases",
    "decisions",
    "intake",
    "ledger",
    "mappings",
    "objections",
    "outbox",
    "payees",
    "payouts",
    "receiving",
    "reports",
    "statements",
    "tax",
]
