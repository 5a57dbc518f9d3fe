"""The admin of royalties: the ledger to look at, statements and payouts to work on."""

from royalties.admin import intake, ledger, objections, payees, payouts, reports, statements, tax

__all__ = ["intake", "ledger", "objections", "payees", "payouts", "reports", "statements", "tax"]
