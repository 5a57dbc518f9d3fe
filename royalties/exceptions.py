"""What the statement side refuses, in words that can be shown to the person who asked."""

from __future__ import annotations


class RoyaltiesRefused(Exception):
    """A move that the rules do not allow; the message is plain and for people."""


class NotAllowed(RoyaltiesRefused):
    """The person lacks the power for this."""


class ConflictOfInterest(RoyaltiesRefused):
    """The person, or somebody their works are tied to, has money in it."""


class SecondPersonNeeded(RoyaltiesRefused):
    """One person may not do both halves."""


class WrongState(RoyaltiesRefused):
    """The statement, objection or payout has moved on, or has not come that far."""


class CannotCompute(RoyaltiesRefused):
    """The statement cannot be computed from what is there; the message says what is missing."""


class FiguresDiffer(RoyaltiesRefused):
    """What is stored and what the ledger or a new run says are not the same."""


class ImportRefused(RoyaltiesRefused):
    """A file was not taken; `problems` names every bad row by line number and reason."""

    def __init__(self, problems: list[tuple[int, str]]) -> None:
        self.problems = problems
        super().__init__("\n".join(f"{number}: {reason}" for number, reason in problems))


class DestinationRefused(RoyaltiesRefused):
    """A payout destination or tax form that cannot be used; `field` is the one to look at, if it is one."""

    def __init__(self, message: str, field: str = "") -> None:
        self.field = field
        super().__init__(message)
