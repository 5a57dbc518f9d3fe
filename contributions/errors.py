"""What can be refused here. `str(error)` is one plain sentence for the person who asked."""

from __future__ import annotations

from dataclasses import dataclass


class ContributionError(Exception):
    """Something asked of a work cannot be done; its text says why and what to do."""


class NotYours(ContributionError):
    """Only the work's artist (or staff with the power for it) may do this."""


class WrongState(ContributionError):
    """The work is not in a state in which this can be done."""


class QuotaExceeded(ContributionError):
    """The artist's room is used up."""


class SourceRefused(ContributionError):
    """A work cannot be named as a source of another."""


class ClaimRefused(ContributionError):
    """That a work builds on another cannot be claimed, or not by this artist today."""


class NotYetSigned(ContributionError):
    """The file has no content credentials yet; asking again a little later helps."""


class CaptionsRefused(ContributionError):
    """A file of captions cannot be read; `line` is where, 0 for the whole file."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


class LeaseLost(Exception):
    """Another worker has the job now, or it was cancelled: stop and touch nothing more."""


@dataclass(frozen=True)
class Problem:
    """One thing that stands in the way of publishing, and the form field that mends it."""

    field: str
    message: str


class StillUsed(ContributionError):
    """Something made of the work goes on using it: the artist must know before withdrawing."""


class ListedRefusal(ContributionError):
    """A refusal with its reasons. `problems` lists everything, not only the first."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = problems


class PublishRefused(ListedRefusal):
    """The work is not complete."""


class RelicenceRefused(ListedRefusal):
    """The work cannot be offered under this licence."""
