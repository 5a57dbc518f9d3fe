"""The admin of royalties: the ledger to look at, money in, statements and payouts to work on."""

from royalties.admin import (
    banking,
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
    "banking",
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
