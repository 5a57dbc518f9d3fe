"""Every work of the demo community, each listed after the works it builds on."""

from hitrecord.demo.works import branches, harbour, letter, room, screen, words
from hitrecord.demo.works.spec import HEIRS, Comment, Recommendation, Source, Work

WORKS: tuple[Work, ...] = letter.WORKS + branches.WORKS + room.WORKS + harbour.WORKS + words.WORKS + screen.WORKS
BY_KEY: dict[str, Work] = {work.key: work for work in WORKS}

# The one family that the home page tells as a strip: five people, four media.
CHAIN: tuple[str, ...] = ("keepers-letter", "lamp-study", "two-colour-lamp", "waltz", "shot-12")

__all__ = ["BY_KEY", "CHAIN", "HEIRS", "WORKS", "Comment", "Recommendation", "Source", "Work"]
