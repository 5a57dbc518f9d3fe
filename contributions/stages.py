"""What a worker is doing, in the artist's words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, str | Promise] = {
    "": _("Waiting for a free worker"),
    "start": _("Starting"),
    "fetch": _("Fetching the file"),
    "inspect": _("Looking what it is"),
    "image": _("Making the pictures"),
    "audio": _("Making sound and waveform"),
    "copy": _("Making it playable at once"),
    "preview": _("Making a quick version to watch meanwhile"),
    "video": _("Making the film in several sizes"),
    "text": _("Setting the text"),
    "compare": _("Comparing it with published works"),
    "done": _("Ready"),
}


def words_of(stage: str) -> str | Promise:
    """The words of a stage; a new one is simply being prepared."""
    return WORDS.get(stage, _("Preparing"))
