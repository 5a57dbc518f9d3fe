"""Who is owed: intake, payees, statements, objections, the ledger and payouts."""

from royalties.models.hold import MatchVerdict, PayeeMatch, PayoutHold
from royalties.models.intake import Cost, Import, Income
from royalties.models.ledger import Account, Balance, JournalEntry, JournalLine
from royalties.models.payee import Destination, Payee, Waiver
from royalties.models.payout import Batch, Payout
from royalties.models.report import PayoutReport, ReportRow, RowVerdict
from royalties.models.statement import (
    Adjustment,
    AllocationLine,
    Publication,
    Revision,
    Statement,
    StatementLine,
)
from royalties.models.talk import Answer, Objection, StatementAcceptance, StatementComment
from royalties.models.tax import Remittance, TaxForm, Withholding, WithholdingRate
from royalties.models.unclaimed import UnclaimedCase

__all__ = [
    "Account",
    "Adjustment",
    "AllocationLine",
    "Answer",
    "Balance",
    "Batch",
    "Cost",
    "Destination",
    "Import",
    "Income",
    "JournalEntry",
    "JournalLine",
    "MatchVerdict",
    "Objection",
    "Payee",
    "PayeeMatch",
    "Payout",
    "PayoutHold",
    "PayoutReport",
    "Publication",
    "Remittance",
    "ReportRow",
    "Revision",
    "RowVerdict",
    "Statement",
    "StatementAcceptance",
    "StatementComment",
    "StatementLine",
    "TaxForm",
    "UnclaimedCase",
    "Waiver",
    "Withholding",
    "WithholdingRate",
]
