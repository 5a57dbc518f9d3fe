"""The demo's story, told through the actions, never by raw rows.

A chapter is a function that takes the Stage and tells one part; each leaves an event, so that a story
that was interrupted goes on where it stopped. Moments are days relative to the day of the set-up:
the clock of this process travels, so that an entry from last month carries last month's date.
"""

from __future__ import annotations

from hitrecord.demo.story.stage import Chapter, Stage
from hitrecord.demo.story.tell import tell

__all__ = ["Chapter", "Stage", "tell"]
