"""Who people are: artists, what happened, who follows what, and what they agreed to."""

from profiles.models.artist import Artist, StaffPower
from profiles.models.event import Event, Follow, Notice
from profiles.models.submission import Submission
from profiles.models.terms import Terms, TermsAcceptance

__all__ = ["Artist", "Event", "Follow", "Notice", "StaffPower", "Submission", "Terms", "TermsAcceptance"]
