"""What can be refused here. `str(error)` is one plain sentence for the person who asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from projects.blockers import Blocker


class ProjectError(Exception):
    """Something asked of a project cannot be done; its text says why and what to do."""


class NotAllowed(ProjectError):
    """Only somebody with another role or staff power may do this."""


class WrongState(ProjectError):
    """The project, round, cut or release is not in a state in which this can be done."""


class NotEligible(ProjectError):
    """This artist may not vote in this round; the text says why, and when they may."""


class RoundClosed(WrongState):
    """The round is not open for votes."""


class CutLocked(WrongState):
    """The cut is locked and never changes again."""


class CutBlocked(ProjectError):
    """The cut cannot be locked yet; `blockers` is the whole list."""

    def __init__(self, blockers: Sequence[Blocker]) -> None:
        super().__init__(" ".join(blocker.text for blocker in blockers))
        self.blockers = list(blockers)
