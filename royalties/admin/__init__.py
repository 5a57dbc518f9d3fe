"""The admin of royalties: the ledger to look at, statements and payouts to work on."""

from royalties.admin import cases, intake, ledger, objections, payees, payouts, reports, statements, tax

__all__ = ["cases", "intake", "ledger", "objections", "payees", "payouts", "reports", "statements", "tax"]
