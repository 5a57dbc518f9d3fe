"""The admin of royalties: the ledger to look at, money in, statements and payouts to work on."""

from royalties.admin import decisions, intake, ledger, objections, payouts, receiving, reports, statements

__all__ = ["decisions", "intake", "ledger", "objections", "payouts", "receiving", "reports", "statements"]
