"""The words of sounds and films: what an artist sends is read into cues and written anew before it is kept."""

from __future__ import annotations

import hashlib
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions.actions.checks import lock, must_not_be_gone, must_own
from contributions.errors import CaptionsRefused, WrongState
from contributions.models import Caption, Contribution
from contributions.models.languages import tidy
from contributions.subtitles import MOST_CUES, Unreadable, decoded, parse, written
from profiles.actions import record_event
from profiles.models import Artist

MOST_LANGUAGES: Final = 40
TIMED: Final = (Contribution.Medium.AUDIO, Contribution.Medium.VIDEO)


@transaction.atomic
def set_captions(
    *, actor: Artist, contribution: Contribution, language: str, content: bytes, kind: str = Caption.Kind.CAPTIONS
) -> Caption:
    """Give a sound or film its words in a language, in place of earlier ones. `content` is WebVTT or SRT.

    Raises CaptionsRefused with the line for a file that cannot be read.
    """
    contribution = lock(contribution)
    must_own(actor, contribution)
    must_not_be_gone(contribution)
    if contribution.medium not in TIMED:
        raise WrongState(_("Only sounds and films have captions."))
    try:
        language = tidy(language)
        cues = parse(decoded(content))
    except Unreadable as unreadable:
        raise CaptionsRefused(_words(unreadable), unreadable.line) from unreadable
    except ValueError as error:
        raise WrongState(_("Name the language by a code such as en, pt-BR or ar.")) from error
    if contribution.duration_ms and cues[0].start_ms >= contribution.duration_ms:
        raise CaptionsRefused(_("These begin after the work has ended. Are they for another one?"))
    others = Caption.objects.filter(contribution=contribution).exclude(language=language)
    if others.count() >= MOST_LANGUAGES:
        raise WrongState(_("A work can have captions in %(count)d languages.") % {"count": MOST_LANGUAGES})
    body = written(cues)
    fields = {
        "kind": kind,
        "body": body,
        "cue_count": len(cues),
        "sha256": hashlib.sha256(body.encode()).hexdigest(),
        "updated_at": timezone.now(),
    }
    caption, _made = Caption.objects.update_or_create(contribution=contribution, language=language, defaults=fields)
    record_event(
        actor=actor,
        verb="contributions.captions_set",
        about=contribution,
        payload={"language": language, "kind": kind, "cues": len(cues)},
    )
    return caption


@transaction.atomic
def remove_captions(*, actor: Artist, caption: Caption) -> None:
    """Take the words of one language away; twice is no error."""
    contribution = lock(caption.contribution)
    must_own(actor, contribution)
    deleted, _rows = Caption.objects.filter(pk=caption.pk).delete()
    if deleted:
        payload = {"language": caption.language}
        record_event(actor=actor, verb="contributions.captions_removed", about=contribution, payload=payload)


def _words(unreadable: Unreadable) -> str:
    """What was wrong, for the artist."""
    if unreadable.code == "too-large":
        return _("The file is larger than 1 MB.")
    if unreadable.code == "empty":
        return _("There are no captions in this file. It should be WebVTT (.vtt) or SRT (.srt).")
    if unreadable.code == "encoding":
        return _("Line %(line)d holds letters that are not UTF-8. Save the file as UTF-8.") % {"line": unreadable.line}
    told = {
        "no-time": _("Line %(line)d: a time such as 00:01:19.000 --> 00:01:21.500 is missing."),
        "time": _("Line %(line)d: this is no time. It should look like 00:01:19.000 --> 00:01:21.500."),
        "backwards": _("Line %(line)d: the end is not after the beginning."),
        "too-long": _("Line %(line)d: more than 1,000 letters in one caption."),
        "too-many": _("Line %(line)d: more than %(most)d captions."),
    }
    return told[unreadable.code] % {"line": unreadable.line, "most": MOST_CUES}
