"""Who is owed: intake, payees, statements, objections, the ledger and payouts."""

from royalties.models.adjustment import Adjustment
from royalties.models.banking import BankExchange, Transfer
from royalties.models.batch_fee import BatchFee
from royalties.models.claim import StatementClaim
from royalties.models.correction import CorrectionMove, CorrectionShare
from royalties.models.decision import Advance, Conversion, Reserve, Reversal
from royalties.models.hold import MatchVerdict, PayeeMatch, PayoutHold
from royalties.models.intake import Cost, Import, Income
from royalties.models.keeping import Checkpoint, LedgerCheck, LedgerHead
from royalties.models.ledger import Account, Balance, JournalEntry, JournalLine
from royalties.models.mapping import Intake, Mapping, ProductionName
from royalties.models.outbox import OutboxMail
from royalties.models.panel import Escalation, PanelSeat, PanelVote, Settlement
from royalties.models.payee import Destination, Payee, Waiver
from royalties.models.payout import Batch, Payout
from royalties.models.rate import ExchangeRate
from royalties.models.receivable import Invoice
from royalties.models.report import PayoutReport, ReportRow, RowVerdict
from royalties.models.statement import (
    AllocationLine,
    Publication,
    Revision,
    Statement,
    StatementLine,
)
from royalties.models.suspense import Suspense
from royalties.models.talk import Answer, Objection, StatementAcceptance, StatementComment
from royalties.models.tax import Remittance, TaxForm, Withholding, WithholdingRate
from royalties.models.unclaimed import UnclaimedCase
from royalties.models.what_if import WhatIf

__all__ = [
    "Account",
    "Adjustment",
    "Advance",
    "AllocationLine",
    "Answer",
    "Balance",
    "BankExchange",
    "Batch",
    "BatchFee",
    "Checkpoint",
    "Conversion",
    "CorrectionMove",
    "CorrectionShare",
    "Cost",
    "Destination",
    "Escalation",
    "ExchangeRate",
    "Import",
    "Income",
    "Intake",
    "Invoice",
    "JournalEntry",
    "JournalLine",
    "LedgerCheck",
    "LedgerHead",
    "Mapping",
    "MatchVerdict",
    "Objection",
    "OutboxMail",
    "PanelSeat",
    "PanelVote",
    "Payee",
    "PayeeMatch",
    "Payout",
    "PayoutHold",
    "PayoutReport",
    "ProductionName",
    "Publication",
    "Remittance",
    "ReportRow",
    "Reserve",
    "Reversal",
    "Revision",
    "RowVerdict",
    "Settlement",
    "Statement",
    "StatementAcceptance",
    "StatementClaim",
    "StatementComment",
    "StatementLine",
    "Suspense",
    "TaxForm",
    "Transfer",
    "UnclaimedCase",
    "Waiver",
    "WhatIf",
    "Withholding",
    "WithholdingRate",
]
