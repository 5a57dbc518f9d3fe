"""Who is owed: intake, payees, statements, objections, the ledger and payouts."""

from royalties.models.decision import Advance, Conversion, Reserve, Reversal
from royalties.models.intake import Cost, Import, Income
from royalties.models.ledger import Account, Balance, JournalEntry, JournalLine
from royalties.models.mapping import Intake, Mapping, ProductionName
from royalties.models.payee import Destination, Payee, Waiver
from royalties.models.payout import Batch, Payout
from royalties.models.rate import ExchangeRate
from royalties.models.receivable import Invoice, Transfer
from royalties.models.statement import (
    Adjustment,
    AllocationLine,
    Publication,
    Revision,
    Statement,
    StatementLine,
)
from royalties.models.suspense import Suspense
from royalties.models.talk import Answer, Objection, StatementAcceptance, StatementComment

__all__ = [
    "Account",
    "Adjustment",
    "Advance",
    "AllocationLine",
    "Answer",
    "Balance",
    "Batch",
    "Conversion",
    "Cost",
    "Destination",
    "ExchangeRate",
    "Import",
    "Income",
    "Intake",
    "Invoice",
    "JournalEntry",
    "JournalLine",
    "Mapping",
    "Objection",
    "Payee",
    "Payout",
    "ProductionName",
    "Publication",
    "Reserve",
    "Reversal",
    "Revision",
    "Statement",
    "StatementAcceptance",
    "StatementComment",
    "StatementLine",
    "Suspense",
    "Transfer",
    "Waiver",
]
