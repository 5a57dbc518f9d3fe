"""The admin of royalties: the ledger to look at, statements and payouts to work on."""

from royalties.admin import cases, intake, ledger, objections, payouts, statements

__all__ = ["cases", "intake", "ledger", "objections", "payouts", "statements"]
