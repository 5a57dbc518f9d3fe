"""Every refusal in the artist's words: one plain sentence, and what to do about it."""

from collections.abc import Mapping

from django.utils.functional import Promise, lazystr
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

Words = str | Promise

SENTENCES: dict[str, Words] = {
    "empty": _("The file is empty. It may not have finished saving: please choose it again."),
    "unknown": _("We could not tell what kind of file this is. Pictures, sound, video and text are welcome."),
    "not-media": _("This is {what}, which cannot be published here as it is."),
    "format-off": _("{what} files are not taken at the moment. Please save it in another format."),
    "too-big": _("This file is larger than the {limit} MB allowed for its kind."),
    "too-many-pixels": _("This picture has more than {limit} million pixels. Please make it smaller."),
    "too-many-frames": _("This animation has more than {limit} frames. Please send it as a video."),
    "too-small-to-move": _(
        "This animation is less than {limit} pixels wide or high, too small to be played as a video."
    ),
    "too-long-a-side": _("One side of this picture is longer than {limit} pixels. Please cut it."),
    "picture-too-large": _("This video is larger than {width} by {height} pixels. Please export it smaller."),
    "too-fast": _("This video has more than {limit} pictures a second. Please export it slower."),
    "too-long": _("This recording is longer than the {limit} hours allowed."),
    "too-many-channels": _("This recording has more than {limit} channels. Please mix it down."),
    "sample-rate": _("This recording has a sample rate that cannot be played."),
    "damaged": _("This file is damaged or incomplete. Please export it again."),
    "nothing-to-play": _("There is nothing to see or hear in this file."),
    "encrypted": _("This file is locked by a password or copy protection. Please send an open copy."),
    "too-heavy": _("Opening this file takes far more work than a file of its kind should."),
    "subtitle-trick": _("This video carries text tracks that cannot be taken. Please export it plain."),
    "text-encoding": _("This text is not saved as UTF-8. Please save it again as UTF-8."),
    "text-control": _("This text holds invisible control characters. Please save it as plain text."),
    "text-empty": _("There are no words in this text."),
    "text-too-long": _("This text is longer than the {limit} kB allowed. Please send it in parts."),
    "text-too-deep": _("Lists, quotes or brackets are nested too deeply in this text."),
    "too-many-pages": _("This document has more than {limit} pages. Please send it in parts."),
    "pdf-no-text": _("There are no words in this PDF, only pictures of them. Please send the pages as pictures."),
    "packed-too-tightly": _("This book unpacks to far more than a book should."),
}

#: What a file turned out to be, when it is something we know and do not take.
THINGS: dict[str, Words] = {
    "svg": _("an SVG drawing"),
    "html": _("a web page"),
    "xml": _("an XML file"),
    "playlist": _("a playlist that points at other files"),
    "script": _("a script"),
    "program": _("a program"),
    "archive": _("an archive"),
    "font": _("a font"),
    "postscript": _("a PostScript file"),
    "photoshop": _("a Photoshop file"),
    "bmp": _("a BMP picture"),
    "icon": _("an icon file"),
    "jpeg2000": _("a JPEG 2000 picture"),
    "jpegxl": _("a JPEG XL picture"),
    "raw-picture": _("a picture in a format browsers cannot show"),
    "tracker": _("a tracker module"),
    "midi": _("a MIDI file"),
    "wavpack": _("a WavPack recording"),
    "musepack": _("a Musepack recording"),
    "flash": _("a Flash file"),
    "wmv": _("a Windows Media file"),
    "real": _("a RealMedia file"),
    "mpeg-stream": _("an MPEG stream"),
    "office": _("an office document"),
    "rtf": _("a rich text document"),
    "notebook": _("a notebook with code in it"),
    "metadata": _("a file of settings for a video tool"),
    "subtitles": _("a file of subtitles"),
    "database": _("a database"),
    "virus-test": _("a test file for virus scanners"),
    "bare-id3": _("a music tag without any music"),
}


def sentence(code: str, values: Mapping[str, Words | int | str]) -> Words:
    """The sentence of a code with its values put in, still lazy."""
    words = SENTENCES.get(code, SENTENCES["damaged"])
    return format_lazy(words, **values) if values else lazystr(words)
