"""Who is owed: intake, payees, statements, objections, the ledger and payouts."""

from royalties.models.intake import Cost, Import, Income
from royalties.models.keeping import Checkpoint, LedgerCheck, LedgerHead
from royalties.models.ledger import Account, Balance, JournalEntry, JournalLine
from royalties.models.payee import Destination, Payee, Waiver
from royalties.models.payout import Batch, Payout
from royalties.models.statement import (
    Adjustment,
    AllocationLine,
    Publication,
    Revision,
    Statement,
    StatementLine,
)
from royalties.models.talk import Answer, Objection, StatementAcceptance, StatementComment

__all__ = [
    "Account",
    "Adjustment",
    "AllocationLine",
    "Answer",
    "Balance",
    "Batch",
    "Checkpoint",
    "Cost",
    "Destination",
    "Import",
    "Income",
    "JournalEntry",
    "JournalLine",
    "LedgerCheck",
    "LedgerHead",
    "Objection",
    "Payee",
    "Payout",
    "Publication",
    "Revision",
    "Statement",
    "StatementAcceptance",
    "StatementComment",
    "StatementLine",
    "Waiver",
]
