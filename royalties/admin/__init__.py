"""The admin of royalties: the ledger to look at, statements and payouts to work on."""

from royalties.admin import intake, ledger, objections, payouts, statements

__all__ = ["intake", "ledger", "objections", "payouts", "statements"]
