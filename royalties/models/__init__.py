"""Who is owed: intake, payees, statements, objections, the ledger and payouts."""

from royalties.models.claim import StatementClaim
from royalties.models.correction import CorrectionMove, CorrectionShare
from royalties.models.hold import MatchVerdict, PayeeMatch, PayoutHold
from royalties.models.intake import Cost, Import, Income
from royalties.models.keeping import Checkpoint, LedgerCheck, LedgerHead
from royalties.models.ledger import Account, Balance, JournalEntry, JournalLine
from royalties.models.panel import Escalation, PanelSeat, PanelVote, Settlement
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
from royalties.models.what_if import WhatIf

__all__ = [
    "Account",
    "Adjustment",
    "AllocationLine",
    "Answer",
    "Balance",
    "Batch",
    "Checkpoint",
    "CorrectionMove",
    "CorrectionShare",
    "Cost",
    "Destination",
    "Escalation",
    "Import",
    "Income",
    "JournalEntry",
    "JournalLine",
    "LedgerCheck",
    "LedgerHead",
    "MatchVerdict",
    "Objection",
    "PanelSeat",
    "PanelVote",
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
    "Settlement",
    "Statement",
    "StatementAcceptance",
    "StatementClaim",
    "StatementComment",
    "StatementLine",
    "TaxForm",
    "UnclaimedCase",
    "Waiver",
    "WhatIf",
    "Withholding",
    "WithholdingRate",
]
