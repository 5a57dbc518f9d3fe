"""What can go wrong with opinions and reports, in words for the person who asked."""

from __future__ import annotations


class ReviewRefused(Exception):  # named for what it is
    """An opinion or report that cannot be taken; the message says why."""
