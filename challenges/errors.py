"""What can go wrong with challenges, in words for the person who asked."""

from __future__ import annotations


class ChallengeError(Exception):
    """A request about a challenge that cannot be granted; the message says why."""


class EntryRefused(ChallengeError):
    """A work cannot enter this challenge now."""


class NotYours(ChallengeError):
    """Only the issuer, or staff, may do this."""
